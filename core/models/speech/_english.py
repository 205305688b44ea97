"""English as it is written in chats, put as it is said, where lexicons and their rules for numbers do not reach."""

from __future__ import annotations

import re
from collections.abc import Callable

_SHORT_WORDS = (
    "am an and are as at be by do for get go had has he her him his how if in is it its let me my no not of off on"
    " or our out own see she so the them they this to too up us was way we were what when who why will with you your"
)
_SHORT = frozenset(_SHORT_WORDS.split())
"""Words that a lexicon spells letter by letter when they stand in capitals: US, IT, ME."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_MONTH = "|".join(month[:3] for month in _MONTHS)
_DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday"} | {
    "sat": "Saturday", "sun": "Sunday", "tues": "Tuesday", "thurs": "Thursday",
}  # fmt: skip
_DAY = "|".join(_DAYS)
_RATES = {
    "MB/s": "megabytes per second", "GB/s": "gigabytes per second", "KB/s": "kilobytes per second",
    "kB/s": "kilobytes per second", "Mbit/s": "megabits per second", "Mbps": "megabits per second",
    "Gbps": "gigabits per second", "m/s": "meters per second", "km/s": "kilometers per second",
    "tsp": "teaspoons", "tbsp": "tablespoons", "m²": "square meters", "km²": "square kilometers",
    "ft²": "square feet", "m": "meters",
}  # fmt: skip
_PARTS = "chapter|section|part|page|act|scene|volume|book|article|item|step|phase"
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_DOUBLE_WORDS = "cool good soon see free sweet need feel keep sleep week too look food moon room all well"
_DOUBLE = frozenset(_DOUBLE_WORDS.split())

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def english(text: str) -> str:
    """The text with its figures and signs as words, where a voice would read them wrongly."""
    text = _unshouted(text)
    for pattern, said in _RULES:
        text = pattern.sub(said, text)
    return _reckoned(text)


def _unshouted(text: str) -> str:
    """Of a text all in capitals, the short words in small letters: they are no abbreviations there."""
    words = re.findall(r"[^\W\d_]+", text)
    if len(words) < 3 or not all(word.isupper() for word in words):
        return text
    return re.sub(r"[^\W\d_]+", lambda m: m[0].lower() if m[0].lower() in _SHORT else m[0], text)


def _reckoned(text: str) -> str:
    """The signs of arithmetic, in a line that has an equals sign or a product: elsewhere a dash is a range."""
    if not re.search(r"=|\d\s*[*×÷]\s*\d", text):
        return text
    signs = {"*": "times", "×": "times", "÷": "divided by", "-": "minus", "−": "minus", "+": "plus"}
    return re.sub(r"(?<=\w)\s([*×÷−+-])\s(?=\w)|(?<=\d)([*×÷])(?=\d)", lambda m: f" {signs[m[1] or m[2]]} ", text)


def _date(match: re.Match[str]) -> str:
    day, month, year = match.groups()
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}" if 1 <= int(month) <= 12 else match[0]


def _lasting(match: re.Match[str]) -> str:
    unit = "minute" if match[3] == "m" else "hour"
    return f"{match[1]} {unit}{'' if match[1] == '1' else 's'} {int(match[2])}"


def _dotted(match: re.Match[str]) -> str:
    """A version, or an address of the internet, which has four parts."""
    word = " dot " if match[0].count(".") == 3 else " point "
    return match[0].replace(".", word)


def _numbered(match: re.Match[str]) -> str:
    if not re.fullmatch(r"(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})", match[2]):
        return match[0]
    values = [_ROMAN[sign] for sign in match[2]]
    total = sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))
    return f"{match[1]} {total}"


def _single(match: re.Match[str]) -> str:
    """A word with drawn-out letters, as it is in the dictionary: "sooo coool"."""
    double = re.sub(r"([a-z])\1{2,}", r"\1\1", match[0])
    return double if double.lower() in _DOUBLE else re.sub(r"([a-z])\1{2,}", r"\1", match[0])


def _rule(pattern: str, said: str | Callable[[re.Match[str]], str], flags: int = 0) -> Rule:
    return re.compile(pattern, flags), said


_RULES: tuple[Rule, ...] = (
    _rule(r"\be\.\s?g\.", "for example", re.IGNORECASE),
    _rule(r"\bi\.\s?e\.", "that is", re.IGNORECASE),
    _rule(r"(?<![\w.])@(\w+)", lambda m: "at " + m[1].replace("_", " ")),
    _rule(r"(?<=[^\W_])_(?=[^\W_])", " "),
    _rule(r"\b([A-G])#(?!\w)", r"\1 sharp"),
    _rule(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b", _date),
    _rule(r"\b(?:version\s+)?v(?=\d+\.\d)", "version ", re.IGNORECASE),
    _rule(r"(?<![\w.])\d+(?:\.\d+){2,}(?![\d.]*\d)", _dotted),
    _rule(r"\b24/7\b", "24 7"),
    _rule(r"\b(\d+):(\d\d)\s*(h|m)(?:in|r|ins|rs|inutes|ours?)?\b", _lasting),
    _rule(r"\b(\d+):(\d)\b", r"\1 to \2"),
    _rule(rf"(?<![\d.,:/-])0\d+(?![.,:/-]?\d)(?!\s*(?:[ap]\.?m\b|{_MONTH}))", lambda m: " ".join(m[0])),
    _rule(r"(?<=\d)['′]\s?(?=\d{1,2}(?:\"|”|″|''))", " foot "),
    _rule(r"(?<= foot \d)(?:\"|”|″|'')|(?<= foot \d\d)(?:\"|”|″|'')", ""),
    _rule(r"(?<=\d)\s?([a-zA-Z]*/s|[MG]bps|tsp|tbsp|k?m²|ft²)(?!\w)", lambda m: f" {_RATES.get(m[1], m[1])}"),
    _rule(r"(?<![$€£¥\d.,])(\d[\d.,]*) m\b(?![.'’/]\w)", r"\1 meters"),
    _rule(r"(?<!\w)[~≈]\s?(?=[$€£]?\d)", "about "),
    _rule(r"(?<=[$€£]\d)([\d.,]*)\s?bn\b", r"\1 billion"),
    _rule(
        rf"\b({_DAY})\.?\s?[-–]\s?({_DAY})\b",
        lambda m: f"{_DAYS[m[1].lower()]} to {_DAYS[m[2].lower()]}",
        re.IGNORECASE,
    ),
    _rule(r"([ap]\.?m\.?)\s?[-–]\s?(?=\d)", r"\1 to "),
    _rule(r"(?<=\d)\s?x\s?(?=\d)", " by "),
    _rule(rf"\b((?i:{_PARTS}))\s+(i(?=\s*(?:[.,:;)!?]|$))|[vx]|[ivxl]{{2,}})\b", _numbered),
    _rule(r"\bRt\.?\s(?=\d)", "Route "),
    _rule(r"(?<!\w)(?![ivxl]+\b|w+\b)(?=[A-Za-z]*[aeiouy])(?=[A-Za-z]*?([a-z])\1\1)[A-Za-z]+(?!\w)", _single),
)
