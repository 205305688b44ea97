"""What the generators are made of: noise, filters, envelopes, resonances, grains. All arrays are of shape (frames,)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len
from scipy.signal import butter, oaconvolve, sosfilt, sosfilt_zi

RATE = 48_000
"""Hz, of all that is generated."""

_GRAINS = 96
_PERIOD = 4096

Wave = NDArray[np.float64]
Rng = np.random.Generator


def frames(seconds: float) -> int:
    """How many samples a time has; at least one."""
    return max(1, round(seconds * RATE))


def clock(seconds: float) -> Wave:
    """Seconds since the start, sample by sample."""
    return np.arange(frames(seconds)) / RATE


def noise(rng: Rng, seconds: float, slope_db: float = 0.0) -> Wave:
    """Noise of RMS 1 whose power changes by so many dB an octave: -3 is pink, -6 is brown."""
    count = frames(seconds)
    if not slope_db:
        return rng.standard_normal(count)
    quick = next_fast_len(count, real=True)
    spectrum = np.fft.rfft(rng.standard_normal(quick))
    hz = np.maximum(np.fft.rfftfreq(quick, 1 / RATE), 20.0)
    shaped = np.fft.irfft(spectrum * (hz / 1000) ** (slope_db / 6.02), quick)[:count]
    return np.asarray(shaped / max(float(shaped.std()), 1e-12))


def band(x: Wave, low: float, high: float, order: int = 2) -> Wave:
    """Only what lies between two frequencies in Hz; settled from the first sample on."""
    if low <= 20:
        sos = butter(order, min(high, 0.45 * RATE), "lowpass", fs=RATE, output="sos")
    elif high >= 0.45 * RATE:
        sos = butter(order, low, "highpass", fs=RATE, output="sos")
    else:
        sos = butter(order, (low, high), "bandpass", fs=RATE, output="sos")
    filtered, _ = sosfilt(sos, x, zi=sosfilt_zi(sos) * x[0])
    return np.asarray(filtered)


def slow(rng: Rng, seconds: float, hz: float, low: float = 0.0, high: float = 1.0) -> Wave:
    """A curve that wanders between two values at about so many turns a second."""
    count = max(4, int(np.ceil(seconds * hz * 2)) + 3)
    points = rng.uniform(low, high, count)
    at = np.linspace(0, count - 1.001, frames(seconds))
    left = at.astype(np.int64)
    part = (1 - np.cos(np.pi * (at - left))) / 2
    return np.asarray(points[left] * (1 - part) + points[np.minimum(left + 1, count - 1)] * part)


def decay(seconds: float, half_s: float, attack_s: float = 0.001) -> Wave:
    """Rises in `attack_s`, then falls by half every `half_s`."""
    t = clock(seconds)
    return np.asarray(np.clip(t / max(attack_s, 1e-5), 0, 1) * 0.5 ** (t / half_s))


def hump(seconds: float, attack: float = 0.2, release: float = 0.4) -> Wave:
    """Rises for a part of the time, stays, falls for a part of it."""
    t = np.linspace(0, 1, frames(seconds))
    up = np.clip(t / max(attack, 1e-4), 0, 1)
    down = np.clip((1 - t) / max(release, 1e-4), 0, 1)
    return np.asarray(np.sin(np.pi / 2 * up) ** 2 * np.sin(np.pi / 2 * down) ** 2)


def tone(hz: Wave | float, seconds: float, shape: Callable[[Wave], Wave] = np.sin, phase: float = 0.0) -> Wave:
    """A tone whose frequency in Hz may change sample by sample."""
    curve = np.broadcast_to(np.asarray(hz, np.float64), (frames(seconds),))
    return np.asarray(shape(2 * np.pi * np.cumsum(curve) / RATE + phase))


def harmonics(hz: Wave | float, seconds: float, levels: Sequence[float]) -> Wave:
    """A tone with overtones: the level of each, from the first; none above 20 kHz. One period of it is read again."""
    curve = np.broadcast_to(np.asarray(hz, np.float64), (frames(seconds),))
    most = max(1, int(20_000 / max(float(curve.max()), 1.0)))
    spectrum = np.zeros(_PERIOD // 2 + 1, np.complex128)
    kept = np.asarray(levels[: min(most, _PERIOD // 4)], np.float64)
    spectrum[1 : len(kept) + 1] = -0.5j * _PERIOD * kept
    period = np.fft.irfft(spectrum, _PERIOD)
    place = np.cumsum(curve) * (_PERIOD / RATE)
    left = place.astype(np.int64)
    first = period[left % _PERIOD]
    return np.asarray(first + (place - left) * (period[(left + 1) % _PERIOD] - first))


def buzz(hz: Wave | float, seconds: float, bright: float = 0.7, count: int = 40) -> Wave:
    """Overtones that fall off evenly: a throat, an engine."""
    return harmonics(hz, seconds, [bright**n for n in range(count)])


def pulses(rng: Rng, hz: Wave, uneven: float = 0.25, sharp: float = 9.0) -> Wave:
    """A push of pressure each time round, none quite as strong as another: the strokes of an engine, a flutter."""
    phase = np.cumsum(hz) / RATE
    turn = np.floor(phase).astype(np.int64)
    level = 1 + uneven * rng.uniform(-1, 1, turn[-1] + 1)
    part = phase - turn
    return np.asarray((np.exp(-sharp * part) - np.exp(-40 / 9 * sharp * part)) * level[turn])


def unit(x: Wave) -> Wave:
    """At an RMS of 1, so that what is mixed with it can be told in parts of it."""
    return np.asarray(x / max(float(x.std()), 1e-12))


def formants(x: Wave, peaks: Sequence[tuple[float, float, float]]) -> Wave:
    """Resonances of a throat or a body: frequency in Hz, width in Hz, gain."""
    out = np.zeros(len(x))
    for hz, width, gain in peaks:
        out += gain * band(x, max(hz - width / 2, 25), hz + width / 2, 1)
    return out


def modes(seconds: float, parts: Sequence[tuple[float, float, float]], rng: Rng | None = None) -> Wave:
    """A struck body: frequency in Hz, half-life in s, level of each mode."""
    t = clock(seconds)
    out = np.zeros(len(t))
    for hz, half_s, level in parts:
        phase = rng.uniform(0, 2 * np.pi) if rng else 0.0
        out += level * np.sin(2 * np.pi * hz * t + phase) * 0.5 ** (t / half_s)
    return np.asarray(out * np.clip(t / 0.0008, 0, 1))


def scatter(rng: Rng, seconds: float, per_s: float | Wave, make: Callable[[], Wave], jitter: float = 0.8) -> Wave:
    """Grains thrown over a time: about so many a second, each of its own level, of at most `_GRAINS` shapes."""
    out = np.zeros(frames(seconds))
    rate = float(np.mean(per_s))
    density = np.broadcast_to(np.asarray(per_s, np.float64), out.shape)
    most = max(float(density.max()), 1e-9)
    times = rng.integers(0, len(out), rng.poisson(max(rate, most if np.ndim(per_s) else rate) * seconds))
    grains = [make() for _ in range(min(len(times), _GRAINS))]
    for at in times:
        if density[at] < rng.uniform(0, most):
            continue
        grain = grains[int(rng.integers(len(grains)))] * rng.uniform(1 - jitter, 1)
        end = min(len(out), at + len(grain))
        out[at:end] += grain[: end - at]
    return out


def at(seconds: float, parts: Sequence[tuple[float, Wave]]) -> Wave:
    """Sounds laid at their times into one of a length."""
    out = np.zeros(frames(seconds))
    for start, part in parts:
        first = frames(start) if start > 0 else 0
        if first < len(out):
            end = min(len(out), first + len(part))
            out[first:end] += part[: end - first]
    return out


def room(x: Wave, rng: Rng, seconds: float = 0.5, wet: float = 0.2) -> Wave:
    """A little of the room that a sound is in; as long as before."""
    count = frames(seconds)
    tail = rng.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    tail = band(tail, 200, 6000)
    tail /= max(float(np.sqrt((tail**2).sum())), 1e-9)
    return np.asarray(x + wet * oaconvolve(x, tail)[: len(x)])


def seamless(x: Wave, seconds: float) -> Wave:
    """The first `seconds` of a longer texture, its surplus faded into the start: the end runs on into the beginning."""
    count = frames(seconds)
    surplus = x[count : 2 * count]
    if not len(surplus):
        return x[:count]
    out = x[:count].copy()
    fade = np.linspace(0, 1, len(surplus))
    out[: len(surplus)] = out[: len(surplus)] * np.sqrt(fade) + surplus * np.sqrt(1 - fade)
    return out


def finished(x: Any) -> NDArray[np.float32]:
    """Without offset, without clicks at its ends, at a peak of 1."""
    x = np.asarray(x, np.float64)
    x = x - x.mean()
    edge = min(len(x) // 2, 96)
    if edge:
        ramp = np.linspace(0, 1, edge)
        x[:edge] *= ramp
        x[-edge:] *= ramp[::-1]
    return np.asarray(x / max(float(np.abs(x).max()), 1e-9), np.float32)
