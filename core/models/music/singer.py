"""Singing: the English voice held to a score."""

from __future__ import annotations

import re
from functools import partial

from core.errors import BadInput, NoModel
from core.languages import language_of, name
from core.models.base import Tier
from core.models.music._lyrics import Syllable, syllables
from core.models.music._pinyin import is_pinyin
from core.models.music._singing import sing
from core.models.music._songs import Singing, words_of
from core.models.music._voices import Sing
from core.models.speech._hibari_frames import OpenNetwork
from core.models.speech._reading import other_scripts, readable
from core.models.speech.hibari import Hibari
from core.sayings import saying
from core.settings import Settings


class Singer(Singing):
    """Sings English lyrics with a woman's or a man's voice, alone, in thirds or as a choir."""

    id = "hibari-singer"
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    languages = ("en",)
    memory_bytes = 320 << 20
    source = Hibari.source

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._network: OpenNetwork | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which package to install."""
        return Hibari.missing(settings)

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the voice's network."""
        return self._network.sha256 if self._network else ""

    def load(self, device: str) -> None:
        """Read the voice. It runs on the CPU whatever the device.

        Raises:
            NoModel: the package is not installed.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"The singing voice is not installed here: {reason}.")
        self._network = OpenNetwork()
        self._network.phonemes("ready")  # the lexicon is read at the first word

    @property
    def rate(self) -> int:
        """24 kHz."""
        assert self._network is not None
        return self._network.sample_rate

    def singing(self) -> Sing:
        """The voice."""
        assert self._network is not None
        return partial(sing, self._network)

    def lines(self, lyrics: str) -> list[list[Syllable]]:
        """The syllables of every line.

        Raises:
            BadInput: there are no words, or none in English.
            OverLimit: there are too many.
        """
        assert self._network is not None
        text = words_of(lyrics)
        language = "zh" if is_pinyin(text) else language_of(text)
        foreign = other_scripts(text, "en")
        if (language or "en") != "en" or foreign:
            raise BadInput(saying("song_foreign", language=name(language or "zh")))
        spoken = readable(text, "en")
        found = [
            syllables(part)
            for line in re.split(r"\n+|(?<=[.!?;])\s+", spoken)
            if any(c.isalnum() for c in line)
            for part in self._network.phonemes(line)
        ]
        lines = [line for line in found if line]
        if not lines:
            raise BadInput(saying("song_wordless"))
        return lines
