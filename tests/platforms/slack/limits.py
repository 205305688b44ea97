"""How often an app may call: a minute's tier for each method and workspace, a message a second in each channel."""

from __future__ import annotations

import collections
import time
from collections.abc import Callable
from typing import Any

from platforms.slack import spec
from platforms.slack.rules import METHODS

_A_MINUTE = {1: 10, 2: 20, 3: 50, 4: 100}
"""Tier 1 is "1+" with some bursts: ten reconnects a minute are let through."""

_BURST = 5
"""Messages in a channel that may come at once before one a second holds."""


class Limits:
    """Counts calls as Slack does."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.enforced = True
        self._clock = clock
        self._calls: dict[tuple[str, str], collections.deque[float]] = collections.defaultdict(collections.deque)
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def retry_after(self, method: str, team: str, args: dict[str, Any]) -> int:
        """Seconds that this call comes too early; 0: it may pass, and is counted."""
        if not self.enforced:
            return 0
        if method == "chat.postMessage" or method == "files.completeUploadExternal":
            channel = str(args.get("channel") or args.get("channel_id"))
            if not self._one_a_second(team, channel):
                return 1
        tier = spec.tier_of(method) or METHODS[method].tier
        if method == "chat.postMessage" or not tier:
            return 0
        calls, now = self._calls[method, team], self._clock()
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= _A_MINUTE[tier]:
            return max(1, round(calls[0] + 60 - now))
        calls.append(now)
        return 0

    def _one_a_second(self, team: str, channel: str) -> bool:
        now = self._clock()
        left, at = self._buckets.get((team, channel), (float(_BURST), now))
        left = min(float(_BURST), left + now - at)
        if left < 1:
            return False
        self._buckets[team, channel] = left - 1, now
        return True
