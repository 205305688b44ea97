"""Wav2Vec2-Conformer: English with word times (Baevski et al. 2020, arXiv:2006.11477; Gulati et al. 2020)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.models.speech._ctc_hub import CtcHub

HUB_ID = "facebook/wav2vec2-conformer-rope-large-960h-ft"


class Wav2Vec2ConformerHub(CtcHub):
    """Capital letters without punctuation, trained on read books; every word has its times."""

    id = "wav2vec2-conformer-large"
    licence = "Apache-2.0"
    memory_bytes = 2600 << 20
    source = HUB_ID
    hub_id = HUB_ID

    def _kinds(self) -> tuple[Any, Any]:
        from transformers import Wav2Vec2ConformerForCTC, Wav2Vec2Processor

        return Wav2Vec2ConformerForCTC, Wav2Vec2Processor

    def _words(self, ids: Any) -> tuple[str, Sequence[tuple[str, int, int]]]:
        found = self._processor.tokenizer.decode(ids.tolist(), output_word_offsets=True)
        return found.text, [(w["word"], w["start_offset"], w["end_offset"]) for w in found.word_offsets]
