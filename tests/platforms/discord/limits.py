"""Discord's rate limits: windows per route and channel, and one for everything."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

_ROUTES = {  # requests, seconds
    "POST /channels/{channel_id}/messages": (5, 5.0),
    "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5.0),
    "DELETE /channels/{channel_id}/messages/{message_id}": (5, 1.0),
    "POST /channels/{channel_id}/typing": (5, 5.0),
    "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me": (1, 0.25),
    "POST /webhooks/{webhook_id}/{webhook_token}": (5, 2.0),
}
_OTHER = (10, 1.0)
_EVERYTHING = (50, 1.0)
_UNLIMITED = "/interactions/"


@dataclass
class _Window:
    limit: int
    seconds: float
    began: float = 0.0
    used: int = 0

    def take(self, now: float) -> bool:
        if now >= self.began + self.seconds:
            self.began, self.used = now, 0
        if self.used >= self.limit:
            return False
        self.used += 1
        return True

    def left(self, now: float) -> float:
        return max(0.0, self.began + self.seconds - now)


@dataclass
class Verdict:
    headers: dict[str, str]
    retry_after_s: float | None = None
    everywhere: bool = False


class Limits:
    """Counts requests. `enforced` False still sends the headers and refuses nobody."""

    def __init__(self) -> None:
        self.enforced = True
        self.pace = 1.0
        """How long the windows are beside the real ones: the library goes by what the headers say."""
        self.refused: list[str] = []
        """Requests that were answered 429 because they were too many."""
        self._windows: dict[str, _Window] = {}
        self._everything = _Window(*_EVERYTHING)

    def take(self, method: str, route: str, major: str) -> Verdict:
        """Count one request of a route and its channel."""
        if route.startswith(_UNLIMITED):
            return Verdict({})
        now = time.monotonic()
        name = f"{method} {route}"
        most, seconds = _ROUTES.get(name, _OTHER)
        window = self._windows.setdefault(f"{name} {major}", _Window(most, seconds * self.pace))
        whole = route.startswith("/webhooks/") or self._everything.take(now) or not self.enforced
        fits = whole and window.take(now)
        left = window.left(now)
        headers = {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(max(0, window.limit - window.used)) if self.enforced else str(window.limit),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(name.encode()).hexdigest(),
        }
        if fits or not self.enforced:
            return Verdict(headers)
        self.refused.append(name)
        if not whole:
            return Verdict({}, self._everything.left(now), True)
        return Verdict(headers, left)
