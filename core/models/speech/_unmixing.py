"""Two talkers from a clip of any length: chunks whose voices keep their order, levels, the upper band."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, sosfiltfilt

from core.models.speech import _speaker
from core.models.speech._enhancing import Channel, of_length

CHUNK_S, OVERLAP_S = 10.0, 3.0
_SURE = 0.2
"""The overlap says which voice is which where the better order leaves that much less of it over; else the voices do."""
_MEMORY_S = 60.0
"""So far back it is remembered how a talker sounds."""
_WINDOW_S, _MOST_WINDOWS = 0.4, 40
"""A talker's voice is known by that many windows in which it speaks, the last ones."""
_SMOOTH_S = 0.02
_CAREFUL, _FAINTEST = 0.01, 0.1
"""The levels are those that add up to the mix best, but for 1 % of caution where both talkers sound the same."""
_LEAST = 1e-10

Stems = NDArray[np.float32]
"""Shape (2, frames)."""


def unmixed(
    network: Any,
    samples: Channel,
    sample_rate: int,
    progress: Callable[[float], None],
    speeds: Sequence[float] = (1.0,),
) -> Stems:
    """The two talkers of a mono clip at the network's rate, as loud as they are in it.

    The network hears the clip at each of the speeds, and the mean of what it finds is taken: what is wrong differs
    from speed to speed, what is right does not. Every chunk is put in the order of what came before: by the stretch
    that both have in common, and where that does not tell, as one of the two or both are silent in it, by whose voice
    it sounds like.
    """
    chunk, overlap = round(CHUNK_S * sample_rate), round(OVERLAP_S * sample_rate)
    stems = np.zeros((2, len(samples)), np.float32)
    done = 0
    while done < len(samples):
        start = max(0, min(done - overlap if done else 0, len(samples) - chunk))
        stop = min(len(samples), start + chunk)
        part = _heard(network, samples[start:stop], speeds)
        shared = done - start
        if shared:
            known = stems[:, max(0, done - round(_MEMORY_S * sample_rate)) : done]
            if _crossed(known, part, shared, sample_rate):
                part = part[::-1]
            fade = np.linspace(0, 1, shared, dtype=np.float32)
            part = np.concatenate(
                [stems[:, start:done] * (1 - fade) + part[:, :shared] * fade, part[:, shared:]], axis=1
            )
        stems[:, start:stop] = part
        done = stop
        progress(done / len(samples))
    return stems


def _heard(network: Any, samples: Channel, speeds: Sequence[float]) -> Stems:
    """The mean over the speeds, the talkers in the order in which the first of them gives them."""
    if not samples.any():
        return np.zeros((2, len(samples)), np.float32)
    first, *others = (_at_speed(network, samples, speed) for speed in speeds)
    total = first.copy()
    for found in others:
        alike = first @ found.T
        total += found if np.trace(alike) >= np.trace(alike[::-1]) else found[::-1]
    return total / np.float32(len(speeds))


def _at_speed(network: Any, samples: Channel, speed: float) -> Stems:
    """One pass of the network over a clip that is so much faster, at the clip's own length and levels."""
    if speed == 1:
        return _as_loud(_passed(network, samples), samples)
    found = _passed(network, np.asarray(soxr.resample(samples, speed, 1.0), np.float32))
    return _as_loud(np.stack([_resampled(stem, 1.0, speed, len(samples)) for stem in found]), samples)


def _passed(network: Any, samples: Channel) -> Stems:
    import torch

    device = next(network.parameters()).device
    with torch.inference_mode():
        return np.asarray(network(torch.from_numpy(samples)[None].to(device))[0].float().cpu().numpy(), np.float32)


def _as_loud(raw: Stems, samples: Channel) -> Stems:
    """The network knows neither level nor sign: each talker has those that it has in the mix."""
    unit = raw / (np.linalg.norm(raw, axis=1, keepdims=True).astype(np.float64) + _LEAST)
    unit *= np.sign(unit @ samples)[:, None]
    alone = unit @ samples
    level = np.linalg.solve(unit @ unit.T + _CAREFUL * np.eye(2), alone)
    return np.asarray(unit * np.maximum(level, _FAINTEST * alone)[:, None], np.float32)


def _crossed(before: Stems, part: Stems, shared: int, sample_rate: int) -> bool:
    """Whether the talkers of a chunk are in the other order than those before it."""
    old, new = before[:, -shared:], part[:, :shared]
    left, right = (float(np.sum(np.square(old - pair, dtype=np.float64))) for pair in (new, new[::-1]))
    whole = float(np.sum(np.square(old, dtype=np.float64))) + _LEAST
    if abs(left - right) > _SURE * whole:
        return right < left
    known, heard = (voices(stems, sample_rate) for stems in (before, part))
    if known is None or heard is None:
        return right < left
    likeness = known @ heard.T
    return bool(np.trace(likeness) < np.trace(likeness[::-1]))


def voices(stems: Stems, sample_rate: int) -> NDArray[np.float32] | None:
    """A speaker vector of each talker, shape (2, 256), from where it speaks, and rather where it is the louder of both.

    None if one of them never speaks.
    """
    encoder = _speaker.shared()
    width = round(_WINDOW_S * sample_rate)
    count = stems.shape[1] // width
    energy = np.square(stems[:, : count * width], dtype=np.float64).reshape(2, count, width).mean(axis=2)
    found = []
    for stem, own, other in zip(stems, energy, energy[::-1], strict=True):
        speaks = own > 0.1 * own.max(initial=0) + _LEAST
        clear = np.flatnonzero(speaks & (own > other))
        chosen = clear if len(clear) else np.flatnonzero(speaks)
        if not len(chosen):
            return None
        loud = np.concatenate([stem[at * width : (at + 1) * width] for at in chosen[-_MOST_WINDOWS:]])
        found.append(encoder.embed(loud, sample_rate))
    return np.stack(found)


def full_band(stems: Stems, clip: Channel, rate: int, clip_rate: int) -> Stems:
    """The talkers at the clip's rate and length. What is above the network's band goes to whoever has more just below.

    `stems` are at `rate`, `clip` at `clip_rate`.
    """
    if rate == clip_rate:
        return stems
    low = np.stack([_resampled(stem, rate, clip_rate, len(clip)) for stem in stems])
    if rate > clip_rate:
        return low
    above = clip - _resampled(soxr.resample(clip, clip_rate, rate), rate, clip_rate, len(clip))
    top = sosfiltfilt(butter(4, 0.5, "high", output="sos"), stems, axis=1)
    power = uniform_filter1d(top**2, max(1, round(_SMOOTH_S * rate)), axis=1) + _LEAST
    share = power[0] / power.sum(axis=0)
    first = np.interp(np.arange(len(clip)) / clip_rate, np.arange(len(share)) / rate, share)
    return np.asarray(low + above * np.stack([first, 1 - first]), np.float32)


def _resampled(samples: Channel, rate: float, wanted: float, frames: int) -> Channel:
    return of_length(soxr.resample(samples, rate, wanted), frames)
