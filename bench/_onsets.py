"""Notes found against notes that are known, as mir_eval counts them: the same pitch, onsets 50 ms apart at most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Onset = tuple[float, int]
"""When a note begins, in seconds, and its MIDI note."""
TOLERANCE_S = 0.05


@dataclass(frozen=True, slots=True)
class Score:
    """Counts that add up over clips."""

    hits: int = 0
    found: int = 0
    known: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.found + other.found, self.known + other.known)

    @property
    def precision(self) -> float:
        """Which part of what was found is there."""
        return self.hits / max(1, self.found)

    @property
    def recall(self) -> float:
        """Which part of what is there was found."""
        return self.hits / max(1, self.known)

    @property
    def f(self) -> float:
        """Their harmonic mean."""
        return 2 * self.hits / max(1, self.found + self.known)


def score(known: Sequence[Onset], found: Sequence[Onset]) -> Score:
    """The largest one-to-one matching. Notes on whole semitones that are 50 cents apart at most are the same ones."""
    hits = 0
    for pitch in {midi for _, midi in known}:
        wanted = sorted(start for start, midi in known if midi == pitch)
        made = sorted(start for start, midi in found if midi == pitch)
        at = 0
        for start in wanted:
            while at < len(made) and made[at] < start - TOLERANCE_S:
                at += 1
            if at < len(made) and made[at] <= start + TOLERANCE_S:
                hits += 1
                at += 1
    return Score(hits, len(found), len(known))


def unison(notes: Iterable[Onset]) -> list[Onset]:
    """Without what cannot be told apart: the same pitch begun by two instruments within the tolerance."""
    kept: list[Onset] = []
    last: dict[int, float] = {}
    for start, midi in sorted(notes):
        if start - last.get(midi, -1.0) > TOLERANCE_S:
            kept.append((start, midi))
            last[midi] = start
    return kept
