"""Mixes of two voices, made anew for every step: pairs, levels, tempo, colour, rooms, pauses, noise. From a seed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

SAMPLE_RATE = 16_000
_SHARES = {"synthetic": 0.45, "human": 0.5, "machine": 0.05}
"""How often a talker comes from each kind of voice."""
_ALIKE = 0.8
"""Cosine of two speaker vectors from which on they may be one person under two names."""
_LEVEL_DB = 5.0
_TEMPO = (0.82, 1.2)
_COLOUR_DB = 6.0
_FIRST_APART, _UNTIL = 0.7, 1000
"""Octaves between the pitches of two voices at the first step, and the step from which on they may be equal. What is
easy first: two voices of any kind teach nothing for hours before a network has learnt what a voice is."""
_LOUDEST = 0.9
_ALONE, _PAUSING, _NOISY, _COLOURED, _ROOMS = 0.06, 0.12, 0.05, 0.3, 0.1
"""Shares of the mixes with one talker only, with a pause of one, with noise; of the talkers with a microphone's colour
and with a room's sound."""

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """Speech of one person without its pauses."""

    name: str
    kind: str
    sex: str
    f0_hz: float
    samples: NDArray[np.int16]
    vector: Samples


def voices(folder: Path, part: str) -> list[Voice]:
    """Those of `train` or `test`, as `voices.json` in the folder lists them."""
    listed = json.loads((folder / "voices.json").read_text())
    return [
        Voice(
            row["name"],
            row["kind"],
            "female" if row["f0_hz"] > 160 else "male",
            row["f0_hz"],
            np.load(folder / f"{row['name']}.npy", mmap_mode="r"),
            np.array(row["vector"], np.float32),
        )
        for row in listed
        if row["part"] == part
    ]


class Mixer:
    """Draws mixes of pairs of voices."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._by_kind: dict[str, list[Voice]] = {}
        for voice in voices(folder, "train"):
            self._by_kind.setdefault(voice.kind, []).append(voice)
        self._kinds = sorted(self._by_kind)
        shares = np.array([_SHARES[kind] for kind in self._kinds])
        self._shares = shares / shares.sum()
        self._frames = round(seconds * SAMPLE_RATE)

    def batch(self, step: int, size: int, seed: int) -> tuple[Samples, Samples]:
        """Mixes, shape (size, frames), and their talkers, shape (size, 2, frames). The same for the same step."""
        rng = np.random.default_rng((seed, step))
        apart = max(0.0, _FIRST_APART * (1 - step / _UNTIL))
        drawn = [self._mix(rng, apart) for _ in range(size)]
        return np.stack([mix for mix, _ in drawn]), np.stack([talkers for _, talkers in drawn])

    def _mix(self, rng: np.random.Generator, apart: float) -> tuple[Samples, Samples]:
        talkers = np.stack([self._talker(voice, rng) for voice in self._pair(rng, apart)])
        chance = rng.random()
        if chance < _ALONE:
            talkers[1] = 0
        elif chance < _ALONE + _PAUSING:
            _pause(talkers[rng.integers(2)], rng)
        talkers[1] *= 10 ** (rng.uniform(-_LEVEL_DB, _LEVEL_DB) / 20)
        mix = talkers.sum(axis=0)
        if rng.random() < _NOISY:
            mix = mix + _noise(len(mix), rng) * rms(mix) * 10 ** (-rng.uniform(15, 35) / 20)
        scale = np.float32(_LOUDEST * rng.uniform(0.1, 1) / max(np.abs(mix).max(), 1e-6))
        return (mix * scale).astype(np.float32), talkers * scale

    def _pair(self, rng: np.random.Generator, apart: float) -> tuple[Voice, Voice]:
        while True:
            one, other = self._voice(rng), self._voice(rng)
            alike = one is other or one.vector @ other.vector > _ALIKE
            if not alike and abs(np.log2(one.f0_hz / other.f0_hz)) >= apart:
                return one, other

    def _voice(self, rng: np.random.Generator) -> Voice:
        kind = self._by_kind[str(rng.choice(self._kinds, p=self._shares))]
        weights = np.sqrt([min(len(voice.samples), 300 * SAMPLE_RATE) for voice in kind])
        return kind[rng.choice(len(kind), p=weights / weights.sum())]

    def _talker(self, voice: Voice, rng: np.random.Generator) -> Samples:
        """A stretch of a voice, RMS 1: faster or slower, which moves pitch and throat; by a microphone, in a room."""
        tempo = rng.uniform(*_TEMPO)
        length = int(self._frames * tempo) + 2
        begin = int(rng.integers(max(1, len(voice.samples) - length)))
        part = np.asarray(voice.samples[begin : begin + length], np.float32)
        part = np.pad(part, (0, length - len(part)), mode="wrap") if len(part) < length else part
        talker = np.interp(np.arange(self._frames) * tempo, np.arange(length), part).astype(np.float32)
        if rng.random() < _COLOURED:
            talker = _coloured(talker, rng)
        if rng.random() < _ROOMS:
            talker = _in_room(talker, rng)
        return talker / max(rms(talker), 1e-6)


def rms(samples: Samples) -> np.float32:
    """Root mean square."""
    return np.float32(np.sqrt(np.mean(np.square(samples))))


def _pause(talker: Samples, rng: np.random.Generator) -> None:
    """Somebody is silent for a while, in place."""
    length = int(len(talker) * rng.uniform(0.2, 0.65))
    begin = int(rng.integers(len(talker) - length))
    talker[begin : begin + length] *= 1 - np.clip(np.hanning(length) * 40, 0, 1).astype(np.float32)


def _noise(frames: int, rng: np.random.Generator) -> Samples:
    """Noise whose power falls by 0 to 6 dB an octave, RMS 1."""
    spectrum = np.fft.rfft(rng.standard_normal(frames))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** rng.uniform(0, 1)
    noise = np.fft.irfft(spectrum, frames).astype(np.float32)
    return noise / rms(noise)


def _coloured(talker: Samples, rng: np.random.Generator) -> Samples:
    """A microphone's curve, by points an octave or so apart, and sometimes the upper edge of a telephone or a codec."""
    frequency = np.fft.rfftfreq(len(talker), 1 / SAMPLE_RATE)
    curve = np.interp(np.log2(frequency + 50), np.linspace(5.6, 13, 6), rng.uniform(-_COLOUR_DB, _COLOUR_DB, 6))
    if rng.random() < 0.3:
        curve -= 60 * np.clip(frequency / rng.uniform(3400, 7000) - 1, 0, 1)
    return np.fft.irfft(np.fft.rfft(talker) * 10 ** (curve / 20), len(talker)).astype(np.float32)


def _in_room(talker: Samples, rng: np.random.Generator) -> Samples:
    """With the decaying noise of a room: reverberation of 0.1 to 0.5 s, 3 to 18 dB below the voice."""
    decay = int(SAMPLE_RATE * rng.uniform(0.1, 0.5))
    tail = _decaying(decay) * rng.standard_normal(decay).astype(np.float32)
    tail[: int(SAMPLE_RATE * 0.002)] = 0
    tail *= 10 ** (-rng.uniform(3, 18) / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1
    return fftconvolve(talker, tail)[: len(talker)].astype(np.float32)


@cache
def _decaying(frames: int) -> Samples:
    """By 60 dB from the first to the last."""
    return (10 ** (-3 * np.arange(frames) / frames)).astype(np.float32)
