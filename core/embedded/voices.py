"""Which voice a request names: one of those that there are by its name, or a man's or a woman's."""

from __future__ import annotations

import re
from functools import cache

from core.registry import registry
from core.settings import Settings

_VOICE = r"(?:voices?|voz|voix|stimme|voce|\b(?:mannen|vrouwen)?stem\b|голос\w*)"
_NOT_A_NAME = (
    r"(?!(?:messages?|notes?|memos?|mails?|chats?|clips?|recordings?|of|that|which|is|to|for|and|de|du|von|di|da)\b)"
)
_CALLED = re.compile(
    rf"\b(?:with|in|using|use|by|con|avec|mit|com|usa|nutze|utilise|голосом)\s+(?:the\s+|la\s+|der\s+|a\s+"
    rf"|o\s+)?{_VOICE}\s+"
    rf"(?:of\s+|called\s+|named\s+|de\s+|von\s+|di\s+)?['\"“]?{_NOT_A_NAME}(?P<name>[^\W\d_][\w-]+)",
    re.IGNORECASE,
)
_TITLED = re.compile(rf"\b{_VOICE}\s+(?:of |called |named |de |von )?['\"“]?(?P<name>[A-Z][\w-]+|heart)\b(?!['’]s)")
_FEMALE = (
    r"\b(?:female|wom[ae]n(?:['’]?s)?|lady(?:['’]s)?|girl(?:['’]s)?|feminine|weiblich\w*|\bfrau\b|frauen?(?=stimme)"
    r"|vrouwen(?=stem)|vrouw\b|vrouwelijke?|mujer"
    r"|femenina|femme|féminine|donna|femminile|mulher|feminina|женск\w+)(?:\b|(?=stimme|stem))|女(?:性|声|の)"
)
_MALE = (
    r"\b(?:male|gentlem[ae]n|m[ae]n(?:['’]?s)?|guy(?:['’]s)?|boy(?:['’]s)?|masculine|männlich\w*|\bmann\b"
    r"|männer(?=stimme)|mannen(?=stem)|mannelijke?|hombre"
    r"|masculin[oa]?|homme|uomo|maschile|homem|мужск\w+)(?:\b|(?=stimme|stem))|男(?:性|声|の)"
)
_PERSON = (
    r"(?:man|woman|lady|guy|girl|boy|male|female|gentleman|mann|frau|homme|femme|hombre|mujer|uomo|donna|homem|mulher"
    r"|vrouw)"
)
SEXES = ("female", "male")
_ANY_VOICE = re.compile(
    rf"{_VOICE}|声|音声|\b(?:as|by|like|als|von|comme|par|como|por|come|da|door)\s+"
    rf"(?:(?:an?|eine?[nrm]?|une?|una?|uma?|een)\s+)?(?:\w+ )?{_PERSON}\b",
    re.IGNORECASE,
)
"""That a voice is told, by a word for it or for whose it is: "as a lady"."""

_NOT_THIS = re.compile(
    rf"\b(?:not|no|nicht|keine?|pas|non|não|nie)\s+(?:(?:as|with|an?|the|de|una?|une"
    rf"|eine?n?)\s+)*{_PERSON}(?:['’]s)?(?:\s+voice)?\b"
    rf"(?=\W|$)(?=.*{_PERSON})",
    re.IGNORECASE,
)
"""A voice that is not wanted, before the one that is."""


@cache
def _names() -> frozenset[str]:
    """The voices of the built-in models."""
    models = registry(Settings.model_construct(models="")).models.values()
    return frozenset(voice.name for model in models for voice in model.voices)


def refuses_a_voice(text: str) -> bool:
    """Whether another voice is wanted than one that is named: "not a lady's voice, a man's"."""
    return bool(_NOT_THIS.search(text))


def voice_asked(text: str) -> str | None:
    """The voice that a text names, lower case: "with the voice Kumo", "in kumo's voice", "a woman's voice"."""
    text, refused = _NOT_THIS.subn(" ", text)
    own = known_voice(text)
    if own:
        return own
    if refused or _ANY_VOICE.search(text):
        for sex, pattern in (("female", _FEMALE), ("male", _MALE)):
            if re.search(pattern, text, re.IGNORECASE):
                return sex
    called = _CALLED.search(text) or _TITLED.search(text)
    return called["name"].lower() if called else None


def known_voice(text: str) -> str | None:
    """The name of a voice that there is, beside a word for "voice"; None where there is none."""
    named = "|".join(sorted(map(re.escape, _names())))
    match = re.search(
        rf"\b(?P<a>{named})(?:['’]s)?\s+{_VOICE}\b|\b{_VOICE}\s+(?:\w+\s+)?['\"“]?(?P<b>{named})\b|(?P<c>{named})の声",
        text,
        re.IGNORECASE,
    )
    return next((name.lower() for name in match.groups() if name), None) if match else None
