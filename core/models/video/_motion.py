"""What a face does while it speaks: lips after phonemes or after the sound itself, blinks, glances, a head that moves.

Lips after phonemes: each has a shape, shapes run into each other, lips lead the sound a little (Cohen and Massaro 1993,
simplified). Lips after sound: the level between 500 and 1100 Hz opens them, that of hisses closes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from core.media import Audio
from core.models.video._mouth import Shape
from core.models.video._portrait import Pose

Curve = NDArray[np.float64]

RATE_HZ = 100
"""At which curves are computed; frames are read from them."""
_LEAD_S = 0.015
_RUN_S = 0.11
"""How long one shape runs into the next."""
_CLOSURE_S = 0.07
_BY_SOUND = 0.92
"""How much of an opening follows how loud the vowel is, where its shape is known."""
_RANGE_DB = 26.0
_WIDEST = 0.3

SHAPES: dict[str, tuple[float, float, float]] = {
    "rest": (0.015, 0.0, 0.0), "lips": (-0.012, -0.03, 0.0), "teeth": (0.035, 0.02, 0.0), "tongue": (0.09, 0.02, 0.0),
    "gum": (0.09, 0.03, 0.0), "back": (0.11, 0.0, 0.0), "hiss": (0.055, 0.06, 0.0), "hush": (0.09, -0.16, 0.65),
    "r": (0.11, -0.13, 0.45), "open": (0.31, 0.02, 0.0), "mid": (0.2, 0.05, 0.0), "spread": (0.12, 0.1, 0.0),
    "round": (0.23, -0.22, 0.8), "pursed": (0.1, -0.3, 1.0), "weak": (0.14, 0.0, 0.0),
}  # fmt: skip
"""Opening in mouth widths, widening, rounding."""
_OF = {
    "lips": "pbm", "teeth": "fv", "tongue": "θð", "gum": "tdnlTɾ", "back": "kɡŋhxʔ", "hiss": "sz", "hush": "ʃʒʧʤ",
    "r": "ɹɜ", "open": "ɑæaʌɐIW", "mid": "ɛeA", "spread": "iɪjᵻ", "round": "ɔOoYɒ", "pursed": "uʊw", "weak": "əᵊ",
}  # fmt: skip
_SHAPE_OF = {symbol: name for name, symbols in _OF.items() for symbol in symbols}


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
    level, opened = _heard(mono, sound.sample_rate, count)
    lips = _after_phonemes(spoken, opened, count) if spoken else np.stack([opened, 0.25 * opened, 0 * opened], 1)
    busy = _smooth((level > 0.15).astype(np.float64), 0.6)
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


def _heard(mono: Curve, rate: int, count: int) -> tuple[Curve, Curve]:
    """How loud it is, 0 to 1, and how far that opens a mouth, in mouth widths; both at `RATE_HZ`."""
    whole = _level(mono, rate, count)
    reference = float(np.percentile(whole, 95))
    if reference < 1e-5:
        return np.zeros(count), np.full(count, SHAPES["rest"][0])
    top = min(9500.0, 0.45 * rate)
    vowel = _level(_band(mono, rate, 500, min(1100.0, top)), rate, count)
    hiss = _level(_band(mono, rate, 4500, top), rate, count) if top > 5000 else np.zeros(count)
    low = _level(_band(mono, rate, 120, 450), rate, count)
    loud = 20 * np.log10(np.maximum(vowel, 1e-6) / max(float(np.percentile(vowel, 95)), 1e-6))
    opened = np.clip((loud + _RANGE_DB) / _RANGE_DB, 0, 1) ** 1.5 * _WIDEST
    opened *= np.clip(1 - 1.2 * hiss / (vowel + low + hiss + 1e-9), 0.15, 1)
    level = np.clip(1 + 20 * np.log10(np.maximum(whole, 1e-6) / reference) / _RANGE_DB, 0, 1)
    return _smooth(level, 0.05), _smooth(opened, 0.1)


def _band(mono: Curve, rate: int, low: float, high: float) -> Curve:
    return np.asarray(sosfilt(butter(4, (low, high), "bandpass", fs=rate, output="sos"), mono))


def _level(samples: Curve, rate: int, count: int) -> Curve:
    """RMS of each hundredth of a second."""
    edges = np.minimum(np.arange(count + 1) * rate // RATE_HZ, len(samples))
    total = np.concatenate([[0.0], np.cumsum(samples**2)])
    sizes = np.maximum(np.diff(edges), 1)
    return np.asarray(np.sqrt(np.maximum(np.diff(total[edges]), 0) / sizes))


def _after_phonemes(spoken: Sequence[Spoken], opened: Curve, count: int) -> NDArray[np.float64]:
    targets = np.tile(np.array(SHAPES["rest"]), (count, 1))
    closures = np.zeros(count)
    for phoneme in spoken:
        first, last = (int((at - _LEAD_S) * RATE_HZ) for at in (phoneme.start_s, phoneme.end_s))
        part = slice(max(first, 0), max(last, first + 1, 1))
        name = _SHAPE_OF.get(phoneme.symbol, "rest")
        targets[part] = SHAPES[name]
        if name in ("lips", "teeth"):
            closures[part] = 1.0
    shapes = np.stack([_smooth(targets[:, k], _RUN_S) for k in range(3)], 1)
    shut = np.clip(_smooth(closures, _CLOSURE_S) * 1.6, 0, 1)
    open_ = (1 - _BY_SOUND) * shapes[:, 0] + _BY_SOUND * opened
    shapes[:, 0] = open_ + shut * (np.minimum(targets[:, 0], 0.02) - open_)
    return shapes


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
