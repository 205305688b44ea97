"""A voice that sings, hums or whistles alone: its pitch over time, and the notes that it means.

The pitch is SwiftF0's (Nieradzik 2025). Notes are the path through semitones and silence that fits it best (Viterbi):
vibrato and glides are nearer to one note than to many. Where a pitch is repeated, the network's onsets part it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.media import Audio
from core.models.music._basic_pitch import FRAME_S, LOWEST, PITCHES, Activations
from core.models.music._polyphony import Event
from core.models.sound._yamnet import SAMPLE_RATE, blocks

STEP_S = 0.016
"""From one pitch to the next."""
_VOICED = 0.5
_WANTED_PEAK = 0.7
_STEADY = 0.3
"""Semitones from step to step, within which a pitch is held."""
_HELD = 0.6
"""Semitones around its middle that a held pitch may move, with vibrato."""
_HELD_S = 0.14
_CHANGE, _UNSUNG, _UNHEARD, _WORST = 4.0, 1.0, 1.0, 2.0
"""Costs: of another note, of silence where there is a pitch, of a note where there is none; a pitch is at most so far
off, in semitones."""
_SNAP_S, _SNAP = 0.08, 0.3
_AGAIN, _AGAIN_S = 0.65, 0.08
"""How sure an onset must be to part a note, and how far from its ends."""
_SHORTEST_S = 0.07
_PARTIALS = (0, 12, 19, 24, 28, 31, 34, 36, 38, 40)
_SOUNDS = 0.3
_RINGS = 5
"""Steps by which the network's notes may begin before the line and end after it."""

Curve = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """The pitch of the loudest voice, a value every `STEP_S`."""

    midi: Curve
    """MIDI notes with fractions."""
    voiced: NDArray[np.bool_]
    level_db: Curve

    @property
    def tuning(self) -> float:
        """How far from the piano's tuning its notes are, in semitones, -0.5 to 0.5."""
        steady = self.voiced & (np.abs(np.diff(self.midi, prepend=self.midi[:1])) < _STEADY)
        turned = np.exp(2j * np.pi * self.midi[steady]).sum()
        return float(np.angle(turned) / (2 * np.pi))

    def holds(self) -> list[tuple[int, int]]:
        """First and one past the last step of each pitch that is held as long as a short note."""
        found = []
        begin = 0
        while begin < len(self.midi):
            end = begin
            while end < len(self.midi) and self.voiced[end] and self._near(begin, end):
                end += 1
            if end - begin >= _HELD_S / STEP_S:
                found.append((begin, end))
            begin = max(end, begin + 1)
        return found

    def _near(self, begin: int, end: int) -> bool:
        recent = self.midi[max(begin, end - 60) : end]
        return end == begin or bool(abs(self.midi[end] - np.median(recent)) < _HELD)

    def explains(self, heard: Activations) -> float:
        """Which part of the notes that sound is this line with its partials: near 1 where one voice is alone."""
        notes = np.where(heard.notes > _SOUNDS, heard.notes, 0).astype(np.float32)
        at = np.minimum((np.arange(len(notes)) * FRAME_S / STEP_S).astype(int), len(self.midi) - 1)
        own = np.zeros(notes.shape, bool)
        for late in (-_RINGS, 0, _RINGS):
            then = np.clip(at + late, 0, len(self.midi) - 1)
            middle = np.round(self.midi[then]).astype(int) - LOWEST
            for step in _PARTIALS:
                for pitch in (middle + step - 1, middle + step, middle + step + 1):
                    inside = np.flatnonzero(self.voiced[then] & (pitch >= 0) & (pitch < PITCHES))
                    own[inside, pitch[inside]] = True
        return float(notes[own].sum() / max(float(notes.sum()), 1e-9))


