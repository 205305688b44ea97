"""From the scores of windows to sound events with a start and an end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.models.sound._sounds import ancestors, family, is_abstract, is_event, short_name
from core.models.sound._yamnet import STEP_S, Heard, Matrix

ON = 0.3
"""A sound is there where its probability reaches this."""
OFF = 0.15
"""And lasts until it falls below this."""
_EDGE = 0.5
"""Of the highest probability near an edge: half of the window is in the sound there."""
_GAP_WINDOWS = 3
"""Shorter pauses do not part two events of a class."""
_SMOOTH, _PAUSE_FRAMES = 5, 15
"""Of the 10 ms frames of the level: a mean of so many, and pauses that do not part loud stretches."""
_ABOVE, _QUIET_PERCENT = 4.0, 20
"""Loud is 6 dB above what a fifth of the clip stays below."""
_OUTWARD_S, _INWARD_S = 1.2, 0.5
"""How far an edge is moved: the network often knows a sound only by its middle."""
_COVERED = 0.5
_SURE_CHILD = 0.5
"""How probable a kind must be, by its class, to be told in its place."""
_RIVAL = 0.7
"""Of what is easily taken for one another, only what is nearly as probable as the best is told."""
_RIVALS = 2


@dataclass(frozen=True, slots=True)
class Event:
    """A sound that is heard once, without longer pauses."""

    index: int
    """Of its class."""
    label: str
    start_s: float
    end_s: float
    confidence: float
    """The highest probability in it."""

    @property
    def length_s(self) -> float:
        """How long it is heard."""
        return self.end_s - self.start_s


def events(heard: Heard) -> list[Event]:
    """The sounds of a clip, by their start: each by its narrowest certain name, and no more than can be told apart."""
    candidates = [int(i) for i in np.flatnonzero(heard.scores.max(axis=0) >= ON) if is_event(int(i))]
    found = [
        Event(index, short_name(index), start, end, confidence)
        for index in candidates
        for start, end, confidence in spans(heard.scores[:, index], heard)
    ]
    return sorted(_told_apart(_named(found)), key=lambda e: (e.start_s, -e.confidence))


def spans(scores: NDArray[np.float32], heard: Heard) -> Iterator[tuple[float, float, float]]:
    """Where one class is heard: start and end in seconds and the highest probability, by hysteresis.

    The windows are a second long; where the clip becomes loud or quiet near an edge, that moment is the edge.
    """
    loud = loud_stretches(heard.level_db)
    for first, last in _regions(scores):
        region = scores[first : last + 1]
        near = min(len(region), 4)
        start = first + int(np.argmax(region >= _EDGE * region[:near].max()))
        end = last - int(np.argmax(region[::-1] >= _EDGE * region[-near:].max()))
        start_s = 0.0 if start == 0 else (start - 0.5) * STEP_S
        end_s = min(heard.duration_s, (end + 0.5) * STEP_S)
        if end_s > start_s:
            yield *_snapped(start_s, end_s, loud), float(region.max())


def loud_stretches(level_db: Matrix) -> NDArray[np.float64]:
    """The stretches that stand out of the quieter parts of a clip, shape (stretches, 2), in seconds."""
    power = np.convolve(10 ** (level_db.astype(np.float64) / 10), np.full(_SMOOTH, 1 / _SMOOTH), "same")
    out = np.flatnonzero(power > _ABOVE * np.percentile(power, _QUIET_PERCENT))
    parts = np.split(out, np.flatnonzero(np.diff(out) > _PAUSE_FRAMES) + 1) if len(out) else []
    return np.array([(part[0] / 100, (part[-1] + 1) / 100) for part in parts]).reshape(-1, 2)


def _snapped(start_s: float, end_s: float, loud: NDArray[np.float64]) -> tuple[float, float]:
    """A start and an end, moved to where the loud stretches among them begin and end if that is near."""
    among = loud[(loud[:, 1] > start_s) & (loud[:, 0] < end_s)]
    if not len(among):
        return start_s, end_s
    begin, stop = float(among[0, 0]), float(among[-1, 1])
    moved = (
        begin if -_OUTWARD_S <= begin - start_s <= _INWARD_S else start_s,
        stop if -_INWARD_S <= stop - end_s <= _OUTWARD_S else end_s,
    )
    return moved if moved[1] > moved[0] else (start_s, end_s)


def _regions(scores: NDArray[np.float32]) -> Iterator[tuple[int, int]]:
    """First and last window of each run above `OFF` that somewhere reaches `ON`, short gaps closed."""
    above = np.flatnonzero(scores >= OFF)
    for part in np.split(above, np.flatnonzero(np.diff(above) > _GAP_WINDOWS) + 1):
        if len(part) and scores[part].max() >= ON:
            yield int(part[0]), int(part[-1])


def _beside(found: list[Event]) -> Iterator[tuple[Event, list[Event]]]:
    """Each event with the others that are heard in most of the shorter one's time."""
    starts, ends = (np.array([getattr(e, name) for e in found]) for name in ("start_s", "end_s"))
    for number, event in enumerate(found):
        both = np.minimum(ends, event.end_s) - np.maximum(starts, event.start_s)
        near = np.flatnonzero(both >= _COVERED * np.minimum(ends - starts, event.length_s))
        yield event, [found[i] for i in near if i != number]


def _named(found: list[Event]) -> list[Event]:
    """Without classes where a kind of theirs is nearly as sure, and without kinds that are much less sure."""

    def stays(event: Event, beside: list[Event]) -> bool:
        least = 0.0 if is_abstract(event.index) else _SURE_CHILD * event.confidence
        below = [o for o in beside if event.index in ancestors(o.index) and o.confidence >= least]
        above = [o for o in beside if o.index in ancestors(event.index) and not is_abstract(o.index)]
        return not _covered(event, below) and all(event.confidence >= _SURE_CHILD * o.confidence for o in above)

    return [event for event, beside in _beside(found) if stays(event, beside)]


def _covered(event: Event, others: list[Event]) -> bool:
    """Whether others are heard for most of an event's time."""
    at = np.zeros(max(1, round(event.length_s / 0.1)), bool)
    for other in others:
        first, last = (round((t - event.start_s) / 0.1) for t in (other.start_s, other.end_s))
        at[max(0, first) : max(0, last)] = True
    return bool(at.mean() >= _COVERED)


def _told_apart(found: list[Event]) -> list[Event]:
    """Of what is heard at one time and is easily taken for one another only the most probable."""
    kept: set[Event] = set()
    ranked = sorted(found, key=lambda e: (is_abstract(e.index), -e.confidence, -e.length_s))
    for event, beside in _beside(ranked):
        rivals = [o.confidence for o in beside if o in kept and family(o.index) == family(event.index)]
        if len(rivals) < _RIVALS and event.confidence >= _RIVAL * max(rivals, default=0.0):
            kept.add(event)
    return [event for event in ranked if event in kept]


def tags(scores: Matrix, most: int) -> list[tuple[str, float]]:
    """The most probable sounds of a whole clip, each by its narrowest name, with their highest probabilities."""
    peak = scores.max(axis=0)
    ranked = [int(i) for i in np.argsort(-peak, kind="stable") if is_event(int(i))]
    kept: list[int] = []
    for index in ranked:
        below = [i for i in ranked if index in ancestors(i)]
        narrower = any(peak[i] >= (_SURE_CHILD if not is_abstract(index) else 0.1) * peak[index] for i in below)
        if not narrower:
            kept.append(index)
    return [(short_name(i), float(peak[i])) for i in kept[:most]]
