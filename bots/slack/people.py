"""Who writes: names and languages of people, asked of Slack once and kept for a while."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from bots.adapter import Gone
from bots.budget import Budget, Rate
from bots.slack.workspaces import Workspaces
from core.errors import Broken
from core.messages import Person

_RATE = Rate(per_s=1.2, burst=20, kept=0)
"""`users.info` may be called 100 times a minute in a workspace; whom there is no room for is asked about next time."""
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
        self._budget = Budget(clock)
        self._known: OrderedDict[str, tuple[float, Known]] = OrderedDict()

    async def who(self, team: str, user: str) -> Known:
        """A person by their id."""
        kept = self._known.get(user)
        if kept is not None and self._clock() - kept[0] < _KEPT_S:
            return kept[1]
        unknown = kept[1] if kept is not None else Known(Person(user, user), "")
        if not self._budget.spare(team, _RATE):
            return unknown
        try:
            async with self._workspaces.calling(team) as workspace:
                answer = await workspace.brisk.users_info(user=user, include_locale=True)
        except (Broken, Gone):
            return unknown
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
