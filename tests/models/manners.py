"""Voices that differ from hibari's, made of it: by WORLD, with other pitch, range and formants."""

from __future__ import annotations

import numpy as np
import pyworld

from core.media import Audio


def disguised(clip: Audio, pitch: float, formants: float, spread: float = 1.0) -> Audio:
    """A mono clip with its pitch, its formants and the range of its pitch multiplied."""
    samples, rate = clip.samples[0].astype(np.float64), clip.sample_rate
    f0, times = pyworld.dio(samples, rate)
    f0 = pyworld.stonemask(samples, f0, times, rate)
    power = pyworld.cheaptrick(samples, f0, times, rate)
    noise = pyworld.d4c(samples, f0, times, rate)
    bins = np.arange(power.shape[1])
    moved = np.stack([np.exp(np.interp(bins / formants, bins, np.log(frame))) for frame in power])
    middle = np.exp(np.median(np.log(f0[f0 > 0])))
    other = np.where(f0 > 0, middle * pitch * (np.maximum(f0, 1) / middle) ** spread, 0)
    return Audio(pyworld.synthesize(other, moved, noise, rate).astype(np.float32)[None], rate)
