"""Effects for the editor: equaliser, reverb, echo, compressor, panning. Samples have shape (channels, frames).

Shelves and bells are those of Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients" (W3C note,
2021). Rooms are noise that dies away, faster at higher frequencies (Moorer, "About this reverberation business",
Computer Music Journal 3(2), 1979).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import butter, sosfilt

from core.media import Samples

Progress = Callable[[float], None]
Sections = NDArray[np.float64]

_BLOCK = 1 << 18
_BASS_HZ, _MID_HZ, _TREBLE_HZ = 150.0, 1000.0, 4000.0
_MID_Q = 0.6
_HIGHEST = 0.45
"""Of the sample rate: what lies above is not there to be changed."""
_CUT_ORDER = 4
_LEVEL_S, _ATTACK_S, _RELEASE_S = 0.005, 0.01, 0.15
_RATIO = 3.0
_BELOW_DB, _DEPTH_DB = 12.0, 18.0
"""Compression begins so far below the loud parts, and raises nothing by more than this."""
_ECHO_FLOOR = 1e-3
_MOST_ECHOES = 24


@dataclass(frozen=True, slots=True)
class Room:
    """A space that sound dies away in."""

    decay_s: float
    """Until it is 60 dB down, at mid frequencies."""
    before_s: float
    """Until the first reflection."""
    bright: float
    """How long the highest frequencies last, as a part of `decay_s`."""


ROOMS = {
    "room": Room(0.5, 0.004, 0.6),
    "hall": Room(1.9, 0.02, 0.4),
    "cathedral": Room(5.0, 0.035, 0.3),
    "plate": Room(1.4, 0.0, 0.9),
}


@dataclass(frozen=True, slots=True)
class Tone:
    """What an equaliser does: decibels for each range, and frequencies outside which nothing stays."""

    bass_db: float = 0.0
    mid_db: float = 0.0
    treble_db: float = 0.0
    low_cut_hz: float | None = None
    high_cut_hz: float | None = None


TONES = {
    "telephone": Tone(mid_db=4.0, low_cut_hz=300.0, high_cut_hz=3400.0),  # the band of ITU-T G.712
    "radio": Tone(mid_db=5.0, low_cut_hz=150.0, high_cut_hz=5000.0),
    "muffled": Tone(bass_db=3.0, high_cut_hz=700.0),
    "bright": Tone(treble_db=6.0),
    "warm": Tone(bass_db=4.0, treble_db=-4.0),
}


def equalise(samples: Samples, rate: int, tone: Tone, progress: Progress) -> Samples:
    """As long as it was; what is asked of frequencies that the sample rate does not hold changes nothing."""
    highest = _HIGHEST * rate
    parts: list[Sections] = []
    if tone.bass_db:
        parts.append(_shelf(_BASS_HZ, tone.bass_db, rate, high=False))
    if tone.mid_db:
        parts.append(_bell(_MID_HZ, tone.mid_db, rate))
    if tone.treble_db and highest > _TREBLE_HZ:
        parts.append(_shelf(_TREBLE_HZ, tone.treble_db, rate, high=True))
    for hz, kind in ((tone.low_cut_hz, "highpass"), (tone.high_cut_hz, "lowpass")):
        if hz is not None and hz < highest:
            parts.append(np.asarray(butter(_CUT_ORDER, hz, kind, fs=rate, output="sos")))
    if not parts:
        return samples
    sections = np.concatenate(parts)
    state = np.zeros((len(sections), len(samples), 2))
    out = np.empty_like(samples)
    for begin in range(0, samples.shape[1], _BLOCK):
        progress(begin / samples.shape[1])
        part = slice(begin, begin + _BLOCK)
        out[:, part], state = sosfilt(sections, samples[:, part].astype(np.float64), zi=state)
    return out


def _shelf(hz: float, gain_db: float, rate: int, *, high: bool) -> Sections:
    """Slope 1; one section of shape (1, 6)."""
    a = 10 ** (gain_db / 40)
    w = 2 * np.pi * hz / rate
    sign = -1 if high else 1
    c, root = sign * np.cos(w), np.sqrt(2 * a) * np.sin(w)
    b = (a * (a + 1 - (a - 1) * c + root), sign * 2 * a * (a - 1 - (a + 1) * c), a * (a + 1 - (a - 1) * c - root))
    d = (a + 1 + (a - 1) * c + root, sign * -2 * (a - 1 + (a + 1) * c), a + 1 + (a - 1) * c - root)
    return np.array([[*b, *d]], np.float64) / float(d[0])


def _bell(hz: float, gain_db: float, rate: int) -> Sections:
    a = 10 ** (gain_db / 40)
    w = 2 * np.pi * hz / rate
    alpha = np.sin(w) / (2 * _MID_Q)
    both = -2 * np.cos(w)
    section = np.array([[1 + alpha * a, both, 1 - alpha * a, 1 + alpha / a, both, 1 - alpha / a]], np.float64)
    return section / float(1 + alpha / a)


def reverb(samples: Samples, rate: int, room: Room, amount: float, progress: Progress) -> Samples:
    """Longer by the room's decay. At `amount` 0 it is dry, at 1 there is the room alone; the power stays about even."""
    if amount <= 0:
        return samples
    response = _response(room, rate, len(samples))
    count, tail = samples.shape[1], response.shape[1] - 1
    out = np.zeros((len(samples), count + tail), np.float32)
    block = max(_BLOCK, tail + 1)
    size = next_fast_len(block + tail, real=True)
    spectrum = rfft(response, size)
    for begin in range(0, count, block):
        progress(begin / count)
        part = samples[:, begin : begin + block]
        wet = irfft(rfft(part, size) * spectrum, size)[:, : part.shape[1] + tail]
        out[:, begin : begin + wet.shape[1]] += wet
    out *= np.float32(np.sin(amount * np.pi / 2))
    out[:, :count] += samples * np.float32(np.cos(amount * np.pi / 2))
    return out


