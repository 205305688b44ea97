"""Who writes: names and languages of people, asked of Slack once and kept for a while."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

from bots.adapter import Gone
from bots.slack.workspaces import Workspaces
from core.errors import Broken
from core.messages import Person

_KEPT_S = 3600.0
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person."""

    person: Person
    locale: str
    """`en-GB`; empty when Slack does not say."""


class People:
    """Looks people up. Slack that does not answer is no fault: their id is then their name."""

    def __init__(self, workspaces: Workspaces, clock: Callable[[], float] = time.monotonic) -> None:
        self._workspaces = workspaces
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._known: OrderedDict[str, tuple[float, Known]] = OrderedDict()

    async def who(self, team: str, user: str) -> Known:
        """A person by their id."""
        async with self._locks.setdefault(user, asyncio.Lock()):
            kept = self._known.get(user)
            if kept is not None and self._clock() - kept[0] < _KEPT_S:
                return kept[1]
            return await self._asked(team, user) or (kept[1] if kept is not None else Known(Person(user, user), ""))

    async def _asked(self, team: str, user: str) -> Known | None:
        """What Slack says; None where it does not, or may not be asked just now: it is asked the next time."""
        try:
            async with self._workspaces.calling(team) as workspace:
                answer = await workspace.brisk.users_info(user=user, include_locale=True)
        except (Broken, Gone):
            return None
        said = answer["user"]
        profile = said.get("profile") or {}
        name = profile.get("display_name") or said.get("real_name") or profile.get("real_name") or said.get("name")
        known = Known(Person(user, str(name or user)), str(said.get("locale") or ""))
        self._known[user] = (self._clock(), known)
        self._known.move_to_end(user)
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return known

    async def names(self, team: str, users: set[str]) -> dict[str, str]:
        """Names of the people that a text mentions."""
        return {user: (await self.who(team, user)).person.name for user in users}
