"""Nemotron 3 Diarization: who spoke when, overlaps included, by a streaming Sortformer (arXiv:2507.18446)."""

from __future__ import annotations

from typing import Any

from core.capabilities import SPEAKER_DIARIZATION, SeparateArgs
from core.errors import BadInput, NoModel
from core.models import hub
from core.models.base import Call, Model, Output, Tier
from core.models.speech._transcript import NO_SPEECH
from core.models.speech._turns import Turn, tidied
from core.models.speech._vad import SAMPLE_RATE, prepared, speech_spans
from core.models.speech.diarization import who_spoke
from core.settings import Settings

HUB_ID = "nvidia/Nemotron-3-Diarization"


class NemotronDiarizationHub(Model[SeparateArgs]):
    """Up to eight speakers, whose number it finds by itself; the network goes through a long clip in chunks."""

    id = "nemotron-3-diarization"
    capability = SPEAKER_DIARIZATION
    tier = Tier.HUB
    licence = "LicenseRef-OpenMDW-1.1"
    memory_bytes = 700 << 20
    source = HUB_ID

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None
        self._processor: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download. The voice activity detection comes with faster-whisper."""
        return hub.missing(settings, HUB_ID, "faster_whisper")

    def load(self, device: str) -> None:
        """Read the weights.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{HUB_ID} cannot run here: {reason}.")
        from transformers import Nemotron3DiarizationForAudioFrameClassification, Nemotron3DiarizationProcessor

        network = hub.pretrained(Nemotron3DiarizationForAudioFrameClassification, self.settings, HUB_ID)
        self._model = network.to(device).eval()
        self._processor = hub.pretrained(Nemotron3DiarizationProcessor, self.settings, HUB_ID)

    def run(self, call: Call[SeparateArgs]) -> Output:
        """Who speaks when, as the bundled way tells it; where two speak at once, both are named.

        Raises:
            BadInput: nobody speaks in the clip.
        """
        import torch

        clip = call.audio()
        audio = prepared(clip.mono(), clip.sample_rate)
        call.progress(0.0)
        if not speech_spans(audio, pause_s=0.5, pad_s=0.1):
            raise BadInput(NO_SPEECH)
        call.progress(0.1)
        inputs = self._processor(audio, sampling_rate=SAMPLE_RATE, return_tensors="pt").to(self._model.device)
        with torch.inference_mode():
            logits = self._model(**inputs).logits
        (found,) = self._processor.extract_speaker_dict(logits, inputs["attention_mask"])
        if not found:
            raise BadInput(NO_SPEECH)
        call.progress(1.0)
        turns = tidied([Turn(float(t["Start"]), float(t["End"]), int(t["Speaker"])) for t in found])
        return who_spoke(turns, clip.duration_s, call.args.speakers)
