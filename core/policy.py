"""Who may do what, and how much of it: whose voice may be imitated, how many jobs a person may have under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from core.capabilities import Capability
from core.errors import ConsentNeeded, NotAllowed, Refusal
from core.registry import registry
from core.rights import Rights
from core.sayings import saying
from core.settings import Settings

UNKNOWN_VOICE = saying("voice_unknown")
NOT_ALLOWED_YET = saying("voice_not_allowed")
NOT_YOUR_PICTURE = saying("picture_not_allowed")

_NEXT_BEST = 3
"""How many things a refusal names that may be asked for instead."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What a person may ask for in a place now."""

    capabilities: frozenset[str]
    """Ids of those that a living worker serves with a model that the person may use."""
    models: frozenset[str]
    """Ids of the living ones that the person may use."""
    barred: Mapping[str, Refusal] = field(default_factory=dict)
    """By capability: how the person is told that it is not for them."""

    def check(self, capability: str) -> None:
        """See that a capability is for the person.

        Raises:
            NotAllowed: it is not.
        """
        if capability in self.barred:
            raise self.barred[capability].error


def may_imitate(speakers: Iterable[str | None], asker: str, allowed: Iterable[str]) -> ConsentNeeded | None:
    """None when all whose voice is in a recording agree that `asker` has it imitated, else what is missing.

    People are `platform:id`; a speaker who is not known is None. Everybody agrees to what they ask for themselves;
    `allowed` are those who said so.
    """
    agree = {asker, *allowed}
    others = sorted({speaker or "" for speaker in speakers} - agree)
    if not others:
        return None
    return ConsentNeeded(NOT_ALLOWED_YET, others[0]) if others[0] else ConsentNeeded(UNKNOWN_VOICE)


def may_animate(senders: Iterable[str], asker: str, allowed: Iterable[str]) -> ConsentNeeded | None:
    """None when all who sent a picture of a face agree that `asker` makes it talk, else whose word is missing.

    Who is to be seen cannot be known; who sends a picture to a chat answers for it.
    """
    others = sorted(set(senders) - {asker, *allowed})
    return ConsentNeeded(NOT_YOUR_PICTURE, others[0]) if others else None


class Policy:
    """Knows who may use what, and keeps each person's jobs to a number.

    The rest of the jobs wait in their person's own order, and learn their place.
    """

    def __init__(self, settings: Settings) -> None:
        """Raise `WrongUse` where AUDIOGPT_RIGHTS cannot be followed."""
        self._known = registry(settings)
        self._rights = Rights(settings.rights, self._known)
        self._most = settings.jobs_in_flight
        self._running: dict[str, int] = {}
        self._waiting: dict[str, list[tuple[asyncio.Future[None], Callable[[int], None]]]] = {}

    def allowed(self, person: str, place: str) -> frozenset[str]:
        """Ids of the models that a person (`platform:id`) may use in a place (`ConversationKey.place`)."""
        return self._rights.models(person, place)

    def granted(self, person: str, place: str, alive: frozenset[str]) -> Granted:
        """What a person may ask for in a place, while the models with these ids are alive."""
        allowed = self.allowed(person, place)
        mine = self._tasks(alive & allowed)
        barred = (self._tasks(alive) - mine) | (self._tasks(frozenset(self._known.models)) - self._tasks(allowed))
        able = [c for c in self._known.capabilities.values() if c.id in mine]
        told = {name: _not_for_them(self._known.capabilities[name], able) for name in barred}
        return Granted(mine, alive & allowed, told)

    def _tasks(self, models: frozenset[str]) -> frozenset[str]:
        """Ids of the capabilities that some models have."""
        return frozenset(m.capability.id for m in self._known.models.values() if m.id in models)

    @asynccontextmanager
    async def turn_of(self, person: str, on_place: Callable[[int], None]) -> AsyncIterator[None]:
        """Wait for this person's next free place, hold it while the block runs.

        `on_place` is called with 1 for who is next, whenever that changes.
        """
        queue = self._waiting.setdefault(person, [])
        if queue or self._running.get(person, 0) >= self._most:
            free: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            queue.append((free, on_place))
            on_place(len(queue))
            try:
                await free
            except asyncio.CancelledError:
                if (free, on_place) in queue:
                    queue.remove((free, on_place))
                    self._tell(queue)
                else:
                    self._leave(person)
                raise
        else:
            self._running[person] = self._running.get(person, 0) + 1
        try:
            yield
        finally:
            self._leave(person)

    def _leave(self, person: str) -> None:
        queue = self._waiting.get(person, [])
        while queue:
            free, _ = queue.pop(0)
            if not free.done():
                free.set_result(None)  # the place is handed over, so the count stays
                self._tell(queue)
                return
        self._running[person] -= 1
        if not self._running[person]:
            del self._running[person]
            self._waiting.pop(person, None)

    @staticmethod
    def _tell(queue: list[tuple[asyncio.Future[None], Callable[[int], None]]]) -> None:
        for place, (_, on_place) in enumerate(queue, start=1):
            on_place(place)


def _not_for_them(capability: Capability, able: Sequence[Capability]) -> Refusal:
    """How somebody is told that a capability is not for them: with what gives the like, of what is."""
    nearest = sorted(able, key=lambda c: c.gives[:1] != capability.gives[:1])[:_NEXT_BEST]
    if not nearest:
        return NotAllowed(saying("barred_alone", task=capability.title)).refusal
    titles = ", ".join(c.title for c in nearest)
    return NotAllowed(saying("barred", task=capability.title, able=titles)).refusal
