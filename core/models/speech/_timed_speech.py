"""English speech together with when each of its phonemes is said, as lips and captions want to know it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.models.speech._hibari_frames import UNIT_S, OpenNetwork, sound
from core.models.speech._reading import readable, sentences
from core.models.speech.hibari import passes

_EARLY_S = 0.05
"""The network sounds a symbol this much before it counts it: stresses stand before their vowels."""
_STRESS = "ˈˌ"


@dataclass(frozen=True, eq=False)
class TimedSpeech:
    """Samples at 24 kHz, and phonemes as symbol, start and end in seconds."""

    samples: NDArray[np.float32]
    phonemes: tuple[tuple[str, float, float], ...]


def timed(network: OpenNetwork, text: str, seed: int, speed: float = 1.0) -> TimedSpeech:
    """Say a text in English. Nothing where it holds nothing to say."""
    rng = np.random.default_rng(seed)
    parts: list[NDArray[np.float32]] = []
    phonemes: list[tuple[str, float, float]] = []
    now = 0.0
    for sentence in sentences(readable(text, "en")):
        for whole in network.phonemes(sentence.text):
            for part in passes(whole):
                ids = network.ids(part)
                durations = network.durations(ids, speed)
                f0 = network.f0(ids, durations)
                parts.append(sound(network.spectra(ids, durations, f0), f0, rng))
                phonemes += _placed(part, durations.astype(np.float64) * UNIT_S, now)
                now += float(durations.sum()) * UNIT_S
    samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    return TimedSpeech(samples, tuple(phonemes))


def _placed(part: str, lengths: NDArray[np.float64], start: float) -> list[tuple[str, float, float]]:
    """Each symbol with its times; the mark of a stress counts to the vowel behind it."""
    ends = start + np.cumsum(lengths) - _EARLY_S
    found: list[tuple[str, float, float]] = []
    held: float | None = None
    for index, symbol in enumerate(part, start=1):
        begin = float(ends[index - 1])
        if symbol in _STRESS:
            held = begin
            continue
        found.append((symbol, max(0.0, begin if held is None else held), max(0.0, float(ends[index]))))
        held = None
    return found
