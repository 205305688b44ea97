"""Singing with a DiffSinger voicebank that the operator has put on the machine (arXiv:2105.02446), by onnxruntime."""

from __future__ import annotations

import hashlib
import re
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import BadInput, NoModel
from core.languages import language_of, name
from core.models.base import Tier
from core.models.music import _voicebank
from core.models.music._lyrics import Syllable
from core.models.music._pinyin import is_pinyin, spelt
from core.models.music._score import Score, span
from core.models.music._singing import Throat
from core.models.music._songs import Singing, words_of
from core.models.music._voicebank import Dictionary, Voicebank
from core.models.music._voicebank_score import LEAD_S, TAIL_S, Spelt, phrases, told
from core.models.music._voices import Sing
from core.models.speech._reading import readable
from core.sayings import saying
from core.settings import Settings

_ARPABET = frozenset(
    ["aa", "ae", "ah", "ao", "aw", "ax", "ay", "eh", "er", "ey", "ih", "ix", "iy", "ow", "oy", "uh", "uw"]
)
_LINE = re.compile(r"\n+|(?<=[.!?;。！？；，,])\s*")


class BankSinger(Singing):
    """Sings what its dictionary holds. Timing and pitch are ours, the sound is the bank's.

    The consonants stand before the beat, so that vowels are on it; pitch glides from note to note, and trembles on
    those that are held. Of a bank with several singers the first one sings.
    """

    tier = Tier.HUB
    licence = "LicenseRef-Voicebank"
    optional = True
    memory_bytes = 1 << 30
    source = "a DiffSinger voicebank"
    language: str
    """ISO 639-1."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._bank: Voicebank | None = None
        self._dictionary = Dictionary({}, frozenset())

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to set."""
        if settings.voicebank is None:
            return f"set AUDIOGPT_VOICEBANK to the folder of a DiffSinger voicebank that sings {name(cls.language)}"
        return _voicebank.missing(settings.voicebank, cls.language)

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the bank's settings and of its acoustic network."""
        folder = self._folder()
        digest = hashlib.sha256((folder / _voicebank.CONFIG).read_bytes())
        for path in sorted(folder.glob("*.onnx")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def _folder(self) -> Path:
        assert self.settings.voicebank is not None
        return self.settings.voicebank

    def load(self, device: str) -> None:
        """Read the bank, on a GPU where onnxruntime has one.

        Raises:
            NoModel: there is none, or it is damaged.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"The singing voice is not installed here: {reason}.")
        self._dictionary = _voicebank.read_dictionary(self._folder(), self.language)
        self._bank = Voicebank(self._folder(), self.language, device)

    @property
    def rate(self) -> int:
        """The vocoder's."""
        assert self._bank is not None
        return self._bank.sample_rate

    def singing(self) -> Sing:
        """The bank's voice."""
        return self._sing

    def _sing(self, score: Score, throat: Throat, seed: int, progress: Callable[[float], None]) -> NDArray[np.float32]:
        bank = self._bank
        assert bank is not None
        out = np.zeros(round((LEAD_S + span(score) + TAIL_S + throat.late_s) * bank.sample_rate), np.float32)
        found = list(phrases(score))
        semitones = 12 * float(np.log2(throat.formants))
        for number, phrase in enumerate(found):
            progress(number / len(found))
            heard = bank.sound(told(phrase, bank.hop / bank.sample_rate, bank.phone, semitones, throat.cents))
            at = round((phrase.start_s + throat.late_s) * bank.sample_rate)
            last = min(len(out), at + len(heard))
            out[at:last] += heard[: last - at]
        return out

    def lines(self, lyrics: str) -> list[list[Syllable]]:
        """The syllables of every line, by the bank's dictionary.

        Raises:
            BadInput: there are no words, none in its language, or one that it does not know.
            OverLimit: there are too many.
        """
        text = words_of(lyrics)
        language = "zh" if is_pinyin(text) else language_of(text)
        if language not in (None, self.language):
            raise BadInput(saying("song_foreign_to", own=name(self.language), language=name(language or "")))
        found = [list(self._syllables(line)) for line in _LINE.split(text) if line.strip()]
        lines: list[list[Syllable]] = [list(line) for line in found if line]
        if not lines:
            raise BadInput(saying("song_wordless"))
        return lines

    @abstractmethod
    def _syllables(self, line: str) -> Iterator[Spelt]:
        """Those of a line.

        Raises:
            BadInput: it holds a word that the dictionary does not know.
        """

    def _said(self, word: str) -> tuple[str, ...]:
        if word not in self._dictionary.words:
            raise BadInput(saying("song_word_unknown", word=word))
        return self._dictionary.words[word]


class MandarinBank(BankSinger):
    """Chinese characters, or Pinyin with or without tones: a syllable a note."""

    id = "diffsinger-zh"
    languages = ("zh",)
    language = "zh"

    def _syllables(self, line: str) -> Iterator[Spelt]:
        for syllable in spelt(line, self._dictionary.words.keys()):
            phones = self._said(syllable)
            vowels = [n for n, phone in enumerate(phones) if phone in self._dictionary.vowels]
            vowel = vowels[0] if vowels else len(phones) - 1
            yield _spelt(phones, vowel, begins_word=True)


class EnglishBank(BankSinger):
    """English words of the bank's dictionary, cut into syllables before the last consonant between two vowels."""

    id = "diffsinger-en"
    languages = ("en",)
    language = "en"

    def _syllables(self, line: str) -> Iterator[Spelt]:
        for word in re.findall(r"[a-z]+(?:'[a-z]+)*", readable(line, "en").lower().replace("’", "'")):
            yield from self._cut(self._said(word))

    def _cut(self, phones: Sequence[str]) -> Iterator[Spelt]:
        known = self._dictionary.vowels or _ARPABET
        vowels = [n for n, phone in enumerate(phones) if phone in known or phone.rstrip("012") in known]
        starts = [0, *(max(a + 1, b - 1) for a, b in zip(vowels, vowels[1:], strict=False))]
        ends = [*starts[1:], len(phones)]
        for number, (start, end, vowel) in enumerate(zip(starts, ends, vowels, strict=False)):
            yield _spelt(tuple(phones[start:end]), vowel - start, begins_word=number == 0)


def _spelt(phones: tuple[str, ...], vowel: int, *, begins_word: bool) -> Spelt:
    onset, coda = " ".join(phones[:vowel]), " ".join(phones[vowel + 1 :])
    return Spelt(onset, phones[vowel], coda, begins_word=begins_word, phones=phones, vowel=vowel)
