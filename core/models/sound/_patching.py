"""A gap filled with another stretch of the same clip: that whose surroundings are most like those of the gap.

Similar stretches by their spectra, then the best fit of the waveform (after Bahat, Schechner and Elad, "Self-content-
based audio inpainting", Signal Processing 111, 2015).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

Wave = NDArray[np.float64]

_FRAME_S, _OVERLAP = 0.023, 4
_BANDS = 24
_AROUND_FRAMES = 24
"""Of the surroundings that are compared, on each side."""
_FADE_S = 0.03
_FLOOR = 1e-7


def patched(x: Wave, start: int, end: int, rate: int) -> Wave | None:
    """Samples for the gap from `start` to `end` of a clip, shape (frames,); None where nothing is like it.

    The last samples before the gap and the first ones behind it fade over, so they change too: the result begins
    `fade(rate)` frames before the gap and ends as many behind it.
    """
    size = 1 << round(np.log2(_FRAME_S * rate))
    hop, fade = size // _OVERLAP, fade_frames(rate)
    if start < size + fade or end > len(x) - size - fade:
        return None
    bands = _bands(x, size, hop)
    origin = _similar(bands, start // hop, -(-end // hop), round((end - start) / hop))
    if origin is None:
        return None
    at = _fitted(x, start, end, origin * hop, fade, 2 * hop)
    if at is None:
        return None
    length = end - start
    donor = x[at - fade : at + length + fade]
    own = x[start - fade : end + fade]
    weight = np.ones(len(donor))
    weight[:fade] = np.sin((np.arange(fade) + 0.5) / fade * np.pi / 2) ** 2
    weight[-fade:] = weight[:fade][::-1]
    return np.asarray(donor * weight + own * (1 - weight))


def fade_frames(rate: int) -> int:
    """How far a patch reaches beyond its gap, on each side."""
    return round(_FADE_S * rate)


def _bands(x: Wave, size: int, hop: int) -> Wave:
    """Log power in bands that widen with frequency, shape (frames, bands); the frame k begins at `k * hop`."""
    window = np.hanning(size + 1)[:size].astype(np.float32)
    edges = np.unique(np.round(np.geomspace(1, size // 2, _BANDS + 1)).astype(int))[:-1]
    frames = np.lib.stride_tricks.sliding_window_view(x.astype(np.float32), size)[::hop]
    parts = [np.abs(rfft(frames[i : i + 1024] * window)) ** 2 for i in range(0, len(frames), 1024)]
    power = np.concatenate([np.add.reduceat(part, edges, axis=1) for part in parts])
    return np.asarray(np.log(power + _FLOOR * power.max() + 1e-20), np.float64)


def _similar(bands: Wave, first: int, behind: int, length: int) -> int | None:
    """The frame at which the most similar stretch begins. Frames that reach into the gap tell nothing."""
    lead = _OVERLAP - 1
    left, right = bands[max(0, first - lead - _AROUND_FRAMES) : first - lead], bands[behind : behind + _AROUND_FRAMES]
    begins = np.arange(len(left) + lead, len(bands) - length - len(right) - lead)
    clear = (begins - lead - len(left) > behind + lead) | (begins + length + len(right) + lead < first)
    if not clear.any() or not len(left) or not len(right):
        return None
    begins = begins[clear]
    cost = np.zeros(len(begins))
    for offset, row in enumerate(left):
        cost += np.mean((bands[begins - lead - len(left) + offset] - row) ** 2, axis=1) / len(left)
    for offset, row in enumerate(right):
        cost += np.mean((bands[begins + length + offset] - row) ** 2, axis=1) / len(right)
    return int(begins[np.argmin(cost)])


def _fitted(x: Wave, start: int, end: int, about: int, fade: int, reach: int) -> int | None:
    """Where near `about` the waveform beside the stretch is most like that beside the gap."""
    length = end - start
    low, high = max(fade, about - reach), min(len(x) - length - fade, about + reach)
    if high <= low or (low - fade < end and high + length + fade > start):
        return None
    score, energy = (np.zeros(high - low + 1) for _ in range(2))
    for own, offset in ((x[start - fade : start], -fade), (x[end : end + fade], length)):
        beside = x[low + offset : high + offset + fade]
        size = next_fast_len(len(beside), real=True)
        score += irfft(rfft(beside, size) * np.conj(rfft(own, size)), size)[: high - low + 1]
        total = np.concatenate([[0.0], np.cumsum(beside**2)])
        energy += (total[fade:] - total[:-fade])[: high - low + 1]
    return low + int(np.argmax(score / np.sqrt(energy + 1e-12)))
