"""What the recognisers with hub weights share that hear a clip in stretches between its pauses."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.capabilities import SPEECH_RECOGNITION, RecogniseArgs
from core.errors import BadInput, NoModel
from core.languages import named
from core.models import hub
from core.models.base import Call, Model, Output, Tier
from core.models.speech._transcript import NO_SPEECH, Segment, has_words, transcript, with_speakers
from core.models.speech._turns import speaker_turns
from core.models.speech._vad import SAMPLE_RATE, prepared, speech_spans, stretches
from core.settings import Settings


class StretchesHub(Model[RecogniseArgs]):
    """Every stretch goes through the network by itself and becomes a segment."""

    capability = SPEECH_RECOGNITION
    tier = Tier.HUB
    hub_id: ClassVar[str]
    longest_s: ClassVar[float] = 30.0
    """Of one pass: the memory for it grows faster than its length."""

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
    def _heard(
        self, audio: NDArray[np.float32], start_s: float, end_s: float, language: str | None
    ) -> tuple[Segment, str]:
        """One stretch: its words, and the language that they are in, which is that asked for where one is."""

    def _asked(self, language: str | None) -> str | None:
        """The language that is asked for, as the model calls it; None where it is to find out by itself.

        Raises:
            BadInput: it does not know that language.
        """
        if language is not None and language not in self.languages:
            raise BadInput(f"I cannot write down {named([language])} here. I have: {named(self.languages)}.")
        return language

    def load(self, device: str) -> None:
        """Read the weights, in half precision on a GPU.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.hub_id} cannot run here: {reason}.")
        network, processor = self._kinds()
        dtype = hub.dtype(device)
        self._model = hub.pretrained(network, self.settings, self.hub_id, dtype=dtype).to(device).eval()
        self._processor = hub.pretrained(processor, self.settings, self.hub_id)

    def run(self, call: Call[RecogniseArgs]) -> Output:
        """Write down the words of one clip of any sample rate and channel count.

        Raises:
            BadInput: nobody speaks in the clip, or a language is asked for that the model does not know.
            NoModel: it is asked who says what, and nothing here can tell speakers apart.
        """
        asked = self._asked(call.args.language)
        clip = call.audio()
        audio = prepared(clip.mono(), clip.sample_rate)
        call.progress(0.0)
        if not speech_spans(audio, pause_s=0.5, pad_s=0.1):
            raise BadInput(NO_SPEECH)
        segments: list[Segment] = []
        seconds: Counter[str] = Counter()
        for start, end in stretches(audio, self.longest_s):
            segment, language = self._heard(audio[start:end], start / SAMPLE_RATE, end / SAMPLE_RATE, asked)
            if has_words(segment.text):
                segments.append(segment)
                seconds[language] += end - start
            call.progress(end / len(audio))
        if not segments:
            raise BadInput(NO_SPEECH)
        if call.args.by_speaker or call.args.speakers:
            segments = with_speakers(segments, speaker_turns(audio, call.args.speakers))
        call.progress(1.0)
        ((language, _),) = seconds.most_common(1)
        return transcript(segments, call.args.format, clip.duration_s, language=language)
