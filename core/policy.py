"""Who may do what, and how much of it: whose voice may be imitated, how many jobs a person may have under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from core.errors import ConsentNeeded
from core.sayings import saying

UNKNOWN_VOICE = saying("voice_unknown")
NOT_ALLOWED_YET = saying("voice_not_allowed")
NOT_YOUR_PICTURE = saying("picture_not_allowed")


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
    """Keeps each person's jobs to a number; the rest wait in their own order and learn their place."""

    def __init__(self, jobs_in_flight: int) -> None:
        self._most = jobs_in_flight
        self._running: dict[str, int] = {}
        self._waiting: dict[str, list[tuple[asyncio.Future[None], Callable[[int], None]]]] = {}

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
