"""One budget of sends for each chat, shared by answers and signs of life: the latter never starve the former."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rate:
    """What a platform allows in one chat."""

    per_s: float
    """Sends a second in the long run."""
    burst: int
    """Sends at once after a pause."""
    kept: int = 1
    """Of the burst, what only answers may use."""


@dataclass(slots=True)
class _Chat:
    left: float
    at: float
    waiting: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Budget:
    """A token bucket a chat. Answers wait for a token, in order; a sign of life takes one only where some are spare."""

    _MOST_CHATS = 10_000

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._chats: dict[str, _Chat] = {}

    async def answer(self, chat: str, rate: Rate) -> None:
        """Wait until the chat may be sent something, and take that place."""
        mine = self._chat(chat, rate)
        mine.waiting += 1
        try:
            async with mine.turn:
                self._refill(mine, rate)
                while mine.left < 1:
                    await self._sleep((1 - mine.left) / rate.per_s)
                    self._refill(mine, rate)
                mine.left -= 1
        finally:
            mine.waiting -= 1

    def spare(self, chat: str, rate: Rate) -> bool:
        """Take a place for a sign of life, unless an answer waits or the rest is kept for answers."""
        mine = self._chat(chat, rate)
        self._refill(mine, rate)
        if mine.waiting or mine.left < 1 + rate.kept:
            return False
        mine.left -= 1
        return True

    def _chat(self, chat: str, rate: Rate) -> _Chat:
        if chat not in self._chats:
            if len(self._chats) >= self._MOST_CHATS:
                self._forget_idle(rate)
            self._chats[chat] = _Chat(rate.burst, self._clock())
        return self._chats[chat]

    def _refill(self, chat: _Chat, rate: Rate) -> None:
        now = self._clock()
        chat.left = min(rate.burst, chat.left + (now - chat.at) * rate.per_s)
        chat.at = now

    def _forget_idle(self, rate: Rate) -> None:
        """A bucket that is full again by now tells nothing that a new one would not."""
        full_s = rate.burst / rate.per_s
        now = self._clock()
        for name in [n for n, c in self._chats.items() if not c.waiting and now - c.at > full_s]:
            del self._chats[name]
