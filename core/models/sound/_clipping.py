"""Finds clipping, and puts the peaks back that it cut off: interpolation that may not stay below the level."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.media import Samples
from core.models.sound._autoregression import burg, interpolated

_NEAR = 0.98
"""Of the highest sample: what is above lies at the level, codecs wobble a little."""
_LEAST_PEAK = 0.02
_RUN = 3
"""So many samples one after the other at the level are cut off; a sine that is not has them only at its slowest."""
_LEAST_RUNS, _RUN_SHARE = 8, 0.6
"""There are so many such runs, and most of the samples at the level are in them."""
_FLAT = 4.0
"""A level is one where so many times as many samples are as just below it."""
_BLOCK_S, _ORDER_S, _ITERATIONS = 0.012, 0.002, 2
_MOST = 0.6
"""Of a block: with less left of it, it stays as it is."""


def clipped(x: Samples) -> NDArray[np.bool_] | None:
    """Which samples of one channel, shape (frames,), are cut off; None where it is not clipped."""
    peak = float(np.abs(x).max(initial=0.0))
    if peak < _LEAST_PEAK:
        return None
    mask = np.zeros(len(x), bool)
    for side in (x, -x):
        level = float(side.max())
        if level < peak / 2:
            continue
        at = side >= _NEAR * level
        below = np.count_nonzero((side < _NEAR * level) & (side >= (2 * _NEAR - 1) * level))
        edges = np.flatnonzero(np.diff(np.concatenate([[False], at, [False]]).astype(np.int8))).reshape(-1, 2)
        long = edges[edges[:, 1] - edges[:, 0] >= _RUN]
        inside = int((long[:, 1] - long[:, 0]).sum())
        if len(long) < _LEAST_RUNS or inside < _RUN_SHARE * at.sum() or at.sum() < _FLAT * below:
            continue
        for start, end in long:
            mask[start:end] = True
    return mask if mask.any() else None


def declipped(x: Samples, mask: NDArray[np.bool_], rate: int, progress: Callable[[float], None]) -> Samples:
    """One channel, shape (frames,), with its peaks: they may lie above full scale. No sample gets smaller."""
    out = x.copy()
    size, order = round(_BLOCK_S * rate), max(16, round(_ORDER_S * rate))
    for number, begin in enumerate(range(0, len(x), size)):
        block = slice(begin, begin + size)
        if not mask[block].any():
            continue
        if number % 64 == 0:
            progress(begin / len(x))
        low, high = max(0, begin - size // 2), min(len(x), begin + size + size // 2)
        unknown = mask[low:high]
        if unknown.mean() > _MOST:
            continue
        held = x[low:high].astype(np.float64)
        guess = held
        for _ in range(_ITERATIONS):
            guess = interpolated(guess, unknown, burg([guess], order))
            guess = np.where(unknown, np.sign(held) * np.maximum(np.abs(held), np.sign(held) * guess), held)
        out[block] = guess[begin - low : begin - low + size]
    return out
