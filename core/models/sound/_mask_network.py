"""A network that masks all but one sound in a spectrogram, told by words and by where a tagger hears that sound.

The words are a sentence vector that scales and shifts every layer (FiLM, Perez et al. 2018, arXiv:1709.07871). What the
spectrum is like where the sound is heard, and where it is not, goes in beside the mixture: so it also works for sounds
that it was not trained on.
"""

from __future__ import annotations

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SAMPLE_RATE = 16_000
FFT, HOP = 1024, 256
BINS = FFT // 2 + 1
WORDS = 512
"""Dimensions of a sentence vector."""
_WIDTH, _HIDDEN = 192, 384
_NARROW = 64
"""What the sentence is pressed into: a few hundred sounds must not be learned by heart."""
_KERNEL = 3
_DILATIONS = (1, 2, 4, 8, 16, 1, 4, 16)
_FLOOR = 1e-4
_SPREAD = 3.0
"""About the standard deviation of the log spectra that go in."""


def spectrum(samples: Tensor) -> Tensor:
    """Complex, shape (..., frames, BINS), of samples of shape (..., length)."""
    window = torch.hann_window(FFT, device=samples.device)
    flat = samples.reshape(-1, samples.shape[-1])
    found = torch.stft(flat, FFT, HOP, window=window, return_complex=True, pad_mode="constant")
    return found.transpose(-1, -2).reshape(*samples.shape[:-1], -1, BINS)


def waveform(found: Tensor, length: int) -> Tensor:
    """The samples of a spectrum of one channel, shape (length,)."""
    window = torch.hann_window(FFT, device=found.device)
    return torch.istft(found.transpose(-1, -2), FFT, HOP, window=window, length=length)


def features(magnitude: Tensor, evidence: Tensor) -> Tensor:
    """What the network sees, shape (batch, frames, 3 * BINS + 2).

    Args:
        magnitude: of the mixture, shape (batch, frames, BINS).
        evidence: how probable the sound is, frame by frame, shape (batch, frames).
    """
    level = magnitude.square().mean((1, 2), keepdim=True).sqrt() + 1e-8
    scaled = magnitude / level
    log = torch.log(scaled + _FLOOR)
    there, rest = _mean(scaled, evidence), _mean(scaled, (1 - evidence).square())
    contrast = (there - rest).expand_as(log)
    likely = torch.logit(evidence.clamp(0.002, 0.998)) / 6
    return torch.cat(
        [log / _SPREAD, (log - rest) / _SPREAD, contrast / _SPREAD, evidence[..., None], likely[..., None]], -1
    )


def on_frames(evidence: Tensor, frames: int, step_s: float) -> Tensor:
    """The tagger's windows, one every `step_s` from the start on, shape (batch, windows), on frames of a spectrum."""
    at = (torch.arange(frames, device=evidence.device) * (HOP / SAMPLE_RATE / step_s)).clamp(max=evidence.shape[1] - 1)
    before = at.floor().long()
    after = (before + 1).clamp(max=evidence.shape[1] - 1)
    return torch.lerp(evidence[:, before], evidence[:, after], at - before)


def _mean(scaled: Tensor, weights: Tensor) -> Tensor:
    """The log of the weighted RMS over time, shape (batch, 1, BINS); of all frames where no weight is."""
    weights = weights[..., None] + 1e-3
    power = (weights * scaled.square()).sum(1, keepdim=True) / weights.sum(1, keepdim=True)
    return torch.log(power.sqrt() + _FLOOR)


class _Block(nn.Module):
    """A residual block: along time in each channel, then across the channels."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self._dilation = dilation
        self.norm = nn.LayerNorm(_WIDTH)
        self.widen = nn.Linear(_WIDTH, _HIDDEN)
        self.along = nn.Parameter(torch.randn(_KERNEL, _HIDDEN) * _KERNEL**-0.5)
        self.narrow = nn.Linear(_HIDDEN, _WIDTH)

    def forward(self, x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
        """Frames of shape (batch, frames, _WIDTH); scale and shift of shape (batch, 1, _WIDTH)."""
        hidden = F.gelu(self.widen(self.norm(x) * (1 + scale) + shift))
        reach = self._dilation
        padded = F.pad(hidden, (0, 0, reach, reach))
        frames = hidden.shape[1]
        mixed = sum(padded[:, k * reach : k * reach + frames] * self.along[k] for k in range(_KERNEL))
        return cast(Tensor, x + self.narrow(F.gelu(cast(Tensor, mixed))))


class MaskNetwork(nn.Module):
    """From the features of a mixture and the vector of some words to a mask."""

    def __init__(self) -> None:
        super().__init__()
        self.enter = nn.Linear(3 * BINS + 2, _WIDTH)
        self.words = nn.Linear(WORDS, _NARROW)
        self.films = nn.Linear(_NARROW, len(_DILATIONS) * 2 * _WIDTH)
        self.blocks = nn.ModuleList(_Block(dilation) for dilation in _DILATIONS)
        self.leave = nn.Sequential(nn.LayerNorm(_WIDTH), nn.Linear(_WIDTH, BINS))

    def forward(self, seen: Tensor, words: Tensor) -> Tensor:
        """The mask, 0 to 1, shape (batch, frames, BINS), from `features` and unit vectors of shape (batch, WORDS)."""
        films = self.films(F.gelu(self.words(words * WORDS**0.5)))[:, None].chunk(2 * len(_DILATIONS), -1)
        x = self.enter(seen)
        for block, scale, shift in zip(self.blocks, films[::2], films[1::2], strict=True):
            x = block(x, scale, shift)
        return torch.sigmoid(self.leave(x))

    def mask(self, magnitude: Tensor, evidence: Tensor, words: Tensor) -> Tensor:
        """The mask for a mixture: `features` and `forward` in one."""
        return cast(Tensor, self(features(magnitude, evidence), words))


def write(state: dict[str, Tensor], path: Any) -> None:
    """Keep weights in 16 bits."""
    from safetensors.torch import save_file

    save_file({name: weights.half().contiguous() for name, weights in state.items()}, path)


def read(path: Any) -> MaskNetwork:
    """The network with the weights that `write` has kept."""
    from safetensors.torch import load_file

    network = MaskNetwork()
    network.load_state_dict({name: weights.float() for name, weights in load_file(path).items()})
    return network.eval()
