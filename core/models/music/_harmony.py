"""Keys, scales and the voices that go along: which key a tune is in, a third above it, chords under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.errors import BadInput
from core.models.music._score import NAMES, STEPS, Note, Rest, Score, Sung
from core.sayings import saying

MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 10)
MODES = {
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
}
"""Semitones above the tonic of the church modes that are neither major nor minor."""
_MAJOR_PROFILE = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR_PROFILE = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
"""How well each pitch class fits a key (Krumhansl and Kessler 1982)."""
_SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_KEY = re.compile(r"([a-g])\s*(#|♯|sharp|b|♭|flat)?\s*-?\s*(major|maj|minor|min|m)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic and its scale."""

    tonic: int
    """Pitch class, 0 is C."""
    minor: bool = False
    """Whether its third is; of a mode too."""
    mode: str = ""
    """One of `MODES`; empty is plain major or minor."""

    @property
    def scale(self) -> tuple[int, ...]:
        """Semitones above the tonic; natural minor."""
        return MODES[self.mode] if self.mode else MINOR if self.minor else MAJOR

    @property
    def name(self) -> str:
        """`C major`, `D dorian`."""
        return f"{NAMES[self.tonic]} {self.mode or ('minor' if self.minor else 'major')}"

    def spelt(self, pitch_class: int) -> str:
        """A pitch class by its name in this key: with flats where the key has them."""
        flats = NAMES[self.tonic].endswith("b") or self.tonic in ((0, 2, 5, 7) if self.minor else (5,))
        return (_FLATS if flats else _SHARPS)[pitch_class]

    def midi(self, degree: int, octave: int = 4) -> float:
        """The note of a scale degree: 0 is the tonic at `octave`, 7 the one above, -1 the step below."""
        return float(12 * (octave + 1) + self.tonic + self.scale[degree % 7] + 12 * (degree // 7))

    def shifted(self, midi: float, steps: int) -> float:
        """A note so many steps of the scale away; one between the scale's steps stays as far from the next."""
        above = (midi - self.tonic) % 12
        degree = max((d for d in range(7) if self.scale[d] <= above + 0.5), default=0)
        target = degree + steps
        moved = self.scale[target % 7] + 12 * (target // 7)
        return midi + moved - self.scale[degree]


def read_key(text: str) -> Key:
    """A key by its name: "D minor", "Bb", "f#m".

    Raises:
        BadInput: it is no key.
    """
    match = _KEY.fullmatch(text.strip())
    if match is None:
        raise BadInput(saying("key_unknown", key=text[:20]))
    sign = (match[2] or "").lower()
    shift = 1 if sign in ("#", "♯", "sharp") else -1 if sign else 0
    kind = match[3] or ""
    return Key((STEPS[match[1].lower()] + shift) % 12, kind == "m" or kind.lower().startswith("min"))


def key_of(notes: Sequence[Note]) -> Key:
    """The key that fits notes best, by their lengths (Krumhansl and Schmuckler)."""
    return key_fits(notes)[0][1]


def key_fits(notes: Sequence[Note]) -> list[tuple[float, Key]]:
    """How well each major and minor key fits notes: correlations, the best key first. The last note weighs more."""
    weights = np.zeros(12)
    for note in notes:
        weights[round(note.midi) % 12] += note.seconds
    if notes:
        weights[round(notes[-1].midi) % 12] += 0.3 * weights.sum() / 12
    return class_fits(weights)


def class_fits(weights: np.ndarray) -> list[tuple[float, Key]]:
    """The same of the weights of the twelve pitch classes."""
    profiles = [(Key(tonic), _MAJOR_PROFILE) for tonic in range(12)]
    profiles += [(Key(tonic, minor=True), _MINOR_PROFILE) for tonic in range(12)]
    fits = [float(np.corrcoef(np.roll(profile, key.tonic), weights)[0, 1]) for key, profile in profiles]
    ranked = zip(np.nan_to_num(fits, nan=-1.0).tolist(), (key for key, _ in profiles), strict=True)
    return sorted(ranked, key=lambda fit: -fit[0])


def notes_of(score: Score) -> list[Note]:
    """All notes of a score, in order."""
    return [note for part in score if isinstance(part, Sung) for note in part.notes]


def moved(score: Score, key: Key, steps: int) -> Score:
    """The same words so many steps of the scale higher: 2 is in thirds."""
    return tuple(
        part
        if isinstance(part, Rest)
        else replace(part, notes=tuple(Note(key.shifted(n.midi, steps), n.seconds) for n in part.notes))
        for part in score
    )


def chords(score: Score, key: Key, beat_s: float, beats: int = 4) -> list[tuple[float, tuple[int, ...]]]:
    """A triad for every bar: its start in seconds and its pitch classes, root first; the last one is the tonic's."""
    bar_s = beat_s * beats
    total = sum(part.seconds for part in score)
    count = max(1, int(np.ceil(total / bar_s - 0.05)))
    weights = np.zeros((count, 12))
    now = 0.0
    for part in score:
        if isinstance(part, Sung):
            at = now
            for note in part.notes:
                weights[min(int(at / bar_s + 1e-6), count - 1), round(note.midi) % 12] += note.seconds
                at += note.seconds
        now += part.seconds
    found, last = [], -1
    for bar in range(count):
        degree = 0 if bar == count - 1 else _best(weights[bar], key, last)
        found.append((bar * bar_s, triad(key, degree)))
        last = degree
    return found


def triad(key: Key, degree: int) -> tuple[int, ...]:
    """Pitch classes of the triad on a degree of the scale; the dominant of a minor key is a major chord."""
    classes = [(key.tonic + key.scale[(degree + step) % 7]) % 12 for step in (0, 2, 4)]
    if key.minor and not key.mode and degree % 7 == 4:
        classes[1] = (classes[1] + 1) % 12
    return tuple(classes)


def _best(weights: np.ndarray, key: Key, last: int) -> int:
    usual = {0: 0.15, 3: 0.1, 4: 0.1, 5: 0.05}
    scores = [
        sum(weights[c] for c in triad(key, d)) / max(float(weights.sum()), 1e-9)
        + usual.get(d, 0.0)
        - 0.05 * (d == last)
        for d in range(6)
    ]
    return int(np.argmax(scores))
