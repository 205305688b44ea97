"""Numbers, dates, times, money and abbreviations of German, as one says them; the number words are those of g2p2."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.models.speech._digits import NUMBER, in_words

_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
_SHAPES = (
    (r"\bz\.\s?B\.", "zum Beispiel"), (r"\bd\.\s?h\.", "das heißt"), (r"\bu\.\s?a\.", "unter anderem"),
    (r"\bbzw\.", "beziehungsweise"), (r"\busw\.", "und so weiter"), (r"\bca\.", "circa"), (r"\bNr\.", "Nummer"),
    (r"\bDr\.", "Doktor"), (r"\bProf\.", "Professor"), (r"\bHr\.", "Herr"), (r"\bFr\.(?=\s[A-ZÄÖÜ])", "Frau"),
    (r"[Ss]tr\.(?=\s?\d)", "straße "), (r"°\s?C\b", " Grad"), (r"&", " und "),
)  # fmt: skip
_MONEY = {"€": "Euro", "$": "Dollar", "£": "Pfund", "¥": "Yen"}
_UNITS = {
    "km/h": "Kilometer pro Stunde", "km": "Kilometer", "kg": "Kilo", "cm": "Zentimeter", "mm": "Millimeter",
    "m": "Meter", "g": "Gramm", "h": "Stunden", "min": "Minuten", "s": "Sekunden", "kHz": "Kilohertz", "Hz": "Hertz",
}  # fmt: skip
_ORDINALS = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}


def cardinal(number: int) -> str:
    """A number of at least 0 in words, with a space behind each hundred and thousand."""
    from g2p2 import expand_numbers

    if not number:
        return "null"
    said: str = expand_numbers(str(number), "de")
    said = re.sub(r"(?<=\w)und(?=(?:zwan|drei|vier|fünf|sech|sieb|acht|neun)[zß]ig)", " und ", said)
    return re.sub(r"(?<=tausend)(?=\w)|(?<=hundert)(?=\w)", " ", said)


def ordinal(number: int) -> str:
    """The stem of an ordinal, to which its ending comes: "dritt", "zwanzigst"."""
    small = number % 100
    if small in _ORDINALS:
        head = cardinal(number - small) + " " if number > small else ""
        return f"{head}{_ORDINALS[small]}"
    return cardinal(number) + ("t" if small < 20 and (small or not number) else "st")


def spelled(text: str) -> str:
    """The text with everything in words that is not."""
    for pattern, said in _SHAPES:
        text = re.sub(pattern, said, text)
    months = "|".join(_MONTHS)
    sign = "|".join(map(re.escape, _MONEY))
    units = "|".join(_UNITS)
    replacements: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
        (r"\b(\d{4})-(\d{2})-(\d{2})\b", lambda m: _date(int(m[3]), int(m[2]), m[1])),
        (r"\b(\d{1,2})\.\s?(\d{1,2})\.(\d{4})?", lambda m: _date(int(m[1]), int(m[2]), m[3])),
        (r"(?<=\d)\s?[-–]\s?(?=\d)", lambda m: " bis "),
        (r"\b(\d{1,2})[:.](\d{2})(?:\s?Uhr\b|(?<=:\d\d)\b)", lambda m: _time(int(m[1]), int(m[2]))),
        (
            rf"\b([Aa]m|[Vv]om|[Zz]um|[Bb]eim|[Dd]e[mn]|[Ii]m)\s(\d{{1,3}})\.(?=\s(?:{months}|\w))",
            lambda m: f"{m[1]} {ordinal(int(m[2]))}en",
        ),
        (r"\b([Dd]er|[Dd]ie|[Dd]as)\s(\d{1,3})\.(?=\s\w)", lambda m: f"{m[1]} {ordinal(int(m[2]))}e"),
        (rf"\b(\d{{1,2}})\.(?=\s(?:{months}))", lambda m: f"{ordinal(int(m[1]))}er"),
        (rf"({sign})\s?({NUMBER})", lambda m: _amount(m[2], _MONEY[m[1]])),
        (rf"({NUMBER})\s?({sign})", lambda m: _amount(m[1], _MONEY[m[2]])),
        (rf"({NUMBER})\s?%", lambda m: f"{_number(m[1])} Prozent"),
        (rf"({NUMBER})\s?({units})\b", lambda m: f"{_number(m[1])} {_UNITS[m[2]]}"),
        (r"(?<![\d.,])(1[1-9])(\d\d)(?![\d.,]\d|\d)", lambda m: _year(int(m[1]), int(m[2]))),
        (r"(?<=\d)\.(?=\d{1,2}(?!\d))", lambda m: " Punkt "),
        (r"\b1(?=\s[A-ZÄÖÜ])", lambda m: "ein"),
        (r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", lambda m: " "),
        (NUMBER, lambda m: _number(m[0])),
    )
    for pattern, replace in replacements:
        text = re.sub(pattern, replace, text)
    return text


def _date(day: int, month: int, year: str | None) -> str:
    if not 1 <= month <= 12:
        return " ".join([cardinal(day), cardinal(month), *([_number(year)] if year else [])])
    return f"{day}. {_MONTHS[month - 1]}" + (f" {year}" if year else "")


def _time(hour: int, minute: int) -> str:
    return f"{_one(hour)} Uhr" + (f" {cardinal(minute)}" if minute else "")


def _one(number: int) -> str:
    """Before a noun "eins" is "ein"."""
    return re.sub("eins$", "ein", cardinal(number))


def _amount(number: str, unit: str) -> str:
    """Money: what stands behind the comma are cents."""
    whole, _, cents = number.partition(",")
    said = f"{re.sub('eins$', 'ein', _number(whole))} {unit}"
    return f"{said} {cardinal(int(cents))}" if cents.strip("0") else said


def _year(hundreds: int, rest: int) -> str:
    return f"{cardinal(hundreds)} hundert" + (f" {cardinal(rest)}" if rest else "")


def _number(number: str) -> str:
    return in_words(number, cardinal, "Komma")
