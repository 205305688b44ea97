"""What a face does while it speaks: lips after phonemes or after the sound itself, blinks, glances, a head that moves.

Lips after phonemes: each has a shape and holds it against its neighbours as firmly as it needs to, so that they run
into each other (the dominance functions of Cohen and Massaro 1993); how loud it is says how much of an opening is made.
Lips after sound: the level below 3 kHz opens them, that of hisses closes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.signal import butter, sosfilt

from core.media import Audio
from core.models.video._mouth import Shape
from core.models.video._portrait import Pose

Curve = NDArray[np.float64]

RATE_HZ = 100
"""At which curves are computed; frames are read from them."""
_LEAD_S = 0.005
_HELD = 0.4
"""Part of a phoneme's length, on either side of its middle, over which its shape is at its firmest."""
_RUN_S = np.array([0.075, 0.075, 0.085])
"""In which a shape loses its hold on opening, width and rounding, to a third: lips round early and long."""
_REACH_S = 0.4
_CLOSURE_S = 0.06
_SHUT = 0.0
_LOUDNESS = 0.75
"""Power of the level with which a mouth opens."""
_LOUDEST = 1.25
_HUSHED = 0.08
"""An opening below this, as a part, is none: a room is never quite still."""
_FULL = 1.35
_WIDEST = 0.25
_RANGE_DB = 26.0
_PAUSE_S = 1.0
"""The smile of a picture comes back where talk stops for longer than this."""

SHAPES: dict[str, tuple[float, float, float]] = {
    "rest": (0.015, 0.0, 0.0), "lips": (-0.012, -0.03, 0.0), "teeth": (0.035, 0.02, 0.0), "tongue": (0.1, 0.02, 0.0),
    "gum": (0.1, 0.03, 0.0), "back": (0.12, 0.0, 0.0), "hiss": (0.055, 0.06, 0.0), "hush": (0.09, -0.16, 0.65),
    "r": (0.12, -0.13, 0.45), "open": (0.31, 0.02, 0.0), "mid": (0.22, 0.05, 0.0), "spread": (0.17, 0.1, 0.0),
    "round": (0.25, -0.22, 0.8), "pursed": (0.15, -0.3, 1.0), "weak": (0.19, 0.0, 0.0),
}  # fmt: skip
"""Opening in mouth widths at a loud moment, widening, rounding."""
_FIRM: dict[str, tuple[float, float]] = {
    "rest": (1.0, 1.0), "lips": (1.5, 0.25), "teeth": (1.2, 0.4), "tongue": (0.6, 0.25), "gum": (0.35, 0.2),
    "back": (0.3, 0.15), "hiss": (0.8, 0.3), "hush": (0.9, 1.0), "r": (0.5, 0.8), "open": (1.0, 0.7),
    "mid": (0.9, 0.7), "spread": (0.8, 0.9), "round": (1.0, 1.2), "pursed": (1.0, 1.5), "weak": (0.5, 0.25),
}  # fmt: skip
"""How firmly each holds its opening and its width and rounding: a tongue behind the teeth leaves lips to the vowels."""
_BETWEEN = (0.1, 0.1)
"""Between two words lips do not rest."""
_OF = {
    "lips": "pbm", "teeth": "fv", "tongue": "θð", "gum": "tdnlTɾ", "back": "kɡŋhxʔ", "hiss": "sz", "hush": "ʃʒʧʤ",
    "r": "ɹɜ", "open": "ɑæaʌɐ", "mid": "ɛe", "spread": "iɪjᵻ", "round": "ɔoɒ", "pursed": "uʊw", "weak": "əᵊ",
}  # fmt: skip
_SHAPE_OF = {symbol: name for name, symbols in _OF.items() for symbol in symbols}
_GLIDES = {
    "I": ("open", "spread"), "W": ("open", "pursed"), "A": ("mid", "spread"), "O": ("round", "pursed"),
    "Y": ("round", "spread"),
}  # fmt: skip
_FIRST_PART = 0.6
"""Of a diphthong."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One phoneme of what is said."""

    symbol: str
    """In the alphabet of misaki; what is no phoneme is a pause."""
    start_s: float
    end_s: float


