"""Florence-2: pictures in a few sentences, with hub weights (Xiao et al. 2023, arXiv:2311.06242)."""

from __future__ import annotations

from typing import Any

from core.models.image._caption_hub import CaptionHub


class Florence2Hub(CaptionHub):
    """What is seen, and where: one to three English sentences.

    The weights are microsoft/Florence-2-large in the form that transformers reads without code of theirs.
    """

    id = "florence-2-large"
    licence = "MIT"
    memory_bytes = 4 << 30
    source = "florence-community/Florence-2-large"
    asked = {"text": "<DETAILED_CAPTION>"}
    writing = {"max_new_tokens": 128, "num_beams": 3}

    def _classes(self) -> tuple[Any, Any]:
        from transformers import Florence2ForConditionalGeneration, Florence2Processor

        return Florence2Processor, Florence2ForConditionalGeneration
