"""Parakeet: English by a Fast Conformer of 1.1 billion parameters (Rekesh et al. 2023, arXiv:2305.05084)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.models.speech._ctc_hub import CtcHub

HUB_ID = "nvidia/parakeet-ctc-1.1b"


class ParakeetHub(CtcHub):
    """Lower-case words without punctuation, fast; each stretch between pauses has its times, single words have none."""

    id = "parakeet-ctc-1.1b"
    licence = "CC-BY-4.0"
    memory_bytes = 4500 << 20
    source = HUB_ID
    hub_id = HUB_ID

    def _kinds(self) -> tuple[Any, Any]:
        from transformers import ParakeetForCTC, ParakeetProcessor

        return ParakeetForCTC, ParakeetProcessor

    def _words(self, ids: Any) -> tuple[str, Sequence[tuple[str, int, int]]]:
        return str(self._processor.tokenizer.decode(ids.tolist(), skip_special_tokens=True, group_tokens=True)), ()
