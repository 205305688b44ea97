"""Where pieces of sound meet: crossfades, loops, pauses that are shortened. Samples have shape (channels, frames)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.media import Samples

_NEAR_S = 0.005
_ROUGH = 2.0
"""A seam is heard where it bends more than so many times as much as the sound beside it."""
_SMALLEST = 1e-3
_LOOP_FADE_S, _END_FADE_S, _CUT_FADE_S = 0.05, 0.01, 0.005
_FRAME_S = 0.01
_BELOW_DB, _LEAST_DB, _ABOVE_FLOOR_DB = 40.0, 25.0, 6.0
"""A pause is so far below the loud parts; less far, but at least the second, where the background is higher."""
_SILENCE_DB = -80.0


def crossfaded(pieces: Sequence[Samples], fade: int) -> Samples:
    """One after the other, the last `fade` frames of each under the first of the next.

    Each piece has at least twice as many. The power stays even whether the two are alike or not.
    """
    if fade == 0:
        return np.concatenate(pieces, axis=1)
    parts = [pieces[0]]
    for piece in pieces[1:]:
        before = parts.pop()
        parts += [before[:, :-fade], _mixed(before[:, -fade:], piece[:, :fade]), piece[:, fade:]]
    return np.concatenate(parts, axis=1)


def _mixed(before: Samples, after: Samples) -> Samples:
    fade = before.shape[1]
    x = (np.arange(fade) + 0.5) / fade
    out, into = np.cos(x * np.pi / 2), np.sin(x * np.pi / 2)
    both = float(np.vdot(before, after))
    scale = float(np.sqrt(np.vdot(before, before) * np.vdot(after, after)))
    alike = max(0.0, both / scale) if scale > 0 else 0.0
    gain = 1 / np.sqrt(1 + 2 * alike * out * into)
    return np.asarray(before * (out * gain) + after * (into * gain), np.float32)


def looped(samples: Samples, rate: int, times: int, seconds: float | None, fade: int | None) -> Samples:
    """Heard `times` times, or for exactly `seconds`.

    Without a `fade`, in frames, it is repeated as it is where its end fits its start, which keeps the beat, and with a
    short crossfade where it does not. A clip that is cut in its midst ends with 10 ms of fade.
    """
    count = samples.shape[1]
    if fade is None:
        fade = 0 if _fits(samples, rate) else min(round(_LOOP_FADE_S * rate), count // 4)
    fade = min(fade, count // 2)
    frames = round(seconds * rate) if seconds is not None else count + (times - 1) * (count - fade)
    repeats = max(1, -(-(frames - fade) // (count - fade)))
    out = crossfaded([samples] * repeats, fade)[:, :frames].copy()
    if frames < count + (repeats - 1) * (count - fade):
        end = min(frames, round(_END_FADE_S * rate))
        out[:, frames - end :] *= np.linspace(1, 0, end, dtype=np.float32)
    return out


def _fits(samples: Samples, rate: int) -> bool:
    """Whether the start follows the end without a click."""
    near = max(4, round(_NEAR_S * rate))
    if samples.shape[1] < 2 * near:
        return False
    around = np.concatenate([samples[:, -near:], samples[:, :near]], axis=1)
    bend = np.abs(np.diff(around, 2, axis=1)).max(axis=0)
    at = slice(near - 2, near)
    seam, beside = float(bend[at].max()), float(np.delete(bend, at).max())
    return seam <= max(_ROUGH * beside, _SMALLEST)


def pauses(samples: Samples, rate: int) -> list[tuple[int, int]]:
    """The stretches in which next to nothing is heard, as frames, in order."""
    hop = max(1, round(_FRAME_S * rate))
    starts = np.arange(0, samples.shape[1], hop)
    lengths = np.diff(np.append(starts, samples.shape[1]))
    power = np.zeros(len(starts))
    for channel in samples:
        power = np.maximum(power, np.add.reduceat(np.square(channel, dtype=np.float64), starts) / lengths)
    level = 10 * np.log10(power + 1e-12)
    loud, floor = np.percentile(level, [95, 10])
    threshold = max(_SILENCE_DB, min(loud - _LEAST_DB, max(loud - _BELOW_DB, floor + _ABOVE_FLOOR_DB)))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], level < threshold, [False]]).astype(int)))
    return [(int(a) * hop, min(int(b) * hop, samples.shape[1])) for a, b in edges.reshape(-1, 2)]


def tightened(samples: Samples, rate: int, longest_s: float) -> Samples:
    """Every pause of at most `longest_s`; half of that is left before the first sound and after the last."""
    half, fade = round(longest_s * rate / 2), round(_CUT_FADE_S * rate)
    count = samples.shape[1]
    kept, at = [], 0
    for start, end in pauses(samples, rate):
        cut = (0 if start == 0 else start + half, count if end == count else end - half)
        if cut[1] - cut[0] > fade:
            kept.append(samples[:, at : cut[0]])
            at = cut[1]
    kept = [piece for piece in [*kept, samples[:, at:]] if piece.shape[1] > 0]
    if not kept:
        return samples[:, :0]
    return crossfaded(kept, min(fade, *(piece.shape[1] // 2 for piece in kept)))
