"""SeamlessM4T v2: speech and text between many languages (Seamless Communication 2023, arXiv:2312.05187)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import SPEECH_TRANSLATION, TranslateSpeechArgs
from core.errors import BadInput, NoModel
from core.languages import name
from core.media import Audio
from core.models import hub
from core.models.base import Call, Made, Model, Output, Pairs, Tier
from core.models.choosing import chosen
from core.models.speech._prose import translation
from core.models.speech._speaking import with_headroom
from core.models.speech._transcript import NO_SPEECH, has_words
from core.models.speech._vad import SAMPLE_RATE, prepared, speech_spans, stretches
from core.models.speech.text_translation_hub import NLLB, EachWithEach
from core.sayings import saying
from core.settings import Settings

HUB_ID = "facebook/seamless-m4t-v2-large"
NAMES = {code: long[:3] for code, long in NLLB.items() if code != "sq"} | {"zh": "cmn"}
"""The network's own names of those of its languages that have a two-letter code."""
LANGUAGES = tuple(NAMES)
_SPOKEN_CODES = "ar bn ca cs cy da de en es et fa fi fr hi id it ja ko nl pl pt ro ru sk sv sw te th tl tr uk ur vi zh"
SPOKEN = tuple(_SPOKEN_CODES.split())
"""Those that it speaks too."""
_LONGEST_S = 20.0
"""Of one pass; what it was trained on is shorter."""
_GAP_S = 0.3
_MOST_TOKENS = 256


class SeamlessHub(Model[TranslateSpeechArgs]):
    """Hears any of its languages without being told which; in 34 it answers in speech, with a voice of its own."""

    id = "seamless-m4t-v2"
    capability = SPEECH_TRANSLATION
    tier = Tier.HUB
    licence = "CC-BY-NC-4.0"
    commercial = False
    languages = LANGUAGES
    pairs = (Pairs(LANGUAGES, LANGUAGES),)
    memory_bytes = 9500 << 20
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
        from transformers import SeamlessM4TProcessor, SeamlessM4Tv2Model

        model = hub.pretrained(SeamlessM4Tv2Model, self.settings, HUB_ID, dtype=hub.dtype(device))
        self._model = model.to(device).eval()
        self._processor = hub.pretrained(SeamlessM4TProcessor, self.settings, HUB_ID)

    def run(self, call: Call[TranslateSpeechArgs]) -> Output:
        """Translate one clip of any sample rate, channel count and length, stretch by stretch between its pauses.

        Raises:
            BadInput: nobody speaks, or the model does not know the pair, or does not speak the target language.
        """
        import torch

        args = call.args
        chosen([type(self)], {"target_language": args.target_language, "source_language": args.source_language})
        speaks = args.output == "speech"
        if speaks and args.target_language not in SPOKEN:
            raise BadInput(saying("translation_unspoken", language=name(args.target_language)))
        clip = call.audio()
        audio = prepared(clip.mono(), clip.sample_rate)
        if not speech_spans(audio, pause_s=0.5, pad_s=0.1):
            raise BadInput(NO_SPEECH)
        torch.manual_seed(call.seed)
        segments: list[dict[str, Any]] = []
        said: list[NDArray[np.float32]] = []
        for start, end in stretches(audio, _LONGEST_S):
            call.progress(start / len(audio))
            text, spoken = self._translated(audio[start:end], NAMES[args.target_language], speaks)
            if has_words(text):
                times = {"start": round(start / SAMPLE_RATE, 3), "end": round(end / SAMPLE_RATE, 3)}
                segments.append({**times, "text": text})
                said.append(np.pad(spoken, (0, round(_GAP_S * SAMPLE_RATE))))
        if not segments:
            raise BadInput(NO_SPEECH)
        call.progress(1.0)
        facts = {
            "source_language": args.source_language,
            "target_language": args.target_language,
            "segments": segments,
            "duration": round(clip.duration_s, 3),
        }
        joint = "" if args.target_language in ("ja", "th", "zh") else " "
        sound = Audio(with_headroom(np.concatenate(said))[None], self._model.config.sampling_rate)
        media = (Made(sound, "translated"),) if speaks else ()
        return translation(joint.join(segment["text"] for segment in segments), facts, media)

    def _translated(self, audio: NDArray[np.float32], target: str, speaks: bool) -> tuple[str, NDArray[np.float32]]:
        """The words of one stretch in the target language, and their sound where it is wanted, shape (frames,)."""
        inputs = self._processor(audio=audio, sampling_rate=SAMPLE_RATE, return_tensors="pt")
        made = self._model.generate(
            input_features=inputs["input_features"].to(self._model.device, self._model.dtype),
            attention_mask=inputs["attention_mask"].to(self._model.device),
            tgt_lang=target,
            generate_speech=speaks,
            return_intermediate_token_ids=True,
            text_max_new_tokens=_MOST_TOKENS,
        )
        text = str(self._processor.tokenizer.decode(made.sequences[0], skip_special_tokens=True)).strip()
        if not speaks:
            return text, np.zeros(0, np.float32)
        frames = int(made.waveform_lengths.max())
        return text, np.asarray(made.waveform[0].float().cpu().numpy(), np.float32).ravel()[:frames]


class SeamlessTextHub(EachWithEach):
    """The same network's way from text to text."""

    id = "seamless-m4t-v2-text"
    licence = "CC-BY-NC-4.0"
    commercial = False
    languages = LANGUAGES
    pairs = (Pairs(LANGUAGES, LANGUAGES),)
    memory_bytes = 6000 << 20
    source = HUB_ID
    names = NAMES

    def _network_class(self) -> Any:
        from transformers import SeamlessM4Tv2ForTextToText

        return SeamlessM4Tv2ForTextToText

    def _tokenizer_class(self) -> Any:
        from transformers import SeamlessM4TTokenizer

        return SeamlessM4TTokenizer

    def _into(self, target: str) -> dict[str, Any]:
        return {"tgt_lang": target}
