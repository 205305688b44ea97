"""An edit of a stretch of a clip, while the rest stays as it is. Samples have shape (channels, frames)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.media import Samples
from core.models.sound._seams import crossfaded

_SEAM_S = 0.01
_BLEEP_HZ, _BLEEP_DBFS = 1000.0, -12.0
"""What broadcasters put over words: a kilohertz, well below full scale."""

Edit = Callable[[Samples], Samples]


def filtered(samples: Samples, rate: int, start: int, end: int, edit: Edit) -> Samples:
    """For edits that are linear and keep time: what they give of the stretch alone is added to the rest.

    Echoes and reverberation so ring on into what follows, and beyond the end of the clip.
    """
    first, last, window = _window(samples.shape[1], rate, start, end)
    edited = edit(np.ascontiguousarray(samples[:, first:last] * window))
    out = np.zeros((samples.shape[0], max(samples.shape[1], first + edited.shape[1])), np.float32)
    out[:, : samples.shape[1]] = samples
    out[:, first:last] *= 1 - window
    out[:, first : first + edited.shape[1]] += edited
    return out


def replaced(samples: Samples, rate: int, start: int, end: int, edit: Edit) -> Samples:
    """For all other edits: the stretch is edited by itself and put back, with short crossfades at its ends."""
    first, last, _ = _window(samples.shape[1], rate, start, end)
    out = edit(np.ascontiguousarray(samples[:, first:last]))
    out = _joined(samples[:, :start], out, start - first)
    return _joined(out, samples[:, end:], last - end)


def covered(samples: Samples, rate: int, start: int, end: int, *, tone: bool) -> Samples:
    """With silence, or a tone on every channel, in the place of a stretch, of which nothing is left."""
    first, last, window = _window(samples.shape[1], rate, start, end)
    out = samples.copy()
    out[:, first:last] *= 1 - window
    if tone:
        wave = 10 ** (_BLEEP_DBFS / 20) * np.sin(2 * np.pi * _BLEEP_HZ * np.arange(last - first) / rate)
        out[:, first:last] += wave.astype(np.float32) * window
    return out


def _window(frames: int, rate: int, start: int, end: int) -> tuple[int, int, Samples]:
    """Where a stretch begins and ends with its seams around it, and how much of it there is in every frame."""
    seam = round(_SEAM_S * rate)
    first, last = max(0, start - seam), min(frames, end + seam)
    window = np.ones(last - first, np.float32)
    window[: start - first] = np.sin(np.pi / 2 * np.linspace(0, 1, start - first, endpoint=False)) ** 2
    window[end - first :] = np.cos(np.pi / 2 * np.linspace(0, 1, last - end)) ** 2
    return first, last, window


def _joined(before: Samples, after: Samples, seam: int) -> Samples:
    fade = min(seam, before.shape[1] // 2, after.shape[1] // 2)
    return crossfaded([before, after], fade)
