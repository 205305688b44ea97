"""The marks of a description: every word of it by what it does, each place in the text in one mark only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.models.sound import _scene_words as words
from core.models.sound._scene_naming import mentions
from core.models.sound._sound_library import Sound

_ROOMS = {"loop": words.LOOP, "hall": words.HALL, "muffled": words.MUFFLED, "radio": words.RADIO}
_TIMES = {
    "every": words.EVERY,
    "later": words.LATER,
    "after": words.AFTER,
    "at": words.AT,
    "length": words.LENGTH,
}
_JOINING = {"then": words.THEN, "not": words.NOT, "join": words.JOIN, "place": words.PLACE}
_WORD = re.compile(r"[^\s\"“”«»*_#<>\[\]{}~|-]+")


@dataclass(frozen=True)
class Mark:
    """A stretch of the text and what it does."""

    start: int
    end: int
    kind: str
    """`sound`; `count`; a time: `every`, `later`, `after`, `at`, `length`; `variant`; an adjective by its name; what
    joins: `then`, `join`, `place`, `not`; else a `word`."""
    text: str
    """As it was written, in lower case."""
    value: float = 0.0
    """A number or seconds."""
    sound: Sound | None = None
    again: bool = False


def marks(description: str) -> tuple[list[Mark], set[str]]:
    """All marks in order, and the rooms that are named: `loop`, `hall`, `muffled`, `radio`."""
    scan = _Scan(description)
    rooms = {name for name, pattern in _ROOMS.items() if list(scan.taken(pattern))}
    found = [*scan.times(), *scan.sounds()]
    list(scan.taken(words.FIRST))
    for kind, pattern in words.ADJECTIVES.items():
        found += [scan.mark(match, kind) for match in scan.taken(pattern)]
    for variant, pattern in words.VARIANTS.items():
        found += [Mark(match.start(), match.end(), "variant", variant) for match in scan.taken(pattern)]
    found += scan.counts()
    for kind, pattern in _JOINING.items():
        found += [scan.mark(match, kind) for match in scan.taken(pattern)]
    list(scan.taken(words.ABOUT))
    found += [scan.mark(match, "word") for match in scan.taken(_WORD)]
    return sorted(found, key=lambda mark: mark.start), rooms


class _Scan:
    """Takes out of the text what is understood; the places of the rest stay what they are."""

    def __init__(self, description: str) -> None:
        self._written = words.composed(description)
        self._left = words.plain(description)

    def taken(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """What a pattern finds in what is left; it is taken out."""
        for match in list(pattern.finditer(self._left)):
            self._take(match.start(), match.end())
            yield match

    def _take(self, start: int, end: int) -> None:
        self._left = self._left[:start] + " " * (end - start) + self._left[end:]

    def mark(self, match: re.Match[str], kind: str, value: float = 0.0) -> Mark:
        """A mark of what was found."""
        return Mark(match.start(), match.end(), kind, self._written[match.start() : match.end()], value)

    def times(self) -> Iterator[Mark]:
        """What says when and how long."""
        for kind, pattern in _TIMES.items():
            for match in list(pattern.finditer(self._left)):
                seconds = words.seconds_of(match)
                if seconds is not None:
                    self._take(match.start(), match.end())
                    yield self.mark(match, kind, seconds)

    def sounds(self) -> Iterator[Mark]:
        """What names a sound."""
        for mention in list(mentions(self._left)):
            self._take(mention.start, mention.end)
            said = self._written[mention.start : mention.end]
            yield Mark(mention.start, mention.end, "sound", said, 0.0, mention.sound, mention.again)

    def counts(self) -> Iterator[Mark]:
        """What says how often."""
        for match in list(words.COUNT.finditer(self._left)):
            number = words.count_of(match, self._written[match.start() : match.end()])
            self._take(match.start(), match.end())
            if number:
                yield self.mark(match, "count", float(number))
