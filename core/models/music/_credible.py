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
_FEWEST, _HELD_S = 3, 0.3
"""Where neither music nor singing is heard and no pitch is held so long, fewer notes than these are none."""
_BRIEF_S, _STEADY = 1.3, 0.85
"""Speech that is shorter than this and whose pitch is held for that part of it is somebody who hums."""

Mask = NDArray[np.bool_]


def credible(events: Sequence[Event], line: Line, spans: Spans) -> list[Event]:
    """Those of the events that lie in music, in singing or on a pitch that is held, or are sure; none in speech."""
    count = len(line.midi)
    music = _mask((*spans["music"], *spans["singing"]), count)
    held = line.held()
    spoken = _mask((span for span in spans["speech"] if _is_spoken(span, line, held, music)), count) & ~music
    witnessed = music | held & ~spoken
    kept = []
    for event in events:
        begin, end = _steps((event.start_s, event.end_s), count)
        inside = slice(begin, max(end, begin + 1))
        if spoken[inside].mean() < 0.5 and (witnessed[inside].mean() >= 0.5 or event.sureness >= _SURE):
            kept.append(event)
    lonely = not music.any() and float((held & ~spoken).sum()) * STEP_S < _HELD_S
    return [] if lonely and len(kept) < _FEWEST else kept


def _is_spoken(span: tuple[float, float], line: Line, held: Mask, music: Mask) -> bool:
    begin, end = _steps(span, len(held))
    if end <= begin or music[begin:end].mean() >= 0.5:
        return False
    voiced = int(line.voiced[begin:end].sum())
    steady = voiced > 0 and int(held[begin:end].sum()) / voiced >= _STEADY
    return not (steady and span[1] - span[0] < _BRIEF_S)


def _mask(spans: Iterable[tuple[float, float]], count: int) -> Mask:
    mask = np.zeros(count, bool)
    for span in spans:
        begin, end = _steps(span, count)
        mask[begin:end] = True
    return mask


def _steps(span: tuple[float, float], count: int) -> tuple[int, int]:
    begin, end = (min(count, max(0, round(at / STEP_S))) for at in span)
    return min(begin, count - 1), end
