"""A Conv-TasNet whose encoder is the short-time Fourier transform (Heitkaemper et al. 2020, arXiv:1911.08895).

Its windows of 32 ms resolve the harmonics of a voice, so that far less training tells two voices apart; complex masks
move the phase as well. The convolutions are full ones: fewer, larger matrix products than depthwise separable ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

_EPS = 1e-8
_FLOOR, _LEAST_SPREAD = 1e-4, 0.1
"""Below the mean size: -80 dB. Every bin has mean 0 and about variance 1 over time, without which nothing is learnt."""


@dataclass(frozen=True, slots=True)
class Spectral:
    """Sizes of a network."""

    talkers: int = 2
    window: int = 512
    hop: int = 256
    bottleneck: int = 192
    hidden: int = 416
    kernel: int = 3
    blocks: int = 6
    """The dilation doubles from block to block."""
    repeats: int = 2


class SpectralTasNet(nn.Module):
    """Waveforms, shape (batch, samples), to one a talker, shape (batch, talkers, samples)."""

    root_hann: Tensor

    def __init__(self, shape: Spectral) -> None:
        super().__init__()
        self.shape = shape
        self.bins = shape.window // 2 + 1
        self.register_buffer("root_hann", torch.hann_window(shape.window).sqrt(), persistent=False)
        self.bottleneck = nn.Linear(self.bins, shape.bottleneck)
        self.separator = nn.ModuleList(
            DenseBlock(shape, 2**block) for _ in range(shape.repeats) for block in range(shape.blocks)
        )
        self.norm = GlobalNorm(shape.bottleneck)
        self.masks = nn.Linear(shape.bottleneck, shape.talkers * self.bins * 2)

    def forward(self, waveforms: Tensor) -> Tensor:
        """Every talker is as long as what goes in."""
        spectrum = self.spectrum(waveforms)
        return self.masked(spectrum, self.stream(spectrum), waveforms.shape[1])

    def spectrum(self, waveforms: Tensor) -> Tensor:
        """Complex, shape (..., frames, bins), of waveforms of shape (..., samples)."""
        flat = functional.pad(
            waveforms.reshape(-1, waveforms.shape[-1]), (0, self.shape.hop)
        )  # no end hangs on one window
        found = torch.stft(
            flat, self.shape.window, self.shape.hop, window=self.root_hann, pad_mode="constant", return_complex=True
        )
        return found.transpose(1, 2).reshape(*waveforms.shape[:-1], -1, self.bins)

    def stream(self, spectrum: Tensor) -> Tensor:
        """What tells the voices apart, shape (batch, frames, bottleneck), at any level of the mix."""
        size = spectrum.abs()
        heard = (size / (size.mean((1, 2), keepdim=True) + _EPS) + _FLOOR).log()
        spread = heard.std(1, correction=0, keepdim=True) + _LEAST_SPREAD
        stream: Tensor = self.bottleneck((heard - heard.mean(1, keepdim=True)) / spread)
        for block in self.separator:
            stream = stream + block(stream)
        normed: Tensor = self.norm(stream)
        return normed

    def masked(self, spectrum: Tensor, stream: Tensor, samples: int) -> Tensor:
        """The talkers, shape (batch, talkers, samples)."""
        batch, frames, _ = spectrum.shape
        masks = torch.view_as_complex(self.masks(stream).float().view(batch, frames, self.shape.talkers, self.bins, 2))
        parts = (masks * spectrum[:, :, None]).permute(0, 2, 3, 1).flatten(0, 1)
        found = torch.istft(parts, self.shape.window, self.shape.hop, window=self.root_hann, length=samples)
        return found.view(batch, self.shape.talkers, samples)


class DenseBlock(nn.Module):
    """A dilated convolution and a 1x1 convolution, shape (batch, frames, bottleneck) to the same."""

    def __init__(self, shape: Spectral, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.kernel = shape.kernel
        self.norm = GlobalNorm(shape.bottleneck)
        self.widen = nn.Linear(shape.kernel * shape.bottleneck, shape.hidden)
        self.residual = nn.Linear(shape.hidden, shape.bottleneck)

    def forward(self, stream: Tensor) -> Tensor:
        """What is added to the stream."""
        frames, reach = stream.shape[1], (self.kernel - 1) * self.dilation // 2
        padded = functional.pad(self.norm(stream), (0, 0, reach, reach))
        taps = [padded[:, tap * self.dilation :][:, :frames] for tap in range(self.kernel)]
        found: Tensor = self.residual(functional.relu(self.widen(torch.cat(taps, dim=2))))
        return found


class GlobalNorm(nn.Module):
    """Mean 0 and variance 1 over all frames and channels of each item; the paper's gLN."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, features: Tensor) -> Tensor:
        """Shape (batch, frames, channels) to the same."""
        flat = functional.layer_norm(features.flatten(1), (features[0].numel(),), eps=_EPS).view_as(features)
        return flat * self.gain.to(flat.dtype) + self.bias.to(flat.dtype)
