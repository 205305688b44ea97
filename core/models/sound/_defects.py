"""Finds what is wrong with a recording: dropouts and clicks, in one channel after the other.

A dropout begins and ends at once, which no pause does. A click is a short error of linear prediction that stands out of
those around it (Vaseghi and Rayner, "Detection and suppression of impulsive noise in speech communication systems", IEE
Proceedings I 137(1), 1990), and that is gone when its samples are filled from both sides: an attack and a plosive are
not, for what is behind them does not follow from what is before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, percentile_filter

from core.media import Samples
from core.models.sound._autoregression import burg, interpolated

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
_TICK_AROUND_S, _AROUND_S, _OWN_S, _AROUND_PERCENT = 0.001, 0.04, 0.002, 95
"""A candidate is told from the pulses of a voice by the highest of them on both sides; its own ticks do not count."""
_SIGMAS, _STANDS_OUT = 8.0, 3.0
_CLICK_END, _CLICK_S = 3.0, 0.0018
_CLICK_PAUSE_S = 0.0005
_PAD = 3
_CONTEXT_S, _CONTEXT_ORDER_S = 0.012, 0.001
_ABOVE, _BY_FILLING = 5.0, 5.0
"""The error in a click is so many times the highest beside it, and so many times what is left of it by filling."""
_LEFT = 3.0
"""What is left is at most so many times the highest error beside it."""
_EVEN = 0.3
"""Behind a click the error is not less than so much of that before it, and the other way round: at an attack it is."""
_LOUD_CLICK = 0.7
"""What is less than this part of the sound around is masked by it."""


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
    """Where one channel, shape (frames,), has clicks, pops and crackles of up to 2 ms, in order."""
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
        part = x[low:high].astype(np.float64)
        for a, b in _standing_out(np.abs(_errors(part, size, quietest)), rate):
            start = max(0, a - _PAD)
            if not begin <= low + start < begin + stretch:
                continue
            ends = (min(len(part), end) for end in (b + _PAD, a + round(_CLICK_S * rate) + _PAD))
            if end := next((end for end in ends if _is_click(part, start, end, rate, quietest)), 0):
                found.append((low + start, low + end))
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


def _standing_out(error: Wave, rate: int) -> Iterator[Span]:
    """Short runs of errors far above those around."""
    tick = max(1, round(_TICK_AROUND_S * rate))
    count = -(-len(error) // tick)
    highest = np.pad(error, (0, count * tick - len(error))).reshape(count, tick).max(axis=1)
    beside, own = round(_AROUND_S / _TICK_AROUND_S), round(_OWN_S / _TICK_AROUND_S)
    others = np.ones(2 * beside + 1, bool)
    others[beside - own : beside + own + 1] = False
    usual = np.repeat(percentile_filter(highest, _AROUND_PERCENT, footprint=others), tick)[: len(error)]
    peaks = error > np.maximum(_SIGMAS, _STANDS_OUT * usual)
    pause = max(1, round(_CLICK_PAUSE_S * rate))
    part = maximum_filter1d(((error > np.maximum(_CLICK_END, usual)) | peaks).astype(np.int8), 2 * pause + 1) > 0
    for first, last in _runs(part):
        start, end = first + pause, last - pause
        if start < end <= start + _CLICK_S * rate + _CLICK_ORDER and peaks[first:last].any():
            yield start, end


def _is_click(x: Wave, start: int, end: int, rate: int, least: float) -> bool:
    """Whether what is on both sides belongs together as soon as what is between them is filled from there."""
    beside, order = round(_CONTEXT_S * rate), max(_CLICK_ORDER, round(_CONTEXT_ORDER_S * rate))
    if start < beside or end + beside > len(x):
        return False
    held = x[start - beside : end + beside]
    sides = held[:beside], held[-beside:]
    unknown = np.zeros(len(held), bool)
    unknown[beside:-beside] = True
    predictor = burg(sides, order)
    mended = interpolated(held, unknown, predictor)
    spoilt, left = (np.abs(np.convolve(y, predictor.error_filter, "valid")) for y in (held, mended))
    own = slice(beside + 1 - len(predictor.error_filter), len(held) - beside)
    before, behind = spoilt[: own.start], spoilt[own.stop :]
    usual = max(float(before.max()), float(behind.max()), least)
    levels = sorted(max(_middle(part), least) for part in (before, behind))
    change = float(np.abs(held - mended).max())
    highest, remaining = float(spoilt[own].max()), float(left[own].max())
    return (
        highest >= max(_ABOVE * usual, _BY_FILLING * remaining)
        and remaining <= _LEFT * usual
        and levels[0] >= _EVEN * levels[1]
        and change >= _LOUD_CLICK * float(np.sqrt(np.mean(np.square(np.concatenate(sides)))))
    )


def _middle(x: Wave) -> float:
    """RMS without the largest tenth."""
    return float(np.sqrt(np.mean(np.sort(np.square(x))[: max(1, len(x) * 9 // 10)])))
