"""What kind of edit words mean that no rule knows: by a head of its own, told to the rules in words that they know."""

from __future__ import annotations

import re
from pathlib import Path

from core.embedded.clauses import gist
from core.embedded.edit_words import PLAIN, told
from core.embedded.editing import operation
from core.embedded.effects import taken_off
from core.embedded.head import State, load_head
from core.embedded.stretches import OF_PARTS, names_stretch
from core.encoder import Encoder

WEIGHTS = Path(__file__).parent / "edits.npz"
_SURE, _SURE_OF_TURN, _SURER = 0.35, 0.8, 0.75
"""How probable a kind must be where no rule knows the words, where one knows the operation, and to overrule it."""
_TURNS = frozenset(["gain_down", "speed_down", "pitch_down"])
"""Directions that rules miss where they know the operation: without a word for less they take more to be meant."""


_OWN_NAMES = re.compile(r"\b(?:fade|reverb|echo|loop|remix|mix)\w*|(?<![a-z])db(?![a-z])", re.IGNORECASE)
"""Names of operations that most languages borrow as they are: what they name is not overruled."""


def plainly(text: str, encoder: Encoder) -> str:
    """The words of an edit, with plain ones behind them where the rules need them; the same where none are sure.

    "laat het langzaam wegsterven" becomes "laat het langzaam wegsterven (fade out)".
    """
    known = operation(text)
    if known in OF_PARTS and names_stretch(text):
        return text  # "make the first 3 seconds louder" reads like a cut
    if (known and _OWN_NAMES.search(text)) or taken_off(text):
        return text
    seen = gist(text)
    scores = load_head(frozenset(PLAIN), WEIGHTS)(seen, encoder.encode([seen])[0], State(audio=True))
    kind = max(scores, key=lambda name: scores[name])
    meant = PLAIN[kind][0]
    least = _SURE if known is None else _SURER if known != meant else _SURE_OF_TURN if kind in _TURNS else 1.0
    return told(text, kind) if scores[kind] >= least else text
