"""BLIP: pictures in a sentence, with hub weights (Li et al. 2022, arXiv:2201.12086)."""

from __future__ import annotations

from typing import Any

from core.models.image._caption_hub import CaptionHub


class BlipHub(CaptionHub):
    """One English sentence."""

    id = "blip-captioning-large"
    licence = "BSD-3-Clause"
    memory_bytes = 2 << 30
    source = "Salesforce/blip-image-captioning-large"
    writing = {"max_new_tokens": 48}

    def _classes(self) -> tuple[Any, Any]:
        from transformers import BlipForConditionalGeneration, BlipProcessor

        return BlipProcessor, BlipForConditionalGeneration
