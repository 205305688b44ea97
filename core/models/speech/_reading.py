"""How a text is prepared to be read aloud: sentences and their pauses, addresses and emoji as one says them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.languages import NAMES
from core.models.speech._english import english

PARAGRAPH_S = 0.5
"""Silence behind a paragraph, beside the pause that every sentence ends with."""

ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|\b[\w.+-]+@\w[\w-]*(?:\.\w[\w-]*)+", re.ASCII)
_SIGNS = {
    "en": {".": "dot", "/": "slash", "@": "at", "-": "dash", "_": "underscore", "+": "plus", "~": "tilde"},
    "de": {".": "Punkt", "/": "Schrägstrich", "@": "at", "-": "Minus", "_": "Unterstrich", "+": "plus", "~": "Tilde"},
    "es": {".": "punto", "/": "barra", "@": "arroba", "-": "guion", "_": "guion bajo", "+": "más", "~": "tilde"},
    "fr": {".": "point", "/": "barre", "@": "arobase", "-": "tiret", "_": "tiret bas", "+": "plus", "~": "tilde"},
    "it": {".": "punto", "/": "barra", "@": "chiocciola", "-": "trattino", "_": "trattino basso", "+": "più"},
    "pt": {".": "ponto", "/": "barra", "@": "arroba", "-": "hífen", "_": "sublinhado", "+": "mais", "~": "til"},
    "ja": {".": "ドット", "/": "スラッシュ", "@": "アットマーク", "-": "ハイフン", "_": "アンダーバー", "+": "プラス"},
}
_COLON = {
    "en": "colon",
    "de": "Doppelpunkt",
    "es": "dos puntos",
    "fr": "deux points",
    "it": "due punti",
    "pt": "dois pontos",
    "ja": "コロン",
}
PICTURE = re.compile(
    r"[\U0001F1E6-\U0001FAFF\u2600-\u27BF\u2B00-\u2BFF\u231A\u231B\u23E9-\u23FA\u2764]"
    r"[\uFE0E\uFE0F\u200D\U0001F3FB-\U0001F3FF\U0001F1E6-\U0001FAFF\u2600-\u27BF\u2640\u2642]*"
)
_HEARTS = frozenset("❤♥💕💖💗💙💚💛💜🖤🤍🤎🧡")
_TITLES = re.compile(
    r"(?:dr|mrs?|ms|prof|st|jr|sr|mt|vs|etc|no|vol|fig|approx|dept|gen|col|sgt|lt|capt|rev|hon|bzw|ca|hr|fr|nr|str|usw"
    r"|sra|srta|uds?|núm|pág|av|dott|sig|avv|ing|m|mme|mlle|ex[mc]?[ao]|[^\W\d_])",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+(?=\S)|(?<=[。！？])[」』）]*\s*(?=\S)|\n+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of text that is said in one breath."""

    text: str
    pause_s: float = 0.0
    """Silence behind it, beside its own pause."""


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text, in order; what ends a paragraph has the longer pause, the last one none."""
    found: list[Sentence] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        parts = [part for part in cut(paragraph) if any(c.isalnum() for c in part)]
        found += [Sentence(part) for part in parts[:-1]] + [Sentence(part, PARAGRAPH_S) for part in parts[-1:]]
    return [*found[:-1], Sentence(found[-1].text)] if found else []


def cut(paragraph: str) -> Iterator[str]:
    """The sentences of a paragraph. An abbreviation or an initial ends none; a line break does."""
    at = 0
    for match in _END.finditer(paragraph):
        before, after = paragraph[: match.start()], paragraph[match.end() :]
        if "\n" not in match[0] and before.endswith(".") and (_is_short(before) or after[:1].islower()):
            continue
        yield paragraph[at : match.end()].strip()
        at = match.end()
    yield paragraph[at:].strip()


def _is_short(before: str) -> bool:
    """Whether a text ends in an abbreviation or an initial, whose stop ends no sentence."""
    word = re.split(r"[\s(\"“'‘]", before[:-1])[-1]
    return bool(_TITLES.fullmatch(word)) and (len(word) > 1 or word.isupper())


def readable(text: str, language: str) -> str:
    """The text as one says it: addresses ("a dot org slash b"), hearts that stand for a word, English signs."""
    signs = _SIGNS.get(language, _SIGNS["en"])
    colon = _COLON.get(language, _COLON["en"])
    text = ADDRESS.sub(lambda match: _said(match[0], {**signs, ":": colon}), text)
    text = PICTURE.sub(lambda match: _pictured(match, language), text)
    return english(text) if language == "en" else text


def _said(address: str, signs: dict[str, str]) -> str:
    bare = re.sub(r"[.,!?;:)]+$", "", address)
    said = re.sub(r"^(https?://)?(www\.)?|[?#].*$", "", bare).rstrip("/")
    for sign, word in signs.items():
        said = said.replace(sign, f" {word} ")
    return said.strip() + address[len(bare) :]


def _pictured(match: re.Match[str], language: str) -> str:
    """A heart between two words of an English sentence is read: "I ❤ tea". Other emoji are only decoration."""
    before, after = match.string[: match.start()].rstrip(" "), match.string[match.end() :].lstrip(" ")
    inside = before[-1:].isalnum() and after[:1].isalnum() and after[:1].islower()
    return " love " if language == "en" and inside and match[0][0] in _HEARTS else " "


def other_scripts(text: str, language: str) -> list[str]:
    """The words in another script than Latin in a text of a Latin language, which a voice leaves out or garbles."""
    if language not in NAMES or language in ("ja", "zh", "ko"):
        return []
    return [
        word
        for word in text.split()
        if any(c.isalpha() for c in word) and not any(c.isdigit() or "LATIN" in unicodedata.name(c, "") for c in word)
    ]
