"""What is said to people, by name, in nine languages: refusals, their kinds, and a turn's own words.

English is the source: `saying` gives the English words, which keep their name and what stands in their places, so that
whoever asks in another language is told in that one. Each language is a file beside this one, with these tables:

    [kinds]  a sentence for each kind of refusal, for words that have no translation
    [terms]  words that stand in places, by the English ones; a place `{file:term}` asks for them
    [said]   the words by name, with the places that the English ones have

A place `{limit:duration}` is a number of seconds in hours, minutes or seconds, as `[terms]` calls them.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SOURCE = "en"
LANGUAGES = (SOURCE, "es", "fr", "de", "it", "pt", "ru", "zh", "ja")
"""ISO 639-1 codes of the languages that there are words in."""

Place = str | int | float
"""What stands in a place: it travels as JSON."""

_TABLES = ("kinds", "terms", "said")
_UNITS = (("hour", 3600), ("minute", 60), ("second", 1))


class Saying(str):
    """English words that know their name and what stands in their places."""

    __slots__ = ("name", "places")
    name: str
    places: dict[str, Place]

    def __new__(cls, words: str, name: str, places: Mapping[str, Place]) -> Saying:
        """The words as any other text, with where they are from."""
        made = super().__new__(cls, words)
        made.name, made.places = name, dict(places)
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        """So that it can be copied."""
        return str(self), self.name, self.places


@dataclass(frozen=True)
class Language:
    """The words of one language."""

    kinds: Mapping[str, str]
    terms: Mapping[str, str]
    said: Mapping[str, str]
    comma: str
    """Between the words of a list."""

    def words(self, name: str, places: Mapping[str, Place]) -> str:
        """The words of that name with their places filled.

        Raises:
            KeyError: there are none, or a place is missing.
        """
        return _Filling(self).vformat(self.said[name], (), places)

    def term(self, english: str) -> str:
        """A term of the English words, or a list of such, in this language; what has none stays English."""
        if english in self.terms:
            return self.terms[english]
        return self.comma.join(self.terms.get(part, part) for part in english.split(", "))

    def duration(self, seconds: float) -> str:
        """7200 is "2 hours"."""
        unit, length = next(u for u in _UNITS if (seconds >= u[1] and seconds % u[1] == 0) or u[1] == 1)
        count = seconds / length
        return f"{count:g}{self.terms[f'1 {unit}' if count == 1 else f'{unit}s']}"


class _Filling(string.Formatter):
    """Fills places; those of the form `term` and `duration` by a language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """As Python's, but for the two forms."""
        if format_spec == "term":
            return self._language.term(str(value))
        if format_spec == "duration":
            return self._language.duration(value)
        return str(super().format_field(value, format_spec))


def read(text: str, comma: str = ", ") -> Language:
    """A language's words out of TOML.

    Raises:
        ValueError: it is no TOML, or holds anything but the three tables of texts.
    """
    tables = tomllib.loads(text)
    if tuple(tables) != _TABLES:
        raise ValueError(f"the tables are {', '.join(tables)}, not {', '.join(_TABLES)}")
    odd = [f"{name}.{key}" for name in _TABLES for key, value in tables[name].items() if not _is_words(value)]
    if odd:
        raise ValueError(f"no words: {', '.join(odd)}")
    return Language(tables["kinds"], tables["terms"], tables["said"], comma)


def _is_words(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


@cache
def language(code: str) -> Language:
    """One of `LANGUAGES`; any other is English."""
    if code not in LANGUAGES:
        return language(SOURCE)
    text = (Path(__file__).parent / f"{code}.toml").read_text(encoding="utf-8")
    return read(text, comma="、" if code in ("zh", "ja") else ", ")


def saying(name: str, /, **places: Place) -> Saying:
    """The English words of that name, for an error or a reply.

    Raises:
        KeyError: there are none, or a place is missing.
    """
    return Saying(language(SOURCE).words(name, places), name, places)


def in_language(code: str, name: str, places: Mapping[str, Place]) -> str | None:
    """The words of that name in a language; None where a worker of another version knows other names or places."""
    try:
        return language(code).words(name, places)
    except (KeyError, ValueError, TypeError):  # ValueError, TypeError: a place holds another thing than here
        return None
