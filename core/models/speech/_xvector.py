"""Speaker vectors that SpeechT5 was trained on: x-vectors (Snyder et al. 2018), a time-delay network of SpeechBrain.

The network is built here, after the published hyperparameters, and only its weights are read: SpeechBrain itself
(Ravanelli et al. 2021, arXiv:2106.04624) is not needed.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import NoModel
from core.models import hub
from core.settings import Settings

HUB_ID = "speechbrain/spkrec-xvect-voxceleb"
WEIGHTS = "embedding_model.ckpt"
SAMPLE_RATE = 16_000
SIZE = 512
MELS = 24
LAYERS = ((512, 5, 1), (512, 3, 2), (512, 3, 3), (512, 1, 1), (1500, 1, 1))
"""Channels, kernel and dilation of each layer."""
_FFT, _HOP = 400, 160
_RANGE_DB = 80.0


def missing(settings: Settings) -> str | None:
    """None, or what to download."""
    return hub.missing(settings, HUB_ID, file=WEIGHTS)


class XVector:
    """A stretch of one voice becomes one vector."""

    def __init__(self, settings: Settings, device: str) -> None:
        """Read the weights, 17 MB.

        Raises:
            NoModel: they are not there, or not those of this network.
        """
        import torch

        path = hub.located(settings, HUB_ID, WEIGHTS)
        if path is None:
            raise NoModel(f"The weights of {HUB_ID} are not on this machine.")
        self._network = network()
        try:
            state = torch.load(path, map_location="cpu", weights_only=True)
            self._network.load_state_dict({key.removeprefix("blocks."): value for key, value in state.items()})
        except (RuntimeError, EOFError) as error:
            raise NoModel(f"The weights of {HUB_ID} on this machine are not whole.") from error
        self._network.to(device).eval()
        self._device = device

    def embed(self, speech: NDArray[Any]) -> Any:
        """The vector of a mono clip at 16 kHz, shape (frames,): a tensor of shape (1, 512) and length 1."""
        import torch

        features = torch.from_numpy(features_of(speech)).T[None].to(self._device)
        with torch.inference_mode():
            return torch.nn.functional.normalize(self._network(features))


def network() -> Any:
    """The untrained network: features of shape (clips, MELS, frames) to vectors, its weights named as there."""
    from torch import nn

    layers: dict[str, nn.Module] = {}
    before = MELS
    for number, (channels, kernel, dilation) in enumerate(LAYERS):
        same = dilation * (kernel - 1) // 2
        layers[f"{3 * number}"] = _named(
            conv=nn.Conv1d(before, channels, kernel, dilation=dilation, padding=same, padding_mode="reflect")
        )
        layers[f"{3 * number + 1}"] = nn.LeakyReLU()
        layers[f"{3 * number + 2}"] = _named(norm=nn.BatchNorm1d(channels))
        before = channels
    layers[f"{3 * len(LAYERS)}"] = _pooling()
    layers[f"{3 * len(LAYERS) + 1}"] = _named(w=nn.Linear(2 * before, SIZE))
    return nn.Sequential(_ordered(layers))


def _ordered(layers: dict[str, Any]) -> Any:
    from collections import OrderedDict

    return OrderedDict(layers)


def _named(**layer: Any) -> Any:
    from torch import nn

    return nn.Sequential(_ordered(layer))


def _pooling() -> Any:
    import torch

    class Statistics(torch.nn.Module):
        """Mean and standard deviation over time: (clips, channels, frames) to (clips, 2 * channels)."""

        def forward(self, frames: Any) -> Any:
            return torch.cat((frames.mean(-1), frames.std(-1) + 1e-5), dim=-1)

    return Statistics()


def features_of(speech: NDArray[Any]) -> NDArray[np.float32]:
    """Log mel power in dB, shape (frames, MELS), less its mean over the clip: Hamming windows of 25 ms every 10 ms."""
    padded = np.pad(np.asarray(speech, np.float32), _FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]
    window, bank = _front_end()
    power = (np.abs(np.fft.rfft(frames * window, axis=1)) ** 2) @ bank
    decibels = 10 * np.log10(np.maximum(power, 1e-10))
    decibels = np.maximum(decibels, decibels.max() - _RANGE_DB)
    return np.asarray(decibels - decibels.mean(axis=0), np.float32)


@cache
def _front_end() -> tuple[Any, Any]:
    """The periodic Hamming window, shape (400,), and triangles on O'Shaughnessy's mel scale, shape (201, MELS)."""
    window = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(_FFT) / _FFT)
    top = 2595 * np.log10(1 + SAMPLE_RATE / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, MELS + 2) / 2595) - 1)
    slopes = (np.linspace(0, SAMPLE_RATE / 2, _FFT // 2 + 1)[:, None] - edges[1:-1]) / np.diff(edges)[:-1]
    return window, np.maximum(0, np.minimum(1 + slopes, 1 - slopes))
