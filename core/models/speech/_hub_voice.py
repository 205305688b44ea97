"""What the text-to-speech models with hub weights share: sentence by sentence, checked, below full scale."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.capabilities import TEXT_TO_SPEECH, SpeakArgs
from core.errors import BadInput
from core.models.base import Call, Model, Output, Tier
from core.models.speech._english import NOTHING_TO_SAY, check, speech
from core.models.speech._transcript import has_words
from core.settings import Settings

_PAUSE_S = 0.3


class HubVoice(Model[SpeakArgs]):
    """An English voice of one speaker. The seed is set before every text, so a recipe gives the same samples again."""

    capability = TEXT_TO_SPEECH
    tier = Tier.HUB
    languages = ("en",)
    voice: ClassVar[str]

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None
        self._tokenizer: Any = None

    @property
    @abstractmethod
    def sample_rate(self) -> int:
        """Hz, once loaded."""

    @abstractmethod
    def _say(self, inputs: Any, speed: float) -> Any:
        """The waveform tensor of one tokenised sentence, shape (1, frames)."""

    def run(self, call: Call[SpeakArgs]) -> Output:
        """Say a text: mono, at most -1 dBFS.

        Raises:
            BadInput: there is nothing to say, or it is not English, or there is no such voice.
        """
        import torch

        check(call.args, (self.voice,))
        sentences = [s for s in re.split(r"(?<=[.!?…])\s+|\n+", call.args.text) if has_words(s)]
        pause = np.zeros(round(_PAUSE_S * self.sample_rate), np.float32)
        spoken: list[NDArray[np.float32]] = []
        torch.manual_seed(call.seed)
        with torch.inference_mode():
            for done, sentence in enumerate(sentences):
                call.progress(done / len(sentences))
                inputs = self._tokenizer(sentence, return_tensors="pt").to(self._model.device)
                if inputs["input_ids"].shape[1]:
                    waveform = self._say(inputs, call.args.speed)[0].float().cpu().numpy()
                    spoken += [waveform, pause]
        if not spoken:
            raise BadInput(NOTHING_TO_SAY)
        call.progress(1.0)
        samples = np.concatenate(spoken[:-1])
        return speech(samples, self.sample_rate, call.args.text, self.voice, len(spoken) // 2)
