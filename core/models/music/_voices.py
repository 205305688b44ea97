"""Who sings: one voice, two in thirds, or a choir, in a room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, oaconvolve, sosfilt

from core.models.music._harmony import Key, moved, notes_of
from core.models.music._score import HIGHEST, Note, Rest, Score
from core.models.music._singing import Throat

Harmony = Literal["solo", "thirds", "choir"]
Sing = Callable[[Score, Throat, int, Callable[[float], None]], NDArray[np.float32]]
"""A score sung by a throat, with a seed, telling how far it is: shape (frames,); its beginning is half a second in."""

_MALE = 0.85
"""Formants of a man's throat against a woman's (Peterson and Barney 1952)."""
_LATE_S, _CENTS = 0.022, 7.0
_ROOM_S = 0.9
_WET = {"solo": 0.16, "thirds": 0.18, "choir": 0.3}


@dataclass(frozen=True)
class Part:
    """One singer of an ensemble."""

    score: Score
    formants: float
    gain: float
    pan: float
    """-1 is left."""


def ensemble(score: Score, key: Key, harmony: Harmony, male: bool) -> list[Part]:
    """The singers. A third lies above the tune, or below it where that would be too high."""
    own = _MALE if male else 1.0
    if harmony == "solo":
        return [Part(score, own, 1.0, 0.0)]
    top = max(note.midi for note in notes_of(score))
    steps = 2 if top + 4 <= min(HIGHEST, 64 if male else 76) else -2
    second = moved(score, key, steps)
    if harmony == "thirds":
        return [Part(score, own, 1.0, -0.25), Part(second, own * 1.03, 0.62, 0.35)]
    other = transposed(score, 12 if male else -12)
    return [
        Part(score, own, 0.9, -0.15),
        Part(score, own * 1.05, 0.7, 0.4),
        Part(second, own * 0.97, 0.6, -0.6),
        Part(second, own * 1.02, 0.5, 0.65),
        Part(other, 1.0 if male else _MALE, 0.7, 0.15),
        Part(other, 1.03 if male else _MALE * 1.04, 0.55, -0.45),
    ]


def transposed(score: Score, semitones: float) -> Score:
    """The same song higher or lower."""
    return tuple(
        part
        if isinstance(part, Rest)
        else type(part)(part.syllable, tuple(Note(n.midi + semitones, n.seconds) for n in part.notes))
        for part in score
    )


def sung(
    sing: Sing, rate: int, parts: Sequence[Part], harmony: Harmony, seed: int, progress: Callable[[float], None]
) -> NDArray[np.float32]:
    """All parts in a room: shape (2, frames) at the voice's rate in Hz; a solo stands in its middle."""
    rng = np.random.default_rng([seed, 7])
    mixed: NDArray[np.float32] | None = None
    for number, part in enumerate(parts):

        def heard(fraction: float, number: int = number) -> None:
            progress((number + fraction) / len(parts))

        alone = len(parts) == 1 or number == 0
        throat = Throat(
            part.formants,
            0.0 if alone else float(rng.uniform(-_CENTS, _CENTS)),
            0.0 if alone else float(rng.uniform(0, _LATE_S)),
        )
        samples = sing(part.score, throat, seed + number, heard) * np.float32(part.gain)
        angle = (part.pan + 1) * np.pi / 4
        sides = np.stack([samples * np.cos(angle), samples * np.sin(angle)])
        if mixed is None:
            mixed = sides
        else:
            frames = min(mixed.shape[1], sides.shape[1])
            mixed[:, :frames] += sides[:, :frames]
    assert mixed is not None
    return in_room(mixed, rate, _WET[harmony], rng)


def in_room(sides: NDArray[np.float32], rate: int, wet: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Two channels in a small hall: noise that decays by 60 dB in `_ROOM_S`, other on each side, without its bass."""
    frames = round(_ROOM_S * rate)
    decay = 10 ** (-3 * np.arange(frames) / frames)
    decay[: round(0.012 * rate)] = 0
    shape = butter(2, (250, 6500), "bandpass", fs=rate, output="sos")
    tail = sosfilt(shape, rng.standard_normal((2, frames)) * decay)
    tail /= np.sqrt((tail**2).sum(1, keepdims=True))
    room = np.stack([oaconvolve(side, echo)[: sides.shape[1]] for side, echo in zip(sides, tail, strict=True)])
    return np.asarray(sides + wet * room, np.float32)
