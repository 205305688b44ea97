"""CLAP: a sound that is named in free words, with hub weights (Wu et al. 2023, arXiv:2211.06687)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import soxr

from core.capabilities import TARGET_SOUND_DETECTION, TargetArgs
from core.errors import NoModel
from core.media import Audio
from core.models import hub
from core.models.base import Call, Model, Output, Tier
from core.models.sound import _yamnet
from core.models.sound._events import spans
from core.models.sound._finding import answer
from core.models.sound._hearing import checked
from core.models.sound._yamnet import STEP_S, Heard, Matrix
from core.settings import Settings

HUB_ID = "laion/clap-htsat-unfused"
SAMPLE_RATE = 48_000
_WINDOW_S, _EVERY = 2.0, 2
_BATCH = 8
_PROMPT = "This is a sound of {}."
_OTHERS = (
    *("silence", "a person speaking", "music", "background noise", "wind", "an animal", "a bird", "a vehicle"),
    *("an engine", "water", "footsteps", "a door", "a machine", "a bell", "an explosion", "a crowd"),
)
"""What a window may be instead: the words must fit it better than all of these together."""


class ClapHub(Model[TargetArgs]):
    """Windows of 2 s are compared with the words and with what they might be instead. It knows English."""

    id = "clap"
    capability = TARGET_SOUND_DETECTION
    tier = Tier.HUB
    licence = "Apache-2.0"
    languages = ("en",)
    memory_bytes = 900 << 20
    source = HUB_ID

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None
        self._processor: Any = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return hub.missing(settings, HUB_ID) or _yamnet.missing()

    def load(self, device: str) -> None:
        """Read the weights.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{HUB_ID} cannot run here: {reason}.")
        from transformers import ClapModel, ClapProcessor

        self._model = hub.pretrained(ClapModel, self.settings, HUB_ID).to(device).eval()
        self._processor = hub.pretrained(ClapProcessor, self.settings, HUB_ID)

    def run(self, call: Call[TargetArgs]) -> Output:
        """Say when the named sound is heard, or that it is not there.

        Raises:
            BadInput: the clip is empty or silent.
        """
        heard, scores = self.listen(call.args.target, checked(call.audio()), call.progress)
        times = list(spans(scores, replace(heard, scores=scores[:, None])))
        return answer(call.args.target, times, [call.args.target], heard, float(scores.max()), ())

    def listen(self, target: str, clip: Audio, progress: Callable[[float], None]) -> tuple[Heard, Matrix]:
        """What YAMNet hears, for its times and levels, and how probable the words are in each of its windows."""
        heard = _yamnet.shared().hear(clip)
        progress(0.0)
        mono = soxr.resample(clip.mono(), clip.sample_rate, SAMPLE_RATE)
        count = -(-len(heard.scores) // _EVERY) + 1
        looks = self._looks(target, np.asarray(mono, np.float32), count, progress)
        at = np.arange(len(heard.scores)) / _EVERY
        scores = np.asarray(np.interp(at, np.arange(len(looks)), looks), np.float32)
        progress(1.0)
        return heard, scores

    def _looks(self, target: str, mono: Matrix, count: int, progress: Callable[[float], None]) -> Matrix:
        """How probable the words are in each window, against all that it might be instead."""
        import torch

        texts = [_PROMPT.format(words) for words in (target, *_OTHERS)]
        half, hop = round(_WINDOW_S * SAMPLE_RATE / 2), round(_EVERY * STEP_S * SAMPLE_RATE)
        padded = np.pad(mono, (half, max(half, (count - 1) * hop + half - len(mono))))
        device = self._model.device
        text = self._processor(text=texts, return_tensors="pt", padding=True).to(device)
        looks = np.zeros(count, np.float32)
        for first in range(0, count, _BATCH):
            batch = [padded[k * hop : k * hop + 2 * half] for k in range(first, min(count, first + _BATCH))]
            sound = self._processor(audio=batch, sampling_rate=SAMPLE_RATE, return_tensors="pt").to(device)
            with torch.inference_mode():
                fits = self._model(**text, **sound).logits_per_audio.float().softmax(-1)
            looks[first : first + len(batch)] = fits[:, 0].cpu().numpy()
            progress((first + len(batch)) / count)
        return looks
