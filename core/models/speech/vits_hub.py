"""MMS text to speech, English: a VITS (Kim et al. 2021, arXiv:2106.06103; Pratap et al. 2023, arXiv:2305.13516)."""

from __future__ import annotations

from typing import Any

from core.errors import NoModel
from core.models import hub
from core.models.base import Voice
from core.models.speech._hub_voice import HubVoice
from core.settings import Settings

HUB_ID = "facebook/mms-tts-eng"


class VitsHub(HubVoice):
    """Characters to waveform in one network, 16 kHz."""

    id = "mms-tts-eng"
    licence = "CC-BY-NC-4.0"
    commercial = False
    memory_bytes = 400 << 20
    source = HUB_ID
    voices = (Voice("mms", "male"),)

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return hub.missing(settings, HUB_ID)

    @property
    def sample_rate(self) -> int:
        """Hz, as the weights' configuration says."""
        return int(self._model.config.sampling_rate)

    def load(self, device: str) -> None:
        """Read the weights, in single precision: the durations need it.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{HUB_ID} cannot run here: {reason}.")
        from transformers import VitsModel, VitsTokenizer

        self._model = hub.pretrained(VitsModel, self.settings, HUB_ID).to(device).eval()
        self._tokenizer = hub.pretrained(VitsTokenizer, self.settings, HUB_ID)

    def _waveform(self, inputs: Any, speed: float) -> Any:
        return self._model(**inputs, speaking_rate=self._model.speaking_rate * speed).waveform
