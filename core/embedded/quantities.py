"""Numbers, times and levels in a sentence, in nine languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORDS = {
    0.5: "half demi demie halbe halben media medio mezzo mezza meia meio 半 полминуты",
    1: "one a an uno una un une ein eine einen um uma 一 один одну одна een bir jeden jedną",
    2: "two dos deux zwei due dois duas couple 二 两 два две twee dwa dwie dwóch iki двух",
    3: "three tres trois drei tre três 三 три drie trzy trzech üç трёх трех",
    4: "four cuatro quatre vier quattro quatro 四 четыре cztery czterech dört четырёх четырех",
    5: "five cinco cinq fünf cinque 五 пять vijf pięć beş пяти pięciu",
    6: "six seis sechs sei 六 шесть zes sześć altı шести sześciu",
    7: "seven siete sept sieben sette sete 七 семь zeven siedem yedi семи siedmiu",
    8: "eight ocho huit acht otto oito 八 восемь osiem восьми ośmiu",
    9: "nine nueve neuf neun nove 九 девять negen dziewięć dokuz девяти dziewięciu",
    10: "ten diez dix zehn dieci dez 十 десять tien dziesięć десяти dziesięciu",
    12: "twelve doce douze zwölf dodici doze двенадцать twaalf dwanaście двенадцати dwunastu",
    15: "fifteen quince quinze fünfzehn quindici пятнадцать vijftien piętnaście пятнадцати piętnastu",
    20: "twenty veinte vingt zwanzig venti vinte 二十 двадцать twintig dwadzieścia yirmi двадцати dwudziestu",
    30: "thirty treinta trente dreißig trenta trinta 三十 тридцать dertig trzydzieści otuz тридцати trzydziestu",
    40: "forty cuarenta quarante vierzig quaranta quarenta сорок",
    45: "forty-five",
    50: "fifty cincuenta cinquante fünfzig cinquanta cinquenta пятьдесят",
    60: "sixty sesenta soixante sechzig sessanta sessenta шестьдесят zestig sześćdziesiąt шестидесяти sześćdziesięciu",
    90: "ninety noventa neunzig novanta девяносто",
}
_VALUES = {word: float(value) for value, words in _WORDS.items() for word in words.split()}
_SPELT = "|".join(sorted((re.escape(w) for w in _VALUES), key=len, reverse=True))
NUMBER = rf"(?:\d+(?:[.,]\d+)?|(?<![^\W\d_\u3040-\u30ff\u4e00-\u9fff])(?:{_SPELT}))"
"""A number in digits or as a word."""

_SECOND = (
    r"sec(?:ond[eois]?|onds|onde[ns]?|s)?|segundos?|sekunden?|seconden|sekund(?:[yęaą]|er)?|saniye\w*|секунд\w*|сек"
)
_MINUTE = r"min(?:ut(?:es?|os?|i|en|o)?|s)?|minuten|minut[yęa]?|minuter|dakika\w*|минут\w*|мин"
_END = r"(?![^\W\d_])"
_UNIT = (
    rf"(?:(?P<ms>(?:ms|milliseconds?){_END})|(?P<min>(?:{_MINUTE}){_END}|分钟?|분)|(?P<s>(?:{_SECOND}){_END}|秒钟?|초))"
)
_SHORT_UNIT = r"(?:(?P<ms2>ms)|(?P<min2>m)|(?P<s2>s))(?!\w)"
"""Letters that are a unit only behind digits."""
_WHICH = (
    r"primer[oa]s|premi[eè]res|dernières|últim[oa]s|prim[ie]|ultimi|primeir[oa]s|eerste|laatste|pierwsz[ey]|ostatnie?|a"
)
_CLOCK = re.compile(r"(?<![\d:])(?:(\d{1,2}):)?(\d{1,3}):(\d{2}(?:\.\d+)?)(?![\d:])")
_HALF_MINUTE = re.compile(
    r"half a minute|medio minuto|une demi-minute|eine halbe minute|mezzo minuto|meio minuto|半分钟|полминуты", re.I
)
_LONG = re.compile(
    rf"(?:({NUMBER})[\s-]*(?:(?:{_WHICH})\s+)?{_UNIT}|(?<![\w.,])(\d+(?:[.,]\d+)?)\s?{_SHORT_UNIT})", re.IGNORECASE
)
_ORDINAL = re.compile(
    r"\b(?:second|segundo|seconde|sekunde|secondo)\s+(\d+(?:[.,]\d+)?)|第\s*(\d+)\s*秒", re.IGNORECASE
)
_ONE_UNIT = re.compile(
    r"\b(?:first|last|opening|final|erste[nr]?|letzte[nr]?|première|dernière|primer|último|prim[oa]|ultim[oa]"
    r"|primeiro|eerste"
    r"|laatste|pierwsz\w+|ostatni\w+|перв\w+|последн\w+)\s+(?:(minute|minuto|minuut|minut[aęy]|минут[ауы])"
    r"|(second|sekunde|seconde|segundo|secondo|sekund[aęy]|секунд[ауы]))\b",
    re.IGNORECASE,
)
"""A minute or a second at an end, whose number nobody says."""
_BARE = re.compile(r"(?<![\w.:])(\d+(?:[.,]\d+)?)(?![\w:%°]|[.,]\d)")


@dataclass(frozen=True, slots=True)
class Time:
    """A time that a sentence names, in seconds, and where it stands."""

    seconds: float
    start: int
    end: int


def value(word: str) -> float:
    """The value of what `NUMBER` matched."""
    spelt = _VALUES.get(word.lower())
    return spelt if spelt is not None else float(word.replace(",", "."))


def times(text: str) -> list[Time]:
    """Every time with a unit or in clock form, in the order of the text; none overlaps another."""
    found: list[Time] = []
    for time in _times(text):
        if not any(time.start < other.end and other.start < time.end for other in found):
            found.append(time)
    return sorted(found, key=lambda t: t.start)


def _times(text: str) -> Iterator[Time]:
    for m in _CLOCK.finditer(text):
        yield Time(float(m[1] or 0) * 3600 + float(m[2]) * 60 + float(m[3]), m.start(), m.end())
    for m in _HALF_MINUTE.finditer(text):
        yield Time(30.0, m.start(), m.end())
    for m in _ONE_UNIT.finditer(text):
        yield Time(60.0, *m.span(1)) if m[1] else Time(1.0, *m.span(2))
    for m in _ORDINAL.finditer(text):
        yield Time(value(m[1] or m[2]), m.start(), m.end())
    for m in _LONG.finditer(text):
        factor = 1e-3 if m["ms"] or m["ms2"] else 60.0 if m["min"] or m["min2"] else 1.0
        yield Time(round(value(m[1] or m[5]) * factor, 6), m.start(), m.end())


def moments(text: str) -> list[Time]:
    """`times`, and bare numbers beside them ("from 3 to 5.5 seconds"): for where a stretch is meant."""
    found = times(text)
    for m in _BARE.finditer(text):
        if not any(m.start() < t.end and t.start < m.end() for t in found):
            found.append(Time(value(m[1]), m.start(), m.end()))
    return sorted(found, key=lambda t: t.start)


def number_before(text: str, unit: str) -> float | None:
    """The number that stands before a unit, a regular expression; a minus sign counts."""
    match = re.search(rf"([-−]\s?)?({NUMBER})[\s-]*(?:{unit})", text, re.IGNORECASE)
    if match is None:
        return None
    return -value(match[2]) if match[1] else value(match[2])


def duration(text: str) -> float | None:
    """The first length in seconds that a sentence names."""
    found = times(text)
    return found[0].seconds if found else None


def without_times(text: str) -> str:
    """The sentence without its times and the words that lead to them, for use as a description."""
    for time in reversed(times(text)):
        before = re.sub(
            r"(?:\b(?:for|of|lasting|about|de|von|pendant|durante|por)|，|长)\s*$", "", text[: time.start].rstrip()
        )
        after = re.sub(r"^\s*(?:(?:of|long|de|von|di|lang)\b|的|長さの)?\s*", " ", text[time.end :])
        text = f"{before.rstrip()} {after.lstrip()}"
    return " ".join(text.split()).strip(" ,，")
