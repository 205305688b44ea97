"""Open-Unmix in torch: which part of a song's spectrum is voice (Stöter et al. 2019, JOSS 4(41), 1667).

A network for each target (voice, drums, bass, the rest) estimates its magnitudes by a mask; a multichannel Wiener
filter, of one step of expectation and maximisation, takes the voice out by all of them (Nugraha et al. 2016, IEEE/ACM
TASLP 24(9)). Names, sizes and constants are those of the package openunmix 1.3.0 at its defaults.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from pickle import UnpicklingError

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.errors import NoModel

TARGETS = ("vocals", "drums", "bass", "other")
SAMPLE_RATE = 44_100
FFT, HOP = 4096, 1024
BINS = FFT // 2 + 1
CHANNELS = 2
_LAYOUT = {"sample_rate": SAMPLE_RATE, "nfft": FFT, "nhop": HOP, "nb_channels": CHANNELS}
_WINDOW = 300
"""Frames, 7 s, within which the filter takes every target to stay at its place between left and right."""
_STEP, _MARGIN = 6 * _WINDOW, 300
"""Frames of one look, and how many the networks hear before and behind it: more than the 6 s of their training."""
_USUAL = (0.25, 1.25)
"""Peaks that they know: in training the full-scale stems were scaled by so much."""
_EPSILON = 1e-10
_LOUDEST = 10.0
"""Magnitudes are brought below it before the filter, as its noise floor is absolute."""

Samples = NDArray[np.float32]


class Target(nn.Module):
    """The network of one target; its parts are named as in the published checkpoints."""

    def __init__(self, bins: int, hidden: int, layers: int) -> None:
        """`bins` is how many of the spectrum it hears, `layers` how many recurrent ones there are."""
        super().__init__()
        self.fc1 = nn.Linear(CHANNELS * bins, hidden, bias=False)
        self.bn1 = nn.BatchNorm1d(hidden)
        self.lstm = nn.LSTM(hidden, hidden // 2, layers, bidirectional=True)
        self.fc2 = nn.Linear(2 * hidden, hidden, bias=False)
        self.bn2 = nn.BatchNorm1d(hidden)
        self.fc3 = nn.Linear(hidden, CHANNELS * BINS, bias=False)
        self.bn3 = nn.BatchNorm1d(CHANNELS * BINS)
        self.input_mean, self.input_scale = (nn.Parameter(torch.zeros(bins)) for _ in range(2))
        self.output_mean, self.output_scale = (nn.Parameter(torch.zeros(BINS)) for _ in range(2))

    def forward(self, mix: Tensor) -> Tensor:
        """The target's magnitudes of those of the mixture, both of shape (frames, CHANNELS, BINS)."""
        heard = (mix[..., : len(self.input_mean)] + self.input_mean) * self.input_scale
        inner = torch.tanh(self.bn1(self.fc1(heard.flatten(1))))
        around, _ = self.lstm(inner)
        inner = torch.relu(self.bn2(self.fc2(torch.cat([inner, around], 1))))
        mask = self.bn3(self.fc3(inner)).unflatten(1, (CHANNELS, BINS))
        return torch.relu(mask * self.output_scale + self.output_mean) * mix


def read(path: Path) -> Target:
    """The network of a published checkpoint, `vocals-bccbd9aa.pth` and the like: a state dict, of any hidden size.

    Raises:
        NoModel: the file is damaged, or holds a network of another kind.
    """
    damaged = (OSError, EOFError, LookupError, TypeError, ValueError, RuntimeError, AttributeError, AssertionError)
    try:
        state = dict(torch.load(path, map_location="cpu", weights_only=True))
        bins, hidden = len(state["input_mean"]), len(state["fc1.weight"])
        layers = sum(name.startswith("lstm.weight_ih") for name in state) // 2
        if bins > BINS:
            raise ValueError(f"it hears {bins} bins of {BINS}")
        for norm in ("bn1", "bn2", "bn3"):  # it counts the training's batches and is not in every checkpoint
            state.setdefault(f"{norm}.num_batches_tracked", torch.tensor(0))
        with torch.device("meta"):  # no random numbers for what is overwritten at once
            network = Target(bins, hidden, layers)
        # Older checkpoints also hold the window and the sample rate, so that what is too much is no fault.
        if lacking := network.load_state_dict(state, strict=False, assign=True).missing_keys:
            raise ValueError(f"no {', '.join(lacking)}")
    except (*damaged, UnpicklingError) as error:  # whatever torch.load meets first in bytes that are not its own
        raise NoModel(f"The separation weights in {path.name} are damaged, or of another kind of network.") from error
    return network.float().eval().requires_grad_(False)


def check(path: Path) -> None:
    """Look into a `separator.json`, which the package writes beside networks that were trained with it.

    Raises:
        NoModel: the networks beside it are of another sample rate, transform or channel count, or it is damaged.
    """
    try:
        found = json.loads(path.read_text())
        fits = all(float(found[name]) == value for name, value in _LAYOUT.items())
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise NoModel(f"{path.name} beside the separation weights is damaged.") from error
    if not fits:
        raise NoModel(f"The separation weights beside {path.name} are for another sample rate or another spectrum.")


