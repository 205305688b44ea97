"""The likeliest way to cut a message into requests: each span of its parts is read as one request, or as none.

A semi-Markov search (Sarawagi and Cohen 2004) over the parts between the joints, with a few ways kept at each joint.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.embedded.head import State

WIDEST = 4
"""Parts that one request may be said in."""
_WAYS = 4
"""Ways that are followed on from a joint."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A span of parts as one thing."""

    label: str | None
    """None for what asks for nothing by itself."""
    sure: float
    start: int
    """Of the first part."""
    end: int
    """Behind the last part."""


@dataclass(frozen=True, slots=True)
class _Way:
    score: float
    readings: tuple[Reading, ...]
    state: State


Read = Callable[[int, int, State, str | None], Sequence[tuple[str | None, float]]]
"""The ways to read parts `start` to `end` after a request: labels and how probable they are."""
Joint = Callable[[str | None, int], float]
"""What a new request costs after that request, from that part on, in nats."""
After = Callable[[str, State], State]


def last_request(readings: Sequence[Reading]) -> str | None:
    """The newest request of a way."""
    return next((r.label for r in reversed(readings) if r.label is not None), None)


def segmented(count: int, state: State, read: Read, joint: Joint, after: After) -> tuple[Reading, ...]:
    """The best way through `count` parts."""
    ways: list[list[_Way]] = [[_Way(0.0, (), state)]] + [[] for _ in range(count)]
    for end in range(1, count + 1):
        for start in range(max(0, end - WIDEST), end):
            for way in ways[start]:
                before = last_request(way.readings)
                for label, sure in read(start, end, way.state, before):
                    score = way.score + math.log(max(sure, 1e-6))
                    if label is not None:
                        score -= joint(before, start)
                    after_it = way.state if label is None else after(label, way.state)
                    ways[end].append(_Way(score, (*way.readings, Reading(label, sure, start, end)), after_it))
        ways[end] = sorted(ways[end], key=lambda way: -way.score)[:_WAYS]
    return ways[count][0].readings
