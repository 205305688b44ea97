"""Lyrics as syllables of phonemes, in the alphabet of misaki that the English voice reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

VOWELS = frozenset("AIOQWYaeiouæɑɐɒɔəɚɛɜɝɪʊʌᵊᵻ")
_SONORANTS = frozenset("mnŋlɹ")
_STRESS = "ˈˌ"
_WEAK = frozenset("əᵊᵻɐmnŋlɹ")
_ONSETS = frozenset(
    f"{first}{second}"
    for first, seconds in {
        "p": "lɹj", "b": "lɹj", "t": "ɹwj", "d": "ɹwj", "k": "lɹwj", "ɡ": "lɹwj", "f": "lɹj", "v": "j", "θ": "ɹw",
        "ʃ": "ɹ", "s": "ptklwmnf", "m": "j", "n": "j", "h": "j", "sp": "lɹj", "st": "ɹj", "sk": "lɹwj",
    }.items()
    for second in seconds
)  # fmt: skip
"""What begins an English syllable with more than one consonant; any single one but ŋ does too."""


@dataclass(frozen=True, slots=True)
class Syllable:
    """What one note is sung on."""

    onset: str
    nucleus: str
    """The vowel; a diphthong is one symbol. A sonorant where there is none ("button")."""
    coda: str = ""
    stress: str = ""
    """ˈ, ˌ or nothing."""
    begins_word: bool = True

    @property
    def marked(self) -> str:
        """How the nucleus is stressed when sung: all but the weak vowels are, since every note is meant."""
        return "" if self.nucleus in _WEAK and not self.stress else "ˈ"

    @property
    def phonemes(self) -> str:
        """As the voice reads them to sing."""
        return f"{self.onset}{self.marked}{self.nucleus}{self.coda}"


def syllables(phonemes: str) -> list[Syllable]:
    """The syllables of a line of phonemes; marks of punctuation are left out."""
    return [syllable for word in phonemes.split() for syllable in _of_word(_cleaned(word))]


def joined(line: Iterable[Syllable]) -> str:
    """Syllables as one string of phonemes, words set apart by spaces."""
    return "".join((" " if s.begins_word and number else "") + s.phonemes for number, s in enumerate(line))


def _cleaned(word: str) -> str:
    return "".join(c for c in word if c.isalpha() or c in _STRESS or c in VOWELS)


def _of_word(word: str) -> Iterator[Syllable]:
    stress = dict(_stresses(word))
    bare = "".join(c for c in word if c not in _STRESS)
    nuclei = _nuclei(bare)
    if not nuclei:
        return
    start = 0
    for number, nucleus in enumerate(nuclei):
        last = number + 1 == len(nuclei)
        end = len(bare) if last else _boundary(bare, nucleus + 1, nuclei[number + 1])
        yield Syllable(
            bare[start:nucleus],
            bare[nucleus],
            bare[nucleus + 1 : end],
            stress.get(nucleus, ""),
            begins_word=number == 0,
        )
        start = end


def _stresses(word: str) -> Iterator[tuple[int, str]]:
    """Each mark with the index, among the other symbols, of the one that it stands before."""
    index = 0
    for symbol in word:
        if symbol in _STRESS:
            yield index, symbol
        else:
            index += 1


def _nuclei(bare: str) -> Sequence[int]:
    """Where the vowels are, and the sonorants that stand for one: the n of "button", the m of a "prism" read so."""
    found = [index for index, symbol in enumerate(bare) if symbol in VOWELS]
    for index, symbol in enumerate(bare):
        lonely = index > 0 and symbol in _SONORANTS and not _sounds(bare[index - 1])
        if lonely and found and index > found[0] and bare[index + 1 : index + 2] not in VOWELS:
            found.append(index)
    return sorted(found) or [index for index, symbol in enumerate(bare) if symbol in _SONORANTS][:1]


def _sounds(symbol: str) -> bool:
    return symbol in VOWELS or symbol in _SONORANTS or symbol in "wj"


def _boundary(bare: str, first: int, nucleus: int) -> int:
    """Where the next syllable begins among the consonants between two nuclei: it takes all that may begin one."""
    for start in range(first, nucleus):
        cluster = bare[start:nucleus]
        if cluster in _ONSETS or (len(cluster) == 1 and cluster != "ŋ"):
            return start
    return nucleus
