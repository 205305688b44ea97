"""Conv-TasNet: one recording of several talkers to one recording each (Luo and Mesgarani 2019, arXiv:1809.07454).

Time is the last but one axis everywhere and channels are the last, so that every 1x1 convolution is one matrix product.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.models.speech._spectral_tasnet import GlobalNorm


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a network. The names of the paper are N, L, B, H, Sc, P, X and R."""

    sources: int = 2
    filters: int = 512
    stride: int = 16
    """Samples from window to window; a window is two strides long."""
    bottleneck: int = 128
    hidden: int = 512
    skip: int = 128
    """Channels of the skip connections. With 0 the masks come from the last block's output."""
    kernel: int = 3
    blocks: int = 8
    repeats: int = 3
    rectified: bool = False
    """Whether what leaves the encoder is made positive."""


class TasNet(nn.Module):
    """Waveforms, shape (batch, samples), to one a source, shape (batch, sources, samples)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = nn.Linear(2 * shape.stride, shape.filters, bias=False)
        self.norm = GlobalNorm(shape.filters)
        self.bottleneck = nn.Linear(shape.filters, shape.bottleneck)
        self.separator = nn.ModuleList(
            Block(shape, 2**block) for _ in range(shape.repeats) for block in range(shape.blocks)
        )
        self.slope = nn.Parameter(torch.tensor(0.25))
        self.masks = nn.Linear(shape.skip or shape.bottleneck, shape.sources * shape.filters)
        self.decoder = nn.Linear(shape.filters, 2 * shape.stride, bias=False)

    def forward(self, waveforms: Tensor) -> Tensor:
        """Every source is as long as what goes in."""
        batch, samples = waveforms.shape
        shape, stride = self.shape, self.shape.stride
        lacking = max(2 * stride - samples, -samples % stride)
        halves = functional.pad(waveforms, (0, lacking)).view(batch, -1, stride)
        encoded = self.encoder(torch.cat([halves[:, :-1], halves[:, 1:]], dim=2))
        encoded = functional.relu(encoded) if shape.rectified else encoded
        masks = functional.relu(self.masks(self._separated(encoded)))
        windows = self.decoder(masks.view(batch, -1, shape.sources, shape.filters) * encoded[:, :, None])
        before, after = windows.split(stride, dim=3)
        added = functional.pad(before, (0, 0, 0, 0, 0, 1)) + functional.pad(after, (0, 0, 0, 0, 1, 0))
        return added.transpose(1, 2).reshape(batch, shape.sources, -1)[..., :samples]

    def _separated(self, encoded: Tensor) -> Tensor:
        """What the masks are made of, shape (batch, steps, skip or bottleneck)."""
        stream = self.bottleneck(self.norm(encoded))
        skips = None
        for block in self.separator:
            residual, skip = block(stream)
            stream = stream + residual
            if skip is not None:
                skips = skip if skips is None else skips + skip
        return prelu(stream if skips is None else skips, self.slope)


class Block(nn.Module):
    """A depthwise separable convolution, dilated, shape (batch, steps, bottleneck) to the same."""

    def __init__(self, shape: Shape, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.widen = nn.Linear(shape.bottleneck, shape.hidden)
        self.slopes = nn.Parameter(torch.full((2,), 0.25))
        self.norms = nn.ModuleList((GlobalNorm(shape.hidden), GlobalNorm(shape.hidden)))
        self.depthwise = nn.Parameter(torch.empty(shape.kernel, shape.hidden).uniform_(-1, 1) / shape.kernel**0.5)
        self.bias = nn.Parameter(torch.zeros(shape.hidden))
        self.residual = nn.Linear(shape.hidden, shape.bottleneck)
        self.skip = nn.Linear(shape.hidden, shape.skip) if shape.skip else None

    def forward(self, stream: Tensor) -> tuple[Tensor, Tensor | None]:
        """What is added to the stream, and what is added up for the masks where the network has skip connections."""
        wide = self.norms[0](prelu(self.widen(stream), self.slopes[0]))
        wide = self.norms[1](prelu(self._convolved(wide), self.slopes[1]))
        return self.residual(wide), self.skip(wide) if self.skip is not None else None

    def _convolved(self, wide: Tensor) -> Tensor:
        """Each channel with its own few weights: shifted, scaled, added up."""
        steps, taps = wide.shape[1], len(self.depthwise)
        reach = (taps - 1) * self.dilation // 2
        padded = functional.pad(wide, (0, 0, reach, reach))
        weights = self.depthwise.to(wide.dtype)
        total = self.bias.to(wide.dtype) + padded[:, :steps] * weights[0]
        for tap in range(1, taps):
            start = tap * self.dilation
            total = total + padded[:, start : start + steps] * weights[tap]
        return total


class DenseBlock(nn.Module):
    """A dilated convolution and a 1x1 convolution, shape (batch, steps, bottleneck) to the same."""

    def __init__(self, shape: Shape, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.kernel = shape.kernel
        self.norm = GlobalNorm(shape.bottleneck)
        self.widen = nn.Linear(shape.kernel * shape.bottleneck, shape.hidden)
        self.residual = nn.Linear(shape.hidden, shape.bottleneck)

    def forward(self, stream: Tensor) -> tuple[Tensor, None]:
        """What is added to the stream; there are no skip connections."""
        steps, reach = stream.shape[1], (self.kernel - 1) * self.dilation // 2
        padded = functional.pad(self.norm(stream), (0, 0, reach, reach))
        taps = [padded[:, tap * self.dilation :][:, :steps] for tap in range(self.kernel)]
        return self.residual(functional.relu(self.widen(torch.cat(taps, dim=2)))), None


def prelu(features: Tensor, slope: Tensor) -> Tensor:
    """A rectifier that lets a learnt share of the negative through."""
    return torch.where(features > 0, features, features * slope.to(features.dtype))
