"""Hibari: English text to speech at 24 kHz, a hundred times faster than real time on one core."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import SpeakArgs
from core.errors import NoModel
from core.models.base import Call, Output, Tier, Voice
from core.models.speech._speaking import Manner, Speaking
from core.settings import Settings

_LONGEST = 400
"""Phonemes in one pass. The library breaks longer sentences at commas; a list without any is broken here."""


class Hibari(Speaking):
    """Reads English aloud with the voice "heart". Numbers, dates, money and abbreviations are read as a person would.

    Sentences follow each other with the pause of about 0.7 s that the voice itself makes.
    """

    id = "hibari"
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    languages = ("en",)
    voices = (Voice("heart", "female"),)
    """The voice whose weights ship. The library knows four more, which it would download."""
    memory_bytes = 192 << 20
    batch = 8
    source = "hibari-tts==0.2.1"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._network: Any = None
        self._sha256 = ""

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which package to install."""
        return None if find_spec("hibari") else "run `make setup`: hibari-tts is not installed"

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the voice's network, 8 MB."""
        return self._sha256

    @property
    def sample_rate(self) -> int:
        """24,000 Hz."""
        return int(self._network.sample_rate)

    def load(self, device: str) -> None:
        """Read the network, the lexicon and the tagger. It runs on the CPU whatever the device.

        Raises:
            NoModel: the package is not installed.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"The English voice is not installed here: {reason}.")
        from hibari import Hibari as Network
        from hibari.voices import sha256_of, voice_path

        name = self.voices[0].name
        path = voice_path(name, download_missing=False)
        self._sha256 = sha256_of(path)
        self._network = Network(voice=name, model=path, threads=1)
        self._network.phonemize("ready")  # the lexicon is read at the first word

    def run_batch(self, calls: Sequence[Call[SpeakArgs]]) -> list[Output | Exception]:
        """Several texts at once, one thread each: a pass of the network uses but one core."""

        def one(call: Call[SpeakArgs]) -> Output | Exception:
            try:
                return self.run(call)
            except Exception as error:  # each call's fate is its own
                return error

        with ThreadPoolExecutor(min(len(calls), len(os.sched_getaffinity(0)))) as pool:
            return list(pool.map(one, calls))

    def _say(self, sentence: str, manner: Manner) -> NDArray[np.float32]:
        spoken = [
            self._network.from_ids(self._network.ids(phonemes), manner.speed, manner.rng)
            for part in self._network.phonemize(sentence)
            for phonemes in passes(part)
        ]
        return np.concatenate(spoken) if spoken else np.zeros(0, np.float32)


def passes(phonemes: str) -> list[str]:
    """The phonemes of a sentence in passes of at most `_LONGEST`, cut at spaces where there are any."""
    return textwrap.wrap(phonemes, _LONGEST, break_on_hyphens=False)
