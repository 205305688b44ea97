"""Speech by language models of audio codes: Dia (Nari Labs 2025) and CSM (Sesame 2025). Both are English."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import SpeakArgs
from core.errors import NoModel
from core.models import hub
from core.models.base import Call, Tier, Voice
from core.models.sound._stretch import stretch
from core.models.speech._reading import Sentence, sentences
from core.models.speech._speaking import Manner, Speaking
from core.settings import Settings

CODEC_ID = "descript/dac_44khz"
"""Dia's codec, under the MIT licence."""
_PASSAGE = 220
"""Characters of one pass: about 15 s of speech, which is what these networks were trained on."""
_FRAMES_PER_S = 86
_FRAMES_PER_CHARACTER, _FRAMES_MORE = 12, 86
"""A limit to what is spoken for a text, in Dia's frames: one that never ends is cut."""


class _SpokenLM(Speaking):
    """The seed decides the voice, and is set before every passage, so that a text is read by one speaker."""

    tier = Tier.HUB
    languages = ("en",)
    gap_s = 0.2

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None
        self._processor: Any = None
        self._seed = 0

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return hub.missing(settings, cls.source)

    @abstractmethod
    def _read(self, device: str) -> tuple[Any, Any]:
        """The network and its processor, from the local files."""

    @abstractmethod
    def _generated(self, text: str) -> Any:
        """The waveform tensor of a passage, shape (frames,)."""

    def load(self, device: str) -> None:
        """Read the weights, in half precision on a GPU.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.source} cannot run here: {reason}.")
        self._model, self._processor = self._read(device)

    def _sentences(self, text: str) -> Sequence[Sentence]:
        """Sentences gathered into passages, within a paragraph."""
        passages: list[Sentence] = []
        for sentence in sentences(text):
            last = passages[-1] if passages else None
            if last and not last.pause_s and len(last.text) + len(sentence.text) < _PASSAGE:
                passages[-1] = Sentence(f"{last.text} {sentence.text}", sentence.pause_s)
            else:
                passages.append(sentence)
        return passages

    def _spoken(self, call: Call[SpeakArgs], manner: Manner) -> Iterator[NDArray[np.float32]]:
        self._seed = call.seed
        return super()._spoken(call, manner)

    def _say(self, sentence: str, manner: Manner) -> NDArray[np.float32]:
        import torch

        torch.manual_seed(self._seed)
        with torch.inference_mode():
            waveform = np.asarray(self._generated(sentence).float().cpu().numpy(), np.float32).ravel()
        if manner.speed == 1.0 or not len(waveform):
            return waveform
        paced = stretch(waveform[None], self.sample_rate, 1 / manner.speed, lambda fraction: None)
        return np.asarray(paced[0], np.float32)

    def _network(self, kind: Any, device: str) -> Any:
        import torch

        dtype = torch.bfloat16 if device.startswith("cuda") else torch.float32
        return hub.pretrained(kind, self.settings, self.source, dtype=dtype).to(device).eval()

    def _most_frames(self, text: str) -> int:
        return len(text) * _FRAMES_PER_CHARACTER + _FRAMES_MORE


class DiaHub(_SpokenLM):
    """Text as bytes to codes of the Descript codec, 44.1 kHz; 1.6 billion parameters."""

    id = "dia"
    licence = "Apache-2.0"
    voices = (Voice("dia", "either"),)
    memory_bytes = 7000 << 20
    source = "nari-labs/Dia-1.6B-0626"

    @property
    def sample_rate(self) -> int:
        """Hz, as the codec's configuration says."""
        return int(self._processor.audio_tokenizer.config.sampling_rate)

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return hub.missing(settings, cls.source) or hub.missing(settings, CODEC_ID)

    def _read(self, device: str) -> tuple[Any, Any]:
        from transformers import DacModel, DiaFeatureExtractor, DiaForConditionalGeneration, DiaProcessor, DiaTokenizer

        # The processor by itself would look for its codec at the hub, wherever the operator has put it.
        processor = DiaProcessor(
            hub.pretrained(DiaFeatureExtractor, self.settings, self.source),
            hub.pretrained(DiaTokenizer, self.settings, self.source),
            hub.pretrained(DacModel, self.settings, CODEC_ID).to(device).eval(),
        )
        return self._network(DiaForConditionalGeneration, device), processor

    def _generated(self, text: str) -> Any:
        inputs = self._processor(text=[f"[S1] {text}"], padding=False, return_tensors="pt").to(self._model.device)
        codes = self._model.generate(
            **inputs,
            max_new_tokens=self._most_frames(text),
            do_sample=True,
            guidance_scale=3.0,
            temperature=1.8,
            top_p=0.9,
            top_k=45,
        )
        first = codes[0, :, 0]
        if not (first < self._model.config.decoder_config.eos_token_id).any():
            return codes.new_zeros(0)  # it ended at once, which the codec cannot decode
        return self._processor.batch_decode(codes)[0]


class CsmHub(_SpokenLM):
    """Text and codes of Mimi in one sequence, 24 kHz; a billion parameters."""

    id = "csm"
    licence = "Apache-2.0"
    voices = (Voice("csm", "either"),)
    memory_bytes = 7000 << 20
    source = "sesame/csm-1b"

    @property
    def sample_rate(self) -> int:
        """Hz, as the codec's configuration says."""
        return int(self._model.config.codec_config.sampling_rate)

    def _read(self, device: str) -> tuple[Any, Any]:
        from transformers import CsmForConditionalGeneration, CsmProcessor

        network = self._network(CsmForConditionalGeneration, device)
        return network, hub.pretrained(CsmProcessor, self.settings, self.source)

    def _generated(self, text: str) -> Any:
        inputs = self._processor(f"[0]{text}", add_special_tokens=True, return_tensors="pt").to(self._model.device)
        frames = self._most_frames(text) * self._model.config.codec_config.frame_rate / _FRAMES_PER_S
        return self._model.generate(
            **inputs,
            output_audio=True,
            max_new_tokens=max(1, round(frames)),
            do_sample=True,
            depth_decoder_do_sample=True,
        )[0]
