"""Change the duration of sound and keep its pitch, or the other way round: a phase-locked vocoder.

Flanagan and Golden 1966; identity phase locking as in Laroche and Dolson, "Improved phase vocoder time-scale
modification of audio", IEEE Trans. Speech and Audio Processing 7(3), 1999. A second analysis frame, one synthesis hop
before each, gives the phase advance without unwrapping. Phases start anew at attacks, which keeps them sharp (after
Röbel 2003). All channels turn by the same angle, which keeps the stereo image.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.fft import irfft, rfft
from scipy.signal.windows import hann

from core.media import Samples

Spectra = NDArray[np.complex64]

_WINDOW_S = 0.046
_OVERLAP = 4
_ATTACK = 4.0
"""Rise of the energy within one hop that counts as an attack: 6 dB."""
_FRAMES_AT_ONCE = 256


def stretch(samples: Samples, sample_rate: int, ratio: float, progress: Callable[[float], None]) -> Samples:
    """Make sound `ratio` times as long, exactly `round(frames * ratio)` frames (one at least), with its pitch kept.

    Takes and gives shape (channels, frames); `ratio` is above 0.
    """
    size = 1 << round(np.log2(_WINDOW_S * sample_rate))
    hop = size // _OVERLAP
    length = max(1, round(samples.shape[1] * ratio))
    count = length // hop + 4  # one frame before the first sample and two after the last complete the overlap
    centres = np.round(np.arange(-1, count - 1) * hop / ratio).astype(np.int64)
    centres = centres.clip(-size // 2, samples.shape[1] + size // 2)  # where a frame is all silence already
    window = hann(size, sym=False).astype(np.float32)
    padded = np.pad(samples, ((0, 0), (hop + size, size)))
    lead = hop + size // 2  # where the frame that is centred at the first sample begins
    out = np.zeros((samples.shape[0], (count + _OVERLAP) * hop), np.float32)
    last: Spectra | None = None
    for first in range(0, count, _FRAMES_AT_ONCE):
        progress(first / count)
        starts = centres[first : first + _FRAMES_AT_ONCE]
        now = _spectra(padded, starts + lead, window)
        before = _spectra(padded, starts + lead - hop, window)
        last = _turn(now, before, last)
        blocks = irfft(now, size, axis=-1) * window
        for index in range(len(starts)):
            at = (first + index) * hop
            out[:, at : at + size] += blocks[:, index]
    gain = np.float32(1.0 / (0.375 * _OVERLAP))  # the mean of the squared Hann window is 3/8
    begin = size // 2 + hop
    return out[:, begin : begin + length] * gain


def shift(samples: Samples, sample_rate: int, ratio: float, progress: Callable[[float], None]) -> Samples:
    """Multiply the pitch by `ratio` and keep the number of frames. Formants move along.

    Takes and gives shape (channels, frames); `ratio` is above 0.
    """
    frames = samples.shape[1]
    # The stretched clip is exactly a whole number of frames long: resample by that fraction, not by the asked ratio.
    exact = Fraction(max(1, round(frames * ratio)), frames)
    long = stretch(samples, sample_rate, float(exact), progress)
    short = soxr.resample(long.T, float(exact) * sample_rate, sample_rate).T[:, :frames]
    return np.ascontiguousarray(np.pad(short, ((0, 0), (0, frames - short.shape[1]))), dtype=np.float32)


def _spectra(padded: Samples, starts: NDArray[np.int64], window: NDArray[np.float32]) -> Spectra:
    """Spectra of the frames that begin at `starts`, shape (channels, frames, bins)."""
    frames = np.lib.stride_tricks.sliding_window_view(padded, len(window), axis=1)[:, starts]
    return np.asarray(rfft(frames * window, axis=-1), np.complex64)


def _turn(now: Spectra, before: Spectra, last: Spectra | None) -> Spectra:
    """Turn the phases of `now` in place so that each frame continues the one made before it; returns the last.

    `before` are the spectra one hop earlier in the input: what they are to `now`, the made frame is to the next one.
    """
    magnitude = np.square(now.real).sum(axis=0) + np.square(now.imag).sum(axis=0)
    energy = magnitude.sum(axis=-1)
    energy_before = (np.square(before.real) + np.square(before.imag)).sum(axis=(0, 2))
    attack = energy > _ATTACK * energy_before
    bins = np.arange(now.shape[2])
    for index in range(now.shape[1]):
        if last is not None and not attack[index]:
            peaks = _peaks(magnitude[index])
            angle = (last[:, peaks] * before[:, index, peaks].conj()).sum(axis=0)
            size = np.abs(angle)
            turn = np.where(size > 0, angle / np.maximum(size, 1e-30), 1).astype(np.complex64)
            region = np.searchsorted((peaks[1:] + peaks[:-1]) / 2, bins)
            now[:, index] *= turn[region]
        last = now[:, index]
    return last  # type: ignore[return-value]  # there is at least one frame


def _peaks(magnitude: NDArray[np.float32]) -> NDArray[np.intp]:
    """Bins that are higher than their two neighbours on either side; never empty."""
    inner = magnitude[2:-2]
    high = (inner > magnitude[1:-3]) & (inner >= magnitude[3:-1]) & (inner > magnitude[:-4]) & (inner >= magnitude[4:])
    found = np.flatnonzero(high) + 2
    return found if len(found) else np.array([0])
