"""Fills gaps of a clip, each by the way that does best for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import get_window

from core.media import Audio, Samples
from core.models.sound._autoregression import bridged, burg, interpolated
from core.models.sound._patching import fade_frames, patched
from core.models.sound._vocoding import AROUND_S, vocoded

Wave = NDArray[np.float64]
Mask = NDArray[np.bool_]
Kind = Literal["dropout", "click", "clipping", "gap", "sound"]
Way = Literal["interpolation", "continuation", "vocoder", "patch", "repaint"]

_SHORT_S, _LONG_S, _SHORT = 0.06, 0.15, 3000
"""Up to the first, and up to so many samples, a gap is interpolated; from the second on patches are tried too."""
_SPOKEN_S = (0.025, 0.4)
"""From the first to the second, a vocoder does best in speech: of shorter gaps the waveform itself can be told."""
_ORDER_S, _AROUND_S = 0.02, 0.06
"""Order of the prediction and length of the sound that it is made of, in seconds: a period of a deep voice fits in."""
_LONG_ORDER_S, _LONG_AROUND_S = 0.025, 0.3
_LEAST_S = 0.005
"""Less sound beside a gap tells nothing of it."""
_REACH_S = 20.0
"""How far from its gap a patch may come."""
_TRIES = 2
"""Stretches on each side that are taken out to see which way fills them better."""
_BETTER_DB = 1.0
"""How much better a patch must do there: in music that repeats itself it does; of speech it would make other words."""
_MOST_TRIED = 6
"""Of very many gaps only so many are tried out."""
_FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of a clip that is missing or spoilt."""

    start: int
    """First frame."""
    end: int
    """The frame behind the last."""
    kind: Kind
    channels: tuple[int, ...]
    way: Way | None = None
    """How it was filled."""

    @property
    def length(self) -> int:
        """In frames."""
        return self.end - self.start


def filled(
    clip: Audio,
    gaps: Sequence[Gap],
    seed: int,
    progress: Callable[[float], None] = lambda fraction: None,
    spoken: Callable[[Gap], bool] = lambda gap: False,
) -> tuple[Samples, list[Gap]]:
    """The clip's samples with every gap filled, and the gaps with how they were.

    Gaps are in order and leave some sound on at least one side. The same seed gives the same samples. `spoken` tells
    whether there is speech around a gap, and little else.
    """
    out = clip.samples.copy()
    done: list[Gap] = []
    tried = 0
    for number, gap in enumerate(gaps):
        progress(number / len(gaps))
        way: Way = "interpolation" if gap.length <= min(_SHORT, _SHORT_S * clip.sample_rate) else "continuation"
        if _SPOKEN_S[0] <= gap.length / clip.sample_rate <= _SPOKEN_S[1] and spoken(gap):
            way = "vocoder"
        elif gap.length >= _LONG_S * clip.sample_rate and tried < _MOST_TRIED:
            way = _better(out, clip.sample_rate, gaps, number, seed)
            tried += 1
        for channel in gap.channels:
            later = islice(gaps, number + 1, None)
            behind = next((g.start for g in later if channel in g.channels), out.shape[1])
            _fill(out, clip.sample_rate, replace(gap, channels=(channel,)), behind, way, seed)
        done.append(replace(gap, way=way))
    progress(1.0)
    return out, done


def _fill(samples: Samples, rate: int, gap: Gap, behind: int, way: Way, seed: int) -> None:
    """One gap of one channel, in place. Behind the frame `behind` nothing is known yet."""
    (channel,) = gap.channels
    x = samples[channel]
    if way == "patch":
        begin, stop = max(0, gap.start - round(_REACH_S * rate)), min(behind, gap.end + round(_REACH_S * rate))
        patch = patched(x[begin:stop].astype(np.float64), gap.start - begin, gap.end - begin, rate)
        if patch is not None:
            fade = fade_frames(rate)
            x[gap.start - fade : gap.end + fade] = patch
            return
    if way == "vocoder":
        around = round(AROUND_S * rate)
        sides = x[max(0, gap.start - around) : gap.start], x[gap.end : min(behind, gap.end + around)]
        left, right = (side.astype(np.float64) for side in sides)
        voice = vocoded(left, right, gap.length, rate, _excitation(samples, gap, gap.length, seed))
        if voice is not None:
            x[gap.start : gap.end] = voice
            return
    long = gap.length >= _LONG_S * rate
    order, around = (round(s * rate) for s in ((_LONG_ORDER_S, _LONG_AROUND_S) if long else (_ORDER_S, _AROUND_S)))
    left, right = x[max(0, gap.start - around) : gap.start], x[gap.end : min(behind, gap.end + around)]
    left, right = (side.astype(np.float64) if len(side) >= _LEAST_S * rate else np.zeros(0) for side in (left, right))
    if not len(left) and not len(right):
        x[gap.start : gap.end] = 0
        return
    if way == "interpolation" and len(left) and len(right):
        order = min(order, 3 * gap.length + 32)
        left, right = left[-max(4 * order, 256) :], right[: max(4 * order, 256)]
        unknown = np.zeros(len(left) + gap.length + len(right), bool)
        unknown[len(left) : len(left) + gap.length] = True
        held = np.concatenate([left, np.zeros(gap.length), right])
        noise = _excitation(samples, gap, len(held), seed)[0]
        x[gap.start : gap.end] = interpolated(held, unknown, burg([left, right], order), noise)[unknown]
        return
    x[gap.start : gap.end] = bridged(left, right, gap.length, order, _excitation(samples, gap, gap.length, seed))


