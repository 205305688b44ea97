"""Sounds in which nobody speaks, and speech that is hard to hear; all of them made."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyworld
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from core.media import Audio
from core.models.sound._stretch import stretch

RATE = 16_000
SECONDS = 30
COLOURS = {"brown": -2, "pink": -1, "white": 0, "blue": 1, "violet": 2}
"""Exponents of power over frequency."""
_KEYS = ((697, 1209), (770, 1336), (852, 1477), (941, 1336))
"""Dual tones of a telephone's keys 1, 5, 9 and 0, in Hz."""

Samples = NDArray[np.float64]


def noise(exponent: float, seed: int = 0) -> Audio:
    """Half a minute at -20 dBFS."""
    frames = SECONDS * RATE
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(frames))
    spectrum *= np.maximum(1, np.arange(len(spectrum))) ** (exponent / 2)
    samples = np.fft.irfft(spectrum, frames)
    return _clip(0.1 * samples / samples.std())


def wordless() -> Iterator[Audio]:
    """Half a minute each of hum, of a telephone's keys, of clicks in silence, of barks, of birds and of a melody."""
    time = np.arange(SECONDS * RATE) / RATE
    yield _clip(0.2 * sum(np.sin(2 * np.pi * 50 * k * time) / k for k in (1, 2, 3, 5, 7)))
    keys = [sum(np.sin(2 * np.pi * hz * time[: RATE // 5]) for hz in pair) for pair in _KEYS]
    yield _every(2.0, [0.3 * key for key in keys])
    yield _every(7.0, [np.array([1.0, -1.0, 0.8])])
    yield _every(1.4, [0.2 * _glide(800, 350, 0.18, 8)])
    yield _every(0.45, [0.3 * _glide(3000, top, 0.12, 1) for top in (4200, 5600, 4900)])
    yield _every(0.5, [0.15 * _glide(hz, hz, 0.5, 6) for hz in (262, 330, 392, 523, 440, 294)])


def hard(speech: NDArray[np.float32]) -> dict[str, Audio]:
    """The same speech, mono at 16 kHz, as a telephone, a whisperer, a bad recording and a hurried listener give it."""
    said = speech.astype(np.float64)
    band = butter(4, [300, 3400], "bandpass", fs=8000, output="sos")
    twice = stretch(speech[None], RATE, 0.5, lambda fraction: None)[0]
    return {
        "telephone": Audio(sosfilt(band, soxr.resample(said, RATE, 8000)).astype(np.float32)[None], 8000),
        "whispered": _clip(0.3 * _whispered(said)),
        "quiet": _clip(0.001 * said / np.abs(said).max()),
        "clipped": _clip(np.clip(30 * said / np.abs(said).max(), -0.5, 0.5)),
        "one_channel": Audio(np.stack([np.zeros_like(speech), speech]), RATE),
        "twice_as_fast": _clip(twice),
    }


def _whispered(said: Samples) -> Samples:
    f0, times = pyworld.dio(said, RATE)
    envelope = pyworld.cheaptrick(said, f0, times, RATE)
    return np.asarray(pyworld.synthesize(np.zeros_like(f0), envelope, np.ones_like(envelope), RATE))


def _glide(start_hz: float, end_hz: float, seconds: float, partials: int) -> Samples:
    hz = np.linspace(start_hz, end_hz, round(seconds * RATE))
    phase = 2 * np.pi * np.cumsum(hz) / RATE
    return np.asarray(sum(np.sin(k * phase) / k for k in range(1, partials + 1)) * np.hanning(len(hz)))


def _every(seconds: float, sounds: list[Samples]) -> Audio:
    out = np.zeros(SECONDS * RATE)
    for number, at in enumerate(range(0, len(out) - RATE, round(seconds * RATE))):
        sound = sounds[number % len(sounds)]
        out[at : at + len(sound)] += sound
    return _clip(out)


def _clip(samples: NDArray[np.floating] | float) -> Audio:
    return Audio(np.asarray(samples, np.float32)[None], RATE)
