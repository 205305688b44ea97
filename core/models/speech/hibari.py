"""Hibari: English text to speech at 24 kHz, a hundred times faster than real time on one core."""

from __future__ import annotations

import re
import textwrap
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import TEXT_TO_SPEECH, SpeakArgs
from core.errors import BadInput, NoModel
from core.models.base import Call, Model, Output, Tier
from core.models.speech._english import NOTHING_TO_SAY, check, speech
from core.settings import Settings

VOICES = ("heart",)
"""The voice whose weights ship. The library knows four more, which it would download."""

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b[\w.+-]+@\w[\w-]*(?:\.\w[\w-]*)+")
_SIGNS = {".": "dot", "/": "slash", "@": "at", "-": "dash", "_": "underscore", "+": "plus", "~": "tilde", ":": "colon"}
_LONGEST = 400
"""Phonemes in one pass. The library breaks longer sentences at commas; a list without any is broken here."""


class Hibari(Model[SpeakArgs]):
    """Reads English aloud with the voice "heart". Numbers, dates, money and abbreviations are read as a person would.

    Sentences follow each other with the pause of about 0.7 s that the voice itself makes.
    """

    id = "hibari"
    capability = TEXT_TO_SPEECH
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    languages = ("en",)
    memory_bytes = 192 << 20
    source = "hibari-tts==0.2.1"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._voice: Any = None
        self._sha256 = ""

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which package to install."""
        return None if find_spec("hibari") else "run `make setup`: hibari-tts is not installed"

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the voice's network, 8 MB."""
        return self._sha256

    def load(self, device: str) -> None:
        """Read the network, the lexicon and the tagger. It runs on the CPU whatever the device.

        Raises:
            NoModel: the package is not installed.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"The English voice is not installed here: {reason}.")
        from hibari import Hibari as Voice
        from hibari.voices import sha256_of, voice_path

        path = voice_path(VOICES[0], download_missing=False)
        self._sha256 = sha256_of(path)
        self._voice = Voice(voice=VOICES[0], model=path, threads=1)
        self._voice.phonemize("ready")  # the lexicon is read at the first word

    def run(self, call: Call[SpeakArgs]) -> Output:
        """Say a text: mono, 24 kHz, at most -1 dBFS. The same text, speed and seed give the same samples.

        Raises:
            BadInput: there is nothing to say, or it is not English, or there is no such voice.
        """
        check(call.args, VOICES)
        sentences = self._voice.phonemize(_readable(call.args.text))
        phonemes = [one for sentence in sentences for one in _passes(sentence)]
        if not phonemes:
            raise BadInput(NOTHING_TO_SAY)
        rng = np.random.default_rng(call.seed)
        spoken: list[NDArray[np.float32]] = []
        for done, one in enumerate(phonemes):
            call.progress(done / len(phonemes))
            spoken.append(self._voice.from_ids(self._voice.ids(one), call.args.speed, rng))
        call.progress(1.0)
        return speech(np.concatenate(spoken), self._voice.sample_rate, call.args.text, VOICES[0], len(sentences))


def _passes(sentence: str) -> list[str]:
    """The phonemes of a sentence in passes of at most `_LONGEST`, cut at spaces where there are any."""
    return textwrap.wrap(sentence, _LONGEST, break_on_hyphens=False)


def _readable(text: str) -> str:
    """The text with web and mail addresses as one says them: "https://www.a.org/b?c=d" is "a dot org slash b"."""
    return _ADDRESS.sub(_say_address, text)


def _say_address(match: re.Match[str]) -> str:
    address, end = re.subn(r"[.,!?;:)]+$", "", match[0])[0], re.search(r"[.,!?;:)]*$", match[0])
    said = re.sub(r"^(https?://)?(www\.)?|[?#].*$", "", address).rstrip("/")
    for sign, word in _SIGNS.items():
        said = said.replace(sign, f" {word} ")
    return said.strip() + (end[0] if end else "")
