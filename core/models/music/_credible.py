"""Which of the notes that were heard are music: not speech, not noise, in which networks hear notes as well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.models.music._melody_line import STEP_S, Line
from core.models.music._polyphony import Event
from core.models.sound._voices_music import Spans

_SURE = 1.3
"""A note that is so sure needs no other witness."""
_FEWEST, _HELD_S = 3, 0.5
"""Where neither music nor singing is heard and no pitch is held so long, fewer notes than these are none."""
_STEADY, _IN_TUNE = 0.85, 0.7
"""What is taken for speech is singing where so much of its pitch is held, on notes that are in tune with each other."""
_RANGE, _BRIEF_S = 1.5, 1.3
"""Semitones within which somebody speaks in a monotone, where it goes on for so long."""

Mask = NDArray[np.bool_]


def credible(events: Sequence[Event], line: Line, spans: Spans) -> list[Event]:
    """Those of the events that lie in music, in singing or on a pitch that is held, or are sure; none in speech."""
    count = len(line.midi)
    music = _mask((*spans["music"], *spans["singing"]), count)
    holds = line.holds()
    spoken = _mask((span for span in spans["speech"] if _is_spoken(span, line, holds, music)), count) & ~music
    held = np.zeros(count, bool)
    for begin, end in holds:
        held[begin:end] = True
    held &= ~spoken
    kept = []
    for event in events:
        begin, end = _steps((event.start_s, event.end_s), count)
        inside = slice(begin, max(end, begin + 1))
        witnessed = (music | held)[inside].mean() >= 0.5
        if spoken[inside].mean() < 0.5 and (witnessed or event.sureness >= _SURE):
            kept.append(event)
    lonely = not music.any() and float(held.sum()) * STEP_S < _HELD_S
    return [] if lonely and len(kept) < _FEWEST else kept


def _is_spoken(span: tuple[float, float], line: Line, holds: Sequence[tuple[int, int]], music: Mask) -> bool:
    begin, end = _steps(span, len(music))
    if end <= begin or music[begin:end].mean() >= 0.5:
        return False
    inside = [(max(begin, a), min(end, b)) for a, b in holds if a < end and b > begin]
    long = np.array([b - a for a, b in inside], float)
    if long.sum() < _STEADY * max(1, int(line.voiced[begin:end].sum())):
        return True
    notes = np.array([np.median(line.midi[a:b]) for a, b in inside])
    if np.ptp(notes) < _RANGE and span[1] - span[0] > _BRIEF_S:
        return True
    return float(abs(np.dot(long, np.exp(2j * np.pi * notes)))) < _IN_TUNE * float(long.sum())


def _mask(spans: Iterable[tuple[float, float]], count: int) -> Mask:
    mask = np.zeros(count, bool)
    for span in spans:
        begin, end = _steps(span, count)
        mask[begin:end] = True
    return mask


def _steps(span: tuple[float, float], count: int) -> tuple[int, int]:
    begin, end = (min(count, max(0, round(at / STEP_S))) for at in span)
    return min(begin, count - 1), end
