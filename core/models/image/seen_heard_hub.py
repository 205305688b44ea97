"""A picture's sound by hub weights: Florence-2 says what it shows, and a diffusion model makes the sound of that."""

from __future__ import annotations

from typing import ClassVar

from core.media import Picture
from core.models.base import Tier
from core.models.image.florence2_hub import Florence2Hub
from core.models.image.seen_heard import Chain, SeenHeard
from core.models.sound._diffusion_hub import DiffusionHub
from core.models.sound.audioldm2_hub import AudioLdm2Hub
from core.models.sound.stable_audio_hub import StableAudioHub
from core.settings import Settings


class _Brief(Florence2Hub):
    """One short sentence, as those that the makers of sounds were trained on."""

    asked = {"text": "<CAPTION>"}


class _SeenHeardHub(SeenHeard):
    """The bundled chain with other eyes and another maker: it is not bound to a list of things."""

    tier = Tier.HUB
    commercial = False
    maker: ClassVar[type[DiffusionHub]]

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._describing = _Brief(settings)
        self._maker = self.maker(settings)

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install or to download."""
        return Florence2Hub.missing(settings) or cls.maker.missing(settings)

    @property
    def weights_sha256(self) -> str:
        """Empty: there is no one file."""
        return ""

    def load(self, device: str) -> None:
        """Read both networks.

        Raises:
            NoModel: something is not installed, or weights are not there.
        """
        self._describing.load(device)
        self._maker.load(device)

    def _look(self, picture: Picture) -> Chain:
        seen = self._describing.described(picture).rstrip(".")
        return Chain(f"I saw “{seen}”, so I made the sound of that.", seen, {"seen": seen})


class SeenHeardAudioLdm2(_SeenHeardHub):
    """Up to 30 s, mono."""

    id = "florence-2-audioldm2"
    licence = f"{Florence2Hub.licence} AND {AudioLdm2Hub.licence}"
    memory_bytes = Florence2Hub.memory_bytes + AudioLdm2Hub.memory_bytes
    source = f"{Florence2Hub.source}, {AudioLdm2Hub.source}"
    maker = AudioLdm2Hub


class SeenHeardStableAudio(_SeenHeardHub):
    """Up to 47 s, stereo."""

    id = "florence-2-stable-audio"
    licence = f"{Florence2Hub.licence} AND {StableAudioHub.licence}"
    memory_bytes = Florence2Hub.memory_bytes + StableAudioHub.memory_bytes
    source = f"{Florence2Hub.source}, {StableAudioHub.source}"
    maker = StableAudioHub
