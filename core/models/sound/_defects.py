"""Finds what is wrong with a recording: dropouts and clicks, in one channel after the other.

A dropout begins and ends at once, which no pause does. A click is a short error of linear prediction that stands out of
those around it (Vaseghi and Rayner, "Detection and suppression of impulsive noise in speech communication systems", IEE
Proceedings I 137(1), 1990), and behind which all is as before: behind an attack it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, percentile_filter

from core.media import Samples

Wave = NDArray[np.float64]
Span = tuple[int, int]
"""First frame and the one behind the last."""
Progress = Callable[[float], None]

_TICK_S = 0.0005
_BESIDE_S = (0.002, 0.02)
"""The sound right beside a dropout, and some more of it."""
_DEPTH, _ABRUPT, _HEARD = 10 ** (-40 / 20), 10 ** (-12 / 20), 10 ** (-30 / 20)
"""In a dropout the sound is so far down; right beside it, it is at most so far below what it was before, and the clip's
loud parts are at most so far above that."""
_ABRUPT_FROM_NOTHING = 10 ** (-20 / 20)
"""Where every sample of it is 0, which hardly any recording has by itself."""
_SHORTEST_S, _LONGEST_S = 0.0008, 2.5
_LOUD_PERCENT = 90
_QUIETEST = 1e-3

_BLOCK_S, _CLICK_ORDER = 0.064, 24
_AT_ONCE = 256
_LEAST_ERROR, _QUIET = 1e-5, 0.003
"""What is less than this, or this part of the clip's RMS, is nothing that anybody hears."""
_AROUND_S, _AROUND_PERCENT = 0.08, 97
"""A click is told from the pulses of a voice by the highest of them; other clicks may be among so few."""
_SIGMAS, _STANDS_OUT, _CALM, _EVEN = 8.0, 4.0, 2.5, 2.0
_AFTER_S = (0.003, 0.012)
_CLICK_END, _CLICK_S = 3.0, 0.004
_CLICK_PAUSE_S = 0.0005
_PAD = 3


def dropouts(x: Samples, rate: int) -> list[Span]:
    """Where the sound of one channel, shape (frames,), is gone for a moment, in order."""
    tick = max(4, round(_TICK_S * rate))
    count = len(x) // tick
    if count < 8:
        return []
    ticks = np.abs(x[: count * tick]).reshape(count, tick)
    peak = ticks.max(axis=1).astype(np.float64)
    loud = float(np.percentile(peak, _LOUD_PERCENT))
    if loud < _QUIETEST:
        return []
    near, far = (max(1, round(s / _TICK_S)) for s in _BESIDE_S)
    found = []
    for first, last in _runs(peak < loud * _HEARD * _DEPTH * 3):
        if first < far or last > count - far or not _SHORTEST_S <= (last - first + 2) * _TICK_S <= _LONGEST_S:
            continue
        inside = peak[first:last].max()
        sides = (peak[max(0, first - far - 1) : first][::-1], peak[last : last + far + 1])
        levels = [(float(side[: near + 1].max()), float(side.max())) for side in sides]
        weakest = min(close for close, _ in levels)
        least = _ABRUPT if inside > 0 else _ABRUPT_FROM_NOTHING
        abrupt = all(close >= least * more for close, more in levels)
        if abrupt and weakest >= loud * _HEARD and inside <= weakest * _DEPTH:
            found.append(_sharpened(x, first * tick, last * tick, tick, max(inside, weakest * _DEPTH)))
    return [span for span in found if span[1] - span[0] >= _SHORTEST_S * rate]


def _sharpened(x: Samples, start: int, end: int, tick: int, level: float) -> Span:
    """To the sample: as far as nothing is above the level."""
    while start > 0 and abs(float(x[start - 1])) <= level:
        start -= 1
    while end < len(x) and abs(float(x[end])) <= level:
        end += 1
    return start, end


def _runs(mask: NDArray[np.bool_]) -> Iterator[Span]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    yield from ((int(a), int(b)) for a, b in edges.reshape(-1, 2))