def _excitation(samples: Samples, gap: Gap, frames: int, seed: int) -> Wave:
    """Noise of variance 1, shape (2, frames): as alike in all channels as the sound around the gap is."""
    (channel,) = gap.channels
    common = np.random.default_rng((seed, gap.start)).standard_normal((2, frames))
    if channel == 0:
        return common
    beside = np.r_[max(0, gap.start - 4096) : gap.start, gap.end : min(samples.shape[1], gap.end + 4096)]
    first, own = samples[0, beside].astype(np.float64), samples[channel, beside].astype(np.float64)
    scale = np.sqrt(float(first @ first) * float(own @ own))
    alike = min(1.0, max(0.0, float(first @ own) / scale)) if scale > 0 else 1.0
    if alike > 1 - 1e-6:
        return common
    other = np.random.default_rng((seed, gap.start, channel)).standard_normal((2, frames))
    return np.asarray(alike * common + np.sqrt(1 - alike * alike) * other)


def _better(samples: Samples, rate: int, gaps: Sequence[Gap], number: int, seed: int) -> Way:
    """Which way fills stretches beside the gap better, that are as long and of which the truth is known."""
    gap = gaps[number]
    before = max((g.end for g in gaps[:number]), default=0)
    behind = min((g.start for g in gaps[number + 1 :]), default=samples.shape[1])
    channel = gap.channels[0]
    low, high = max(before, gap.start - round(_REACH_S * rate)), min(behind, gap.end + round(_REACH_S * rate))
    x = samples[channel, low:high].copy()
    x[gap.start - low : gap.end - low] = 0
    room = round(_LONG_AROUND_S * rate)
    starts = [gap.start - low - k * (gap.length + room) for k in range(1, _TRIES + 1)]
    starts += [gap.end - low + k * room + (k - 1) * gap.length for k in range(1, _TRIES + 1)]
    worse: dict[Way, list[float]] = {"continuation": [], "patch": []}
    for start in starts:
        if start < room or start + gap.length + room > len(x):
            continue
        taken = Gap(start, start + gap.length, "gap", (0,))
        holed = x.copy()
        holed[start : taken.end] = 0
        for way, distances in worse.items():
            trial = holed[None].copy()
            edge = gap.start - low if start < gap.start - low else len(x)
            _fill(trial, rate, taken, edge if way == "continuation" else len(x), way, seed)
            distances.append(log_spectral_distance(x, trial[0], rate, start, taken.end))
    means = {way: float(np.mean(distances)) for way, distances in worse.items() if distances}
    return "patch" if means and means["patch"] < means["continuation"] - _BETTER_DB else "continuation"


def log_spectral_distance(reference: Samples, other: Samples, rate: int, start: int, end: int) -> float:
    """RMS difference of log spectra in dB, the mean over frames of 32 ms with their middles from `start` to `end`.

    Differences more than 60 dB below the loudest point of the reference do not count.
    """
    size = 1 << round(np.log2(0.032 * rate))
    middles = np.arange(start, end, size // 4) if end - start > size // 4 else np.array([(start + end) // 2])
    window = get_window("hann", size)
    spectra = []
    for x in (reference, other):
        padded = np.pad(x.astype(np.float64), size // 2)
        frames = np.stack([padded[m : m + size] for m in middles])
        spectra.append(np.abs(np.fft.rfft(frames * window)) ** 2)
    floor = _FLOOR * _loudest(reference, size, window) + 1e-20
    difference = 10 * (np.log10(spectra[0] + floor) - np.log10(spectra[1] + floor))
    return float(np.mean(np.sqrt(np.mean(difference**2, axis=1))))


def _loudest(x: Samples, size: int, window: Wave) -> float:
    padded = np.pad(x.astype(np.float64), (0, size))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[:: 4 * size]
    return float((np.abs(np.fft.rfft(frames * window)) ** 2).max())
