"""Genres: at which tempo, with which instruments, chords, grooves and endings each is played."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """An instrument's part in a genre."""

    role: str
    instrument: str
    figure: str = ""
    """Of `_figures`: how a chord is played, or a bass line (`walk` is a walking bass); empty for a lead."""
    gain: float = 1.0
    pan: float = 0.0
    tacet: tuple[str, ...] = ()
    """Sections in which it is silent."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a genre is made."""

    tempo: tuple[int, int]
    major: tuple[str, ...]
    """Progressions of four bars, see `_voicing.classes`; the first two are of the verse and the chorus."""
    minor: tuple[str, ...]
    parts: tuple[Part, ...]
    groove: str = ""
    is_minor: bool = False
    """Which it is when nobody says."""
    mode: str = ""
    sevenths: bool = False
    swing: float = 0.0
    """How late the second half of a beat comes, in beats: 1/6 is a triplet."""
    sixteenths: bool = False
    """Whether the swing is of sixteenths."""
    meter: int = 4
    busy: float = 0.5
    """Of the melody: -1 is slow notes, 2 is quick ones."""
    cadences: bool = False
    """Whether every eight bars close with a dominant and the tonic."""
    slows: bool = False
    """Whether the last bar slows down."""
    fades: bool = False
    wet: float = 0.2
    loose: float = 0.008
    """How far players are from the grid, in seconds."""


_POP = ("1 5 6 4", "1 4 6 5", "1 6 4 5", "1 3 4 5")
_POP_MINOR = ("1 6 4 5", "1 4 6 5", "1 7 6 5", "1 6 7 1")
_CLASSIC = ("1 4 5 1", "1 6 2 5", "1 5 6 3", "1 5 1 5")
_CLASSIC_MINOR = ("1 4 5 1", "1 6 4 5", "1 4 1 5", "1 2 5 1")
_JAZZ = ("1 6 2 5", "1 4 3 6", "1 6d 2 5", "2 5 1 6")
_JAZZ_MINOR = ("1 4 2 5", "1 6 2 5", "1 4 7 3", "1 7 6 5")
_LOOP_MINOR = ("1 6 7 1", "1 4 1 7", "1 6 4 5", "1 7 6 7")
_QUIET = ("intro", "outro")

