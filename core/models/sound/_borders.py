"""Where exactly a sound begins and ends: as long as it has what the sounds around it have not."""

from __future__ import annotations

import numpy as np

from core.models.sound._yamnet import Matrix

FRAME_S = 0.01
_BEYOND_S = 0.6
"""How far outside the first guess a border may lie."""
_CORE = 0.2
"""Of the guess at each end is not taken for the sound itself."""
_PAUSE_S = 0.08
"""Shorter pauses are part of it."""
_USUAL_PERCENT = 75
"""The sounds around are taken at the level that they exceed a quarter of the time: beside the mean, which their pauses
pull down, every word would stand out."""
_LEAST_NEPERS = 0.7
"""What is less above the sounds around it in no band is told from them by nothing."""
_THERE = 0.35
"""So much of what it has more than the others: then it is there."""


def borders(mel: Matrix, start_s: float, end_s: float) -> tuple[float, float]:
    """The borders of the sound that is guessed to be from `start_s` to `end_s`.

    `mel` are natural logarithms of magnitudes, shape (frames of `FRAME_S`, mels), with some of the clip on both sides.
    """
    first, last = (min(len(mel), max(0, round(s / FRAME_S))) for s in (start_s, end_s))
    beyond, inner = round(_BEYOND_S / FRAME_S), round((last - first) * _CORE)
    around = np.concatenate([mel[: max(0, first - beyond)], mel[last + beyond :]])
    core = mel[first + inner : last - inner]
    if not len(core) or not len(around):
        return start_s, end_s
    usual = np.percentile(around, _USUAL_PERCENT, axis=0)
    more = np.maximum(0.0, np.median(core, axis=0) - usual)
    if float(more.max()) < _LEAST_NEPERS:
        return start_s, end_s
    weight = more**2 / float(np.sum(more**3))
    there = np.minimum(mel - usual, more) @ weight > _THERE
    low, high = max(0, first - beyond), min(len(mel), last + beyond)
    found = np.flatnonzero(there[low:high]) + low
    parts = np.split(found, np.flatnonzero(np.diff(found) > _PAUSE_S / FRAME_S) + 1) if len(found) else []
    own = [part for part in parts if part[-1] >= first + inner and part[0] < last - inner]
    if not own:
        return start_s, end_s
    return float(own[0][0]) * FRAME_S, float(own[-1][-1] + 1) * FRAME_S
