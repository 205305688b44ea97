"""What one clause asks for: its gist through encoder and head, with slips of the fingers put right where that helps."""

from __future__ import annotations

from functools import lru_cache

from core.embedded.clauses import gist, without_pasted
from core.embedded.head import Head, Probabilities, State
from core.embedded.spelling import Spelling
from core.encoder import Encoder

_KEPT = 64
"""Vectors of clauses that are read more than once for one message."""
_FEW_SIGNS = 40
"""A given text that is longer has no say in what is asked for: it is shown, and not said."""
_HAZY = 0.5
"""Below this, no capability is read from a clause."""
_PLAIN = 0.8
"""What is as sure as this is spelled as it is meant."""
_HELPS = 0.1
"""How much surer what is put right must be."""


class Reader:
    """Reads clauses one by one."""

    def __init__(self, encoder: Encoder, head: Head) -> None:
        self._vector = lru_cache(maxsize=_KEPT)(lambda text: encoder.encode([text])[0])
        self._head = head
        self.repaired = Spelling(head.words).repaired

    def read(self, text: str, state: State) -> Probabilities:
        """The head's view of a clause.

        Where all around a given text is hazy ("foley: boots on gravel"), the given text has a say, too.
        """
        seen = gist(text)
        scores = self._scores(seen, state)
        sure = max(scores.values())
        if sure < _PLAIN and (repaired := self.repaired(seen)) != seen:
            better = self._scores(repaired, state)
            scores = better if max(better.values()) > sure + _HELPS else scores
        if max(scores.values()) >= _HAZY or seen == text.rstrip(" .!。！") or len(text) - len(seen) > _FEW_SIGNS:
            return scores
        whole = self._scores(without_pasted(text), state)
        return {name: (p + scores[name]) / 2 for name, p in whole.items()}

    def _scores(self, text: str, state: State) -> Probabilities:
        return self._head(text, self._vector(text), state)
