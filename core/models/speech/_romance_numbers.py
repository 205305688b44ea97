"""Numbers, dates, times, money and abbreviations of Spanish and Portuguese, as one says them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class _Words:
    """The number words of a language."""

    small: tuple[str, ...]
    """From 0 on."""
    tens: tuple[str, ...]
    """From 0 on; the first are not used."""
    hundreds: tuple[str, ...]
    hundred: str
    """Alone."""
    thousand: str
    million: tuple[str, str]
    joined: str
    """Between tens and ones."""
    after_hundreds: str
    comma: str
    percent: str
    months: tuple[str, ...]
    of: str
    shapes: tuple[tuple[str, str], ...]
    """Abbreviations and units: pattern and words."""


_MONEY = {
    "es": {"€": "euros", "$": "dólares", "£": "libras", "R$": "reales", "¥": "yenes"},
    "pt": {"€": "euros", "$": "dólares", "£": "libras", "R$": "reais", "¥": "ienes"},
}
_UNITS = {
    "es": {"km": "kilómetros", "kg": "kilos", "cm": "centímetros", "mm": "milímetros", "m": "metros", "g": "gramos"},
    "pt": {"km": "quilômetros", "kg": "quilos", "cm": "centímetros", "mm": "milímetros", "m": "metros", "g": "gramas"},
}
_LETTERS = {
    "es": "a be ce de e efe ge ache i jota ka ele eme ene o pe cu erre ese te u uve uvedoble equis iegriega zeta",
    "pt": "á bê cê dê é efe gê agá i jota cá ele eme ene ó pê quê erre esse tê u vê dáblio xis ípsilon zê",
}
_SPANISH = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete"
    " dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete"
    " veintiocho veintinueve"
)
_PORTUGUESE = (
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete dezoito"
    " dezenove"
)
_WORDS = {
    "es": _Words(
        tuple(_SPANISH.split()),
        ("", "", "veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"),
        ("", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
         "ochocientos", "novecientos"),
        "cien", "mil", ("un millón", "millones"), " y ", " ", "coma", "por ciento",
        ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
         "noviembre", "diciembre"),
        "de",
        ((r"\bSra\.", "señora"), (r"\bSr\.", "señor"), (r"\bDra\.", "doctora"), (r"\bDr\.", "doctor"),
         (r"\bUds?\.", "usted"), (r"\betc\.", "etcétera"), (r"\bn\.?º\s*", "número "), (r"\bpág\.", "página"),
         (r"°\s?C\b", " grados"), (r"&", " y ")),
    ),
    "pt": _Words(
        tuple(_PORTUGUESE.split()),
        ("", "", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"),
        ("", "cento", "duzentos", "trezentos", "quatrocentos", "quinhentos", "seiscentos", "setecentos", "oitocentos",
         "novecentos"),
        "cem", "mil", ("um milhão", "milhões"), " e ", " e ", "vírgula", "por cento",
        ("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
         "novembro", "dezembro"),
        "de",
        ((r"\bSra\.", "senhora"), (r"\bSr\.", "senhor"), (r"\bDra\.", "doutora"), (r"\bDr\.", "doutor"),
         (r"\betc\.", "etcétera"), (r"\bn\.?º\s*", "número "), (r"\bpág\.", "página"), (r"°\s?C\b", " graus"),
         (r"&", " e ")),
    ),
}  # fmt: skip
_MOST = 999_999_999


def cardinal(number: int, language: str) -> str:
    """A number from 0 to 999,999,999 in words, masculine."""
    words = _WORDS[language]
    if number < len(words.small):
        return words.small[number]
    if number < 100:
        ten, one = divmod(number, 10)
        return words.tens[ten] + (words.joined + words.small[one] if one else "")
    if number < 1000:
        hundred, rest = divmod(number, 100)
        if number == 100:
            return words.hundred
        return words.hundreds[hundred] + (words.after_hundreds + cardinal(rest, language) if rest else "")
    if number < 1_000_000:
        thousands, rest = divmod(number, 1000)
        head = words.thousand if thousands == 1 else f"{_short(thousands, language)} {words.thousand}"
        small = rest < 100 or rest % 100 == 0
        return head + ((words.after_hundreds if small else " ") + cardinal(rest, language) if rest else "")
    millions, rest = divmod(number, 1_000_000)
    head = words.million[0] if millions == 1 else f"{_short(millions, language)} {words.million[1]}"
    return head + (f" {cardinal(rest, language)}" if rest else "")


def _short(number: int, language: str) -> str:
    """Before a noun Spanish "uno" is "un"."""
    said = cardinal(number, language)
    return re.sub(r"veintiuno$", "veintiún", re.sub(r"\buno$", "un", said)) if language == "es" else said


def spelled(text: str, language: str) -> str:
    """The text with everything in words that is not."""
    words, money = _WORDS[language], _MONEY[language]
    for pattern, said in words.shapes:
        text = re.sub(pattern, said, text)
    number = r"\d{1,3}(?:[. ]\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
    sign = r"R\$|[€$£¥]"
    replacements: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
        (r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b", lambda m: _date(int(m[1]), int(m[2]), int(m[3]), language)),
        (r"\b(\d{4})-(\d{2})-(\d{2})\b", lambda m: _date(int(m[3]), int(m[2]), int(m[1]), language)),
        (r"\b(\d{1,2})[:h](\d{2})\b", lambda m: _time(int(m[1]), int(m[2]), language)),
        (rf"({sign})\s?({number})", lambda m: _amount(m[2], money[m[1]], language)),
        (rf"({number})\s?({sign})", lambda m: _amount(m[1], money[m[2]], language)),
        (rf"({number})\s?%", lambda m: f"{_number(m[1], language)} {words.percent}"),
        (rf"({number})\s?(km|kg|cm|mm|m|g)\b", lambda m: f"{_number(m[1], language)} {_UNITS[language][m[2]]}"),
        (rf"{number}", lambda m: _number(m[0], language)),
        (r"\b[B-DF-HJ-NP-TV-Z]{2,5}\b", lambda m: _initials(m[0], language)),
    )
    for pattern, replace in replacements:
        text = re.sub(pattern, replace, text)
    return text


def _date(day: int, month: int, year: int, language: str) -> str:
    words = _WORDS[language]
    if not 1 <= month <= 12:
        return " ".join(cardinal(part, language) for part in (day, month, year))
    return f"{cardinal(day, language)} {words.of} {words.months[month - 1]} {words.of} {cardinal(year, language)}"


def _time(hour: int, minute: int, language: str) -> str:
    joined = _WORDS[language].joined
    return cardinal(hour, language) + (f"{joined}{cardinal(minute, language)}" if minute else "")


def _amount(number: str, unit: str, language: str) -> str:
    """Money: what stands behind the comma are cents."""
    whole, _, cents = number.partition(",")
    said = f"{_number(whole, language)} {unit}"
    return f"{said} {_WORDS[language].joined.strip()} {cardinal(int(cents), language)}" if cents.strip("0") else said


def _number(number: str, language: str) -> str:
    """Digits with a thousands' stop and a decimal comma; what begins with 0 or is too long, digit by digit."""
    whole, _, decimals = re.sub(r"[. ]", "", number).partition(",")
    if (len(whole) > 1 and whole.startswith("0")) or int(whole) > _MOST:
        said = " ".join(cardinal(int(digit), language) for digit in whole)
    else:
        said = cardinal(int(whole), language)
    if not decimals:
        return said
    return f"{said} {_WORDS[language].comma} " + " ".join(cardinal(int(digit), language) for digit in decimals)


def _initials(word: str, language: str) -> str:
    names = _LETTERS[language].split()
    return " ".join(names[ord(letter) - ord("A")] for letter in word)
