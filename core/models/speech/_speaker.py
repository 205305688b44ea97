"""Who it sounds like: the speaker encoder of Resemblyzer, a d-vector network (Wan et al. 2018, arXiv:1710.10467).

The network is built here and only its weights are taken from the package, whose own code wants three more packages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from core.errors import NoModel

SAMPLE_RATE = 16_000
WINDOW_S = 1.6
"""What the network was trained on, and the longest that it hears at once."""
SOURCE = "resemblyzer==0.1.4"
LICENCE = "Apache-2.0"
WEIGHTS_SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"

_FFT, _HOP, _MELS = 400, 160, 40
_SIZE, _LAYERS = 256, 3
_LEVEL = 0.06
"""RMS that every window is brought to. The network hears power, not its logarithm: who sits far from the microphone
would be somebody else."""
_BATCH = 64
_WEIGHTS = "pretrained.pt"

Vectors = NDArray[np.float32]
"""Shape (windows, 256), each of length 1. The cosine of two is their dot product, 0 to 1: same speaker about .85."""


def missing() -> str | None:
    """None, or which package to install. Imports nothing."""
    absent = [name for name in ("resemblyzer", "torch") if find_spec(name) is None]
    return f"run `make setup`: {', '.join(absent)} not installed" if absent else None


class SpeakerEncoder:
    """Turns stretches of speech into vectors that are close when the voice is the same."""

    def __init__(self) -> None:
        """Read the weights, 17 MB, from the package.

        Raises:
            NoModel: the package is not installed, or its weights are not the known ones.
        """
        if reason := missing():
            raise NoModel(f"The speaker encoder is not installed here: {reason}.")
        import torch

        path = _weights_path()
        if sha256(path.read_bytes()).hexdigest() != WEIGHTS_SHA256:
            raise NoModel("The speaker encoder's weights on this machine are damaged. Please run `make setup` again.")
        state = torch.load(path, map_location="cpu", weights_only=True)["model_state"]
        self._lstm = torch.nn.LSTM(_MELS, _SIZE, _LAYERS, batch_first=True).eval()
        self._linear = torch.nn.Linear(_SIZE, _SIZE).eval()
        for name, part in (("lstm.", self._lstm), ("linear.", self._linear)):
            part.load_state_dict({k.removeprefix(name): v for k, v in state.items() if k.startswith(name)})

    def embed(self, samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
        """The vector of one voice, shape (256,), from a mono clip of shape (frames,): the mean over its windows.

        Silence should have been taken out before: it sounds like somebody, too.
        """
        audio = resampled(samples, sample_rate)
        frames, step = round(WINDOW_S * SAMPLE_RATE), round(WINDOW_S / 2 * SAMPLE_RATE)
        last = max(1, len(audio) - frames + step)
        starts = range(0, last, step)
        spans = [(s, min(len(audio), s + frames)) for s in starts]
        return unit(self.windows(audio, [(a, b) for a, b in spans if b - a >= frames // 2] or spans[:1]).mean(axis=0))

    def windows(
        self,
        audio: NDArray[np.float32],
        spans: Sequence[tuple[int, int]],
        progress: Callable[[float], None] = lambda fraction: None,
    ) -> Vectors:
        """The vectors of spans of at most `WINDOW_S`, given in samples of a mono clip at 16 kHz.

        Spans of the same length go through the network together, at most 64 at once.
        """
        import torch

        vectors = np.zeros((len(spans), _SIZE), np.float32)
        done = 0
        with torch.inference_mode():
            for batch in _batches(spans):
                parts = [audio[slice(*spans[index])] for index in batch]
                mels = np.stack([mel(part * (_LEVEL / max(_rms(part), 1e-5))) for part in parts])
                _, (hidden, _) = self._lstm(torch.from_numpy(mels))
                vectors[batch] = torch.relu(self._linear(hidden[-1])).numpy()
                done += len(batch)
                progress(done / len(spans))
        return unit(vectors)


@cache
def shared() -> SpeakerEncoder:
    """The process's one encoder, for those who need it beside a model of their own."""
    return SpeakerEncoder()


def resampled(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """A mono clip, shape (frames,), at 16 kHz."""
    if sample_rate != SAMPLE_RATE:
        samples = soxr.resample(samples, sample_rate, SAMPLE_RATE)
    return np.ascontiguousarray(samples, np.float32)


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors, the last axis, at length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def mel(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mel power spectrogram, not its logarithm, shape (frames, 40): 25 ms Hann windows every 10 ms at 16 kHz."""
    padded = np.pad(audio, _FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]
    window, bank = _front_end()
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    return np.asarray(power @ bank, np.float32)


@cache
def _front_end() -> tuple[Any, Any]:
    """The Hann window, shape (400,), and the mel filters, shape (201, 40): triangles of equal area, O'Shaughnessy's
    scale as in Slaney's Auditory Toolbox."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FFT) / _FFT)
    top = 15 + np.log(SAMPLE_RATE / 2 / 1000) / (np.log(6.4) / 27)
    mels = np.linspace(0, top, _MELS + 2)
    edges = np.where(mels < 15, mels * 200 / 3, 1000 * np.exp((mels - 15) * np.log(6.4) / 27))
    bins = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)[:, None]
    rising, falling = (bins - edges[:-2]) / np.diff(edges)[:-1], (edges[2:] - bins) / np.diff(edges)[1:]
    return window, np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))


def _rms(audio: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(np.square(audio, dtype=np.float64)))) if len(audio) else 0.0


def _batches(spans: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """Indexes of spans that have the same length, at most `_BATCH` at once."""
    by_length: dict[int, list[int]] = {}
    for index, (start, end) in enumerate(spans):
        by_length.setdefault(end - start, []).append(index)
    for indexes in by_length.values():
        for at in range(0, len(indexes), _BATCH):
            yield indexes[at : at + _BATCH]


def _weights_path() -> Path:
    """Found without importing the package, whose own imports are not installed."""
    spec = find_spec("resemblyzer")
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / _WEIGHTS