def _response(room: Room, rate: int, channels: int) -> Samples:
    """Of energy 1, shape (channels, frames); each channel has reflections of its own, the same every time."""
    frames = round((room.before_s + room.decay_s) * rate)
    start = round(room.before_s * rate)
    noise = rfft(np.random.default_rng(0).standard_normal((channels, frames - start)))
    hz = np.fft.rfftfreq(frames - start, 1 / rate)
    t = np.arange(frames - start) / rate
    edges = [0.0, 250.0, 1000.0, 2000.0, 4000.0, 8000.0, float("inf")]
    tail = np.zeros((channels, frames - start))
    for number, (low, high) in enumerate(zip(edges, edges[1:], strict=False)):
        lasts = room.decay_s * room.bright ** max(0.0, (number - 1) / 4)
        band = irfft(np.where((hz >= low) & (hz < high), noise, 0), frames - start)
        tail += band * 10 ** (-3 * t / lasts)
    response = np.zeros((channels, frames))
    response[:, start:] = tail
    return np.asarray(response / np.sqrt(np.sum(response**2, axis=1, keepdims=True)), np.float32)


def echo(samples: Samples, rate: int, delay_s: float, amount: float) -> Samples:
    """Repeats, each `amount` times as loud as the one before; longer by all of them."""
    amount = min(amount, 0.9)
    if amount <= 0:
        return samples
    repeats = max(1, min(_MOST_ECHOES, int(np.log(_ECHO_FLOOR) / np.log(amount))))
    delay, count = round(delay_s * rate), samples.shape[1]
    out = np.zeros((len(samples), count + repeats * delay), np.float32)
    for number in range(repeats + 1):
        out[:, number * delay : number * delay + count] += samples * np.float32(amount**number)
    return out


def compressed(samples: Samples, rate: int, progress: Progress) -> Samples:
    """Loud and quiet parts nearer to each other: 3:1 from 12 dB below the loud parts, all channels by the same gain."""
    hop = max(1, round(_LEVEL_S * rate))
    starts = np.arange(0, samples.shape[1], hop)
    power = np.zeros(len(starts))
    for channel in samples:
        power = np.maximum(power, np.add.reduceat(np.square(channel, dtype=np.float64), starts))
    level = 10 * np.log10(power / hop + 1e-12)
    threshold = float(np.percentile(level, 95)) - _BELOW_DB
    wanted = -np.maximum(0.0, level - threshold) * (1 - 1 / _RATIO)
    gain = np.maximum(_followed(wanted), -_DEPTH_DB)
    out = np.empty_like(samples)
    for begin in range(0, samples.shape[1], _BLOCK):
        progress(begin / samples.shape[1])
        at = np.arange(begin, min(begin + _BLOCK, samples.shape[1]))
        factor = 10 ** (np.interp(at, starts + hop / 2, gain) / 20)
        out[:, at[0] : at[-1] + 1] = samples[:, at[0] : at[-1] + 1] * factor
    return out


def _followed(wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Down with the attack, up with the release."""
    down, up = (float(np.exp(-_LEVEL_S / s)) for s in (_ATTACK_S, _RELEASE_S))
    gain = np.empty(len(wanted))
    now = 0.0
    for index, goal in enumerate(wanted.tolist()):
        now = goal + (now - goal) * (down if goal < now else up)
        gain[index] = now
    return gain


def panned(samples: Samples, pan: float) -> Samples:
    """Two channels of equal power, as by the StereoPannerNode of the Web Audio API; a mono clip at 0 stays as loud."""
    if len(samples) == 1:
        angle = (pan + 1) * np.pi / 4
        return np.asarray(samples * np.sqrt(2) * np.array([[np.cos(angle)], [np.sin(angle)]]), np.float32)
    left, right = samples
    angle = (pan + 1 if pan <= 0 else pan) * np.pi / 2
    if pan <= 0:
        return np.stack([left + right * np.cos(angle), right * np.sin(angle)]).astype(np.float32)
    return np.stack([left * np.cos(angle), right + left * np.sin(angle)]).astype(np.float32)
