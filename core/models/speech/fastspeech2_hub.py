"""FastSpeech 2 with a Conformer and HiFi-GAN, trained on LJ Speech (Ren et al. 2020, arXiv:2006.04558; ESPnet)."""

from __future__ import annotations

from typing import Any

from core.errors import NoModel
from core.models import hub
from core.models.base import Voice
from core.models.speech._hub_voice import HubVoice
from core.settings import Settings

HUB_ID = "espnet/fastspeech2_conformer_with_hifigan"
TOKENIZER_ID = "espnet/fastspeech2_conformer"


class FastSpeech2Hub(HubVoice):
    """Phonemes to mel spectrogram to waveform, 22.05 kHz. Without any randomness: every seed gives the same samples."""

    id = "fastspeech2-conformer"
    licence = "Apache-2.0"
    memory_bytes = 500 << 20
    source = HUB_ID
    voices = (Voice("ljspeech", "female"),)

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download. The tokenizer finds phonemes with g2p-en."""
        return hub.missing(settings, HUB_ID, "g2p_en") or hub.missing(settings, TOKENIZER_ID)

    @property
    def sample_rate(self) -> int:
        """22,050 Hz, that of LJ Speech: the configuration does not hold it."""
        return 22_050

    def load(self, device: str) -> None:
        """Read the weights.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{HUB_ID} cannot run here: {reason}.")
        from transformers import FastSpeech2ConformerTokenizer, FastSpeech2ConformerWithHifiGan

        self._model = hub.pretrained(FastSpeech2ConformerWithHifiGan, self.settings, HUB_ID).to(device).eval()
        self._tokenizer = hub.pretrained(FastSpeech2ConformerTokenizer, self.settings, TOKENIZER_ID)

    def _waveform(self, inputs: Any, speed: float) -> Any:
        self._model.model.config.speaking_speed = 1 / speed  # it multiplies durations, whatever its name says
        return self._model(**inputs, return_dict=True)["waveform"]
