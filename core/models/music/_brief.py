"""What a description asks of a piece, in nine languages: genre, mood, key, tempo, instruments, length, form, ending."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

from core.models.music._brief_keys import key_asked
from core.models.music._brief_words import (
    ARTISTS,
    ENDINGS,
    FORMS,
    GENRES,
    KNOWN_TUNES,
    LYRICS,
    MOODS,
    NEGATED,
    ONLY,
    SLOWLY,
)
from core.models.music._harmony import Key
from core.models.music._instruments import INSTRUMENTS, NAMED

_BPM = re.compile(
    r"(\d{2,3}(?:[.,]\d)?)\s*(?:[bp]pm|beats?\s+per\s+min\w*|schläge\w*|battements?|pulsaciones|batidas|battiti|уд\w*|拍)"
    r"|(?:tempo|bpm|темп\w*|速度|テンポ|(?:[♩q]|(?:quarter|crotchet)s?(?:\s+notes?)?)\s*=)"
    r"\s*(?:of|von|de|di|:|=|は|为|в)?\s*(\d{2,3})(?!\s*[/\d])"
    r"|\bat\s+(?:about\s+|around\s+)?([4-9]\d|[12]\d\d)(?=\s*(?:$|[,.;!?)](?!\d)|and\b|with\b|in\b|for\b))",
    re.IGNORECASE,
)
_UNITS = (
    (60.0, r"min(?:ute|uto|uta)?[sni]?|minuten|minuti|мин\w*|分钟?|分間?"),
    (1.0, r"s|secs?|seconds?|sekunden?|secondes?|segundos?|second[oi]|сек\w*|秒钟?|秒間?"),
)
_FEW = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10, "half a": 0.5, "thirty": 30, "twenty": 20,
    "sixty": 60, "eine": 1, "zwei": 2, "drei": 3, "une": 1, "deux": 2, "trois": 3, "un": 1, "dos": 2, "tres": 3,
    "um": 1, "dois": 2, "due": 2, "tre": 3, "две": 2, "три": 3, "halbe": 0.5, "demi": 0.5, "одну": 1, "eine halbe": 0.5,
    "medio": 0.5, "meio": 0.5, "mezzo": 0.5, "полминуты": 30, "一": 1, "两": 2, "二": 2, "三": 3, "十": 10, "三十": 30,
}  # fmt: skip
_NUMBER = r"(\d+(?:[.,]\d+)?|" + "|".join(sorted((re.escape(w) for w in _FEW), key=len, reverse=True)) + ")"
_LENGTHS = [
    (factor, re.compile(rf"(?<![\d.,a-zà-ÿа-я]){_NUMBER}[\s-]*(?:{unit})(?![a-zà-ÿа-я])", re.IGNORECASE))
    for factor, unit in _UNITS
]
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2}):([0-5]\d)(?![\d:])")
_BARS = re.compile(
    r"(\d{1,3})[\s-]*(?:bars?|measures?|takte?n?|mesures?|compases|compassos|battute|такт\w*|小[节節])", re.IGNORECASE
)
_METER = re.compile(r"(?<!\d)([2346])\s*/\s*([48])(?!\d)")


@dataclass(frozen=True)
class Brief:
    """What was asked; None and empty leave it to the composer."""

    genre: str | None = None
    mood: str | None = None
    key: Key | None = None
    minor: bool | None = None
    """Whether minor or major is asked without a tonic."""
    tempo_bpm: float | None = None
    pace: str | None = None
    """A word for the tempo: `slow`, `fast`."""
    meter: int | None = None
    seconds: float | None = None
    bars: int | None = None
    instruments: tuple[str, ...] = ()
    only: bool = False
    """Nothing but the instruments that are named."""
    without: frozenset[str] = frozenset()
    """Instruments that must not play."""
    form: tuple[str, ...] = ()
    ending: str | None = None
    """`fade`, `slow`, `hit` or `loop`."""
    lyrics: bool = False
    known_tune: bool = False
    artist: str | None = None


def read(description: str) -> Brief:
    """The brief that a description gives."""
    text = " ".join(normalize("NFC", description).replace("ё", "е").split())
    kept, without = _excluded(text)
    key, minor, rest = key_asked(kept)
    named = NAMED.found(GENRES.blanked(rest))
    seconds = _seconds(rest)
    bars = _BARS.search(rest)
    tempo = _BPM.search(rest)
    meter = _METER.search(rest)
    return Brief(
        genre=GENRES.first(rest),
        mood=MOODS.first(rest),
        key=key,
        minor=minor,
        tempo_bpm=float((tempo[1] or tempo[2] or tempo[3]).replace(",", ".")) if tempo else None,
        pace=SLOWLY.first(rest),
        meter=(3 if meter[1] in "36" else 4) if meter else None,
        seconds=seconds,
        bars=int(bars[1]) if bars else None,
        instruments=tuple(named),
        only=bool(ONLY.search(rest)) and bool(named),
        without=without,
        form=_form(rest),
        ending=ENDINGS.first(rest),
        lyrics=bool(LYRICS.search(kept)),
        known_tune=bool(KNOWN_TUNES.search(text)),
        artist=_artist(text),
    )


def _excluded(text: str) -> tuple[str, frozenset[str]]:
    """The text without what is said not to play, and those instruments; a drum stands for all drums."""
    found: set[str] = set()
    for pattern in NEGATED:
        for hit in pattern.finditer(text):
            found |= set(NAMED.found(hit[0]))
        text = pattern.sub(lambda hit: " " if NAMED.found(hit[0]) or LYRICS.search(hit[0]) else hit[0], text)
    if "bass" in found:
        found |= {i.name for i in INSTRUMENTS.values() if i.roles == ("bass",)}
    if "guitar" in found:
        found |= {name for name in INSTRUMENTS if "guitar" in name}
    return text, frozenset(found)


def _seconds(text: str) -> float | None:
    """The length that is named: minutes and seconds add up."""
    total = 0.0
    for factor, pattern in _LENGTHS:
        if hit := pattern.search(text):
            said = hit[1].lower()
            total += factor * (_FEW[said] if said in _FEW else float(said.replace(",", ".")))
    if not total and (clock := _CLOCK.search(text)):
        total = 60.0 * int(clock[1]) + int(clock[2])
    return total or None


def _form(text: str) -> tuple[str, ...]:
    """Sections in the order in which they are named; one alone tells little, but an intro or an outro is kept."""
    hits = sorted((hit.start(), name) for name, pattern in FORMS.patterns.items() for hit in pattern.finditer(text))
    return tuple(name for _, name in hits)


def _artist(text: str) -> str | None:
    """Whose manner is asked for, where it is a person's name and no genre."""
    for hit in ARTISTS.finditer(text):
        if not GENRES.first(hit[1]) and not MOODS.first(hit[1]) and not NAMED.found(hit[1]):
            return hit[1]
    return None
