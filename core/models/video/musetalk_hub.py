"""MuseTalk: a portrait that talks, its mouth made by a network with hub weights (Zhang et al., arXiv:2410.10122)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import TalkingHeadArgs
from core.errors import NoModel
from core.media import Audio
from core.models.base import Call, Tier
from core.models.video import _musetalk
from core.models.video._mark import Mark
from core.models.video._motion import Spoken
from core.models.video._musetalk import Cut, MuseTalk, windows
from core.models.video._portrait import Portrait
from core.models.video.talking_head import FPS, TalkingHead
from core.settings import Settings

_BATCH = 8
"""Frames that the network makes at once."""
_FOUND, _HEARD = 0.1, 0.2
"""How far the call is when the face is found and the words are spoken, and when the networks have heard them."""


class MuseTalkHub(TalkingHead):
    """Finds the face, gets its sound, refuses and marks as `face-warp` does; here the head itself keeps still.

    Any language moves the lips, and the same call gives the same video whatever the seed, but for what it speaks
    itself.
    """

    id = "musetalk-1.5"
    tier = Tier.HUB
    licence = "MIT AND Apache-2.0"
    memory_bytes = 5 << 30
    source = _musetalk.HUB_ID

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._musetalk: MuseTalk | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download: what finds faces and speaks, then the network and its parts."""
        return super().missing(settings) or _musetalk.missing(settings)

    @property
    def weights_sha256(self) -> str:
        """Empty: gigabytes are not hashed, and the face mesh's hash would be that of another model."""
        return ""

    def load(self, device: str) -> None:
        """Read the weights, in half precision on a GPU, and the face networks.

        Raises:
            NoModel: something is not installed, or the weights are not there, or not whole.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.source} cannot run here: {reason}.")
        super().load(device)
        self._musetalk = MuseTalk(self.settings, device)

    def _frames(
        self, call: Call[TalkingHeadArgs], portrait: Portrait, sound: Audio, spoken: Sequence[Spoken]
    ) -> Iterator[NDArray[np.uint8]]:
        assert self._musetalk is not None
        pixels = portrait.pixels
        height, width = pixels.shape[:2]
        mark, cut = Mark((width, height)), Cut.of(portrait.points, height, width)
        features = self._musetalk.listen(sound, lambda part: call.progress(_FOUND + (_HEARD - _FOUND) * part))
        latents = self._musetalk.latents(cut.taken(pixels, self._musetalk.side))
        count = max(1, int(sound.samples.shape[1] / sound.sample_rate * FPS))
        for first in range(0, count, _BATCH):
            call.progress(_HEARD + (1 - _HEARD) * first / count)
            heard = windows(features, first, min(_BATCH, count - first), FPS)
            for face in self._musetalk.faces(latents, heard):
                yield mark.put(cut.pasted(pixels, face))
        call.progress(1.0)

    def _sound(self, call: Call[TalkingHeadArgs]) -> tuple[Audio, tuple[Spoken, ...], dict[str, Any]]:
        """What is heard: by it alone go the lips, whether its phonemes are known or not."""
        sound, _, facts = super()._sound(call)
        return sound, (), {**facts, "lips": "by sound"}
