"""German text to the phonemes of Kokoro: the sounds by the model of g2p2, the stress by rules of our own.

g2p2's model was built from WikiPron (Lee et al. 2020), that is from Wiktionary. It gives a word's sounds without its
stress. Two habits of that notation tell most of it: a tense vowel that is written short (the e and the o of "meloˈdiː")
is never stressed, and neither is a schwa. Prefixes and the endings of borrowed words tell the rest (Duden, Das
Aussprachewörterbuch, 7th edition).
"""

from __future__ import annotations

import lzma
import re
from functools import cached_property
from importlib.resources import files
from typing import Any

from core.models.speech._german_numbers import spelled
from core.models.speech._punctuated import punctuated

PACKAGE = "g2p2_group_germanic"


_SIGNS = (
    ("ʔ", ""), ("a͡ɪ", "I"), ("aɪ̯", "I"), ("aʊ̯", "W"), ("ɔɪ̯", "ɔø"), ("ɔʏ̯", "ɔø"), ("ɔʏ", "ɔø"), ("t͡s", "ʦ"),
    ("t͡ʃ", "ʧ"), ("d͡ʒ", "ʤ"), ("p͡f", "pf"), ("i̯", "j"), ("u̯", "w"), ("o̯", "w"), ("n̩", "ən"), ("l̩", "əl"),
    ("m̩", "əm"), ("ɐ̯", "ɾ"), ("ʁ", "ɾ"), ("͡", ""), ("̯", ""),
)  # fmt: skip
_AFTER_LONG = re.compile(r"(?<=ː)ɐ")
_VOWEL = re.compile(r"ɔø|[IWaeiouyøœɛɔɪʊʏəɐɜɑɒæʌ]ː?")
_NEVER = re.compile(r"[eiouyøəɐɜ]")
_OPEN_ENDS = frozenset("aɛɔ")
"""A short one that ends a word is not stressed."""
_PREFIX = re.compile(r"(?:bə|ɡə|ʦɛɾ|ɛɾ|fɛɾ|ɛnt|ɛmp)")
_PREFIXED = re.compile(r"(?:be|ge|zer|er|ver|ent|emp)")
_ENDING = re.compile(
    r"(?:ier(?:en|t|te|ten|tes|ter|ung|ungen)?|[tsx]ion(?:en|al|ale|alen)?|tät(?:en)?|erei(?:en)?|ismus|ist(?:en|in)?|"
    r"[mdtrg]ent(?:e|en|es|s)?|[trdl]an[tz](?:en)?|[rtd]enz(?:en)?|tur(?:en)?|ell(?:e|en|er|es)?|thek(?:en)?|"
    r"[oa]ph?gramm(?:e|en|s)?|[nst]ett(?:e|en|s)?|[tr]abel|eur(?:e|en|in)?|arium)$"
)
_SECOND_WORDS = (
    "warum sofort allein vielleicht zusammen zurück vorbei überhaupt überall dabei dafür dagegen daheim daher dahin"
    " damit danach daneben daran darauf daraus darin darüber darum davon davor dazu dazwischen heraus herein herauf"
    " herunter herum hinaus hinein hinauf hinunter hinüber wobei wodurch wofür wogegen woher wohin womit wonach woran"
    " worauf woraus worin worüber worum wovon wozu miteinander nebenan entlang zuerst zuletzt zumindest zufrieden"
    " jedoch jawohl obwohl sobald solange sowohl sogar soeben bereits hallo berlin april august oktober november"
    " dezember kaffee büro hotel musik natur figur papier klavier programm problem"
)
_WEAK_WORDS = (
    "der die das den dem des ein eine einen einem einer eines und oder aber in im an am auf zu zur zum von vom mit bei"
    " bis ist sind war ich du er sie es wir ihr mir dir uns mich dich sich so wie dass daß ob um für als am ins ans"
    " beim aus nach man nur wenn weil"
)
_SECOND, _WEAK = frozenset(_SECOND_WORDS.split()), frozenset(_WEAK_WORDS.split())
_SPOKEN = {
    "a": "aː", "b": "beː", "c": "ʦeː", "d": "deː", "e": "eː", "f": "ɛf", "g": "ɡeː", "h": "haː", "i": "iː", "j": "jɔt",
    "k": "kaː", "l": "ɛl", "m": "ɛm", "n": "ɛn", "o": "oː", "p": "peː", "q": "kuː", "r": "ɛɾ", "s": "ɛs", "t": "teː",
    "u": "uː", "v": "fW", "w": "veː", "x": "ɪks", "y": "ypsilɔn", "z": "ʦɛt", "ä": "ɛː", "ö": "øː", "ü": "yː",
}  # fmt: skip


class German:
    """Text to phonemes, punctuation kept: the pauses depend on it."""

    @cached_property
    def _model(self) -> Any:
        """Read at the first word: that takes two seconds, and few speak German."""
        from g2p2 import Model

        return Model.from_bytes(lzma.decompress((files(PACKAGE) / "de.g2p.xz").read_bytes()))

    def __call__(self, sentence: str) -> str:
        """The phonemes of a sentence."""
        return punctuated(spelled(sentence), self._word)

    def _word(self, word: str) -> str:
        if _is_spelled(word):
            letters = [_SPOKEN.get(letter, "") for letter in word.lower()]
            return "".join(letters[:-1]) + _stressed(letters[-1], 0)
        small = word.lower()
        sounds = _signs(self._model.phonemize(small))
        said = sounds if small in _WEAK else _stressed(sounds, self._stress(small, sounds))
        return said.replace("ʏ", "y")

    def _stress(self, word: str, sounds: str) -> int:
        """Which of a word's vowels is stressed."""
        vowels = _VOWEL.findall(sounds)
        if ending := _ENDING.search(word):
            return max(0, len(vowels) - len(_VOWEL.findall(_signs(self._model.phonemize(ending[0])))))
        second = word in _SECOND or bool(_PREFIXED.match(word) and _PREFIX.match(sounds))
        able = [i for i, vowel in enumerate(vowels) if not _NEVER.fullmatch(vowel)]
        if able and len(vowels) > 1 and sounds.endswith(vowels[able[-1]]) and vowels[able[-1]] in _OPEN_ENDS:
            able.pop()
        return next((i for i in able if i or not second), able[0] if able else 0)


def _is_spelled(word: str) -> bool:
    """Whether a word is said letter by letter: "USB"."""
    return word.isupper() and 1 < len(word) < 4 or not re.search("[aeiouyäöü]", word.lower())


def _signs(ipa: str) -> str:
    for sign, own in _SIGNS:
        ipa = ipa.replace(sign, own)
    return _AFTER_LONG.sub("ɾ", ipa).replace("ɐ", "ɜ")


def _stressed(sounds: str, which: int) -> str:
    """With the sign of stress before one of the vowels; a tense one that is stressed is long."""
    vowels = list(_VOWEL.finditer(sounds))
    if which >= len(vowels):
        return sounds
    start, end = vowels[which].span()
    is_open = re.match(r"(?:ʦ|pf|[bdɡptkfvszʃçxmnŋlɾhj])?[IWaeiouyøœɛɔɪʊʏəɜ]", sounds[end:])
    length = "ː" if is_open and vowels[which][0] in "eiouyø" else ""
    return f"{sounds[:start]}ˈ{vowels[which][0]}{length}{sounds[end:]}"
