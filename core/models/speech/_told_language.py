"""Which language a clip is in, where its sound alone leaves doubt: by the words that each of the likely ones gives.

A recogniser that is told a wrong language writes words of none, or of another one than it was told, and is less sure of
them. So what each probable language gives is read, and the words decide: of 34 sentences in four languages, said by a
voice with a Japanese accent, Whisper base heard 21 in their language by the sound, and 27 so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log

from core.languages import language_of

CERTAIN = 0.9
"""A language that is heard with this probability is believed without a look at the words."""
_MOST, _LEAST = 4, 0.03
"""So many languages are tried, of at least that probability."""
_WEIGHT, _BONUS = 0.1, 0.2
"""What counts beside the mean log probability of a token: the sound, and words that are of the language."""
_SURE = -0.7
"""The least mean log probability of words that decide."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a clip as one language gives them."""

    text: str
    log_probability: float
    """The mean of its tokens."""


def told_by_words(heard: Iterable[tuple[str, float]], read: Callable[[str], Reading | None]) -> str | None:
    """The language that the words decide for; None where they leave it open.

    Args:
        heard: languages and how probable each is by its sound, the best first.
        read: decodes the clip in a language; None where it gives no words.
    """
    best, settled = float("-inf"), None
    for code, probability in _likely(list(heard)):
        reading = read(code)
        if reading is None:
            continue
        own = language_of(reading.text) == code
        worth = reading.log_probability + _WEIGHT * log(probability) + (_BONUS if own else 0.0)
        if worth > best:
            best, settled = worth, code if own and reading.log_probability > _SURE else None
    return settled


def _likely(heard: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    return [(code, probability) for code, probability in heard[:_MOST] if probability >= _LEAST]
