"""Audio Spectrogram Transformer: sound events with hub weights (Gong et al. 2021, arXiv:2104.01778)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from core.capabilities import SOUND_DETECTION, AudioArgs
from core.errors import NoModel
from core.media import Audio
from core.models import hub
from core.models.base import Call, Model, Output, Tier
from core.models.sound import _yamnet
from core.models.sound._events import events, tags
from core.models.sound._hearing import checked, detection
from core.models.sound._yamnet import SAMPLE_RATE, STEP_S, Matrix, blocks, class_names
from core.settings import Settings

HUB_ID = "MIT/ast-finetuned-audioset-10-10-0.4593"
_WINDOW_S, _EVERY = 2.0, 2
"""A window of so many seconds around every so many steps of the events' grid."""
_BATCH = 8
_TAGS = 8
_OTHERWISE = {
    "Male speech, man speaking": "Speech",
    "Female speech, woman speaking": "Speech",
    "Male singing": "Singing",
    "Female singing": "Singing",
    "Battle cry": "Shout",
    "Funny music": "Music",
}
"""Classes of AudioSet that the events' list does not have, by what they count as."""


class AstHub(Model[AudioArgs]):
    """Windows of 2 s go through the network in batches; its classes become events like those of the bundled model.

    The spectrogram and the levels at which events begin come from the bundled model's front end.
    """

    id = "ast"
    capability = SOUND_DETECTION
    tier = Tier.HUB
    licence = "BSD-3-Clause"
    memory_bytes = 512 << 20
    source = HUB_ID

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._model: Any = None
        self._extractor: Any = None
        self._columns: list[tuple[int, int]] = []

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return hub.missing(settings, HUB_ID) or _yamnet.missing()

    def load(self, device: str) -> None:
        """Read the weights and set its classes beside those of the events.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{HUB_ID} cannot run here: {reason}.")
        from transformers import ASTFeatureExtractor, ASTForAudioClassification

        self._model = hub.pretrained(ASTForAudioClassification, self.settings, HUB_ID).to(device).eval()
        self._extractor = hub.pretrained(ASTFeatureExtractor, self.settings, HUB_ID)
        index = {name: i for i, name in enumerate(class_names())}
        named = ((own, _OTHERWISE.get(name, name)) for own, name in self._model.config.id2label.items())
        self._columns = [(own, index[name]) for own, name in named if name in index]

    def run(self, call: Call[AudioArgs]) -> Output:
        """List the sounds of one clip of any sample rate and channel count.

        Raises:
            BadInput: the clip is empty or silent.
        """
        clip = checked(call.audio())
        heard = _yamnet.shared().hear(clip)
        call.progress(0.0)
        found = replace(heard, scores=self._scores(clip, len(heard.scores), call))
        call.progress(1.0)
        return detection(found, events(found), tags(found.scores, _TAGS))

    def _scores(self, clip: Audio, steps: int, call: Call[AudioArgs]) -> Matrix:
        """Probabilities on the events' grid, shape (steps, classes)."""
        import torch

        looks = np.zeros((-(-steps // _EVERY) + 1, len(class_names())), np.float32)
        done = 0
        for batch in _windows(clip, len(looks)):
            inputs = self._extractor(batch, sampling_rate=SAMPLE_RATE, return_tensors="pt")["input_values"]
            with torch.inference_mode():
                logits = self._model(inputs.to(self._model.device, self._model.dtype)).logits
            probabilities = logits.float().sigmoid().cpu().numpy()
            for own, index in self._columns:
                part = looks[done : done + len(batch), index]
                np.maximum(part, probabilities[:, own], out=part)
            done += len(batch)
            call.progress(done / len(looks))
        at = np.arange(steps) / _EVERY
        below = at.astype(int)
        share = (at - below)[:, None].astype(np.float32)
        return np.asarray(looks[below] * (1 - share) + looks[below + 1] * share, np.float32)


def _windows(clip: Audio, count: int) -> Iterator[list[Matrix]]:
    """Windows of the clip as mono at 16 kHz, a batch at a time; beyond its ends there is silence."""
    samples = np.concatenate([block for block, _ in blocks(clip)])
    half = round(_WINDOW_S * SAMPLE_RATE / 2)
    hop = round(_EVERY * STEP_S * SAMPLE_RATE)
    padded = np.pad(samples, (half, max(half, (count - 1) * hop + half - len(samples))))
    for first in range(0, count, _BATCH):
        yield [padded[k * hop : k * hop + 2 * half] for k in range(first, min(count, first + _BATCH))]
