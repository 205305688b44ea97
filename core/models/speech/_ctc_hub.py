"""What the recognisers with hub weights and connectionist temporal classification share (Graves et al. 2006)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.models.speech._stretches_hub import StretchesHub
from core.models.speech._transcript import Segment, Word
from core.models.speech._vad import SAMPLE_RATE


class CtcHub(StretchesHub):
    """Hears English."""

    languages = ("en",)

    @abstractmethod
    def _words(self, ids: Any) -> tuple[str, Sequence[tuple[str, int, int]]]:
        """The text of one row of frame labels, and its words with first and last frame where the processor has them."""

    def _heard(
        self, audio: NDArray[np.float32], start_s: float, end_s: float, language: str | None
    ) -> tuple[Segment, str]:
        import torch

        inputs = self._processor(audio, sampling_rate=SAMPLE_RATE, return_tensors="pt")
        inputs = inputs.to(self._model.device, dtype=self._model.dtype)
        with torch.inference_mode():
            (ids,) = self._model(**inputs).logits.argmax(dim=-1)
        text, found = self._words(ids)
        frame_s = (end_s - start_s) / len(ids)
        words = tuple(Word(start_s + a * frame_s, start_s + b * frame_s, f" {word}") for word, a, b in found)
        return Segment(start_s, end_s, f" {text.strip()}", words), self.languages[0]
