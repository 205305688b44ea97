"""MOSS Transcribe Diarize: who says what and when, in one pass of a language model that hears (arXiv:2601.01554)."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.capabilities import SPEAKER_DIARIZATION, SPEECH_RECOGNITION, Args, RecogniseArgs, SeparateArgs
from core.errors import BadInput, NoModel, OverLimit
from core.languages import language_of
from core.models import hub
from core.models.base import Call, Model, Output, Tier
from core.models.speech._transcript import NO_SPEECH, Segment, has_words, transcript
from core.models.speech._turns import Turn, tidied
from core.models.speech._vad import SAMPLE_RATE, prepared, speech_spans
from core.models.speech.diarization import who_spoke
from core.settings import Settings

HUB_ID = "hf-audio/MOSS-Transcribe-Diarize-HF"
MOST_MINUTES = 90
"""What its makers name as the longest of one pass. Passes of their own would number the speakers anew."""
_TOKENS_PER_S, _TOKENS_MORE = 20, 64
"""A limit to what is written down: one that repeats itself for ever is cut."""

A = TypeVar("A", bound=Args)


class _Moss(Model[A]):
    """Sentences with their times and speakers, for whoever wants words or turns."""

    tier = Tier.HUB
    licence = "Apache-2.0"
    memory_bytes = 3900 << 20
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
        """Read the weights, in half precision on a GPU.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{HUB_ID} cannot run here: {reason}.")
        from transformers import MossTranscribeDiarizeForConditionalGeneration, MossTranscribeDiarizeProcessor

        kind = MossTranscribeDiarizeForConditionalGeneration
        self._model = hub.pretrained(kind, self.settings, HUB_ID, dtype=hub.dtype(device)).to(device).eval()
        self._processor = hub.pretrained(MossTranscribeDiarizeProcessor, self.settings, HUB_ID)

    def _sentences(self, call: Call[A]) -> list[Segment]:
        """What is said in the clip, in order; speakers are numbered from 1 as they come in.

        Raises:
            BadInput: nobody speaks in the clip.
            OverLimit: it is longer than one pass can be.
        """
        clip = call.audio()
        if clip.duration_s > 60 * MOST_MINUTES:
            raise OverLimit(
                f"I can tell who says what in up to {MOST_MINUTES} minutes at once, and that is"
                f" {clip.duration_s / 60:.0f}. Please send it in parts."
            )
        audio = prepared(clip.mono(), clip.sample_rate)
        call.progress(0.0)
        if not speech_spans(audio, pause_s=0.5, pad_s=0.1):
            raise BadInput(NO_SPEECH)
        call.progress(0.1)
        found = [s for s in self._found(audio, clip.duration_s) if has_words(s.text) and s.end > s.start]
        if not found:
            raise BadInput(NO_SPEECH)
        return found

    def _found(self, audio: NDArray[np.float32], duration_s: float) -> list[Segment]:
        import torch

        inputs = self._processor.apply_transcription_request(
            audio, processor_kwargs={"audio_kwargs": {"sampling_rate": SAMPLE_RATE}, "return_tensors": "pt"}
        )
        inputs = inputs.to(self._model.device, dtype=self._model.dtype)
        most = round(duration_s * _TOKENS_PER_S) + _TOKENS_MORE
        with torch.inference_mode():
            made = self._model.generate(**inputs, max_new_tokens=most, do_sample=False)
        told = self._processor.decode(made[0, inputs["input_ids"].shape[1] :], return_format="parsed")
        if isinstance(told, str):  # it has written no turns
            return []
        numbers: dict[int, int] = {}
        return [
            Segment(
                min(float(t["Start"]), duration_s),
                min(float(t["End"]), duration_s),
                f" {t['Content']}",
                speaker=numbers.setdefault(t["Speaker"], len(numbers) + 1),
            )
            for t in told
        ]


class MossHub(_Moss[RecogniseArgs]):
    """Words with speakers where they are asked for. Sentences have times, single words have none."""

    id = "moss-transcribe-diarize"
    capability = SPEECH_RECOGNITION

    def run(self, call: Call[RecogniseArgs]) -> Output:
        """Write down the words of one clip of any sample rate and channel count.

        Raises:
            BadInput: nobody speaks in the clip.
            OverLimit: it is longer than one pass can be.
        """
        found = self._sentences(call)
        if not (call.args.by_speaker or call.args.speakers):
            found = [Segment(s.start, s.end, s.text) for s in found]
        call.progress(1.0)
        language = call.args.language or language_of("".join(s.text for s in found)) or "en"
        return transcript(found, call.args.format, call.audio().duration_s, language=language)


class MossDiarizationHub(_Moss[SeparateArgs]):
    """The turns of the same pass."""

    id = "moss-diarization"
    capability = SPEAKER_DIARIZATION

    def run(self, call: Call[SeparateArgs]) -> Output:
        """Who speaks when, as the bundled way tells it.

        Raises:
            BadInput: nobody speaks in the clip.
            OverLimit: it is longer than one pass can be.
        """
        turns = [Turn(s.start, s.end, s.speaker or 1) for s in self._sentences(call)]
        call.progress(1.0)
        return who_spoke(tidied(turns), call.audio().duration_s, call.args.speakers)
