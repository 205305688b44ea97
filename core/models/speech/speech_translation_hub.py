"""Speech translation by Whisper large v3 (Radford et al. 2022, arXiv:2212.04356); the turbo model cannot translate."""

from __future__ import annotations

from core.errors import NoModel
from core.models import hub
from core.models.base import Tier
from core.models.speech.fast_translate import FastTranslate
from core.models.speech.speech_translation import SpeechTranslation
from core.models.speech.whisper_hub import WhisperHub
from core.settings import Settings

HUB_ID = "openai/whisper-large-v3"


class _Large(WhisperHub):
    """The same network for both tasks."""

    source = HUB_ID


class _LargeTranslating(_Large):
    """What is said in any language, in English."""

    _task = "translate"

    def share(self, ears: WhisperHub) -> None:
        """Use the network that another has loaded."""
        self._model, self._processor = ears._model, ears._processor


class WhisperTranslationHub(SpeechTranslation):
    """As the bundled model, hearing with a network twenty times as large."""

    id = "whisper-large-v3"
    tier = Tier.HUB
    licence = "Apache-2.0"
    memory_bytes = 4000 << 20
    source = HUB_ID

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._ears = _Large(settings)

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return hub.missing(settings, HUB_ID, "faster_whisper") or FastTranslate.missing(settings)

    def load(self, device: str) -> None:
        """Read the weights, in half precision on a GPU.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{HUB_ID} cannot run here: {reason}.")
        super().load(device)

    def _translator(self) -> _LargeTranslating:
        return _LargeTranslating(self.settings)
