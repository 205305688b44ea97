"""What the English text-to-speech models of one network and one speaker with hub weights share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import SpeakArgs
from core.models.base import Call, Tier
from core.models.speech._speaking import Manner, Speaking
from core.settings import Settings


class HubVoice(Speaking):
    """An English voice of one speaker. The seed is set before every text, so a recipe gives the same samples again."""

    tier = Tier.HUB
    languages = ("en",)
    gap_s = 0.3

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None
        self._tokenizer: Any = None

    @abstractmethod
    def _waveform(self, inputs: Any, speed: float) -> Any:
        """The waveform tensor of one tokenised sentence, shape (1, frames)."""

    def _spoken(self, call: Call[SpeakArgs], manner: Manner) -> Iterator[NDArray[np.float32]]:
        import torch

        torch.manual_seed(call.seed)
        return super()._spoken(call, manner)

    def _say(self, sentence: str, manner: Manner) -> NDArray[np.float32]:
        import torch

        inputs = self._tokenizer(sentence, return_tensors="pt").to(self._model.device)
        if not inputs["input_ids"].shape[1]:
            return np.zeros(0, np.float32)
        with torch.inference_mode():
            waveform = self._waveform(inputs, manner.speed)[0].float().cpu().numpy()
        return np.asarray(waveform, np.float32)
