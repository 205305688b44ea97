"""A score as sound: what the English voice makes of the words, held where the vowels are, on the pitch of the notes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from core.models.music._phrasing import CARRIER, Phrase, Plan, breaths, phrases, plan, told_pitch
from core.models.music._score import Score, hertz, span
from core.models.speech._hibari_frames import FRAME_S, VOICED_HZ, OpenNetwork, sound
from core.models.speech._style import warped

LEAD_S = 0.5
"""Before the score's first moment: room for the consonants of a syllable on it, and a breath."""
_HEARD_HZ = (120.0, 420.0)
"""The F0 that the decoder is told: what it knows from speech. The pulses keep the true one."""
_VOWEL_HZ = (350.0, 3200.0)
"""Where a vowel is louder than a nasal."""
_MAGNITUDES = (0, 2, 3)
"""Which of the spectra are logarithms of magnitudes: harmonics, noise, free."""
_FREE_PHASE = 4
_TAIL_S = 0.4
_FADE = 0.02
_SPEED = 0.6
_BREATH_LEVEL = 0.012


@dataclass(frozen=True, slots=True)
class Throat:
    """Who sings, beside the voice itself."""

    formants: float = 1.0
    """Formants are multiplied by it: below 1 is a longer throat."""
    cents: float = 0.0
    late_s: float = 0.0


def sing(
    network: OpenNetwork, score: Score, throat: Throat, seed: int, progress: Callable[[float], None]
) -> NDArray[np.float32]:
    """A score sung: shape (frames,) at 24 kHz; what the score begins with begins `LEAD_S` in."""
    rng = np.random.default_rng(seed)
    rate = network.sample_rate
    lead = round(LEAD_S * rate)
    out = np.zeros(lead + round((span(score) + _TAIL_S + throat.late_s) * rate), np.float32)
    found = phrases(score)
    for number, phrase in enumerate(found):
        progress(number / len(found))
        samples, lead_s = _phrase(network, phrase, throat, rng)
        _add(out, samples, lead + round((phrase.start_s + throat.late_s - lead_s) * rate))
    for end_s, length_s in breaths(found):
        breath = _breath(round(length_s * rate), rate, rng)
        _add(out, breath, lead + round(end_s * rate) - len(breath))
    return out


def _add(out: NDArray[np.float32], samples: NDArray[np.float32], at: int) -> None:
    """Mix in what of it lies inside."""
    first, last = max(at, 0), min(at + len(samples), len(out))
    if last > first:
        out[first:last] += samples[first - at : last - at]


def _phrase(
    network: OpenNetwork, phrase: Phrase, throat: Throat, rng: np.random.Generator
) -> tuple[NDArray[np.float32], float]:
    ids = network.ids(phrase.phonemes + CARRIER)
    durations = network.durations(ids, _SPEED)
    free = network.f0(ids, durations)
    midi = told_pitch(phrase, durations[: len(phrase.phonemes) + 1])
    told = np.pad(midi, (0, len(free) - len(midi)), mode="edge")
    heard = np.where(free > VOICED_HZ, np.clip(hertz_of(told), *_HEARD_HZ), free).astype(np.float32)
    spectra = network.spectra(ids, durations, heard)
    meant = plan(phrase, durations, _level_db(spectra[0], network.sample_rate), rng)
    nearest = np.rint(meant.place).astype(np.int64)
    voiced = meant.vowel | (free[nearest] > VOICED_HZ)
    f0 = np.where(voiced, hertz_of(meant.pitch + throat.cents / 100), 0.0).astype(np.float32)
    spectra = _held(spectra, meant, rng)
    if throat.formants != 1.0:
        spectra = [warped(part, throat.formants) if n in _MAGNITUDES else part for n, part in enumerate(spectra)]
    samples = sound(spectra, f0, rng)
    times = (np.arange(len(samples)) / network.sample_rate) / FRAME_S
    gain = np.interp(times, np.arange(len(meant.loudness)) + 0.5, meant.loudness)
    fade = np.clip(np.minimum(times, times[-1] - times) * FRAME_S / _FADE, 0, 1)
    return (samples * gain * fade).astype(np.float32), meant.lead_s


def hertz_of(midi: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of MIDI notes."""
    return np.asarray(hertz(0) * 2 ** (midi / 12))


def _level_db(harmonics: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    low, high = (round(hz / (rate / 2) * (harmonics.shape[1] - 1)) for hz in _VOWEL_HZ)
    power = np.exp(2 * np.minimum(harmonics[:, low:high].astype(np.float64), 7.0)).sum(1)
    return np.asarray(10 * np.log10(power + 1e-9))


def _held(spectra: list[Any], meant: Plan, rng: np.random.Generator) -> list[Any]:
    """The network's frames at the song's pace. Noise that would stand still gets new phases, or it would buzz."""
    low = np.floor(meant.place).astype(np.int64)
    high = np.minimum(low + 1, len(spectra[0]) - 1)
    part = (meant.place - low)[:, None].astype(np.float32)
    nearest = np.rint(meant.place).astype(np.int64)
    moved = [
        (1 - part) * one[low] + part * one[high] if number in _MAGNITUDES else one[nearest]
        for number, one in enumerate(spectra)
    ]
    held = meant.held
    moved[_FREE_PHASE][held] = rng.uniform(-np.pi, np.pi, (int(held.sum()), moved[_FREE_PHASE].shape[1]))
    return moved


def _breath(frames: int, rate: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Air drawn in: noise between 0.6 and 6 kHz that rises and stops."""
    shape = butter(2, (600, 6000), "bandpass", fs=rate, output="sos")
    noise = sosfilt(shape, rng.standard_normal(frames))
    time = np.linspace(0, 1, frames)
    return np.asarray(_BREATH_LEVEL * noise * time**1.5 * np.clip((1 - time) / 0.15, 0, 1), np.float32)
