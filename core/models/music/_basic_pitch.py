"""Basic Pitch: which notes sound and which begin, of any instrument (Bittner et al. 2022, arXiv:2203.09893).

The network alone, from the package's ONNX file; its decoding is our own (`_polyphony`, `_melody_line`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import NoModel
from core.media import Audio
from core.models.sound._yamnet import blocks

SHA256 = "2c3c1d144bfa61ad236e92e169c13535c880469a12a047d4e73451f2c059a0ec"
SAMPLE_RATE, HOP = 22_050, 256
FRAME_S = HOP / SAMPLE_RATE
LOWEST, PITCHES = 21, 88
"""The keys of a piano, as MIDI notes."""
_PACKAGE = "basic_pitch"
_MODEL = Path("saved_models") / "icassp_2022" / "nmp.onnx"
_WINDOW = 43_844
"""Samples that the network hears at once, of which it makes 172 frames."""
_MARGIN, _KEPT = 15, 142
"""Frames at each end of a window that are not used, and those between them that are."""
_NOTES, _ONSETS = "StatefulPartitionedCall:1", "StatefulPartitionedCall:2"

Matrix = NDArray[np.float16]


@dataclass(frozen=True, slots=True, eq=False)
class Activations:
    """How probable the network finds each note; shape (frames, `PITCHES`), a frame lasts `FRAME_S`."""

    notes: Matrix
    """That it sounds."""
    onsets: Matrix
    """That it begins."""


def missing() -> str | None:
    """None, or which package to install."""
    for package, name in ((_PACKAGE, "basic-pitch"), ("onnxruntime", "onnxruntime")):
        if find_spec(package) is None:
            return f"run `make setup`: {name} is not installed"
    return None


class BasicPitch:
    """The network, loaded. May be called from several threads."""

    def __init__(self) -> None:
        """Read the weights, 230 kB.

        Raises:
            NoModel: they are not the known ones.
        """
        import onnxruntime

        content = _file().read_bytes()
        if hashlib.sha256(content).hexdigest() != SHA256:
            raise NoModel("The weights of the transcriber are damaged: run `make setup`.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # 30 ms a window of 1.6 s: threads would only wait for each other
        self._session: Any = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def hear(self, clip: Audio, progress: Callable[[float], None] = lambda fraction: None) -> Activations:
        """The activations of a clip of any sample rate and channel count, window by window."""
        notes: list[Matrix] = []
        onsets: list[Matrix] = []
        length = 0
        pending = np.zeros(_MARGIN * HOP, np.float32)
        for block, fraction in blocks(clip, SAMPLE_RATE):
            length += len(block)
            pending = np.concatenate([pending, block])
            if fraction == 1.0:
                pending = np.pad(pending, (0, _WINDOW))
            while len(pending) >= _WINDOW and len(notes) * _KEPT * HOP < length:
                found = self._session.run([_NOTES, _ONSETS], {self._input: pending[None, :_WINDOW, None]})
                for kept, made in zip((notes, onsets), found, strict=True):
                    kept.append(made[0, _MARGIN : _MARGIN + _KEPT].astype(np.float16))
                pending = pending[_KEPT * HOP :]
                progress(min(1.0, len(notes) * _KEPT * FRAME_S / max(clip.duration_s, FRAME_S)))
        frames = -(-length // HOP)
        empty = np.zeros((0, PITCHES), np.float16)
        return Activations(np.concatenate([*notes, empty])[:frames], np.concatenate([*onsets, empty])[:frames])


def _file() -> Path:
    """The weights, in a package of which no code is run."""
    spec = find_spec(_PACKAGE)
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations))) / _MODEL
