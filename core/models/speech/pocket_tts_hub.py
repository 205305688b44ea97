"""Pocket TTS: English speech in the voice of a reference, zero-shot (Kyutai 2026; continuous latents, a flow head)."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from core.capabilities import STYLE_TRANSFER_TTS, StyledSpeakArgs
from core.errors import BadInput
from core.media import Audio
from core.models import hub
from core.models.base import Call, Made, Model, Output, Tier
from core.models.choosing import chosen
from core.models.speech._speaking import NOTHING_TO_SAY, with_headroom
from core.models.speech._traits import reference_speech
from core.models.speech._transcript import has_words
from core.settings import Settings

HUB_ID = "eustlb/pocket-tts"
CODEC_ID = "eustlb/pocket-tts-audio-tokenizer"
_REFERENCE_S = 20.0
"""Of the reference that the model is given; more makes it slower and no nearer."""


class PocketTtsHub(Model[StyledSpeakArgs]):
    """It clones: what it makes can be taken for the speaker, who must have agreed. One sentence or two at a time."""

    id = "pocket-tts"
    capability = STYLE_TRANSFER_TTS
    tier = Tier.HUB
    licence = "CC-BY-4.0"
    languages = ("en",)
    memory_bytes = 1 << 30
    source = HUB_ID

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None
        self._processor: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what would enable it."""
        return hub.missing(settings, HUB_ID) or hub.missing(settings, CODEC_ID)

    def load(self, device: str) -> None:
        """Read the network, the codec and the words' pieces.

        Raises:
            NoModel: the weights are not there.
        """
        from transformers import (
            PocketTTSAudioTokenizerModel,
            PocketTTSFeatureExtractor,
            PocketTTSForConditionalGeneration,
            PocketTTSProcessor,
            PreTrainedTokenizerFast,
        )

        self._model = hub.pretrained(PocketTTSForConditionalGeneration, self.settings, HUB_ID).to(device).eval()
        tokenizer = hub.pretrained(PreTrainedTokenizerFast, self.settings, HUB_ID)
        # The processor by itself would look for its codec at the hub, wherever the operator has put it.
        self._processor = PocketTTSProcessor(
            hub.pretrained(PocketTTSFeatureExtractor, self.settings, HUB_ID),
            tokenizer,
            hub.pretrained(PocketTTSAudioTokenizerModel, self.settings, CODEC_ID).to(device).eval(),
            chat_template=tokenizer.chat_template,
        )

    def run(self, call: Call[StyledSpeakArgs]) -> Output:
        """Say a text: mono, 24 kHz, at most -1 dBFS. The same text, reference and seed give the same samples.

        Raises:
            BadInput: the text is not English or empty, or the reference holds less than 3 s of speech.
        """
        import torch

        if not has_words(call.args.text):
            raise BadInput(NOTHING_TO_SAY)
        chosen([type(self)], call.args.model_dump())
        rate = int(self._processor.feature_extractor.sampling_rate)
        speech = reference_speech(call.audio("reference"))[: round(_REFERENCE_S * rate)].astype(np.float32)
        voice = speech if rate == 24_000 else soxr.resample(speech, 24_000, rate)
        chunks = [c for c in self._processor.split_text(re.sub(r"\s+", " ", call.args.text)) if has_words(c)]
        torch.manual_seed(call.seed)
        parts: list[NDArray[np.float32]] = []
        for done, chunk in enumerate(chunks):
            call.progress(done / len(chunks))
            parts.append(self._said(chunk, voice))
        samples = with_headroom(np.concatenate([*parts, np.zeros(0, np.float32)]))
        call.progress(1.0)
        facts = {"language": "en", "reference_s": round(len(voice) / rate, 1), "chunks": len(chunks)}
        return Output(media=(Made(Audio(samples[None], rate), "styled"),), facts=facts)

    def _said(self, text: str, voice: NDArray[np.float32]) -> NDArray[np.float32]:
        import torch

        asked = [{"role": "user", "content": [{"type": "audio"}, {"type": "text", "text": text}]}]
        prompt = self._processor.apply_chat_template([asked], tokenize=False)
        rate = self._processor.feature_extractor.sampling_rate
        inputs = self._processor(text=prompt, audio=[voice], sampling_rate=rate, return_tensors="pt")
        inputs = inputs.to(self._model.device)
        with torch.inference_mode():
            made = self._model.generate(**inputs, return_dict_in_generate=True)
        latents = made.audio_latents[0][made.audio_latents_mask[0].bool()]
        return np.asarray(self._processor.decode(latents).numpy(), np.float32)
