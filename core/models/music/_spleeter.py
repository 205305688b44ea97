"""Spleeter's two-stem network in torch: which part of a spectrum is voice (Hennequin et al. 2020, JOSS 5(50), 2154).

Two U-Nets (Jansson et al. 2017) estimate the magnitudes of voice and accompaniment; the mask is the voice's share of
the power. The architecture is that of `spleeter/model/functions/unet.py` at its defaults.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

SAMPLE_RATE = 44_100
FFT, HOP = 4096, 1024
_BINS = 1024
"""What the network sees: up to 11 kHz."""
_TOP = 128
"""What lies above is shared as the mean of so many bins below it."""
_SEGMENT, _MARGIN = 512, 32
"""Frames of one look, and how many at each side the neighbouring looks decide."""
_STEP = _SEGMENT - 2 * _MARGIN
_LAYERS = 6
_EPSILON = 1e-3
_TINY = 1e-10

Samples = NDArray[np.float32]
Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """A convolution, and the batch normalisation behind it as a scale and a shift."""

    kernel: Tensor
    bias: Tensor
    scale: Tensor
    shift: Tensor


class _UNet:
    """One of the two, number 0 for voice and 1 for accompaniment."""

    def __init__(self, weights: Weights, number: int, device: str) -> None:
        def tensor(name: str) -> Tensor:
            return torch.from_numpy(weights[name]).to(device)

        def layer(kind: str, index: int, norm: int, order: tuple[int, ...]) -> _Layer:
            name, norms = _numbered(kind, index), _numbered("batch_normalization", norm)
            scale = tensor(f"{norms}/gamma") / (tensor(f"{norms}/moving_variance") + _EPSILON).sqrt()
            shift = tensor(f"{norms}/beta") - tensor(f"{norms}/moving_mean") * scale
            kernel = tensor(f"{name}/kernel").permute(*order).contiguous()
            return _Layer(kernel, tensor(f"{name}/bias"), scale[:, None, None], shift[:, None, None])

        first, norm = (_LAYERS + 1) * number, 2 * _LAYERS * number
        self._down = [layer("conv2d", first + i, norm + i, (3, 2, 0, 1)) for i in range(_LAYERS)]
        self._up = [
            layer("conv2d_transpose", _LAYERS * number + i, norm + _LAYERS + i, (3, 2, 0, 1)) for i in range(_LAYERS)
        ]
        last = _numbered("conv2d", first + _LAYERS)
        self._last = tensor(f"{last}/kernel").permute(3, 2, 0, 1).contiguous(), tensor(f"{last}/bias")

    def __call__(self, magnitude: Tensor) -> Tensor:
        """The magnitude of one stem, shape (1, 2, frames, _BINS) as that of the mixture."""
        skips: list[Tensor] = []
        x = magnitude
        for layer in self._down:
            conv = F.conv2d(F.pad(x, (1, 2, 1, 2)), layer.kernel, layer.bias, stride=2)
            skips.append(conv)
            x = F.leaky_relu(conv * layer.scale + layer.shift, 0.2)
        x = skips.pop()
        for layer in self._up:
            x = F.conv_transpose2d(x, layer.kernel, layer.bias, stride=2)[:, :, 1:-2, 1:-2]
            x = F.relu(x) * layer.scale + layer.shift
            x = torch.cat([skips.pop(), x], 1) if skips else x
        kernel, bias = self._last
        return torch.sigmoid(F.conv2d(F.pad(x, (3, 3, 3, 3)), kernel, bias, dilation=2)) * magnitude


def _numbered(kind: str, index: int) -> str:
    return f"{kind}_{index}" if index else kind


class Spleeter:
    """Finds the voice in music."""

    def __init__(self, weights: Weights, device: str) -> None:
        self._voice, self._rest = (_UNet(weights, number, device) for number in (0, 1))
        self._device = device

    def voice(self, samples: Samples, progress: Callable[[float], None]) -> Samples:
        """The voice in stereo samples at `SAMPLE_RATE`, shape (2, frames); what is left of them is the accompaniment.

        Looks of 12 s, of which the inner 10 s count: the memory that it takes does not grow with the length.
        """
        frames = samples.shape[1]
        window = torch.hann_window(FFT, device=self._device)
        count = -(-(frames + FFT) // HOP) + 1
        lead = FFT + _MARGIN * HOP
        out = np.zeros((2, (count - 1) * HOP + FFT), np.float32)
        for first in range(0, count, _STEP):
            begin = first * HOP - lead
            wanted = (_SEGMENT - 1) * HOP + FFT
            part = samples[:, max(0, begin) : max(0, begin + wanted)]
            part = np.pad(part, ((0, 0), (max(0, -begin), 0)))
            part = np.pad(part, ((0, 0), (0, wanted - part.shape[1])))
            progress(first / count)
            made = self._look(torch.from_numpy(part).to(self._device), window, min(_STEP, count - first))
            out[:, first * HOP : first * HOP + made.shape[1]] += made
        return out[:, FFT : FFT + frames]

    @torch.inference_mode()
    def _look(self, samples: Tensor, window: Tensor, inner: int) -> Samples:
        """The voice of the inner frames of one segment, overlapping as far as the window reaches."""
        spectrum = torch.stft(samples, FFT, HOP, window=window, center=False, return_complex=True).transpose(1, 2)
        magnitude = spectrum.abs()[None, :, :, :_BINS]
        voice, rest = (net(magnitude).square() for net in (self._voice, self._rest))
        mask = ((voice + _TINY / 2) / (voice + rest + _TINY))[0, :, _MARGIN : _MARGIN + inner]
        above = mask[..., -_TOP:].mean(-1, keepdim=True).expand(-1, -1, spectrum.shape[-1] - _BINS)
        masked = spectrum[:, _MARGIN : _MARGIN + inner] * torch.cat([mask, above], -1)
        frames = torch.fft.irfft(masked, FFT) * window * (2 / 3)  # four windows a sample: their squares sum to 3/2
        length = (inner - 1) * HOP + FFT
        added = F.fold(frames.transpose(1, 2), (1, length), (1, FFT), stride=(1, HOP)).reshape(2, length)
        return cast(Samples, added.cpu().numpy())
