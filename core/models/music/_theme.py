"""Melodies: short motifs that come back on other chords, phrases that ask and answer, a cadence at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.models.music._harmony import Key
from core.models.music._melody import LEAPS
from core.models.music._piece import Chord, Tone

_CELLS = {
    4: (
        ((2.0, 1.0, 1.0), 0), ((1.0, 1.0, 2.0), 0), ((1.5, 0.5, 2.0), 0), ((3.0, 1.0), -1), ((1.0, 1.0, 1.0, 1.0), 0),
        ((1.5, 0.5, 1.0, 1.0), 0), ((1.0, 0.5, 0.5, 2.0), 0), ((0.5, 0.5, 1.0, 1.5, 0.5), 1), ((1.5, 1.5, 1.0), 0),
        ((1.0, 0.5, 0.5, 1.0, 1.0), 1), ((0.5, 0.5, 0.5, 0.5, 1.0, 1.0), 1), ((0.5, 1.0, 0.5, 1.0, 1.0), 1),
        ((0.5, 0.5, 0.5, 1.0, 0.5, 1.0), 2), ((0.5,) * 8, 2), ((0.75, 0.75, 0.5, 1.0, 0.5, 0.5), 2), ((4.0,), -2),
        ((2.0, 2.0), -1),
    ),
    3: (
        ((2.0, 1.0), 0), ((1.0, 1.0, 1.0), 0), ((1.5, 0.5, 1.0), 0), ((1.0, 0.5, 0.5, 1.0), 1), ((1.0, 2.0), 0),
        ((0.5, 0.5, 1.0, 1.0), 1), ((0.5,) * 6, 2), ((3.0,), -1), ((2.0, 0.5, 0.5), 1),
    ),
}  # fmt: skip
"""Rhythms of a bar and how busy each is."""
_CADENCES = {4: ((2.0,), (1.0, 1.0, 1.0), (1.0, 2.0), (0.5, 0.5, 2.0)), 3: ((2.0,), (1.0, 1.0), (0.5, 0.5, 1.0))}
"""Rhythms with which a phrase ends; what is left of the bar is silence."""
_SCHEMES = ("abacabad", "aabcaabd", "abbcabbd", "abacebad")
"""Motifs of eight bars: `c` ends half-way, on the dominant, `d` comes home."""
_DEGREES = np.arange(-4, 12)


@dataclass(frozen=True, slots=True)
class _Motif:
    rhythm: tuple[float, ...]
    contour: tuple[float, ...]


class Theme:
    """A melody's material: its motifs are drawn once and come back in every phrase."""

    def __init__(self, rng: np.random.Generator, meter: int, busy: float, height: float) -> None:
        self._meter, self._height = meter, height
        self._scheme = _SCHEMES[int(rng.integers(len(_SCHEMES)))]
        self._motifs = {letter: _motif(rng, meter, busy) for letter in "abe"}
        self._ends = {}
        for letter in "cd":
            rhythms = _CADENCES[meter]
            rhythm = rhythms[int(rng.integers(len(rhythms)))]
            self._ends[letter] = _Motif(rhythm, tuple(np.linspace(1.0, 0.0, len(rhythm))))
        self._taste = rng.standard_normal((8, 12, len(_DEGREES)))

    def tones(self, key: Key, chords: Sequence[Chord], start: float, bars: int, octave: int) -> list[Tone]:
        """The melody over so many bars from a beat on; bars beyond eight repeat."""
        slots: list[tuple[float, float]] = []
        costs: list[np.ndarray] = []
        for bar in range(bars):
            letter = self._letter(bar, bars)
            motif = self._ends.get(letter) or self._motifs[letter]
            at = start + bar * self._meter
            rise = self._height + 1.2 * np.sin(np.pi * (bar % 8 + 0.5) / 8)
            for number, (length, turn) in enumerate(zip(motif.rhythm, motif.contour, strict=True)):
                chord = _chord_at(chords, at)
                cost = 0.4 * np.abs(_DEGREES - (rise + turn)) + _unfit(key, chord, at % self._meter, length)
                cost += 0.35 * self._taste[bar % 4, number]
                if letter in self._ends and number == len(motif.rhythm) - 1:
                    home = (0,) if letter == "d" else (1, 4, 2)
                    cost = cost + np.where(np.isin(_DEGREES % 7, home), 0.0, 6.0)
                slots.append((at, length))
                costs.append(cost)
                at += length
        return [
            Tone(at, 0.94 * length, _raised(key, _chord_at(chords, at), int(degree), octave), _loud(at, self._meter))
            for (at, length), degree in zip(slots, _cheapest(costs), strict=True)
        ]

    def _letter(self, bar: int, bars: int) -> str:
        if bar == bars - 1:
            return "d" if bars > 1 else "a"
        place = bar % 8
        letter = self._scheme[place]
        return "c" if letter == "d" else letter


def _motif(rng: np.random.Generator, meter: int, busy: float) -> _Motif:
    cells = _CELLS[meter]
    weights = np.array([np.exp(-0.7 * (level - busy) ** 2) for _, level in cells])
    rhythm = cells[int(rng.choice(len(cells), p=weights / weights.sum()))][0]
    steps = rng.choice([-2, -1, -1, 0, 1, 1, 2], size=len(rhythm))
    contour = np.cumsum(steps) - steps[0]
    return _Motif(rhythm, tuple(float(c) for c in np.clip(contour - contour.mean() / 2, -4, 4)))


def _unfit(key: Key, chord: Chord, beat: float, length: float) -> np.ndarray:
    """What each degree costs over a chord: long and strong notes belong to it, passing ones only to the scale."""
    pitches = np.array([(key.tonic + key.scale[d % 7]) % 12 for d in _DEGREES])
    inside = np.isin(pitches, chord.classes)
    near = np.isin((pitches + 1) % 12, chord.classes) & ~inside
    strong = beat % 2 == 0 or length >= 1
    return np.where(inside, 0.0, 2.4 if strong else 0.5) + np.where(near & strong, 0.5, 0.0)


def _cheapest(costs: Sequence[np.ndarray]) -> list[int]:
    """The degrees, one a note, whose fit and leaps together cost least."""
    if not costs:
        return []
    gaps = np.minimum(np.abs(_DEGREES[:, None] - _DEGREES[None, :]), len(LEAPS) - 1)
    leaps = np.array(LEAPS)[gaps]
    best, before = costs[0], []
    for cost in costs[1:]:
        steps = best[:, None] + leaps
        before.append(np.argmin(steps, axis=0))
        best = steps.min(axis=0) + cost
    found = [int(np.argmin(best))]
    for back in reversed(before):
        found.append(int(back[found[-1]]))
    return [int(_DEGREES[index]) for index in reversed(found)]


def _raised(key: Key, chord: Chord, degree: int, octave: int) -> int:
    """The note; the seventh step of a minor key leads upwards where the chord does."""
    note = int(key.midi(degree, octave))
    leading = key.minor and not key.mode and degree % 7 == 6 and (note + 1) % 12 in chord.classes
    return note + leading


def _loud(at: float, meter: int) -> int:
    beat = at % meter
    return 96 if beat == 0 else 90 if beat == int(beat) else 84


def _chord_at(chords: Sequence[Chord], beat: float) -> Chord:
    return next((c for c in reversed(chords) if c.start <= beat + 1e-6), chords[0])
