"""What the recognisers with hub weights and connectionist temporal classification share (Graves et al. 2006)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.capabilities import SPEECH_RECOGNITION, RecogniseArgs
from core.errors import BadInput, NoModel
from core.languages import named
from core.models import hub
from core.models.base import Call, Model, Output, Tier
from core.models.speech._transcript import NO_SPEECH, Segment, Word, has_words, transcript, with_speakers
from core.models.speech._turns import speaker_turns
from core.models.speech._vad import SAMPLE_RATE, prepared, speech_spans, stretches
from core.settings import Settings

_LONGEST_S = 30.0
"""Of one pass: the memory for it grows faster than its length."""


class CtcHub(Model[RecogniseArgs]):
    """Hears one language, in stretches between pauses, each of which becomes a segment."""

    capability = SPEECH_RECOGNITION
    tier = Tier.HUB
    hub_id: ClassVar[str]
    languages = ("en",)

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None
        self._processor: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download. The voice activity detection comes with faster-whisper."""
        return hub.missing(settings, cls.hub_id, "faster_whisper")

    @abstractmethod
    def _kinds(self) -> tuple[Any, Any]:
        """The classes of the network and of the processor; this imports transformers."""

    @abstractmethod
    def _words(self, ids: Any) -> tuple[str, Sequence[tuple[str, int, int]]]:
        """The text of one row of frame labels, and its words with first and last frame where the processor has them."""

    def load(self, device: str) -> None:
        """Read the weights, in half precision on a GPU.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.hub_id} cannot run here: {reason}.")
        import torch

        network, processor = self._kinds()
        dtype = torch.float16 if device.startswith("cuda") else torch.float32
        self._model = hub.pretrained(network, self.settings, self.hub_id, dtype=dtype).to(device).eval()
        self._processor = hub.pretrained(processor, self.settings, self.hub_id)

    def run(self, call: Call[RecogniseArgs]) -> Output:
        """Write down the words of one clip of any sample rate and channel count.

        Raises:
            BadInput: nobody speaks in the clip, or another language than the model's is asked for.
            NoModel: it is asked who says what, and nothing here can tell speakers apart.
        """
        language = call.args.language or self.languages[0]
        if language not in self.languages:
            raise BadInput(f"I cannot write down {named([language])} here. I have: {named(self.languages)}.")
        clip = call.audio()
        audio = prepared(clip.mono(), clip.sample_rate)
        call.progress(0.0)
        if not speech_spans(audio, pause_s=0.5, pad_s=0.1):
            raise BadInput(NO_SPEECH)
        segments = []
        for start, end in stretches(audio, _LONGEST_S):
            segments.append(self._heard(audio[start:end], start / SAMPLE_RATE, end / SAMPLE_RATE))
            call.progress(end / len(audio))
        segments = [s for s in segments if has_words(s.text)]
        if not segments:
            raise BadInput(NO_SPEECH)
        if call.args.by_speaker or call.args.speakers:
            segments = with_speakers(segments, speaker_turns(audio, call.args.speakers))
        call.progress(1.0)
        return transcript(segments, call.args.format, clip.duration_s, language=language)

    def _heard(self, audio: NDArray[np.float32], start_s: float, end_s: float) -> Segment:
        import torch

        inputs = self._processor(audio, sampling_rate=SAMPLE_RATE, return_tensors="pt")
        inputs = inputs.to(self._model.device, dtype=self._model.dtype)
        with torch.inference_mode():
            (ids,) = self._model(**inputs).logits.argmax(dim=-1)
        text, found = self._words(ids)
        frame_s = (end_s - start_s) / len(ids)
        words = tuple(Word(start_s + a * frame_s, start_s + b * frame_s, f" {word}") for word, a, b in found)
        return Segment(start_s, end_s, f" {text.strip()}", words)
