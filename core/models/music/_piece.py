"""A composed piece: tracks of notes on a grid of beats, and the clock that turns beats into seconds."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from core.models.music._harmony import Key

DRUMS = 9
"""The channel of General MIDI on which a note's number names a drum."""


@dataclass(frozen=True, slots=True)
class Tone:
    """One note of an instrument."""

    start: float
    """In beats from the beginning."""
    beats: float
    midi: int
    velocity: int
    """1 to 127."""


@dataclass(frozen=True, slots=True)
class Track:
    """What one instrument plays."""

    name: str
    role: str
    """`lead`, `comp`, `pad`, `bass` or `drums`."""
    program: int
    """General MIDI, 0 is the piano."""
    tones: tuple[Tone, ...]
    gain: float = 1.0
    pan: float = 0.0
    """-1 is left."""


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord and how long it stands."""

    start: float
    beats: float
    classes: tuple[int, ...]
    """Pitch classes, root first."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form."""

    name: str
    """`intro`, `verse`, `chorus`, `bridge` or `outro`."""
    bar: int
    bars: int


@dataclass(frozen=True)
class Piece:
    """Music before it is heard."""

    title: str
    genre: str
    key: Key
    tempo_bpm: float
    meter: int
    """Beats of a bar."""
    tracks: tuple[Track, ...]
    chords: tuple[Chord, ...]
    sections: tuple[Section, ...]
    tempi: tuple[tuple[float, float], ...]
    """From which beat on which tempo holds, in beats a minute; the first is at 0."""
    beats: float
    """Where the last chord ends."""
    fade_s: float
    """How long the end is faded, in seconds."""
    wet: float
    """How much of the room is heard, 0 to 1."""

    def seconds(self, beat: float) -> float:
        """When a beat falls."""
        now = 0.0
        last = bisect_right([start for start, _ in self.tempi], beat) - 1
        for number in range(max(last, 0) + 1):
            start, tempo = self.tempi[number]
            end = self.tempi[number + 1][0] if number < last else beat
            now += (end - start) * 60.0 / tempo
        return now

    @property
    def duration_s(self) -> float:
        """From the first beat to the end of the last chord."""
        return self.seconds(self.beats)