class OpenUnmix:
    """Finds the voice in music."""

    def __init__(self, targets: Mapping[str, Target], device: str) -> None:
        """The networks by what they find: `vocals`, and as many others of `TARGETS` as there are."""
        self._networks = [targets[name].to(device) for name in TARGETS if name in targets]
        self._rest = len(self._networks) < len(TARGETS)
        self._device = device
        self._window = torch.hann_window(FFT, device=device)

    def voice(self, samples: Samples, progress: Callable[[float], None]) -> Samples:
        """The voice in stereo samples at `SAMPLE_RATE`, shape (2, frames); what is left of them is the accompaniment.

        Looks of 42 s with 7 s before and behind: the memory that it takes does not grow with the length. What is
        quieter than music is amplified for the networks, as these do not hear alike at every level.

        Raises:
            Cancelled: `progress` has raised it; it is asked before every network of every look.
        """
        frames = samples.shape[1]
        peak = float(np.abs(samples).max(initial=0.0))
        if not peak:
            return np.zeros_like(samples)
        gain = float(np.clip(peak, *_USUAL)) / peak
        padded = np.pad(samples * np.float32(gain), ((0, 0), (FFT // 2, FFT // 2)), "reflect")
        count = frames // HOP + 1
        out = np.zeros((CHANNELS, (count - 1) * HOP + FFT), np.float32)
        weight = np.zeros(out.shape[1], np.float32)
        for first in range(0, count, _STEP):
            begin, last = max(0, first - _MARGIN), min(count, first + _STEP)
            part = padded[:, begin * HOP : (min(count, last + _MARGIN) - 1) * HOP + FFT]

            def told(fraction: float, first: int = first, last: int = last) -> None:
                progress((first + fraction * (last - first)) / count)

            made = self._look(torch.from_numpy(part).to(self._device), first - begin, last - first, told)
            for total, added in ((out, made[:CHANNELS]), (weight, made[CHANNELS])):
                total[..., first * HOP : first * HOP + made.shape[1]] += added
        inner = slice(FFT // 2, FFT // 2 + frames)
        return np.asarray(out[:, inner] / (weight[inner] * np.float32(gain)), np.float32)

    @torch.inference_mode()
    def _look(self, samples: Tensor, skipped: int, count: int, told: Callable[[float], None]) -> Samples:
        """The voice of `count` frames behind the first `skipped` of some samples, shape (3, (count - 1) * HOP + FFT).

        Two rows are the windowed frames of the channels, added up where they overlap, the third the squared windows.
        """
        spectrum = torch.stft(samples, FFT, HOP, window=self._window, center=False, return_complex=True)
        spectrum = spectrum.permute(2, 0, 1)
        magnitude, inner = spectrum.abs(), slice(skipped, skipped + count)
        parts = []
        for number, network in enumerate(self._networks):
            told(number / (len(self._networks) + 1))
            parts.append(network(magnitude)[inner])
        told(len(parts) / (len(parts) + 1))
        mix, stacked = spectrum[inner], torch.stack(parts)
        voice = torch.cat(
            [
                filtered(mix[at : at + _WINDOW], stacked[:, at : at + _WINDOW], self._rest)
                for at in range(0, count, _WINDOW)
            ]
        )
        frames = torch.fft.irfft(voice, FFT) * self._window
        squares = self._window.square().expand(count, 1, FFT)
        return _added(torch.cat([frames, squares], 1)).cpu().numpy()


def filtered(mix: Tensor, parts: Tensor, rest: bool) -> Tensor:
    """The first target's spectrum, complex64 of shape (frames, CHANNELS, BINS) as that of the mixture `mix`.

    `parts`, of shape (targets, frames, CHANNELS, BINS), are the magnitudes that the networks found. With `rest`, what
    they leave of the mixture is one more target. In double precision: of a mono song both channels are the same, and
    the covariance of the mixture is as good as singular.
    """
    scale = max(1.0, float(mix.abs().max()) / _LOUDEST)
    x = mix.to(torch.complex128) / scale
    amplitudes = parts.double() / scale
    if rest:  # less than nothing where the others are too loud: then its phase is the opposite one
        amplitudes = torch.cat([amplitudes, x.abs()[None] - amplitudes.sum(0, keepdim=True)])
    left, right = amplitudes.unbind(2)
    lefts, rights = left.square(), right.square()
    power = (lefts + rights) / 2
    total = power.sum(1) + _EPSILON
    # Each target's covariance between the channels, over all frames. Every target has the phases of the mixture, so
    # that only what goes across is complex.
    turn = torch.sgn(x[:, 0]) * torch.sgn(x[:, 1]).conj()
    ll, rr = lefts.sum(1) / total, rights.sum(1) / total
    lr = (left * right * turn).sum(1) / total
    # That of the mixture, for every frame: a Hermitian matrix of 2 by 2, inverted below.
    a, d = (_EPSILON**0.5 + (power * own[:, None]).sum(0) for own in (ll, rr))
    b = (power * lr[:, None]).sum(0)
    determinant = a * d - b.abs().square()
    first = (d * x[:, 0] - b * x[:, 1]) / determinant
    second = (a * x[:, 1] - b.conj() * x[:, 0]) / determinant
    voice = torch.stack([ll[0] * first + lr[0] * second, lr[0].conj() * first + rr[0] * second], 1)
    return (voice * power[0][:, None] * scale).to(torch.complex64)


def _added(frames: Tensor) -> Tensor:
    """Frames `HOP` apart, of shape (count, rows, FFT), added up: (rows, (count - 1) * HOP + FFT)."""
    count, rows, _ = frames.shape
    quarters = FFT // HOP
    out = frames.new_zeros(rows, count + quarters - 1, HOP)
    for quarter, part in enumerate(frames.reshape(count, rows, quarters, HOP).permute(2, 1, 0, 3)):
        out[:, quarter : quarter + count] += part
    return out.flatten(1)
