"""Two ways of parting a named sound from the rest: by its times alone, and by a mask that a network draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soxr
from numpy.typing import NDArray

from core.media import Audio, Samples
from core.models.sound._finding import Time
from core.models.sound._yamnet import STEP_S

if TYPE_CHECKING:
    from core.models.sound._mask_network import MaskNetwork

WEIGHTS = Path(__file__).parent / "mask_network.safetensors"
_FADE_S = 0.03
_CHUNK_S, _OVERLAP_S = 8.0, 1.0
_LEAST = 0.02
"""A stretch in which the sound is nowhere more probable than that has none of it."""
_TOP_HZ = 1000
"""Of the mask's upper end: its mean is how much is kept of what lies above the network's band."""

Window = NDArray[np.float32]


def gated(clip: Audio, times: Sequence[Time]) -> Samples:
    """The clip at those times, faded in and out, and silence elsewhere."""
    fade = max(1, round(_FADE_S * clip.sample_rate))
    gain = np.zeros(clip.samples.shape[1] + 2 * fade, np.float32)
    for start_s, end_s, _ in times:
        first, last = (round(at * clip.sample_rate) + fade for at in (start_s, end_s))
        gain[first:last] = 1
        gain[first - fade : first] = np.maximum(gain[first - fade : first], np.linspace(0, 1, fade, dtype=np.float32))
        behind = gain[last : last + fade]
        behind[:] = np.maximum(behind, np.linspace(1, 0, fade, dtype=np.float32)[: len(behind)])
    return clip.samples * gain[fade : fade + clip.samples.shape[1]]


class Masker:
    """Draws masks with the network and lays them on a clip of any rate and any number of channels."""

    def __init__(self) -> None:
        from core.models.sound._mask_network import read

        self._network: MaskNetwork = read(WEIGHTS)

    def masked(self, clip: Audio, scores: Window, words: Window, progress: Callable[[float], None]) -> Samples:
        """The named sound in a clip, at its rate, with its channels.

        Args:
            clip: shape (channels, frames).
            scores: how probable the sound is in each of the tagger's windows.
            words: the sentence vector of its name.
        """
        channels, frames = clip.samples.shape
        rate = clip.sample_rate
        chunk, overlap = round(_CHUNK_S * rate), round(_OVERLAP_S * rate)
        fade = np.linspace(0, 1, overlap, dtype=np.float32)
        out = np.zeros((channels, frames), np.float32)
        for begin in range(0, max(1, frames - overlap), chunk - overlap):
            progress(begin / frames)
            part = clip.samples[:, begin : begin + chunk]
            made = self._chunk(Audio(part, rate), _cut(scores, begin / rate, part.shape[1] / rate), words)
            if begin:
                made[:, :overlap] *= fade[: made.shape[1]]
            if begin + chunk < frames:
                made[:, -overlap:] *= fade[::-1]
            out[:, begin : begin + chunk] += made
        progress(1.0)
        return out

    def _chunk(self, clip: Audio, scores: Window, words: Window) -> Samples:
        """One chunk: all channels under one mask, drawn from their mean."""
        import torch

        from core.models.sound._mask_network import SAMPLE_RATE, on_frames, spectrum, waveform

        if scores.max() < _LEAST or not clip.samples.any():
            return np.zeros_like(clip.samples)
        low = _resampled(clip.samples, clip.sample_rate, SAMPLE_RATE)
        with torch.inference_mode():
            channels = spectrum(torch.from_numpy(low))
            mixed = channels.abs().square().mean(0, keepdim=True).sqrt()
            evidence = on_frames(torch.from_numpy(scores)[None], mixed.shape[1], STEP_S)
            mask = self._network.mask(mixed, evidence, torch.from_numpy(words)[None])[0]
            kept = torch.stack([waveform(channel * mask, low.shape[1]) for channel in channels]).numpy()
            top = mask[:, -round(mask.shape[1] * _TOP_HZ / (SAMPLE_RATE / 2)) :].mean(1).numpy()
        frames = clip.samples.shape[1]
        made = _resampled(kept, SAMPLE_RATE, clip.sample_rate, frames)
        if clip.sample_rate > SAMPLE_RATE:
            above = clip.samples - _resampled(low, SAMPLE_RATE, clip.sample_rate, frames)
            made += above * np.interp(np.linspace(0, len(top) - 1, frames), np.arange(len(top)), top).astype(np.float32)
        return made


def _cut(scores: Window, begin_s: float, seconds: float) -> Window:
    """The windows from some time on, in between those that there are."""
    at = begin_s / STEP_S + np.arange(int(seconds / STEP_S) + 2)
    return np.asarray(np.interp(at, np.arange(len(scores)), scores), np.float32)


def _resampled(samples: Samples, rate: int, wanted: int, frames: int | None = None) -> Samples:
    """At another rate, and of so many frames."""
    made = samples if rate == wanted else np.asarray(soxr.resample(samples.T, rate, wanted), np.float32).T
    if frames is not None:
        made = np.pad(made[:, :frames], ((0, 0), (0, max(0, frames - made.shape[1]))))
    return np.array(made, np.float32, order="C")
