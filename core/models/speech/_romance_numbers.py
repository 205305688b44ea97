"""Numbers, dates, times, money and abbreviations of Spanish, Portuguese and Italian, as one says them.

The number words are those of g2p2.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.models.speech._digits import NUMBER, in_words


@dataclass(frozen=True)
class _Words:
    """The words of a language around its numbers."""

    joined: str
    """Between hours and minutes, euros and cents."""
    comma: str
    percent: str
    months: tuple[str, ...]
    of: str
    """In a date, between its numbers."""
    shapes: tuple[tuple[str, str], ...]
    """Abbreviations and units: pattern and words."""


_MONEY = {
    "es": {"€": "euros", "$": "dólares", "£": "libras", "R$": "reales", "¥": "yenes"},
    "pt": {"€": "euros", "$": "dólares", "£": "libras", "R$": "reais", "¥": "ienes"},
    "it": {"€": "euro", "$": "dollari", "£": "sterline", "R$": "reali", "¥": "yen"},
}
_UNITS = {
    "es": {"km": "kilómetros", "kg": "kilos", "cm": "centímetros", "mm": "milímetros", "m": "metros", "g": "gramos"},
    "pt": {"km": "quilômetros", "kg": "quilos", "cm": "centímetros", "mm": "milímetros", "m": "metros", "g": "gramas"},
    "it": {"km": "chilometri", "kg": "chili", "cm": "centimetri", "mm": "millimetri", "m": "metri", "g": "grammi"},
}
_LETTERS = {
    "es": "a be ce de e efe ge ache i jota ka ele eme ene o pe cu erre ese te u uve uvedoble equis iegriega zeta",
    "pt": "á bê cê dê é efe gê agá i jota cá ele eme ene ó pê quê erre esse tê u vê dáblio xis ípsilon zê",
    "it": "a bi ci di e effe gi acca i ilunga cappa elle emme enne o pi cu erre esse ti u vu doppiavu ics ipsilon zeta",
}
_WORDS = {
    "es": _Words(
        " y ", "coma", "por ciento",
        ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
         "noviembre", "diciembre"),
        " de ",
        ((r"\bSra\.", "señora"), (r"\bSr\.", "señor"), (r"\bDra\.", "doctora"), (r"\bDr\.", "doctor"),
         (r"\bUds?\.", "usted"), (r"\betc\.", "etcétera"), (r"\bn\.?º\s*", "número "), (r"\bpág\.", "página"),
         (r"°\s?C\b", " grados"), (r"&", " y ")),
    ),
    "pt": _Words(
        " e ", "vírgula", "por cento",
        ("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
         "novembro", "dezembro"),
        " de ",
        ((r"\bSra\.", "senhora"), (r"\bSr\.", "senhor"), (r"\bDra\.", "doutora"), (r"\bDr\.", "doutor"),
         (r"\betc\.", "etcétera"), (r"\bn\.?º\s*", "número "), (r"\bpág\.", "página"), (r"°\s?C\b", " graus"),
         (r"&", " e ")),
    ),
    "it": _Words(
        " e ", "virgola", "per cento",
        ("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
         "novembre", "dicembre"),
        " ",
        ((r"\b[Ss]ig\.ra", "signora"), (r"\b[Ss]ig\.na", "signorina"), (r"\b[Ss]ig\.", "signor"),
         (r"\b[Dd]ott\.ssa", "dottoressa"), (r"\b[Dd]ott\.", "dottor"), (r"\b[Dd]r\.", "dottor"),
         (r"\becc\.", "eccetera"), (r"\bn\.?º?\s(?=\d)", "numero "), (r"\bpag\.", "pagina"), (r"°\s?C\b", " gradi"),
         (r"\b1[°º](?!\w)", "primo"), (r"\bl'1\b", "l'uno"), (r"&", " e ")),
    ),
}  # fmt: skip
_BRAZILIAN = (("catorze", "quatorze"), ("dezass", "dezess"), ("dezanove", "dezenove"))
"""Where its number words are spelled and said otherwise than the European ones."""


def cardinal(number: int, language: str) -> str:
    """A number of at least 0 in words, masculine."""
    from g2p2 import expand_numbers

    said: str = expand_numbers(str(number), language)
    if language == "pt":
        for european, brazilian in _BRAZILIAN:
            said = said.replace(european, brazilian)
    return said


def spelled(text: str, language: str) -> str:
    """The text with everything in words that is not."""
    words, money = _WORDS[language], _MONEY[language]
    for pattern, said in words.shapes:
        text = re.sub(pattern, said, text)
    sign = r"R\$|[€$£¥]"
    replacements: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
        (r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b", lambda m: _date(int(m[1]), int(m[2]), int(m[3]), language)),
        (r"\b(\d{4})-(\d{2})-(\d{2})\b", lambda m: _date(int(m[3]), int(m[2]), int(m[1]), language)),
        (r"\b(\d{1,2})[:h](\d{2})\b", lambda m: _time(int(m[1]), int(m[2]), language)),
        (rf"({sign})\s?({NUMBER})", lambda m: _amount(m[2], money[m[1]], language)),
        (rf"({NUMBER})\s?({sign})", lambda m: _amount(m[1], money[m[2]], language)),
        (rf"({NUMBER})\s?%", lambda m: f"{_number(m[1], language)} {words.percent}"),
        (rf"({NUMBER})\s?(km|kg|cm|mm|m|g)\b", lambda m: f"{_number(m[1], language)} {_UNITS[language][m[2]]}"),
        (NUMBER, lambda m: _number(m[0], language)),
        (r"\b[B-DF-HJ-NP-TV-Z]{2,5}\b", lambda m: _initials(m[0], language)),
    )
    for pattern, replace in replacements:
        text = re.sub(pattern, replace, text)
    return text


def _date(day: int, month: int, year: int, language: str) -> str:
    words = _WORDS[language]
    if not 1 <= month <= 12:
        return " ".join(cardinal(part, language) for part in (day, month, year))
    return words.of.join((cardinal(day, language), words.months[month - 1], cardinal(year, language)))


def _time(hour: int, minute: int, language: str) -> str:
    joined = _WORDS[language].joined
    return cardinal(hour, language) + (f"{joined}{cardinal(minute, language)}" if minute else "")


def _amount(number: str, unit: str, language: str) -> str:
    """Money: what stands behind the comma are cents."""
    whole, _, cents = number.partition(",")
    said = f"{_number(whole, language)} {unit}"
    return f"{said} {_WORDS[language].joined.strip()} {cardinal(int(cents), language)}" if cents.strip("0") else said


def _number(number: str, language: str) -> str:
    return in_words(number, lambda digits: cardinal(digits, language), _WORDS[language].comma)


def _initials(word: str, language: str) -> str:
    names = _LETTERS[language].split()
    return " ".join(names[ord(letter) - ord("A")] for letter in word)
