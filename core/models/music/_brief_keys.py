"""Keys as nine languages name them: `D minor`, `B-Dur`, `fa dièse mineur`, `ре минор`, `降B大调`, `嬰ヘ短調`."""

from __future__ import annotations

import re

from core.models.music._harmony import MODES, Key

_MINOR = r"minor|moll|mineur|menor|minore|минор\w*|小调|小調|短調|マイナー"
_MAJOR = r"major|dur|majeur|mayor|maior|maggiore|мажор\w*|大调|大調|長調|メジャー"
_MODE = (
    r"dorian|dorisch\w*|dorien|dóric\w|doric\w|дорийск\w*|phrygian|phrygisch\w*|phrygien|frigi\w*|фригийск\w*|lydian|"
    r"lydisch\w*|lydien|lidi\w*|лидийск\w*|mixolydian|mixolydisch\w*|mixolydien|mi[xs]olidi\w*|миксолидийск\w*|"
    r"locrian|lokrisch\w*|aeolian|äolisch\w*|ionian|ionisch\w*"
)
_KIND = rf"(?P<kind>{_MINOR}|{_MAJOR}|{_MODE}|harmonic minor|natural minor)"
_SHARP, _FLAT = (
    r"#|♯|\s?-?sharp|\s?-?dièse|\s?-?sostenido|\s?-?diesis|\s?-?sustenido|[ -]?диез",
    r"♭|(?<=[A-Ga-g])b(?![a-z])|\s?-?flat|\s?-?bémol|\s?-?bemoll?e?|[ -]?бемоль",
)
_SIGN = rf"(?P<sharp>{_SHARP})?(?P<flat>{_FLAT})?"
_ARTICLE = r"(?!(?-i:a)\s+\w+\s+(?!at|with|and|for|in|on|by|\d)\w)"
"""`a minor` is a key, `a minor event` is not."""
_SOLFEGE = {
    "do": 0, "ut": 0, "dó": 0, "до": 0, "re": 2, "ré": 2, "rê": 2, "ре": 2, "mi": 4, "ми": 4, "fa": 5, "fá": 5,
    "фа": 5, "sol": 7, "соль": 7, "la": 9, "lá": 9, "ля": 9, "si": 11, "си": 11,
}  # fmt: skip
_GERMAN = {
    "cis": 1, "des": 1, "dis": 3, "es": 3, "eis": 5, "fis": 6, "ges": 6, "gis": 8, "as": 8, "ais": 10, "b": 10, "h": 11,
    "c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9,
}  # fmt: skip
_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_KANA = dict(zip("ハニホヘトイロ", (0, 2, 4, 5, 7, 9, 11), strict=True))
_FORMS = (
    re.compile(
        rf"(?<!\w)(?P<german>{'|'.join(sorted(_GERMAN, key=len, reverse=True))})[\s-]?(?P<kind>moll|dur)\b", re.I
    ),
    re.compile(rf"(?<!\w)(?P<solfege>{'|'.join(sorted(_SOLFEGE, key=len, reverse=True))}){_SIGN}[\s-]*{_KIND}", re.I),
    re.compile(rf"(?P<pre>[降升])?(?P<letter>[A-Ga-g]){_SIGN}\s*(?P<kind>大调|大調|小调|小調|マイナー|メジャー)"),
    re.compile(r"(?P<pre>[変嬰])?(?P<kana>[ハニホヘトイロ])(?P<kind>長調|短調)"),
    re.compile(rf"(?<!\w){_ARTICLE}(?P<letter>[A-G]){_SIGN}[\s-]*{_KIND}(?!\w|\s+(?:key|mode|mood|chord))", re.I),
    re.compile(rf"(?<!\w)(?P<letter>[A-G]){_SIGN}(?P<kind>m)(?![\w])"),
    re.compile(rf"(?:\bin|\bkey(?: of)?:?|\btonalit\w+(?: de| di)?)\s+(?P<letter>[A-G]){_SIGN}(?P<kind>)(?![\w'’])"),
)
_BARE_MINOR = re.compile(rf"(?<!\w)(?:{_MINOR})(?!\w)|[小短]調", re.IGNORECASE)
_BARE_MAJOR = re.compile(rf"(?<!\w)(?:{_MAJOR})(?!\w)|[大長]調", re.IGNORECASE)
_STEMS = {"dor": "dorian", "dór": "dorian", "дор": "dorian", "phr": "phrygian", "fri": "phrygian", "фри": "phrygian",
          "lyd": "lydian", "lid": "lydian", "лид": "lydian", "mix": "mixolydian", "mis": "mixolydian",
          "мик": "mixolydian", "loc": "locrian", "lok": "locrian"}  # fmt: skip


def key_asked(text: str) -> tuple[Key | None, bool | None, str]:
    """The key that is named; else whether a minor or a major one is; and the text without that.

    An `a` before `minor key` is an article.
    """
    for pattern in _FORMS:
        if hit := pattern.search(text):
            return _key(hit), None, text[: hit.start()] + " " + text[hit.end() :]
    minor = True if _BARE_MINOR.search(text) else False if _BARE_MAJOR.search(text) else None
    return None, minor, text


def _key(hit: re.Match[str]) -> Key:
    parts = hit.groupdict()
    if parts.get("german"):
        tonic = _GERMAN[parts["german"].lower()]
    elif parts.get("solfege"):
        tonic = _SOLFEGE[parts["solfege"].lower()]
    elif parts.get("kana"):
        tonic = _KANA[parts["kana"]]
    else:
        tonic = _LETTERS[parts["letter"].lower()]
    up = bool(parts.get("sharp")) or parts.get("pre") in ("升", "嬰")
    down = bool(parts.get("flat")) or parts.get("pre") in ("降", "変")
    kind = (parts["kind"] or "").lower()
    mode = _STEMS.get(kind[:3], "")
    minor = kind == "m" or bool(re.fullmatch(_MINOR, kind)) or kind.endswith("minor") or kind[:3] in ("aeo", "äol")
    if mode:
        minor = MODES[mode][2] == 3
    return Key((tonic + up - down) % 12, minor, mode)
