"""How a song is to be sung: its words, notes, tune, speed, key, voice, parts and instruments."""

from __future__ import annotations

import re
from typing import Any

from core.embedded.quantities import number_before
from core.embedded.voices import voice_asked

_FLAGS = re.IGNORECASE
_NOTE = r"[A-Ga-g][#b♯♭]?\d"
_NOTES = re.compile(rf"(?<!\w){_NOTE}(?:[/\s,|-]+(?:{_NOTE}|rest))+(?!\w)", _FLAGS)
_DURATIONS = re.compile(
    r"\b(?:durations?|lengths?|dauern|durées|duraciones)\b(?: sequence)?(?: is| are)?:?\s*((?:\d+(?:\.\d+)?[\s,|]*)+)",
    _FLAGS,
)
_SCORE = re.compile(
    r"\b(?:text|lyrics?)(?: sequence)?(?: is|:)\s*(?P<lyrics>.+?)[\s.,;。]*\bnotes?(?: sequence)?(?: is| are|:)\s*"
    rf"(?={_NOTE}|rest)",
    _FLAGS | re.DOTALL,
)
"""Huang et al. 2023: "Text sequence is ... Note sequence is ... Note duration sequence is ..."."""
_KEY = re.compile(
    r"\b(?:in|en|em|im)\s+(?P<tonic>[A-Ga-g](?:[#b♯♭]| sharp| flat)?)[\s-]+"
    r"(?P<mode>maj(?:or|eur)|min(?:or|eur)|moll|dur|mayor|menor|maggiore|minore|maior)\b",
    _FLAGS,
)
_MINOR = re.compile(r"^(?:min|moll|menor)", _FLAGS)
_CHOIR = re.compile(r"\b(?:choir|chorus of|coro|chœur|choeur|chor|koor|chór|хор\w*)\b|合唱", _FLAGS)
_THIRDS = re.compile(
    r"\b(?:thirds|terzen|tierces|terceras|terze|terças|(?:two|2|zwei|deux|dos|due|duas) (?:voices|stimmen|voix|voces"
    r"|voci"
    r"|vozes)|(?:with|in) harmon(?:y|ies)|duet|zweistimmig)\b|二重唱|ハモ",
    _FLAGS,
)
_BACKING = re.compile(
    r"\b(?:instruments?|band|backing|accompaniment|accompanied|begleitung|instrumenten|accompagnement|acompañamiento"
    r"|accompagnamento|acompanhamento|аккомпанемент\w*)\b|伴奏",
    _FLAGS,
)
_MAN = re.compile(
    r"\b(?:male|man|men|deep|low|baritone|tenor|männ\w+|mann|tiefer?|homme|grave|hombre|uomo|homem|mężczyzna"
    r"|мужск\w+)\b"
    r"|男",
    _FLAGS,
)
_VOICE = re.compile(r"\b(?:voices?|stimme|voix|voz|voce|stem|głos\w*|голос\w*)\b|\bas an? (?:man|guy)\b|声", _FLAGS)
_TUNE = re.compile(
    r"\b(?:tune|melody|humming|hummed|hum|whistling|whistled|melodie|mélodie|melodía|melodia|мелоди\w+)\b"
    r"|\b(?:to|over|along with) (?:it|this|that)\W*$|旋律|メロディ",
    _FLAGS,
)
_NEW = re.compile(
    r"\b(?:a|an|some|any|new|eine?|une?|una?|uma?|een|jakąś|какую-нибудь)\s+(?:\w+\s+)?$|一[个段首]$", _FLAGS
)
"""Before a tune that there is not yet."""
_MANNER = re.compile(
    r"[\s,]*(?:\b(?:as a (?:choir|man|duet|song)|in (?:thirds|harmony|[A-G](?:[#b]| sharp| flat)? (?:major|minor))"
    r"|with (?:harmon(?:y|ies)|a band|(?:some )?instruments|backing|accompaniment)|(?:on|with|to) (?:the )?(?:notes?"
    r"|melody)"
    r"\b.*|to the tune of\b.*|at \d+ ?bpm|in an? (?:\w+ )?voice|als chor|en chœur|como coro|in coro|mit begleitung)"
    r"|as a (?:baritone|tenor|choir))[.!\s]*$",
    _FLAGS,
)


def without_manner(words: str) -> str:
    """The words to sing without what only says how: "happy birthday as a choir"."""
    while (shorter := _MANNER.sub("", words)) != words:
        words = shorter
    return words


def follows_a_tune(text: str) -> bool:
    """Whether the words point at the tune of a clip, not at one that is to be made: "put a melody to these words"."""
    return any(not _NEW.search(text[: found.start()]) for found in _TUNE.finditer(text))


def lyrics_of_a_score(text: str) -> str:
    """The words where they, their notes and durations are told as in the AudioGPT paper's prompt; else empty."""
    match = _SCORE.search(text)
    return match["lyrics"].strip() if match else ""


def _grouped(written: str, token: str) -> str:
    """A group a syllable: what stands between two bars is sung on one; without bars every token is for itself."""
    parts = written.split("|") if "|" in written else re.findall(token, written, _FLAGS)
    groups = [" ".join(_named(t) for t in re.findall(token, part, _FLAGS)) for part in parts]
    return " | ".join(group for group in groups if group)


def _named(token: str) -> str:
    return token.lower() if token.lower() == "rest" else f"{token[0].upper()}{token[1:]}"


def manner(text: str) -> dict[str, Any]:
    """The arguments of a song beside its words and the clip of its tune; `text` without the words of the song."""
    args: dict[str, Any] = {}
    if notes := _NOTES.search(text):
        args["notes"] = _grouped(notes[0], rf"{_NOTE}(?:/{_NOTE})?|rest")
    if durations := _DURATIONS.search(text):
        args["durations"] = _grouped(durations[1], r"\d+(?:\.\d+)?")
    tempo = number_before(text, r"bpm|beats per minute|拍")
    if tempo is not None and 30 <= tempo <= 300:
        args["tempo_bpm"] = tempo
    if key := _KEY.search(text):
        args["key"] = f"{key['tonic'][0].upper()}{key['tonic'][1:]} {'minor' if _MINOR.match(key['mode']) else 'major'}"
    if voice_asked(text) == "male" or (_VOICE.search(text) and _MAN.search(text)):
        args["voice"] = "male"
    if _CHOIR.search(text):
        args["harmony"] = "choir"
    elif _THIRDS.search(text):
        args["harmony"] = "thirds"
    if _BACKING.search(text):
        args["backing"] = True
    return args
