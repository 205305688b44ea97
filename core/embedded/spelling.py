"""Slips of the fingers put right, so that a request is known by its words: "whcih noets" is "which notes"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD = re.compile(r"[^\W\d_]{3,}")
_LONG = 8
"""Letters from which on a word may hold two slips."""
_SHORT = 3
"""Letters of a word in which only two swapped ones are a slip: every other change makes another word."""
_DENSE = "\u2e80"


class Spelling:
    """The words of the router's requests, the commonest first."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._rank: Mapping[str, int] = {word: n for n, word in enumerate(words)}
        self._seen: dict[str, str] = {}

    def repaired(self, text: str) -> str:
        """The text with each word that is not known as the known one that it was most likely meant to be."""
        return _WORD.sub(lambda match: self._meant(match[0]), text)

    def _meant(self, word: str) -> str:
        low = word.lower()
        if low in self._rank or word[0] >= _DENSE:
            return word
        if low not in self._seen:
            if len(self._seen) > 4 * len(self._words):
                self._seen.clear()  # people write no end of words
            self._seen[low] = self._nearest(low)
        return self._seen[low] or word

    def _nearest(self, low: str) -> str:
        """Of the words in reach: the same letters in another order first, then few slips, then the commonest."""
        slips = 2 if len(low) >= _LONG else 1
        found = process.extract(low, self._words, scorer=OSA.distance, score_cutoff=slips, limit=None)
        ranked = [(sorted(word) != sorted(low), distance, place, word) for word, distance, place in found]
        if len(low) == _SHORT:
            ranked = [one for one in ranked if not one[0]]
        return min(ranked)[3] if ranked else ""
