"""Qwen3-ASR: speech recognition in 30 languages by a language model that hears (Qwen team 2026, arXiv:2601.21337)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.models.speech._stretches_hub import StretchesHub
from core.models.speech._transcript import Segment
from core.models.speech._vad import SAMPLE_RATE

HUB_ID = "Qwen/Qwen3-ASR-1.7B-hf"
_ALIASES = {"tl": "fil", "cmn": "zh", "in": "id"}
_TOKENS_PER_S, _TOKENS_MORE = 20, 32
"""A limit to what is written down: one that repeats itself for ever is cut. Nobody says ten words a second."""


class Qwen3AsrHub(StretchesHub):
    """Finds the language of every stretch by itself. Stretches have times, single words have none."""

    id = "qwen3-asr-1.7b"
    licence = "Apache-2.0"
    languages = (
        *("ar", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fil", "fr", "hi", "hu", "id", "it", "ja"),
        *("ko", "mk", "ms", "nl", "pl", "pt", "ro", "ru", "sv", "th", "tr", "vi", "yue", "zh"),
    )
    memory_bytes = 4800 << 20
    source = HUB_ID
    hub_id = HUB_ID
    longest_s = 20.0

    def _kinds(self) -> tuple[Any, Any]:
        from transformers import Qwen3ASRForConditionalGeneration, Qwen3ASRProcessor

        return Qwen3ASRForConditionalGeneration, Qwen3ASRProcessor

    def _asked(self, language: str | None) -> str | None:
        return super()._asked(_ALIASES.get(language or "", language))

    def _heard(
        self, audio: NDArray[np.float32], start_s: float, end_s: float, language: str | None
    ) -> tuple[Segment, str]:
        import torch
        from transformers.models.qwen3_asr.processing_qwen3_asr import LANGUAGE_CODE_TO_NAME

        inputs = self._processor.apply_transcription_request(
            audio, language=language, processor_kwargs={"audio_kwargs": {"sampling_rate": SAMPLE_RATE}}
        )
        inputs = inputs.to(self._model.device, dtype=self._model.dtype)
        most = round((end_s - start_s) * _TOKENS_PER_S) + _TOKENS_MORE
        with torch.inference_mode():
            made = self._model.generate(**inputs, max_new_tokens=most, do_sample=False)
        (row,) = made[:, inputs["input_ids"].shape[1] :]
        found = self._processor.decode(row, return_format="parsed")
        codes = {name: code for code, name in LANGUAGE_CODE_TO_NAME.items()}
        spoken = language or codes.get(found["language"] or "", "en")
        space = "" if spoken in ("ja", "th", "yue", "zh") else " "
        return Segment(start_s, end_s, space + found["transcription"]), spoken
