"""What accompanying instruments do with a chord: strings of steps that divide a bar evenly.

Of chords: `X` all of it, accented, `x` plainly, a digit one voice from the bottom, `-` holds on, `.` is silence.
Of a bass: `R` the root, `5` the fifth, `3` the third, `8` the octave, `n` a step to the next root.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.models.music._piece import Tone

COMP = {
    "hold": ("x-------", "x-----"),
    "beats": ("X-x-x-x-", "X-x-x-"),
    "ballad": ("x-2-1-2-", "x-2-1-"),
    "strum": ("X--xx-xxX-xxx-xx", "X-xxxx"),
    "broken": ("01232321", "012321"),
    "wide": ("0-1-3-2-", "0-1-2-"),
    "alberti": ("0212021202120212", "021202120212"),
    "oompah": ("..X...X.", "..X.X."),
    "push": ("x--x--x---x--x--", "x--x--x---x-"),
    "charleston": ("x..x....", "x..x.."),
    "skank": ("..X...X.", "..X.X."),
    "offbeat": (".x.x.x.x", ".x.x.x"),
    "chug": ("XxxXxxXx", "XxxXxx"),
    "scratch": ("x..x..x.x..x..xx", "x..x..x.x..x"),
    "bossa": ("x--x--x---x--x--", "x--x--x---x-"),
    "pulse": ("xxxxxxxx", "xxxxxx"),
    "stab": ("..x..x....x..x..", "..x..x..x..."),
    "fast": ("0123012301230123", "012301230123"),
    "stroke": ("X-----x-", "X---x-"),
}
BASS = {
    "hold": ("R-------", "R-----"),
    "two": ("R---5---", "R---5-"),
    "eight": ("RRRRRRRR", "RRRRRR"),
    "pop": ("R--R--R-R-----5-", "R--R--R---5-"),
    "octaves": (".R8.R8.R", "R8R8R8"),
    "off": ("..R...R...R...R.", "..R...R...R."),
    "drive": (".RRR.RRR.RRR.RRR", ".RRR.RRR.RRR"),
    "shuffle": ("R-R-3-3-5-5-3-3-", "R-3-5-"),
    "funk": ("R..R..8.R..5..n.", "R..R..8...n."),
    "reggae": ("R---5-8-....R-3-", "R---5-8-...."),
    "bossa": ("R-----5-5-----R-", "R-----5---R-"),
    "hop": ("R-----R-..5-..n-", "R-----..5-n-"),
    "gallop": ("R-RRR-RRR-RRR-RR", "R-RRR-RRR-RR"),
    "tango": ("R-----5-R---5---", "R-----5-R---"),
}


def comp(figure: str, notes: Sequence[int], start: float, beats: float, meter: int) -> list[Tone]:
    """A chord's notes by a figure, for so many beats of a bar."""
    found: list[Tone] = []
    for at, length, sign in _steps(COMP[figure][meter == 3], meter, beats):
        if sign in "Xx":
            held = length if length > 0.5 else 0.9 * length
            found += [Tone(start + at, held, note, 88 if sign == "X" else 74) for note in notes]
        else:
            voice = int(sign)
            note = notes[voice % len(notes)] + 12 * (voice // len(notes))
            loud = 82 if at == 0 else 76 if at == int(at) else 50
            found.append(Tone(start + at, max(length, 0.9 / meter * 2), note, loud))
    return found


def bass(
    figure: str, chord: Sequence[int], following: int, low: int, start: float, beats: float, meter: int
) -> list[Tone]:
    """A bass on a chord; `following` is the pitch class of the next root."""
    root = low + (chord[0] - low) % 12
    steps = {
        "R": root,
        "3": root + (chord[1] - chord[0]) % 12,
        "5": root + (chord[2] - chord[0]) % 12,
        "8": root + 12,
        "n": _leading(root, following),
    }
    return [
        Tone(start + at, 0.95 * length, steps[sign], 92 if at == 0 else 82)
        for at, length, sign in _steps(BASS[figure][meter == 3], meter, beats)
    ]


def walking(
    chord: Sequence[int], following: int, low: int, start: float, beats: float, rng: np.random.Generator
) -> list[Tone]:
    """A note a beat: the root, notes of the chord, and a half step into the next root."""
    root = low + (chord[0] - low) % 12
    inner = [root + (c - chord[0]) % 12 for c in chord[1:]] + [root + 2, root + 12]
    line, count = [root], max(1, round(beats))
    for _ in range(count - 2):
        near = sorted((note for note in inner if note != line[-1]), key=lambda note: abs(note - line[-1]))
        line.append(near[int(rng.integers(min(3, len(near))))])
    if count > 1:
        line.append(_leading(line[-1], following))
    return [Tone(start + beat, 0.92, note, 90 if beat % 2 == 0 else 82) for beat, note in enumerate(line)]


def _leading(note: int, following: int) -> int:
    """The half step below or above the next root that is nearest to a note."""
    below, above = (following - 1 - note) % 12, (following + 1 - note) % 12
    return note + min(((below + 6) % 12 - 6), ((above + 6) % 12 - 6), key=abs)


def _steps(figure: str, meter: int, beats: float) -> list[tuple[float, float, str]]:
    """Start and length in beats, and the sign, of all that sounds."""
    unit = meter / len(figure)
    found: list[tuple[float, float, str]] = []
    for number, sign in enumerate(figure):
        at = number * unit
        if at >= beats:
            break
        if sign == "-" and found:
            start, length, held = found[-1]
            found[-1] = (start, length + unit, held)
        elif sign not in "-.":
            found.append((at, unit, sign))
    return found