def line_of(clip: Audio, progress: Callable[[float], None] = lambda fraction: None) -> Line:
    """The pitch line of a clip, in memory for one block of it."""
    from swift_f0 import SwiftF0
    from swift_f0.core import concat

    peak = float(np.abs(clip.samples).max(initial=0.0))
    gain = np.float32(_WANTED_PEAK / max(peak, 1e-9))  # what is whispered is measured like what is sung
    stream = SwiftF0(threads=1).stream()
    parts = []
    for block, fraction in blocks(clip):
        parts.append(stream.push(block * gain, SAMPLE_RATE))
        progress(fraction)
    found = concat([*parts, stream.flush()])
    midi = 69 + 12 * np.log2(np.maximum(found.pitch_hz, 1.0) / 440)
    return Line(midi, found.confidence > _VOICED, found.loudness_db)


def melody(line: Line, heard: Activations) -> list[Event]:
    """The notes of a line, in the piano's tuning whatever its own is."""
    if not line.voiced.any():
        return []
    tuning = line.tuning
    pitch = line.midi - tuning
    low, high = int(np.floor(pitch[line.voiced].min())) - 1, int(np.ceil(pitch[line.voiced].max())) + 1
    path = _path(pitch, line.voiced, np.arange(low, high + 1))
    loudest = float(np.percentile(line.level_db[line.voiced], 95))
    found = []
    edges = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    for begin, end in zip(edges, edges[1:], strict=False):
        midi = low + int(path[begin])
        if midi > high:
            continue
        strength = float(np.clip(1 + (line.level_db[begin:end].mean() - loudest) / 40, 0.2, 1))
        for start_s, end_s in _parted(midi, round(midi + tuning), begin * STEP_S, end * STEP_S, heard):
            found.append(Event(start_s, end_s, midi, strength))
    return found


def _path(pitch: Curve, voiced: NDArray[np.bool_], notes: NDArray[np.int_]) -> NDArray[np.int_]:
    """Of every step the index of its note; one more than the last index is silence."""
    count = len(notes)
    silence = np.where(voiced, _UNSUNG, 0.0)
    back = np.empty((len(pitch), count + 1), np.uint8)
    cost = np.zeros(count + 1)
    stay = np.arange(count + 1)
    for step, midi in enumerate(pitch):
        cheapest = int(cost.argmin())
        changed = cost[cheapest] + _CHANGE
        back[step] = np.where(cost <= changed, stay, cheapest)
        cost = np.minimum(cost, changed)
        cost[:count] += np.minimum(np.abs(midi - notes), _WORST) ** 2 if voiced[step] else _UNHEARD
        cost[count] += silence[step]
    path = np.empty(len(pitch), int)
    at = int(cost.argmin())
    for step in range(len(pitch) - 1, -1, -1):
        path[step] = at
        at = int(back[step, at])
    return path


def _parted(
    midi: int, sounding: int, start_s: float, end_s: float, heard: Activations
) -> Iterator[tuple[float, float]]:
    """Start and end of the notes in a stretch of one pitch: its start where an onset is near, and where it is struck
    again."""
    pitch = min(max(sounding, LOWEST), LOWEST + PITCHES - 1) - LOWEST
    first = max(0, int((start_s - 0.1) / FRAME_S))
    column = heard.onsets[first : int(end_s / FRAME_S) + 1, max(0, pitch - 1) : pitch + 2].max(1, initial=0)
    peaks = [
        ((first + i) * FRAME_S, float(column[i]))
        for i in range(1, len(column) - 1)
        if column[i - 1] <= column[i] > column[i + 1]
    ]
    near = [peak for peak in peaks if abs(peak[0] - start_s) <= _SNAP_S and peak[1] >= _SNAP]
    starts = [max(near, key=lambda peak: peak[1])[0] if near else start_s]
    for time, sure in peaks:
        if sure >= _AGAIN and time - starts[-1] >= _AGAIN_S and end_s - time >= _AGAIN_S:
            starts.append(time)
    for begin, end in zip(starts, [*starts[1:], end_s], strict=True):
        if end - begin >= _SHORTEST_S:
            yield begin, end
