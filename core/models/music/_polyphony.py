"""Several notes at once: from the network's activations to notes, pitch by pitch.

As in the paper (Bittner et al. 2022, section 2.4) a note begins at a peak of its onsets and lasts while it sounds; what
sounds long and surely without one begins where it comes up. Each is then weighed: overtones are weaker than the note
below that they belong to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.models.music._basic_pitch import FRAME_S, LOWEST, PITCHES, Activations

_ONSET, _SOUNDS = 0.5, 0.3
_GAP = 11
"""Frames for which a note may fade under `_SOUNDS` and still go on."""
_SHORTEST, _SHORTEST_SOFT = 6, 16
"""Frames of a note that is struck, and of one that only comes up."""
_SOFT = 0.5
_SURE = 1.0
"""Onset and mean activation together: what noises make is below it."""
_OVERTONES = frozenset((12, 19, 24, 28, 31, 34, 36, 38, 40))
_WEAK, _OVERTONE_SURE = 0.55, 1.3
_TOGETHER, _TOUCHING = 5, 3
"""Frames by which an overtone may begin before its note; between two notes that are one."""
_STIRRED = 0.9


@dataclass(frozen=True, slots=True)
class Event:
    """A note that was heard."""

    start_s: float
    end_s: float
    midi: int
    strength: float
    """0 to 1."""
    sureness: float = 1.0
    """0 to 2: activation of its onset and of all of it together."""


@dataclass(frozen=True, slots=True)
class _Found:
    begin: int
    end: int
    pitch: int
    onset: float
    level: float

    @property
    def sureness(self) -> float:
        return self.onset + self.level


def polyphonic(heard: Activations) -> list[Event]:
    """The notes, by their starts."""
    taken = np.zeros(heard.notes.shape, bool)
    found = _struck(heard, taken)
    found += _soft(heard, taken)
    found = sorted(_weighed(found), key=lambda note: (note.begin, note.pitch))
    return [Event(n.begin * FRAME_S, n.end * FRAME_S, LOWEST + n.pitch, n.level, n.sureness) for n in found]


def _struck(heard: Activations, taken: NDArray[np.bool_]) -> list[_Found]:
    """From the last onset to the first, so that a note ends at the latest where the next of its pitch begins."""
    onsets = heard.onsets
    peaks = np.zeros(onsets.shape, bool)
    peaks[1:-1] = (onsets[1:-1] >= _ONSET) & (onsets[1:-1] > onsets[:-2]) & (onsets[1:-1] >= onsets[2:])
    found = []
    for begin, pitch in np.argwhere(peaks)[::-1].tolist():
        end = _end(heard.notes[:, pitch], taken[:, pitch], begin)
        if end - begin < _SHORTEST:
            continue
        taken[begin:end, max(0, pitch - 1) : pitch + 2] = True
        level = float(heard.notes[begin:end, pitch].mean(dtype=np.float32))
        found.append(_Found(begin, end, pitch, float(onsets[begin, pitch]), level))
    return found


def _end(notes: NDArray[np.float16], taken: NDArray[np.bool_], begin: int) -> int:
    """One past the last frame that sounds, before a gap of `_GAP`."""
    last = begin
    for frame in range(begin + 1, len(notes)):
        if notes[frame] >= _SOUNDS and not taken[frame]:
            last = frame
        elif frame - last >= _GAP:
            break
    return last + 1


def _soft(heard: Activations, taken: NDArray[np.bool_]) -> list[_Found]:
    """What sounds where no note was struck: bowed and blown notes that come up slowly."""
    found = []
    for pitch in range(PITCHES):
        sounds = (heard.notes[:, pitch] >= _SOUNDS) & ~taken[:, pitch]
        edges = np.flatnonzero(np.diff(np.concatenate([[False], sounds, [False]]).astype(np.int8))).tolist()
        for begin, end in zip(edges[::2], edges[1::2], strict=True):
            level = float(heard.notes[begin:end, pitch].mean(dtype=np.float32))
            if end - begin >= _SHORTEST_SOFT and level >= _SOFT and not taken[begin:end, pitch].any():
                taken[begin:end, max(0, pitch - 1) : pitch + 2] = True
                found.append(_Found(begin, end, pitch, _SURE - _SOFT, level))
    return found


def _weighed(found: Sequence[_Found]) -> list[_Found]:
    """Those that are sure and are no mere companions of others."""
    by_pitch: dict[int, list[_Found]] = {}
    for note in sorted(found, key=lambda note: note.begin):
        by_pitch.setdefault(note.pitch, []).append(note)
    kept: list[_Found] = []
    for notes in by_pitch.values():
        own: list[_Found] = []
        for note in notes:
            if own and note.begin - own[-1].end <= _TOUCHING and _stirred(note, by_pitch):
                own[-1] = replace(own[-1], end=note.end)
            elif note.sureness >= _SURE and (note.sureness >= _OVERTONE_SURE or not _overtone(note, by_pitch)):
                own.append(note)
        kept += own
    return kept


def _overtone(note: _Found, by_pitch: Mapping[int, Sequence[_Found]]) -> bool:
    """Whether a note below, which begins with it or sounds already, has it as a weaker overtone."""
    return any(
        below.begin <= note.begin + _TOGETHER and below.end > note.begin and note.level < _WEAK * below.level
        for step in _OVERTONES
        for below in by_pitch.get(note.pitch - step, ())
    )


def _stirred(note: _Found, by_pitch: Mapping[int, Sequence[_Found]]) -> bool:
    """Whether what seems to be struck again sounds on, while a higher note on its overtone is struck more surely."""
    return any(
        abs(above.begin - note.begin) <= _TOUCHING and note.onset < _STIRRED * above.onset
        for step in _OVERTONES
        for above in by_pitch.get(note.pitch + step, ())
    )
