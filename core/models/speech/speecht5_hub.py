"""SpeechT5: English speech in the voice of a reference, from text or from speech (Ao et al. 2022, arXiv:2110.07205)."""

from __future__ import annotations

import textwrap
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

import numpy as np
import soxr
from numpy.typing import NDArray

from core.capabilities import STYLE_TRANSFER_TTS, VOICE_CONVERSION, Args, ConvertVoiceArgs, StyledSpeakArgs
from core.errors import BadInput, NoModel
from core.media import Audio
from core.models import hub
from core.models.base import Call, Made, Model, Output, Tier
from core.models.choosing import chosen
from core.models.speech import _traits, _xvector
from core.models.speech._reading import readable, sentences
from core.models.speech._speaking import NOTHING_TO_SAY, with_headroom
from core.models.speech._transcript import NO_SPEECH, has_words
from core.models.speech._vad import SAMPLE_RATE, prepared, speech_spans, stretches
from core.settings import Settings

VOCODER_ID = "microsoft/speecht5_hifigan"
_LONGEST = 200
"""Characters of one pass; the network takes 450."""
_LONGEST_S = 15.0
"""Of speech in one pass; what it was trained on is shorter."""
_GAP_S = 0.3
"""Between sentences."""

A = TypeVar("A", bound=Args)
Samples = NDArray[np.float32]


class _SpeechT5(Model[A]):
    """It clones: what it makes can be taken for the speaker, who must have agreed. Mono, 16 kHz."""

    tier = Tier.HUB
    licence = "MIT"
    memory_bytes = 800 << 20
    modules: ClassVar[tuple[str, ...]] = ()
    """What it wants beside transformers."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None
        self._vocoder: Any = None
        self._speaker: _xvector.XVector | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download: the network, its vocoder, and the network that tells speakers."""
        return (
            hub.missing(settings, cls.source, *cls.modules)
            or hub.missing(settings, VOCODER_ID)
            or _xvector.missing(settings)
        )

    @abstractmethod
    def _read(self) -> Any:
        """The network, from the local files, and whatever prepares its input."""

    def load(self, device: str) -> None:
        """Read the weights of all three networks.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.source} cannot run here: {reason}.")
        from transformers import SpeechT5HifiGan

        self._model = self._read().to(device).eval()
        self._vocoder = hub.pretrained(SpeechT5HifiGan, self.settings, VOCODER_ID).to(device).eval()
        self._speaker = _xvector.XVector(self.settings, device)

    def _voice(self, call: Call[Any]) -> tuple[Any, float]:
        """The vector of the reference's speaker, and the seconds of speech that it is of."""
        assert self._speaker is not None
        speech = _traits.reference_speech(call.audio("reference"))
        heard = soxr.resample(speech, _traits.SAMPLE_RATE, _xvector.SAMPLE_RATE)
        return self._speaker.embed(heard), len(speech) / _traits.SAMPLE_RATE

    def _generated(self, inputs: Any, voice: Any) -> Samples:
        import torch

        with torch.inference_mode():
            made = self._model.generate_speech(inputs.to(self._model.device), voice, vocoder=self._vocoder)
        return np.asarray(made.float().cpu().numpy(), np.float32).ravel()


class SpeechT5Hub(_SpeechT5[StyledSpeakArgs]):
    """Reads an English text in the voice of a reference, sentence by sentence."""

    id = "speecht5"
    capability = STYLE_TRANSFER_TTS
    languages = ("en",)
    source = "microsoft/speecht5_tts"
    modules = ("sentencepiece",)

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._tokenizer: Any = None

    def _read(self) -> Any:
        from transformers import SpeechT5ForTextToSpeech
        from transformers.models.speecht5.tokenization_speecht5 import SpeechT5Tokenizer

        self._tokenizer = hub.pretrained(SpeechT5Tokenizer, self.settings, self.source, normalize=True)
        return hub.pretrained(SpeechT5ForTextToSpeech, self.settings, self.source)

    def run(self, call: Call[StyledSpeakArgs]) -> Output:
        """Say a text, at most -1 dBFS. The same text, reference and seed give the same samples.

        Raises:
            BadInput: the text is not English or empty, or the reference holds less than 3 s of speech.
        """
        import torch

        parts = _passages(call.args.text)
        if not parts:
            raise BadInput(NOTHING_TO_SAY)
        chosen([type(self)], call.args.model_dump())
        voice, reference_s = self._voice(call)
        torch.manual_seed(call.seed)
        spoken: list[Samples] = []
        for done, part in enumerate(parts):
            call.progress(done / len(parts))
            ids = self._tokenizer(part, return_tensors="pt")["input_ids"]
            spoken.append(np.pad(self._generated(ids, voice), (0, round(_GAP_S * SAMPLE_RATE))))
        call.progress(1.0)
        samples = with_headroom(np.concatenate(spoken))
        facts = {"language": "en", "reference_s": round(reference_s, 1), "sentences": len(parts)}
        return Output(media=(Made(Audio(samples[None], SAMPLE_RATE), "styled"),), facts=facts)


class SpeechT5ConversionHub(_SpeechT5[ConvertVoiceArgs]):
    """Says again in the voice of a reference what is said in a recording; it learnt English alone."""

    id = "speecht5-conversion"
    capability = VOICE_CONVERSION
    source = "microsoft/speecht5_vc"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._extractor: Any = None

    def _read(self) -> Any:
        from transformers import SpeechT5FeatureExtractor, SpeechT5ForSpeechToSpeech

        self._extractor = hub.pretrained(SpeechT5FeatureExtractor, self.settings, self.source)
        return hub.pretrained(SpeechT5ForSpeechToSpeech, self.settings, self.source)

    def run(self, call: Call[ConvertVoiceArgs]) -> Output:
        """Change the voice of one clip of any sample rate and channel count.

        Every stretch between pauses begins when it did, or as soon as what is said before has ended.

        Raises:
            BadInput: nobody speaks in the clip, or the reference holds less than 3 s of speech.
        """
        import torch

        clip = call.audio()
        audio = prepared(clip.mono(), clip.sample_rate)
        if not speech_spans(audio, pause_s=0.5, pad_s=0.1):
            raise BadInput(NO_SPEECH)
        voice, reference_s = self._voice(call)
        torch.manual_seed(call.seed)
        said: list[Samples] = []
        at = 0
        for start, end in stretches(audio, _LONGEST_S):
            call.progress(start / len(audio))
            heard = self._extractor(audio[start:end], sampling_rate=SAMPLE_RATE, return_tensors="pt")
            made = self._generated(heard["input_values"], voice)
            said += [np.zeros(max(0, start - at), np.float32), made]
            at = max(at, start) + len(made)
        call.progress(1.0)
        samples = with_headroom(np.concatenate(said))
        facts = {"reference_s": round(reference_s, 1)}
        return Output(media=(Made(Audio(samples[None], SAMPLE_RATE), "converted"),), facts=facts)


def _passages(text: str) -> Sequence[str]:
    """The sentences of a text; those that are too long for one pass are cut at spaces."""
    whole = (s.text for s in sentences(readable(text, "en")))
    return [part for sentence in whole for part in textwrap.wrap(sentence, _LONGEST) if has_words(part)]
