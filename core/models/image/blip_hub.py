"""BLIP: pictures in a sentence, with hub weights (Li et al. 2022, arXiv:2201.12086)."""

from __future__ import annotations

from typing import Any

from PIL import Image

from core.capabilities import IMAGE_CAPTIONING, ImageArgs
from core.errors import ModelFailed, NoModel
from core.media import Picture
from core.models import hub
from core.models.base import Call, Model, Output, Tier
from core.settings import Settings

_MOST_TOKENS = 48


class BlipHub(Model[ImageArgs]):
    """One English sentence."""

    id = "blip-captioning-large"
    capability = IMAGE_CAPTIONING
    tier = Tier.HUB
    licence = "BSD-3-Clause"
    memory_bytes = 2 << 30
    source = "Salesforce/blip-image-captioning-large"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._processor: Any = None
        self._model: Any = None
        self._device = "cpu"

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return hub.missing(settings, cls.source)

    def load(self, device: str) -> None:
        """Read the weights: half precision on a GPU.

        Raises:
            NoModel: something is not installed, or the weights are not there.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.source} cannot run here: {reason}.")
        from transformers import BlipForConditionalGeneration, BlipProcessor

        self._device = device
        self._processor = hub.pretrained(BlipProcessor, self.settings, self.source)
        model = hub.pretrained(BlipForConditionalGeneration, self.settings, self.source, dtype=hub.dtype(device))
        self._model = model.to(device).eval()

    def run(self, call: Call[ImageArgs]) -> Output:
        """Describe the picture.

        Raises:
            ModelFailed: no words came of it.
        """
        import torch

        (picture,) = call.inputs["image"]
        assert isinstance(picture, Picture)
        given = self._processor(images=Image.fromarray(picture.pixels), return_tensors="pt")
        given = given.to(self._device, hub.dtype(self._device))
        with torch.inference_mode():
            tokens = self._model.generate(**given, max_new_tokens=_MOST_TOKENS)
        words = self._processor.decode(tokens[0], skip_special_tokens=True).strip()
        if not words:
            raise ModelFailed("No words came of that picture.")
        return Output(text=f"{words[0].upper()}{words[1:].rstrip('.')}.", facts={"source": "model"})
