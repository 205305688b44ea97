"""Slips of the fingers, the same ones for the same seed."""

from __future__ import annotations

import random
import re

_WORD = re.compile(r"[a-z]{4,}", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|„[^“]*“|:.*$", re.DOTALL)
_SHARE = 0.3
"""Of the longer words."""


def hasty(text: str, seed: int) -> str:
    """The text as typed in haste: letters swapped, doubled or left out in some words; what is quoted stays."""
    dice = random.Random(f"{seed} {text}")
    held = [match.span() for match in _QUOTED.finditer(text)]
    words = [w for w in _WORD.finditer(text) if not any(a <= w.start() < b for a, b in held)]
    for word in sorted(dice.sample(words, k=min(len(words), max(1, round(_SHARE * len(words))))), key=_start)[::-1]:
        text = text[: word.start()] + _slipped(word[0], dice) + text[word.end() :]
    return text


def _start(match: re.Match[str]) -> int:
    return match.start()


def _slipped(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    return dice.choice(
        [
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at:].replace(word[at], word[at] * 2, 1),
            word[:at] + word[at + 1 :],
        ]
    )
