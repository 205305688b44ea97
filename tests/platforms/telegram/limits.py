"""Flood control as bots meet it: about 30 messages a second overall, 20 a minute in a group, 1 a second in a chat."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from platforms.telegram.errors import ApiError, too_many


@dataclass
class Bucket:
    """A leaky bucket: `size` at once, `rate` a second."""

    size: float
    rate: float
    _level: float = 0.0
    _at: float = 0.0

    def wait(self, at: float) -> float:
        """Take one more in, or tell how many seconds to wait for it."""
        self._level = max(0.0, self._level - (at - self._at) * self.rate)
        self._at = at
        if self._level + 1 > self.size:
            return (self._level + 1 - self.size) / self.rate
        self._level += 1
        return 0.0


@dataclass
class Limits:
    """The limits with the slack that real bots find; a test may widen or remove them."""

    overall: tuple[float, float] = (33, 30.0)
    group: tuple[float, float] = (21, 20 / 60)
    private: tuple[float, float] = (20, 1.0)
    on: bool = True
    _buckets: dict[int | None, Bucket] = field(default_factory=dict)

    def check(self, chat: int, at: float) -> ApiError | None:
        """429 when this message (or edit) is one too many now."""
        if not self.on:
            return None
        for key, of in ((None, self.overall), (chat, self.group if chat < 0 else self.private)):
            wait = self._buckets.setdefault(key, Bucket(*of)).wait(at)
            if wait:
                return too_many(math.ceil(wait))
        return None