def poses(sound: Audio, fps: float, seed: int, spoken: Sequence[Spoken] = ()) -> Iterator[Pose]:
    """One pose a frame for as long as the sound lasts."""
    rng = np.random.default_rng(seed)
    mono = sound.samples.mean(0, dtype=np.float64)
    seconds = len(mono) / sound.sample_rate
    count = max(1, int(np.ceil(seconds * RATE_HZ)))
    level, loud, opened = _heard(mono, sound.sample_rate, count)
    lips = _after_phonemes(spoken, loud, count) if spoken else np.stack([opened, 0.25 * opened, 0 * opened], 1)
    busy = _smooth(maximum_filter1d((level > 0.15).astype(np.float64), round(_PAUSE_S * RATE_HZ)), 0.6)
    frames = max(1, int(np.floor(seconds * fps)))
    lids, glances = _blinks(frames / fps, count, rng), _glances(count, rng)
    turn, right, down, near = _sway(count, rng)
    nod = _smooth(level, 0.45)
    for frame in range(frames):
        at = min(round(frame / fps * RATE_HZ), count - 1)
        open_, wide, rounded = (float(v) for v in lips[at])
        yield Pose(
            Shape(open_, wide, float(np.clip(rounded, 0, 1)), relaxed=0.35 + 0.65 * float(busy[at])),
            closed=float(lids[at]),
            aside=float(glances[at]),
            turn=float(turn[at]),
            shift=(float(right[at]), float(down[at] + 0.012 * nod[at])),
            near=float(near[at]),
        )


def _heard(mono: Curve, rate: int, count: int) -> tuple[Curve, Curve, Curve]:
    """How loud it is, 0 to 1 in decibels; how much of an opening that makes; and how far, in mouth widths.

    All at `RATE_HZ`.
    """
    whole = _level(mono, rate, count)
    reference = float(np.percentile(whole, 95))
    if reference < 1e-5:
        return np.zeros(count), np.zeros(count), np.full(count, SHAPES["rest"][0])
    level = np.clip(1 + 20 * np.log10(np.maximum(whole, 1e-6) / reference) / _RANGE_DB, 0, 1)
    top = min(9500.0, 0.45 * rate)
    voice = _level(_band(mono, rate, 150, min(3000.0, top)), rate, count)
    hiss = _level(_band(mono, rate, 4500, top), rate, count) if top > 5000 else np.zeros(count)
    opened = _openness(voice) * np.clip(1 - 1.2 * hiss / (voice + hiss + 1e-9), 0.15, 1)
    rest = SHAPES["rest"][0]
    return _smooth(level, 0.05), _openness(whole), rest + (_WIDEST - rest) * _smooth(opened, 0.06)


def _openness(level: Curve) -> Curve:
    """How much of an opening a level makes: 1 where it is loud."""
    steady = _smooth(level, 0.08)
    part = (steady / max(float(np.percentile(steady, 95)), 1e-6)) ** _LOUDNESS
    return np.asarray(np.clip((part - _HUSHED) / (1 - _HUSHED) * _FULL, 0, _LOUDEST))


def _band(mono: Curve, rate: int, low: float, high: float) -> Curve:
    return np.asarray(sosfilt(butter(4, (low, high), "bandpass", fs=rate, output="sos"), mono))


