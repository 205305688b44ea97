"""Chords from the degrees of a key, and how their inner voices move: to the nearest place, without parallel leaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.models.music._harmony import Key, triad

_TOKEN = re.compile(r"(b?)([1-7])([d7s]?)")
_KINDS = {
    (0, 4, 7): "", (0, 3, 7): "m", (0, 3, 6): "dim", (0, 4, 8): "+", (0, 5, 7): "sus4", (0, 4, 7, 11): "maj7",
    (0, 3, 7, 10): "m7", (0, 4, 7, 10): "7", (0, 3, 6, 10): "m7b5", (0, 3, 6, 9): "dim7", (0, 3, 7, 11): "m(maj7)",
}  # fmt: skip


def classes(key: Key, token: str, sevenths: bool = False) -> tuple[int, ...]:
    """Pitch classes of a chord, root first.

    A token is a degree from 1 to 7, `b` before it for one flattened in major, then `d` for a dominant seventh chord
    whatever the key holds, `7` for the key's own seventh, `s` for a suspended fourth.
    """
    match = _TOKEN.fullmatch(token)
    assert match, token
    degree = int(match[2]) - 1
    root = (key.tonic + key.scale[degree] - (match[1] == "b")) % 12
    if match[1]:
        return (root, (root + 4) % 12, (root + 7) % 12)
    if match[3] == "d":
        return (root, (root + 4) % 12, (root + 7) % 12, (root + 10) % 12)
    if match[3] == "s":
        return (root, (root + 5) % 12, (root + 7) % 12)
    found = triad(key, degree)
    if sevenths or match[3] == "7":
        found = (*found, (key.tonic + key.scale[(degree + 6) % 7]) % 12)
    return found


def label(chord: Sequence[int], key: Key) -> str:
    """`Am7`, spelt as the key is."""
    steps = tuple((c - chord[0]) % 12 for c in chord)
    return key.spelt(chord[0]) + _KINDS.get(steps, _KINDS.get(steps[:3], ""))


def voiced(chord: Sequence[int], before: Sequence[int], low: int, high: int) -> tuple[int, ...]:
    """The notes of a chord between `low` and `high`, lowest first, that are reached from those before by least motion.

    Outer voices that move the same way to a fifth or an octave cost more; so does a top voice that leaps.
    """
    options = list(_places(chord, low, high))
    if not before:
        middle = (low + high) / 2
        return min(options, key=lambda notes: abs(sum(notes) / len(notes) - middle))
    return min(options, key=lambda notes: _motion(before, notes))


def _places(chord: Sequence[int], low: int, high: int) -> Iterator[tuple[int, ...]]:
    """Every close position, and each with its second voice from the top an octave lower."""
    found = False
    for turn in range(len(chord)):
        order = [*chord[turn:], *chord[:turn]]
        for bottom in range(low + (order[0] - low) % 12, high + 1, 12):
            notes = [bottom]
            for pitch in order[1:]:
                notes.append(notes[-1] + 1 + (pitch - notes[-1] - 1) % 12)
            for place in (notes, sorted([*notes[:-2], notes[-2] - 12, notes[-1]])):
                if low <= place[0] and place[-1] <= high:
                    found = True
                    yield tuple(place)
    if not found:  # too narrow a range for all of it: from the bottom up
        yield tuple(sorted(low + (pitch - low) % 12 for pitch in chord))


def _motion(before: Sequence[int], notes: Sequence[int]) -> float:
    moved = sum(min(abs(note - old) for old in before) for note in notes)
    moved += sum(min(abs(note - old) for note in notes) for old in before)
    top, bottom = notes[-1] - before[-1], notes[0] - before[0]
    parallel = top * bottom > 0 and (notes[-1] - notes[0]) % 12 in (0, 7)
    return moved + 0.5 * abs(top) + 4 * parallel