def clicks(x: Samples, rate: int, progress: Progress = lambda fraction: None) -> list[Span]:
    """Where one channel, shape (frames,), has clicks, pops and crackles of up to 4 ms, in order."""
    size = round(_BLOCK_S * rate)
    if len(x) < size:
        return []
    found: list[Span] = []
    quietest = max(_LEAST_ERROR, _QUIET * float(np.sqrt(np.mean(np.square(x, dtype=np.float64)))))
    stretch = size * _AT_ONCE
    beyond = 2 * size
    for begin in range(0, len(x), stretch):
        progress(begin / len(x))
        low, high = max(0, begin - beyond), min(len(x), begin + stretch + beyond)
        error = np.abs(_errors(x[low:high].astype(np.float64), size, quietest))
        found += [
            (low + a, low + b) for a, b in _standing_out(error, x[low:high], rate) if begin <= low + a < begin + stretch
        ]
    return found


def _errors(x: Wave, size: int, least: float) -> Wave:
    """Errors of predicting each block from its own past, relative to the block's usual error; all blocks at once."""
    count = max(1, len(x) // size)
    starts = np.minimum(np.arange(count) * size, max(0, len(x) - size))
    blocks = x[starts[:, None] + np.arange(size)] if len(x) >= size else x[None]
    forward, backward = blocks[:, 1:].copy(), blocks[:, :-1].copy()
    filters = np.ones((count, 1))
    for _ in range(_CLICK_ORDER):
        energy = np.einsum("ij,ij->i", forward, forward) + np.einsum("ij,ij->i", backward, backward)
        k = -2 * np.einsum("ij,ij->i", forward, backward) / (energy + 1e-12)
        padded = np.pad(filters, ((0, 0), (0, 1)))
        filters = padded + k[:, None] * padded[:, ::-1]
        forward, backward = (
            (forward + k[:, None] * backward)[:, 1:],
            (backward + k[:, None] * forward)[:, :-1],
        )
    out = np.zeros(len(x))
    padded_x = np.concatenate([np.zeros(_CLICK_ORDER), x])
    for number, start in enumerate(starts):
        end = len(x) if number == count - 1 else start + size
        error = np.convolve(padded_x[start : end + _CLICK_ORDER], filters[number], "valid")
        out[start:end] = error / max(float(np.median(np.abs(error))) / 0.6745, least)
    return out


def _standing_out(error: Wave, x: Samples, rate: int) -> Iterator[Span]:
    """Short runs of errors far above those around, behind which it is as calm as before."""
    tick = max(1, round(0.001 * rate))
    count = -(-len(error) // tick)
    highest = np.pad(error, (0, count * tick - len(error))).reshape(count, tick).max(axis=1)
    around = percentile_filter(highest, _AROUND_PERCENT, size=round(_AROUND_S * 1000))
    usual = np.repeat(around, tick)[: len(error)]
    peaks = error > np.maximum(_SIGMAS, _STANDS_OUT * usual)
    pause = max(1, round(_CLICK_PAUSE_S * rate))
    part = maximum_filter1d(((error > np.maximum(_CLICK_END, usual)) | peaks).astype(np.int8), 2 * pause + 1) > 0
    near, far = (round(s * rate) for s in _AFTER_S)
    for first, last in _runs(part):
        start, end = first + pause, last - pause
        if not peaks[first:last].any() or end - start > _CLICK_S * rate:
            continue
        before, after = slice(max(0, start - far), max(0, start - near)), slice(end + near, end + far)
        if before.start == before.stop or end + near >= len(x):
            continue
        levels = sorted((_middle(np.diff(x[before])), _middle(np.diff(x[after]))))
        if _middle(error[after]) > _CALM * max(1.0, _middle(error[before])) or levels[1] > _EVEN * levels[0]:
            continue
        yield max(0, start - _PAD), min(len(error), end + _PAD)


def _middle(x: Wave | Samples) -> float:
    """RMS without the largest tenth."""
    return float(np.sqrt(np.mean(np.sort(np.square(x))[: max(1, len(x) * 9 // 10)])))
