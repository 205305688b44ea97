"""Finding words of any language in a request: whole words by their stems, scripts without spaces by their signs."""

from __future__ import annotations

import re
from collections.abc import Mapping

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


class Words:
    """Names, each with the words for it, set apart by spaces.

    `klavier*` finds all that begins so; `music_box` is two words in a row.
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        self.patterns = {name: _pattern(words) for name, words in table.items()}

    def found(self, text: str) -> list[str]:
        """The names that occur, by where they do; what one has taken, none after it in the table may take again."""
        places: list[tuple[int, str]] = []
        left = text
        for name, pattern in self.patterns.items():
            hits = list(pattern.finditer(left))
            if hits:
                places.append((hits[0].start(), name))
                left = pattern.sub(lambda hit: " " * len(hit[0]), left)
        return [name for _, name in sorted(places)]

    def first(self, text: str) -> str | None:
        """The first in the order of the table, or None."""
        return next((name for name, pattern in self.patterns.items() if pattern.search(text)), None)

    def blanked(self, text: str) -> str:
        """The text without what is found."""
        for pattern in self.patterns.values():
            text = pattern.sub(" ", text)
        return text


def _pattern(words: str) -> re.Pattern[str]:
    spaced: list[str] = []
    unspaced: list[str] = []
    for word in words.split():
        form = re.escape(word).replace("_", r"[\s-]+").replace(r"\*", r"\w*")
        (unspaced if _UNSPACED.search(word) else spaced).append(form)
    parts = [rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)"] if spaced else []
    return re.compile("|".join(parts + unspaced), re.IGNORECASE)
