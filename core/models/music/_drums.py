"""Drum grooves: strings of sixteenths for each drum, a fill before every new part, a crash on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.models.music._piece import Tone

_KIT = {
    "kick": 36, "snare": 38, "rim": 37, "clap": 39, "hat": 42, "pedal": 44, "open": 46, "ride": 51, "crash": 49,
    "low": 45, "mid": 47, "high": 50, "shaker": 70, "tambourine": 54, "conga": 63, "bass drum": 35, "brush": 38,
}  # fmt: skip
_HITS = {"X": 112, "x": 92, "o": 74, "g": 44}
"""How hard: accented, plain, soft, a ghost note."""
_FOUR = {
    "pop": {"kick": "X.....x.x.......", "snare": "....X.......X..g", "hat": "x.o.x.o.x.o.x.o."},
    "rock": {"kick": "X.....x.X.x.....", "snare": "....X.......X...", "hat": "X.x.X.x.X.x.X.x."},
    "metal": {"kick": "X.xxX.xxX.xxX.xx", "snare": "....X.......X...", "ride": "X...x...X...x..."},
    "jazz": {
        "ride": "x...x..xx...x..x",
        "pedal": "....x.......x...",
        "kick": "g.......g.......",
        "brush": "......g........g",
    },
    "blues": {"kick": "X.......x.x.....", "snare": "....X.......X...", "ride": "x..ox..ox..ox..o"},
    "lofi": {"kick": "X......x..x.....", "snare": "....x.......x..g", "hat": "o.g.o.g.o.ggo.g."},
    "house": {
        "kick": "X...X...X...X...",
        "clap": "....x.......x...",
        "open": "..x...x...x...x.",
        "shaker": "gogogogogogogogo",
    },
    "techno": {
        "kick": "X...X...X...X...",
        "hat": "g.xog.xog.xog.xo",
        "clap": "....o.......o..g",
        "low": "...g..o....g..o.",
    },
    "breaks": {"kick": "X.........x.....", "snare": "....X..g.g..X..g", "hat": "x.o.x.o.x.o.x.o."},
    "funk": {"kick": "X..x..x...x..x..", "snare": "....X..g.g..X..g", "hat": "xoxoxoxoxoxoxoxo"},
    "reggae": {"kick": "........X.......", "rim": "........x.......", "hat": "o.x.o.x.o.x.o.xo"},
    "bossa": {"kick": "x..oX..ox..oX..o", "rim": "g..g..g...g..g..", "hat": "x.g.x.g.x.g.x.g."},
    "hiphop": {"kick": "X.....x...X..x..", "snare": "....X.......X...", "hat": "x.x.x.xxx.x.x.xo"},
    "march": {"bass drum": "X...x...X...x...", "snare": "x.ooX.o.x.ooX.oo"},
    "folk": {"kick": "x.......x.......", "tambourine": "....o.......o...", "shaker": "o.g.o.g.o.g.o.g."},
    "chip": {"kick": "X...x...X...x...", "snare": "....X.......X...", "hat": "..o...o...o...o."},
    "cinema": {"low": "X...o.x.X...o.x.", "bass drum": "X...g...x...g..."},
    "tango": {"kick": "X...x...x...x.x.", "rim": "......x.....x.x."},
}
_THREE = {
    "waltz": {"kick": "o...........", "pedal": "....x...x...", "brush": "....g...g..."},
    "jazz": {"ride": "x...x..ox...", "pedal": "........x...", "kick": "g..........."},
    "cinema": {"low": "X.....x.x...", "bass drum": "X..........."},
    "beat": {"kick": "X...........", "snare": "....x...x...", "hat": "x.o.x.o.x.o."},
}
_FILLS = (
    {"snare": "o.x.", "high": "..x.", "mid": "...x"},
    {"snare": "xoxx"},
    {"high": "xx..", "mid": "..x.", "low": "...X"},
    {"snare": "x.xX", "kick": "x..."},
)
SOFT = ("bossa", "jazz", "folk", "waltz", "lofi", "tango")
"""Grooves without crashes and loud fills."""


@dataclass(frozen=True, slots=True)
class Groove:
    """A groove by its name, in bars of so many beats."""

    name: str
    meter: int

    @property
    def voices(self) -> dict[str, str]:
        """Sixteenths of a bar for each drum."""
        if self.meter == 3:
            return _THREE.get(self.name, _THREE["waltz" if self.name in SOFT else "beat"])
        return _FOUR[self.name if self.name in _FOUR else "folk"]

    def bar(self, start: float, rng: np.random.Generator, *, full: bool, fill: bool, crash: bool) -> list[Tone]:
        """One bar. Half the kit plays where it is not `full`; its last beat may be a fill."""
        found: list[Tone] = []
        until = self.meter - 1.0 if fill else float(self.meter)
        for drum, steps in self.voices.items():
            if not full and drum in ("snare", "clap", "open", "ride", "low"):
                continue
            if crash and drum in ("hat", "ride") and self.name not in SOFT:
                steps = "." + steps[1:]
            found += _hits(drum, steps, start, until)
        if fill:
            for drum, steps in _FILLS[int(rng.integers(len(_FILLS)))].items():
                soft = self.name in SOFT
                found += _hits(drum, steps.replace("X", "o").replace("x", "g") if soft else steps, start + until, 1.0)
        if crash and self.name not in SOFT:
            found.append(Tone(start, 1.0, _KIT["crash"], 88))
        return found

    def end(self, start: float) -> list[Tone]:
        """What is hit with the last chord."""
        kick = Tone(start, 1.0, _KIT["kick"], 90)
        return [
            kick,
            Tone(start, 2.0, _KIT["ride" if self.name in SOFT else "crash"], 70 if self.name in SOFT else 100),
        ]


def _hits(drum: str, steps: str, start: float, until: float) -> list[Tone]:
    return [
        Tone(start + step / 4, 0.25, _KIT[drum], _HITS[sign])
        for step, sign in enumerate(steps)
        if sign in _HITS and step / 4 < until
    ]
