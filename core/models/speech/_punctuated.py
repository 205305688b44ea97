"""Words to phonemes one by one, punctuation kept, on which the pauses depend."""

from __future__ import annotations

import re
from collections.abc import Callable

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[,;:.!?…—–()«»„\"“”]")
_UNSAID = frozenset('()«»„"“”')


def punctuated(text: str, say: Callable[[str], str], *, elided: bool = False) -> str:
    """The phonemes of a text without digits, by those of each word. `elided` words are two: "l'albero"."""
    said = ""
    for word in _WORD.findall(text.replace("'", " ").replace("’", " ") if elided else text):
        if word[0].isalpha():
            said += f" {say(word)}"
        elif word not in _UNSAID:
            said += word
    return said.strip()