STYLES = {
    "pop": Style(
        (96, 122), _POP, _POP_MINOR,
        (
            Part("lead", "synthesizer", gain=0.75), Part("comp", "piano", "beats", 0.85, -0.15),
            Part("comp", "steel guitar", "strum", 0.5, 0.45, _QUIET),
            Part("pad", "strings", "hold", 0.45, 0.1, ("verse",)),
            Part("bass", "bass", "pop", 0.95), Part("drums", "drums"),
        ), "pop", busy=0.8,
    ),
    "rock": Style(
        (112, 144), ("1 4 5 4", "1 5 4 5", "1 b7 4 1", "1 6 4 5"), ("1 6 7 1", "1 7 6 7", "1 4 6 5", "1 6 4 5"),
        (
            Part("lead", "electric guitar", gain=0.85), Part("comp", "distorted guitar", "chug", 0.5, -0.5),
            Part("comp", "electric guitar", "strum", 0.5, 0.5, ("intro",)), Part("bass", "bass", "eight"),
            Part("drums", "drums"),
        ), "rock", busy=0.9, wet=0.15,
    ),
    "metal": Style(
        (130, 170), ("1 5 6 4", "1 4 5 1"), ("1 6 7 1", "1 3 7 6", "1 6 4 5", "1 7 6 5"),
        (
            Part("lead", "distorted guitar", gain=0.7), Part("comp", "distorted guitar", "chug", 0.6, -0.6),
            Part("comp", "distorted guitar", "chug", 0.6, 0.6), Part("bass", "bass", "gallop"), Part("drums", "drums"),
        ), "metal", is_minor=True, busy=1.3, wet=0.12,
    ),
    "jazz": Style(
        (112, 160), _JAZZ[:3], _JAZZ_MINOR,
        (
            Part("lead", "saxophone", gain=0.9), Part("comp", "piano", "charleston", 0.7, -0.25),
            Part("bass", "double bass", "walk", 1.05, 0.1), Part("drums", "drums", gain=0.8),
        ), "jazz", sevenths=True, swing=1 / 6, busy=1.2, cadences=True, slows=True, wet=0.2, loose=0.014,
    ),
    "blues": Style(
        (76, 116), ("1d 1d 1d 1d 4d 4d 1d 1d 5d 4d 1d 5d",), ("1 1 1 1 4 4 1 1 5 4 1 5",),
        (
            Part("lead", "electric guitar", gain=0.9, pan=0.15), Part("comp", "piano", "charleston", 0.7, -0.3),
            Part("bass", "bass", "shuffle"), Part("drums", "drums", gain=0.85),
        ), "blues", swing=1 / 6, busy=1.0, slows=True, loose=0.014,
    ),
    "lo-fi": Style(
        (70, 88), ("1 6 2 5", "1 3 4 5", "1 4 2 5"), ("1 4 6 5", "1 6 4 5", "1 4 7 3"),
        (
            Part("lead", "vibraphone", gain=0.7, tacet=_QUIET), Part("comp", "electric piano", "push", 0.9, -0.1),
            Part("pad", "pad", "hold", 0.3), Part("bass", "bass", "hop"), Part("drums", "drums", gain=0.75),
        ), "lofi", is_minor=True, sevenths=True, swing=0.08, sixteenths=True, busy=0.0, fades=True, wet=0.3,
        loose=0.016,
    ),
    "house": Style(
        (120, 128), ("1 5 6 4", "1 6 4 5", "1 4 6 5"), _LOOP_MINOR,
        (
            Part("lead", "synthesizer", gain=0.65, tacet=_QUIET), Part("comp", "piano", "stab", 0.85, -0.15),
            Part("pad", "pad", "hold", 0.4, 0.1), Part("bass", "synth bass", "off"), Part("drums", "drums", gain=1.1),
        ), "house", is_minor=True, busy=0.8, fades=True, wet=0.2, loose=0.003,
    ),
    "techno": Style(
        (126, 138), ("1 1 4 1", "1 6 1 5"), ("1 1 7 1", "1 6 1 7", "1 1 4 1"),
        (
            Part("lead", "synthesizer", gain=0.55, tacet=_QUIET), Part("comp", "synthesizer", "fast", 0.45, 0.2),
            Part("pad", "pad", "hold", 0.35, 0.0, ("intro",)), Part("bass", "synth bass", "drive"),
            Part("drums", "drums", gain=1.15),
        ), "techno", is_minor=True, busy=-0.3, fades=True, wet=0.22, loose=0.002,
    ),
    "drum and bass": Style(
        (168, 176), ("1 6 4 5", "1 5 6 4"), _LOOP_MINOR,
        (
            Part("lead", "synthesizer", gain=0.55, tacet=_QUIET), Part("pad", "pad", "hold", 0.6),
            Part("comp", "electric piano", "ballad", 0.5, 0.2), Part("bass", "synth bass", "hop"),
            Part("drums", "drums"),
        ), "breaks", is_minor=True, busy=-0.5, fades=True, wet=0.25, loose=0.003,
    ),
    "ambient": Style(
        (60, 76), ("1 4 1 5", "1 6 4 1", "1 3 4 1"), ("1 6 4 1", "1 4 6 1", "1 6 7 1"),
        (
            Part("lead", "bells", gain=0.5, pan=0.2, tacet=_QUIET), Part("pad", "pad", "hold", 0.75, -0.2),
            Part("pad", "choir", "hold", 0.45, 0.25, ("intro",)), Part("comp", "harp", "wide", 0.95, 0.3),
            Part("bass", "strings", "hold", 0.5),
        ), "", sevenths=True, busy=-1.2, fades=True, wet=0.6,
    ),
    "classical": Style(
        (76, 116), _CLASSIC, _CLASSIC_MINOR,
        (Part("lead", "piano", gain=1.05), Part("comp", "piano", "broken", 0.7), Part("bass", "piano", "hold", 0.75)),
        "", busy=0.6, cadences=True, slows=True, wet=0.28, loose=0.012,
    ),
    "waltz": Style(
        (132, 176), _CLASSIC, _CLASSIC_MINOR,
        (
            Part("lead", "violin", gain=0.85, pan=0.1), Part("comp", "piano", "oompah", 0.95, -0.2),
            Part("pad", "strings", "hold", 0.35, 0.2, ("intro", "verse")), Part("bass", "double bass", "hold", 1.0),
            Part("drums", "drums", gain=0.6),
        ), "waltz", meter=3, busy=0.0, cadences=True, slows=True, wet=0.28, loose=0.01,
    ),
    "folk": Style(
        (92, 120), ("1 4 1 5", "1 5 6 4", "1 4 5 1", "1 6 4 5"), ("1 7 6 7", "1 4 7 1", "1 6 7 1"),
        (
            Part("lead", "fiddle", gain=0.75, pan=0.2), Part("comp", "steel guitar", "strum", 0.8, -0.25),
            Part("comp", "banjo", "broken", 0.4, 0.4, ("intro", "verse")), Part("bass", "double bass", "two"),
            Part("drums", "drums", gain=0.6),
        ), "folk", busy=0.9, cadences=True, slows=True, wet=0.18, loose=0.012,
    ),
    "orchestral": Style(
        (84, 112), ("1 5 6 4", "1 6 4 5", "1 4 1 5"), ("1 6 4 5", "1 6 7 1", "1 4 6 5"),
        (
            Part("lead", "horn", gain=0.95, pan=-0.2),
            Part("lead", "violin", gain=0.5, pan=-0.4, tacet=("intro", "verse")),
            Part("comp", "strings", "pulse", 0.6, 0.3), Part("pad", "choir", "hold", 0.45, 0.0, ("intro", "verse")),
            Part("pad", "brass", "hold", 0.4, 0.2, ("intro", "verse", "bridge")),
            Part("bass", "cello", "hold", 1.0, 0.35),
            Part("drums", "drums", gain=0.9),
        ), "cinema", is_minor=True, busy=-0.4, cadences=True, slows=True, wet=0.45, loose=0.01,
    ),
    "reggae": Style(
        (72, 92), ("1 4 1 5", "1 5 6 4", "1 2 4 1"), ("1 4 1 7", "1 7 6 7", "1 4 1 4"),
        (
            Part("lead", "trumpet", gain=0.6, tacet=_QUIET), Part("comp", "electric guitar", "skank", 0.75, -0.3),
            Part("comp", "organ", "offbeat", 0.35, 0.35), Part("bass", "bass", "reggae", 1.15), Part("drums", "drums"),
        ), "reggae", swing=0.06, busy=0.3, fades=True, wet=0.22,
    ),
    "funk": Style(
        (98, 114), ("1d 4d 1d 4d", "1d 4d 1d 5d"), ("1 4 1 4", "1 7 4 1", "1 4 1 5"),
        (
            Part("lead", "saxophone", gain=0.7), Part("comp", "electric guitar", "scratch", 0.6, -0.4),
            Part("comp", "brass", "stab", 0.4, 0.3, ("intro", "verse")), Part("bass", "bass", "funk", 1.1),
            Part("drums", "drums"),
        ), "funk", is_minor=True, mode="dorian", sevenths=True, sixteenths=True, swing=0.03, busy=1.4, wet=0.14,
    ),
    "bossa nova": Style(
        (116, 140), _JAZZ[:3], _JAZZ_MINOR,
        (
            Part("lead", "flute", gain=0.8, pan=0.15), Part("comp", "guitar", "bossa", 0.9, -0.2),
            Part("bass", "double bass", "bossa"), Part("drums", "drums", gain=0.75),
        ), "bossa", sevenths=True, busy=0.3, cadences=True, slows=True, wet=0.22, loose=0.01,
    ),
    "hip-hop": Style(
        (84, 96), ("1 4 6 5", "1 6 2 5"), _LOOP_MINOR,
        (
            Part("lead", "electric piano", gain=0.6, tacet=_QUIET), Part("comp", "piano", "push", 0.7, -0.15),
            Part("pad", "strings", "hold", 0.4, 0.2), Part("bass", "synth bass", "hop", 1.1),
            Part("drums", "drums", gain=1.1),
        ), "hiphop", is_minor=True, sixteenths=True, swing=0.06, busy=0.2, fades=True, wet=0.18,
    ),
    "march": Style(
        (108, 120), _CLASSIC, _CLASSIC_MINOR,
        (
            Part("lead", "trumpet", gain=0.85), Part("lead", "piccolo", gain=0.4, pan=0.3, tacet=("intro", "verse")),
            Part("comp", "brass", "offbeat", 0.5, -0.3), Part("pad", "horn", "hold", 0.35, 0.2),
            Part("bass", "tuba", "two"),
            Part("drums", "drums", gain=0.9),
        ), "march", busy=0.7, cadences=True, slows=True, wet=0.25,
    ),
    "lullaby": Style(
        (66, 84), _CLASSIC, _CLASSIC_MINOR,
        (
            Part("lead", "music box", gain=0.9), Part("comp", "harp", "broken", 0.6, -0.25),
            Part("pad", "strings", "hold", 0.35, 0.2, ("intro",)), Part("bass", "cello", "hold", 0.7),
        ), "", meter=3, busy=-0.2, cadences=True, slows=True, wet=0.35, loose=0.012,
    ),
    "chiptune": Style(
        (128, 156), ("1 5 6 4", "1 6 4 5", "1 4 5 1"), ("1 6 7 1", "1 7 6 5", "1 4 6 5"),
        (
            Part("lead", "square wave", gain=0.7), Part("comp", "square wave", "fast", 0.4, 0.35),
            Part("bass", "square wave", "octaves", 0.75, -0.15), Part("drums", "drums", gain=0.6),
        ), "chip", busy=1.4, wet=0.05, loose=0.0,
    ),
    "synthwave": Style(
        (84, 112), ("1 5 6 4", "1 4 6 5"), ("1 6 7 1", "1 6 4 5", "1 7 6 7"),
        (
            Part("lead", "synthesizer", gain=0.65, tacet=_QUIET), Part("comp", "synthesizer", "fast", 0.35, 0.3),
            Part("pad", "pad", "hold", 0.6, -0.1), Part("bass", "synth bass", "eight"), Part("drums", "drums"),
        ), "pop", is_minor=True, busy=0.0, fades=True, wet=0.3, loose=0.002,
    ),
    "tango": Style(
        (112, 128), _CLASSIC, _CLASSIC_MINOR,
        (
            Part("lead", "violin", gain=0.85, pan=0.2),
            Part("lead", "accordion", gain=0.5, pan=-0.2, tacet=("intro", "verse")),
            Part("comp", "piano", "beats", 0.75, -0.2), Part("bass", "double bass", "tango"),
            Part("drums", "drums", gain=0.5),
        ), "tango", is_minor=True, busy=0.9, cadences=True, slows=True, wet=0.22, loose=0.01,
    ),
}  # fmt: skip
