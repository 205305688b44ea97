"""What the hub models that describe pictures share: loading, generating, the words as a sentence."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from PIL import Image

from core.capabilities import IMAGE_CAPTIONING, ImageArgs
from core.errors import ModelFailed, NoModel
from core.media import Picture
from core.models import hub
from core.models.base import Call, Model, Output, Tier
from core.settings import Settings


class CaptionHub(Model[ImageArgs]):
    """A network that reads a picture and writes English words."""

    capability = IMAGE_CAPTIONING
    tier = Tier.HUB
    asked: ClassVar[dict[str, str]] = {}
    """What its processor takes beside the picture."""
    writing: ClassVar[dict[str, int]]
    """How it writes: options of `generate`."""

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
        processor, network = self._classes()
        self._device = device
        self._processor = hub.pretrained(processor, self.settings, self.source)
        model = hub.pretrained(network, self.settings, self.source, dtype=hub.dtype(device))
        self._model = model.to(device).eval()

    @abstractmethod
    def _classes(self) -> tuple[Any, Any]:
        """The classes of transformers that are its processor and its network."""

    def run(self, call: Call[ImageArgs]) -> Output:
        """Describe the picture.

        Raises:
            ModelFailed: no words came of it.
        """
        (picture,) = call.inputs["image"]
        assert isinstance(picture, Picture)
        return Output(text=self.described(picture), facts={"source": "model"})

    def described(self, picture: Picture) -> str:
        """The picture in English, with a full stop.

        Raises:
            ModelFailed: no words came of it.
        """
        import torch

        given = self._processor(images=Image.fromarray(picture.pixels), return_tensors="pt", **self.asked)
        given = given.to(self._device, hub.dtype(self._device))
        with torch.inference_mode():
            tokens = self._model.generate(**given, **self.writing)
        words = self._processor.decode(tokens[0], skip_special_tokens=True).strip().rstrip(".")
        if not words:
            raise ModelFailed("No words came of that picture.")
        return f"{words[0].upper()}{words[1:]}."
