"""Whisper large v3 turbo: speech recognition in 100 languages (Radford et al. 2022, arXiv:2212.04356)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import SPEECH_RECOGNITION, RecogniseArgs
from core.errors import BadInput, NoModel
from core.media import Audio
from core.models import hub
from core.models.base import Call, Model, Output, Tier
from core.models.speech._transcript import (
    LANGUAGES,
    NO_SPEECH,
    SURE_LANGUAGE,
    Segment,
    has_words,
    language_code,
    transcript,
    unsure_language,
    with_speakers,
)
from core.models.speech._turns import speaker_turns
from core.models.speech._vad import SAMPLE_RATE, prepared, speech_spans
from core.settings import Settings

HUB_ID = "openai/whisper-large-v3-turbo"
_WINDOW_S = 30
_DECODING = {
    "return_timestamps": True,
    "return_segments": True,
    "condition_on_prev_tokens": False,
    "temperature": (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
    "compression_ratio_threshold": 1.35,  # of token ids; Whisper's own 2.4 is of text
    "logprob_threshold": -1.0,
    "no_speech_threshold": 0.6,
}
"""Sequential long-form decoding, sections 3.8 and 4.5 of the paper."""

Languages = list[tuple[str, float]]
"""Codes and probabilities, the best first."""


class WhisperHub(Model[RecogniseArgs]):
    """Long clips go through windows of 30 s, each beginning where the last timestamp ended; clips may share a batch."""

    id = "whisper-large-v3-turbo"
    capability = SPEECH_RECOGNITION
    tier = Tier.HUB
    licence = "MIT"
    languages = (*LANGUAGES, "yue")
    memory_bytes = 2500 << 20
    batch = 8
    source = HUB_ID
    _task = "transcribe"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None
        self._processor: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download. The voice activity detection comes with faster-whisper."""
        return hub.missing(settings, cls.source, "faster_whisper")

    def load(self, device: str) -> None:
        """Read the weights, in half precision on a GPU.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.source} cannot run here: {reason}.")
        from transformers import WhisperForConditionalGeneration, WhisperProcessor

        kind = WhisperForConditionalGeneration
        model = hub.pretrained(kind, self.settings, self.source, dtype=hub.dtype(device))
        self._model = model.to(device).eval()
        self._processor = hub.pretrained(WhisperProcessor, self.settings, self.source)

    def languages_heard(self, clip: Audio) -> Languages:
        """The languages that a clip may be in by its first 30 s.

        Raises:
            BadInput: nobody speaks in the clip.
        """
        features, _ = self._features([_speech(clip)])
        (heard,) = self._detect(features, [None])
        return heard

    def run(self, call: Call[RecogniseArgs]) -> Output:
        """Write down the words of one clip of any sample rate and channel count.

        Raises:
            BadInput: nobody speaks in the clip, or Whisper does not know the language that was asked for.
            Ambiguous: it is not sure which language is spoken.
        """
        (output,) = self.run_batch([call])
        if isinstance(output, Exception):
            raise output
        return output

    def run_batch(self, calls: Sequence[Call[RecogniseArgs]]) -> list[Output | Exception]:
        """Several clips in one pass of the network. The first call's seed rules the temperature fallback of all."""
        outputs: list[Output | Exception | None] = [None] * len(calls)
        audios: dict[int, NDArray[np.float32]] = {}
        for index, call in enumerate(calls):
            try:
                self._language(call.args.language)
                audios[index] = _speech(call.audio())
            except BadInput as error:
                outputs[index] = error
        if audios:
            heard = self._recognise([calls[index] for index in audios], list(audios.values()))
            for index, output in zip(audios, heard, strict=True):
                outputs[index] = output
        return [output for output in outputs if output is not None]

    def _recognise(
        self, calls: Sequence[Call[RecogniseArgs]], audios: Sequence[NDArray[np.float32]]
    ) -> list[Output | Exception]:
        import torch

        torch.manual_seed(calls[0].seed)
        features, mask = self._features(audios)
        asked = [self._language(call.args.language) for call in calls]
        ranked = self._detect(features, asked)

        def monitor(frames: Any) -> None:
            for call, (done, total) in zip(calls, frames.tolist(), strict=True):
                call.progress(min(1.0, done / max(1, total)))

        with torch.inference_mode():
            result = self._model.generate(
                features,
                attention_mask=mask,
                language=[best for (best, _), *_ in ranked],
                task=self._task,
                monitor_progress=monitor,
                **_DECODING,
            )
        heard = zip(calls, audios, result["segments"], ranked, strict=True)
        return [self._output(call, audio, found, languages) for call, audio, found, languages in heard]

    def _output(
        self, call: Call[RecogniseArgs], audio: NDArray[np.float32], found: Any, languages: Languages
    ) -> Output | Exception:
        duration_s = call.audio().duration_s
        segments = [
            Segment(float(s["start"]), float(s["end"]), self._text(s["tokens"]))
            for s in found
            if float(s["start"]) < duration_s  # what it hears in the padding behind the clip is not there
        ]
        if not any(has_words(s.text) for s in segments):
            return BadInput(NO_SPEECH)
        (language, probability), *_ = languages
        if probability < SURE_LANGUAGE:
            return unsure_language(languages)
        if call.args.by_speaker or call.args.speakers:
            try:
                segments = with_speakers(segments, speaker_turns(audio, call.args.speakers))
            except NoModel as refused:
                return refused
        call.progress(1.0)
        sure = round(probability, 3)
        return transcript(segments, call.args.format, duration_s, language=language, language_probability=sure)

    def _features(self, audios: Sequence[NDArray[np.float32]]) -> tuple[Any, Any]:
        """Log-mel features (clips, mels, frames) and their mask; clips of up to 30 s are padded to a whole window."""
        long = max(len(audio) for audio in audios) > _WINDOW_S * SAMPLE_RATE
        shape = {"truncation": False, "padding": "longest"} if long else {}
        inputs = self._processor(
            list(audios), sampling_rate=SAMPLE_RATE, return_tensors="pt", return_attention_mask=True, **shape
        )
        device, dtype = self._model.device, self._model.dtype
        return inputs["input_features"].to(device, dtype), inputs["attention_mask"].to(device)

    def _detect(self, features: Any, asked: Sequence[str | None]) -> list[Languages]:
        """The languages of each clip, the most probable first; the one that the person said, with probability 1."""
        import torch

        ids: dict[str, int] = self._model.generation_config.lang_to_id
        start = self._model.generation_config.decoder_start_token_id
        with torch.inference_mode():
            window = torch.nn.functional.pad(features, (0, max(0, _WINDOW_S * 100 - features.shape[-1])))
            first = torch.full((len(asked), 1), start, device=features.device)
            logits = self._model(window[..., : _WINDOW_S * 100], decoder_input_ids=first).logits[:, -1]
            probabilities, order = logits[:, list(ids.values())].float().softmax(-1).sort(-1, descending=True)
        codes = [token.strip("<|>") for token in ids]
        found = [
            [(codes[i], p) for i, p in zip(indexes, row, strict=True)]
            for indexes, row in zip(order.tolist(), probabilities.tolist(), strict=True)
        ]
        return [[(said, 1.0)] if said else heard for said, heard in zip(asked, found, strict=True)]

    def _language(self, asked: str | None) -> str | None:
        return asked if asked == "yue" else language_code(asked)

    def _text(self, tokens: Any) -> str:
        return str(self._processor.tokenizer.decode(tokens, skip_special_tokens=True))


def _speech(clip: Audio) -> NDArray[np.float32]:
    """The clip as mono at 16 kHz, shape (frames,).

    Raises:
        BadInput: Silero VAD hears no speech in it.
    """
    audio = prepared(clip.mono(), clip.sample_rate)
    if not speech_spans(audio, pause_s=0.5, pad_s=0.1):
        raise BadInput(NO_SPEECH)
    return audio
