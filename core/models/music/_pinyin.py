"""Whether words are Chinese in Latin letters: Hanyu Pinyin, with marks of tone, with digits, or without either."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

_WITH_INITIAL = (
    "(?:(?:[zcs]h?|r)(?:ai|ei|ao|ou|ang|eng|ong|an|en|uai|uang|uan|ua|uo|ui|un|[aeiu])"
    "|[jqx](?:iao|iang|iong|ian|ing|in|ia|ie|iu|uan|ue|un|[iu])"
    "|y(?:ao|ou|ang|ing|ong|an|in|uan|ue|un|[aeiou])"
    "|w(?:ai|ei|ang|eng|an|en|[aou])"
    "|[gkh](?:ai|ei|ao|ou|ang|eng|ong|an|en|uai|uang|uan|ua|uo|ui|un|[aeu])"
    "|[bpmfdtnl](?:iao|iang|ian|ing|in|ie|iu|ai|ei|ao|ou|ang|eng|ong|an|en|uan|uo|ui|un|ue|[aeiou])"
    "|lia)"
)
_WORD = re.compile(f"(?:{_WITH_INITIAL}|ai|ei|ao|ou|ang|an|en|er|[aeo]){_WITH_INITIAL}{{0,3}}")
_TELLING = re.compile("zh|[qx]|i?ao|ia|ai|ou|ei|ie|iu|u[aeio]|[aeo]ng")
"""What nonsense that is sung (la la, da ba du) does not hold."""
_ENGLISH = frozenset({
    "bang", "die", "ding", "dong", "fang", "gang", "gong", "hang", "lie", "long", "pang", "pie", "ping", "pong", "rang",
    "sang", "song", "tang", "tie", "wei", "yang", "you",
})  # fmt: skip
_BREATHS = frozenset(["ap", "sp"])
"""Marks of a breath among the words of a score."""
_DISTINCT, _TOLD = 4, 2
_LONGEST = 7
"""Letters and tone of a syllable: zhuang1."""


def is_pinyin(text: str) -> bool:
    """True where every word can be read as Pinyin and enough of them could hardly be anything else."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    words = {word.strip("12345") for word in re.findall(r"[^\W_]+", plain)} - {"", *_BREATHS}
    if len(words) < _DISTINCT or not all(_WORD.fullmatch(word) for word in words):
        return False
    return sum(bool(_TELLING.search(word)) for word in words - _ENGLISH) >= _TOLD


def spelt(line: str, known: Collection[str]) -> list[str]:
    """A line of Chinese, in characters or in Pinyin, as syllables of Pinyin: lower case, without tones, `v` for ü.

    Pinyin that is written together is cut into the longest syllables that are `known`; what cannot be cut is left as it
    stands.
    """
    from pypinyin import lazy_pinyin

    words = [word for part in lazy_pinyin(line) for word in re.findall(r"[^\W_]+", part)]
    return [syllable for word in words for syllable in _cut(_plain(word), known)]


def _plain(word: str) -> str:
    low = unicodedata.normalize("NFD", word.lower()).replace("u\u0308", "v").replace("u:", "v")
    return "".join(c for c in low if not unicodedata.combining(c)).strip("12345")


def _cut(word: str, known: Collection[str]) -> list[str]:
    """The fewest known syllables that make up a word; the word where none do."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST), end):
            before = best[start]
            part = word[start:end].strip("12345")
            if before is not None and part in known:
                longer = best[end]
                if longer is None or len(before) + 1 < len(longer):
                    best[end] = [*before, part]
    return best[-1] or [word]
