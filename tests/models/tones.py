"""Sounds that are made, and what is measured of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.media import Audio

Say = Callable[..., Audio]


def tone(hz: float, seconds: float, sample_rate: int = 48_000, level: float = 0.5) -> Audio:
    t = np.arange(round(seconds * sample_rate)) / sample_rate
    return Audio((level * np.sin(2 * np.pi * hz * t)).astype(np.float32)[None], sample_rate)


def pink(frames: int, seed: int) -> np.ndarray:
    """Noise whose power falls by 3 dB an octave, RMS 1."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(frames))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    noise = np.fft.irfft(spectrum, frames)
    return (noise / noise.std()).astype(np.float32)


def other_voice(clip: Audio, pitch: float = 0.5, formants: float = 0.84) -> Audio:
    """The same words from another throat, by WORLD: pitch and formant frequencies times a factor."""
    import pyworld

    x, rate = clip.samples[0].astype(np.float64), clip.sample_rate
    f0, times = pyworld.dio(x, rate)
    f0 = pyworld.stonemask(x, f0, times, rate)
    envelope, noise = pyworld.cheaptrick(x, f0, times, rate), pyworld.d4c(x, f0, times, rate)
    bins = np.arange(envelope.shape[1])
    warped = np.array([np.interp(bins / formants, bins, row) for row in envelope])
    return Audio(pyworld.synthesize(f0 * pitch, warped, noise, rate).astype(np.float32)[None], rate)


def frequency(samples: np.ndarray, sample_rate: int) -> float:
    """Of the strongest partial in the middle half, Hz."""
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 8 * len(middle)))
    return float(np.argmax(spectrum)) * sample_rate / (8 * len(middle))


def si_sdr_db(reference: np.ndarray, estimate: np.ndarray) -> float:
    """Scale-invariant signal-to-distortion ratio (Le Roux et al. 2019, arXiv:1811.02508)."""
    target = (estimate @ reference) / (reference @ reference) * reference
    return float(10 * np.log10((target @ target) / ((estimate - target) @ (estimate - target))))
