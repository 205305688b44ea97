"""CLAP leads the extraction: one sound that is named in free words, with hub weights (Wu et al. 2023)."""

from __future__ import annotations

from dataclasses import replace

from core.media import Audio
from core.models import hub
from core.models.base import Tier
from core.models.sound._choosing_parts import Progress, Score
from core.models.sound._events import spans
from core.models.sound._hearing import checked
from core.models.sound._listening import Listened
from core.models.sound.clap_hub import HUB_ID, ClapHub
from core.models.sound.extractor import Extractor
from core.settings import Settings


class ClapExtractor(Extractor):
    """The bundled way of parting, led by CLAP in place of YAMNet: it also knows sounds that no class is named after.

    No network for extraction by text comes with transformers or diffusers; the mask is that of the bundled one.
    """

    id = "clap-extractor"
    tier = Tier.HUB
    licence = "Apache-2.0"
    languages = ("en",)
    memory_bytes = 1800 << 20
    source = HUB_ID
    faint = 0.05

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._clap = ClapHub(settings)

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return hub.missing(settings, HUB_ID) or super().missing(settings)

    def load(self, device: str) -> None:
        """Read CLAP, and what the bundled way needs.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        self._clap.load(device)
        super().load(device)

    def _listen(self, target: str, clip: Audio, progress: Progress) -> Listened:
        assert self._matcher is not None
        heard, scores = self._clap.listen(target, checked(clip), progress)
        times = list(spans(scores, replace(heard, scores=scores[:, None])))
        return Listened(self._matcher.meant(target), [target], heard, scores, times, ())

    def _score(self, target: str, found: Listened) -> Score:
        return lambda part: self._clap.listen(target, part, lambda fraction: None)[1]
