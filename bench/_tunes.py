"""Tunes whose notes are known: struck strings, humming, whistling, noise of a colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.media import Audio
from core.models.music._score import hertz

RATE = 22_050
Curve = NDArray[np.float64]
Notes = Sequence[tuple[float, float, float]]
"""Start and length in seconds, MIDI note."""


def tune(midi: Sequence[float], each_s: float = 0.4, gap_s: float = 0.08, start_s: float = 0.3) -> Notes:
    """Notes one after the other."""
    return [(start_s + number * each_s, each_s - gap_s, note) for number, note in enumerate(midi)]


def plucked(notes: Notes, rate: int = RATE) -> Audio:
    """Strings that are struck and die away."""
    length = max(start + held for start, held, _ in notes) + 0.5
    out = np.zeros(round(length * rate))
    for start, held, midi in notes:
        t = np.arange(round(held * rate)) / rate
        hz = hertz(midi)
        partials = [np.sin(2 * np.pi * hz * k * t) * np.exp(-(2 + k) * t) / k for k in range(1, 9) if hz * k < rate / 2]
        edge = np.minimum(1, np.minimum(t / 0.004, (held - t) / 0.015))
        begin = round(start * rate)
        out[begin : begin + len(t)] += 0.15 * edge * np.sum(partials, axis=0)
    return Audio(out.astype(np.float32)[None], rate)


def hummed(notes: Notes, off: float = 0.0, vibrato: float = 0.15, level: float = 0.3, rate: int = RATE) -> Audio:
    """Somebody who hums from note to note with vibrato, beside the piano's tuning, with a little breath."""
    rng = np.random.default_rng(1)
    phase, gain = _line(notes, off, vibrato, rate)
    voice = np.sum([np.sin(k * phase) / k**1.7 for k in range(1, 7)], axis=0) * gain * 0.5
    breath = 0.004 * rng.standard_normal(len(gain))
    return Audio((level * (voice + breath)).astype(np.float32)[None], rate)


def whistled(notes: Notes, off: float = 0.0, vibrato: float = 0.2, rate: int = RATE) -> Audio:
    """Somebody who whistles: almost a sine tone, and the breath that makes it."""
    rng = np.random.default_rng(2)
    phase, gain = _line(notes, off, vibrato, rate)
    breath = np.diff(rng.standard_normal(len(gain)), prepend=0) * (0.3 + gain)
    tone = gain * (np.sin(phase) + 0.05 * np.sin(2 * phase))
    return Audio((0.3 * tone + 0.01 * breath).astype(np.float32)[None], rate)


def _line(notes: Notes, off: float, vibrato: float, rate: int) -> tuple[Curve, Curve]:
    """The phase of a voice that glides from note to note, in radians, and how loud it is."""
    count = round((notes[-1][0] + notes[-1][1] + 0.4) * rate)
    midi, gain = np.full(count, float(notes[0][2])), np.zeros(count)
    for start, held, note in notes:
        begin, end = round(start * rate), round((start + held) * rate)
        midi[begin:] = note
        t = np.arange(end - begin) / rate
        gain[begin:end] = np.clip(np.minimum(t, held - t) / 0.03, 0, 1)
    half = round(0.04 * rate)
    glide = np.convolve(np.pad(midi, half, mode="edge"), np.full(2 * half + 1, 1 / (2 * half + 1)), "valid")
    pitch = glide + off + vibrato * np.sin(2 * np.pi * 5.5 * np.arange(count) / rate)
    return 2 * np.pi * np.cumsum(440 * 2 ** ((pitch - 69) / 12)) / rate, gain


def noise(exponent: float, level: float = 0.1, seconds: float = 8.0) -> Audio:
    """Noise whose power falls by 3 dB an octave, times `exponent`: 0 is white, 1 pink, 2 brown."""
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(7).standard_normal(count))
    spectrum[1:] *= np.arange(1, len(spectrum)) ** (-exponent / 2)
    spectrum[0] = 0
    samples = np.fft.irfft(spectrum, count)
    return Audio((level * samples / samples.std()).astype(np.float32)[None], RATE)
