"""A picture's sound: what it shows is told, and the sounds of that are made. Both steps are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import IMAGE_TO_AUDIO, ImageSoundArgs, SoundArgs
from core.errors import BadInput
from core.media import Picture
from core.models.base import Call, Made, Model, Output, Tier
from core.models.image import _sounds_of
from core.models.image._sounds_of import Heard
from core.models.image._tagger import names
from core.models.image.tags_caption import LIKELY, TagsCaption, article
from core.models.sound.scene import SceneComposer
from core.sayings import saying
from core.settings import Settings

_SEEN = 0.3
"""How far the call is when the picture is seen."""


@dataclass(frozen=True, slots=True)
class Chain:
    """From a picture to a description of sounds."""

    told: str
    """What was seen and what was made of it: with how sure it is, where that is known."""
    sounds: str
    """A description for what makes sounds."""
    facts: Mapping[str, Any]


class SeenHeard(Model[ImageSoundArgs]):
    """Sees as `efficientnet-caption` does and makes sounds as `scene-composer` does."""

    id = "seen-then-heard"
    capability = IMAGE_TO_AUDIO
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = TagsCaption.memory_bytes + SceneComposer.memory_bytes
    source = f"{TagsCaption.source}, {SceneComposer.source}"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._eyes = TagsCaption(settings)
        self._maker: Model[SoundArgs] = SceneComposer(settings)

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        return TagsCaption.missing(settings) or SceneComposer.missing(settings)

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the network that sees."""
        return self._eyes.weights_sha256

    def load(self, device: str) -> None:
        """Read what sees.

        Raises:
            NoModel: a package is missing.
        """
        self._eyes.load(device)
        self._maker.load(device)

    def run(self, call: Call[ImageSoundArgs]) -> Output:
        """The sound of the picture, and in words what was seen and what was made of it.

        Raises:
            BadInput: it is not clear what the picture shows, or what that sounds like.
        """
        (picture,) = call.inputs["image"]
        assert isinstance(picture, Picture)
        chain = self._look(picture)
        call.progress(_SEEN)
        made = self._maker.run(
            Call(
                SoundArgs(description=chain.sounds, seconds=call.args.seconds),
                seed=call.seed,
                progress=lambda part: call.progress(_SEEN + (1 - _SEEN) * part),
            )
        )
        (clip,) = made.media
        facts = {**made.facts, **chain.facts, "made": chain.sounds}
        return Output(text=chain.told, media=(Made(clip.media, "picture-sound", clip.caption),), facts=facts)

    def _look(self, picture: Picture) -> Chain:
        """What is seen, and what that sounds like."""
        heard = _heard(self._eyes.scores(picture))
        told = f"I saw {article(heard.thing)} ({round(100 * heard.confidence)} % sure), so I made: {heard.sounds}."
        return Chain(told, heard.sounds, {"seen": heard.thing, "confidence": heard.confidence})


def _heard(scores: NDArray[np.float64]) -> Heard:
    """What is likely in the picture and has a sound."""
    heard = _sounds_of.heard(scores)
    if heard is not None:
        return heard
    first = int(scores.argmax())
    if scores[first] >= LIKELY:
        raise BadInput(saying("picture_soundless", thing=article(names()[first])))
    raise BadInput(saying("picture_unclear"))
