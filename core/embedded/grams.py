"""The words of a clause as features beside its meaning: a verb says more of what is wanted than what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"\d+(?:[.:,]\d+)*|[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]|[^\W\d_]+|[:…?%]")
_DENSE = "\u2e80"
"""Scripts from here on have no spaces between words."""
_STEM = 5
_NUMBER = "#"


def grams(text: str) -> list[str]:
    """Words, beginnings of long words, pairs and, one apart, pairs of neighbours; characters where there are no words.

    Each once, in the order of the text; numbers are all the same.
    """
    tokens = [_NUMBER if t[0].isdigit() else t for t in _TOKEN.findall(text.lower())]
    return list(dict.fromkeys(_grams(["^", *tokens, "$"])))


def _grams(tokens: list[str]) -> Iterator[str]:
    for at, token in enumerate(tokens):
        yield token
        if len(token) > _STEM and token < _DENSE:
            yield f"{token[:_STEM]}*"
        if at + 1 < len(tokens):
            yield f"{token} {tokens[at + 1]}"
        if at + 2 < len(tokens):
            dense = token >= _DENSE
            yield f"{token} {tokens[at + 1]} {tokens[at + 2]}" if dense else f"{token} _ {tokens[at + 2]}"
