"""Sounds that are made by rule, each time another: what recordings are missing of, and noise of all colours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

RATE = 16_000
Samples = NDArray[np.float32]
Maker = Callable[[np.random.Generator, int], NDArray[np.float64]]


def coloured(rng: np.random.Generator, frames: int, low: float, high: float, slope: float) -> NDArray[np.float64]:
    """Noise between two frequencies in Hz whose power falls with frequency to this power, RMS 1."""
    spectrum = np.fft.rfft(rng.standard_normal(frames))
    at = np.maximum(np.fft.rfftfreq(frames, 1 / RATE), 20)
    spectrum *= at ** (-slope / 2) / (1 + (low / at) ** 4) / (1 + (at / high) ** 4)
    noise = np.fft.irfft(spectrum, frames)
    return np.asarray(noise / noise.std())


def _slow(rng: np.random.Generator, frames: int, per_s: float) -> NDArray[np.float64]:
    """A curve from 0 to 1 that turns about so often a second."""
    points = rng.random(max(4, int(frames / RATE * per_s) + 3))
    return np.interp(np.linspace(0, len(points) - 1, frames), np.arange(len(points)), points)


def _rain(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    drops = (rng.random(frames) < rng.uniform(0.002, 0.02)) * rng.exponential(1, frames)
    patter = lfilter([1, -1], [1, -rng.uniform(0.3, 0.8)], drops)
    return np.asarray(coloured(rng, frames, rng.uniform(300, 1500), 9000, 0.5) * rng.uniform(0.2, 1) + 3 * patter)


def _wind(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    gusts = 0.2 + _slow(rng, frames, 1.0) ** 2
    whistle = coloured(rng, frames, 300, rng.uniform(500, 900), 0) * _slow(rng, frames, 1.5) ** 3
    return gusts * coloured(rng, frames, 60, rng.uniform(200, 500), 1) + 0.4 * whistle


def _waves(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    swell = _slow(rng, frames, rng.uniform(0.3, 0.7)) ** 2
    return (0.1 + swell) * coloured(rng, frames, 80, rng.uniform(1500, 5000), 0.8)


def _stream(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    out = 0.3 * coloured(rng, frames, 400, 5000, 0.3)
    for _ in range(int(frames / RATE * 40)):
        length = int(rng.uniform(0.01, 0.05) * RATE)
        t = np.arange(length) / RATE
        at = int(rng.integers(max(1, frames - length)))
        bubble = np.sin(2 * np.pi * (rng.uniform(400, 2500) + 4000 * t) * t) * np.exp(-t * 80)
        out[at : at + length] += (bubble * rng.random())[: frames - at]
    return out


def _harmonics(rng: np.random.Generator, pitch: NDArray[np.float64], count: int, fall: float) -> NDArray[np.float64]:
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    parts = (np.sin(k * phase + rng.random() * 6) * k**-fall * rng.uniform(0.4, 1) for k in range(1, count + 1))
    return np.asarray(sum(parts), np.float64)


def _engine(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    pitch = rng.uniform(30, 110) * (1 + 0.3 * (_slow(rng, frames, 0.7) - 0.5))
    return _harmonics(rng, pitch, 24, rng.uniform(0.5, 1.1)) + 0.3 * coloured(rng, frames, 50, 1500, 1)


def _hum(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    pitch = np.full(frames, float(rng.choice([50, 60, 100, 120, 200, 400])) * rng.uniform(0.98, 1.02))
    return _harmonics(rng, pitch, 12, rng.uniform(0.8, 1.6)) + 0.1 * coloured(rng, frames, 50, 3000, 1)


def _siren(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    t = np.arange(frames) / RATE
    wave = np.sin(2 * np.pi * rng.uniform(0.2, 3) * t + rng.random() * 6)
    wave = np.sign(wave) if rng.random() < 0.4 else wave
    pitch = rng.uniform(500, 1100) * 2 ** (0.4 * wave)
    return _harmonics(rng, pitch, 6, rng.uniform(0.8, 2))


def _beeps(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    t = np.arange(frames) / RATE
    on = (t * rng.uniform(1, 6) + rng.random()) % 1 < rng.uniform(0.2, 0.7)
    gate = np.convolve(on, np.hanning(80) / np.hanning(80).sum(), "same")
    return gate * _harmonics(rng, np.full(frames, rng.uniform(500, 3500)), int(rng.integers(1, 4)), 1.5)


def _struck(
    rng: np.random.Generator, frames: int, per_s: float, low: float, high: float, decay: float
) -> NDArray[np.float64]:
    """Blows on something that rings, at a steady pace."""
    length = min(frames, int(RATE * decay * 3))
    t = np.arange(length) / RATE
    modes = rng.uniform(low, high) * np.array([1, 2.0, 2.4, 3.0, 4.2, 5.4]) * rng.uniform(0.97, 1.03, 6)
    blow = sum(
        np.sin(2 * np.pi * f * t) * np.exp(-t / decay * (1 + k / 2)) / (k + 1) for k, f in enumerate(modes) if f < 7500
    )
    out = np.zeros(frames + length)
    for at in np.arange(rng.uniform(0, 0.5), frames / RATE, 1 / per_s):
        begin = int(at * RATE)
        out[begin : begin + length] += np.asarray(blow) * rng.uniform(0.7, 1)
    return out[:frames]


def _bell(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    return _struck(rng, frames, rng.uniform(0.5, 2), 200, 900, rng.uniform(0.5, 2))


def _clock(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    return _struck(rng, frames, float(rng.choice([1, 2, 4, 5])), 1500, 3500, rng.uniform(0.004, 0.02))


def _knocks(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    return _struck(rng, frames, rng.uniform(2, 5), 90, 350, rng.uniform(0.02, 0.06))


def _alarm_bell(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    return _struck(rng, frames, rng.uniform(15, 30), 900, 2500, rng.uniform(0.1, 0.4))


def _crackle(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    clicks = (
        (rng.random(frames) < rng.uniform(0.0005, 0.004)) * rng.standard_normal(frames) * rng.exponential(2, frames)
    )
    return np.asarray(5 * lfilter([1], [1, -rng.uniform(0.2, 0.7)], clicks) + 0.15 * coloured(rng, frames, 50, 800, 1))


def _helicopter(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    t = np.arange(frames) / RATE
    chop = ((1 + np.sin(2 * np.pi * rng.uniform(9, 20) * t)) / 2) ** rng.uniform(2, 6)
    return (0.1 + chop) * coloured(rng, frames, 40, rng.uniform(400, 1500), 1)


def _chirps(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    out = np.zeros(frames)
    at, base = 0.0, rng.uniform(2000, 5000)
    while at < frames / RATE:
        length = int(rng.uniform(0.05, 0.25) * RATE)
        t = np.linspace(0, 1, length)
        pitch = base * 2 ** (
            rng.uniform(-0.4, 0.4) * t + rng.uniform(0, 0.2) * np.sin(2 * np.pi * rng.uniform(1, 6) * t)
        )
        begin = int(at * RATE)
        tone = np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * np.hanning(length)
        out[begin : begin + length] += tone[: frames - begin]
        at += length / RATE + rng.exponential(0.2)
    return out


def _noise(rng: np.random.Generator, frames: int) -> NDArray[np.float64]:
    return coloured(rng, frames, rng.uniform(20, 300), rng.uniform(2000, 9000), rng.uniform(0, 2))


MAKERS: dict[str, Maker] = {
    "rain | heavy rain | raindrops": _rain,
    "wind | howling wind | wind noise": _wind,
    "waves | the sea | ocean waves": _waves,
    "stream | a babbling brook | running water": _stream,
    "engine | motor | a running engine": _engine,
    "hum | mains hum | humming": _hum,
    "siren | police siren | ambulance": _siren,
    "beep | beeping": _beeps,
    "bell | church bell | ringing bell": _bell,
    "clock | ticking clock | tick-tock": _clock,
    "knock | knocking on a door": _knocks,
    "alarm | bicycle bell | fire alarm": _alarm_bell,
    "crackle | crackling fire | fire": _crackle,
    "helicopter": _helicopter,
    "bird | chirping birds | birdsong": _chirps,
    "noise | white noise | static": _noise,
}
"""By what people call it."""
