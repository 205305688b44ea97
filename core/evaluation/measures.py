"""What judges measure: words, levels, pitch, likeness to a reference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from core.media import Samples

_WINDOW_S = 0.06
_NEARLY = 0.9
_LOWEST_HZ, _HIGHEST_HZ = 70.0, 1000.0


def word_error_rate(wanted: str, heard: str) -> float:
    """Words that are wrong, missing or too many, as a share of those wanted."""
    given, found = (re.findall(r"[\w']+", text.casefold()) for text in (wanted, heard))
    row = list(range(len(found) + 1))
    for number, word in enumerate(given, start=1):
        before, row[0] = row[0], number
        for place, other in enumerate(found, start=1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (word != other))
    return row[-1] / max(len(given), 1)


def si_sdr_db(reference: Samples, estimate: Samples) -> float:
    """Scale-invariant signal-to-distortion ratio in dB (Le Roux et al. 2019, arXiv:1811.02508)."""
    length = min(len(reference), len(estimate))
    wanted, given = (x[:length].astype(np.float64) - x[:length].mean() for x in (reference, estimate))
    part = wanted * (given @ wanted) / max(float(wanted @ wanted), 1e-12)
    rest = given - part
    return float(10 * np.log10(max(float(part @ part), 1e-12) / max(float(rest @ rest), 1e-12)))


def gain_db(sources: Sequence[Samples], estimates: Sequence[Samples], mix: Samples) -> float:
    """By how much estimates are nearer to the sources than the mix is, the mean in dB, in the best order."""
    before = sum(si_sdr_db(source, mix) for source in sources)
    orders = permutations(estimates, len(sources))
    best = max(sum(si_sdr_db(s, e) for s, e in zip(sources, order, strict=True)) for order in orders)
    return (best - before) / len(sources)


def rms_db(sound: Samples) -> float:
    """Level in dB of full scale."""
    return float(20 * np.log10(max(float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))), 1e-9)))


def _first_peak(likeness: NDArray[np.float64], low: int, high: int) -> int:
    """The shortest lag that is nearly as good as the best: multiples of a period are as good as the period."""
    best = float(likeness[low:high].max())
    for lag in range(low + 1, high - 1):
        if likeness[lag] >= _NEARLY * best and likeness[lag - 1] <= likeness[lag] >= likeness[lag + 1]:
            return lag
    return low + int(np.argmax(likeness[low:high]))


def pitches_hz(sound: Samples, rate: int) -> Samples:
    """Fundamental frequency of the louder windows, by autocorrelation."""
    size = round(_WINDOW_S * rate)
    loud = rms_db(sound) - 12
    found = []
    for start in range(0, len(sound) - size, size // 2):
        if rms_db(sound[start : start + size]) < loud:
            continue
        window = sound[start : start + size].astype(np.float64)
        window = (window - window.mean()) * np.hanning(size)
        likeness = np.fft.irfft(np.abs(np.fft.rfft(window, 2 * size)) ** 2)[:size]
        likeness /= np.fft.irfft(np.abs(np.fft.rfft(np.hanning(size), 2 * size)) ** 2)[:size] + 1e-9
        low, high = round(rate / _HIGHEST_HZ), min(round(rate / _LOWEST_HZ), size // 2)
        lag = _first_peak(likeness, low, high)
        if low < lag < high - 1:
            a, b, c = likeness[lag - 1 : lag + 2]
            found.append(rate / (lag + 0.5 * (a - c) / min(a - 2 * b + c, -1e-12)))
    return np.asarray(found, np.float32)