def _level(samples: Curve, rate: int, count: int) -> Curve:
    """RMS of each hundredth of a second."""
    edges = np.minimum(np.arange(count + 1) * rate // RATE_HZ, len(samples))
    total = np.concatenate([[0.0], np.cumsum(samples**2)])
    sizes = np.maximum(np.diff(edges), 1)
    return np.asarray(np.sqrt(np.maximum(np.diff(total[edges]), 0) / sizes))


def _after_phonemes(spoken: Sequence[Spoken], loud: Curve, count: int) -> NDArray[np.float64]:
    """Opening, width and rounding at each moment, shape (count, 3)."""
    pull = np.full((count, 3), 1e-3)
    shapes = pull * SHAPES["rest"]
    closures = np.zeros(count)
    for name, firm, start, end in _held(spoken):
        first, last = (int(np.clip(at * RATE_HZ, 0, count)) for at in (start - _REACH_S, end + _REACH_S))
        off = np.abs(np.arange(first, last) / RATE_HZ - (start + end) / 2) - _HELD * (end - start)
        weight = np.array([firm[0], firm[1], firm[1]]) * np.exp(-np.maximum(off, 0)[:, None] / _RUN_S)
        pull[first:last] += weight
        shapes[first:last] += weight * SHAPES[name]
        if name in ("lips", "teeth"):
            at = max(int(start * RATE_HZ), 0)
            closures[at : max(int(end * RATE_HZ), at + 1)] = 1.0
    shapes /= pull
    shapes[:, 0] *= loud
    shapes = np.stack([_smooth(shapes[:, k], 0.06) for k in range(3)], 1)
    shut = np.clip(_smooth(closures, _CLOSURE_S) * 1.6, 0, 1)
    shapes[:, 0] += shut * (np.minimum(shapes[:, 0], _SHUT) - shapes[:, 0])
    return shapes


def _held(spoken: Sequence[Spoken]) -> Iterator[tuple[str, tuple[float, float], float, float]]:
    """Each shape in turn: its name, how firmly it holds, when it begins and ends."""
    for phoneme in spoken:
        start, end = phoneme.start_s - _LEAD_S, phoneme.end_s - _LEAD_S
        if phoneme.symbol.isspace():
            yield "rest", _BETWEEN, start, end
        elif phoneme.symbol in _GLIDES:
            first, last = _GLIDES[phoneme.symbol]
            turn = start + _FIRST_PART * (end - start)
            yield first, _FIRM[first], start, turn
            yield last, _FIRM[last], turn, end
        else:
            name = _SHAPE_OF.get(phoneme.symbol, "rest")
            yield name, _FIRM[name], start, end


def _smooth(curve: Curve, seconds: float) -> Curve:
    half = max(1, round(seconds * RATE_HZ / 2))
    kernel = np.hanning(2 * half + 3)[1:-1]
    return np.asarray(np.convolve(np.pad(curve, half, mode="edge"), kernel / kernel.sum(), "valid"))


def _blinks(seconds: float, count: int, rng: np.random.Generator) -> Curve:
    """Lids that shut for a moment every few seconds, now and then twice."""
    lids = np.zeros(count)
    time = np.arange(count) / RATE_HZ
    at = float(rng.uniform(0.8, 2.5))
    while at < seconds:
        since = time - at
        shut = np.where(since < 0.07, since / 0.07, np.clip(1 - (since - 0.11) / 0.14, 0, 1))
        lids = np.maximum(lids, np.where((since >= 0) & (since < 0.25), np.clip(shut, 0, 1), 0))
        at += 0.35 if rng.random() < 0.12 else float(rng.uniform(2.2, 5.0))
    return lids


def _glances(count: int, rng: np.random.Generator) -> Curve:
    """Eyes rest on the viewer and jump a little aside at times."""
    aside = np.zeros(count)
    at = 0
    while at < count:
        hold = int(rng.uniform(0.5, 2.2) * RATE_HZ)
        aside[at : at + hold] = 0.0 if rng.random() < 0.6 else rng.uniform(-0.05, 0.05)
        at += hold
    return _smooth(aside, 0.05)


def _sway(count: int, rng: np.random.Generator) -> tuple[Curve, Curve, Curve, Curve]:
    """Tilt in radians, moves right and down in heights of the face, nearness: slow, small, never the same twice."""
    time = np.arange(count) / RATE_HZ
    curves = []
    for size in (0.017, 0.016, 0.008, 0.007):
        waves = sum(
            rng.uniform(0.5, 1) * np.sin(2 * np.pi * rng.uniform(*band) * time + rng.uniform(0, 2 * np.pi))
            for band in ((0.07, 0.15), (0.18, 0.3), (0.35, 0.6))
        )
        curves.append(np.asarray(size * waves / 1.6 * np.clip(time / 0.6, 0, 1)))
    return curves[0], curves[1], curves[2], curves[3]
