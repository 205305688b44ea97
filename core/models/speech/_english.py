"""What the English voices share: which texts they refuse, and the shape of what they give."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import SpeakArgs
from core.errors import BadInput
from core.media import Audio
from core.models.base import Made, Output
from core.models.speech._transcript import has_words

NOTHING_TO_SAY = "There is nothing to say in that text."
_PEAK = 10 ** (-1 / 20)
"""-1 dBFS, so that a lossy encoder has room."""

_LANGUAGE_OF_SCRIPT = {
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "CJK": "Chinese or Japanese",
    "BOPOMOFO": "Chinese",
    "CYRILLIC": "a language in Cyrillic letters",
    "ARABIC": "a language in Arabic letters",
    "HEBREW": "Hebrew",
    "GREEK": "Greek",
    "DEVANAGARI": "Hindi or another language in Devanagari",
    "BENGALI": "Bengali",
    "TAMIL": "Tamil",
    "TELUGU": "Telugu",
    "THAI": "Thai",
    "ARMENIAN": "Armenian",
    "GEORGIAN": "Georgian",
}
"""By the first word of a letter's Unicode name."""


def check(args: SpeakArgs, voices: tuple[str, ...]) -> None:
    """See that a text can be said by these voices.

    Raises:
        BadInput: an unknown voice, another language than English, or nothing to say; it names what there is.
    """
    if args.voice is not None and args.voice.casefold() not in voices:
        raise BadInput(f"There is no voice called {args.voice!r} here. I have: {', '.join(voices)}.")
    if args.language not in (None, "en"):
        raise BadInput(f"I cannot read {args.language!r} aloud here. I have: English (en).")
    if not has_words(args.text):
        raise BadInput(NOTHING_TO_SAY)
    if language := other_language(args.text):
        raise BadInput(f"That text is in {language}, which I cannot read aloud here. I have: English (en).")


def other_language(text: str) -> str | None:
    """The language that a text is plainly in, when its letters are not mostly Latin; else None.

    A foreign word or a Greek formula sign in an English text does not count.
    """
    scripts = Counter(unicodedata.name(c, "?").split()[0] for c in text if c.isalpha())
    latin = scripts.pop("LATIN", 0) + scripts.pop("FULLWIDTH", 0)
    if scripts.total() <= latin:
        return None
    languages = Counter[str]()
    for script, count in scripts.items():
        languages[_LANGUAGE_OF_SCRIPT.get(script, "another language")] += count
    if "Japanese" in languages:  # kana stand among ideographs, which may be the majority
        return "Japanese"
    return languages.most_common(1)[0][0]


def foreign_words(text: str) -> list[str]:
    """The words in another script, which an English voice leaves out or garbles, in order."""
    return [
        word
        for word in text.split()
        if any(c.isalpha() for c in word) and not any(c.isdigit() or "LATIN" in unicodedata.name(c, "") for c in word)
    ]


def speech(samples: NDArray[np.float32], sample_rate: int, text: str, voice: str, sentences: int) -> Output:
    """The output of a voice: samples of shape (frames,), turned down where they pass -1 dBFS, and what was said."""
    peak = float(np.abs(samples).max(initial=0.0))
    if peak > _PEAK:
        samples = samples * np.float32(_PEAK / peak)
    facts: dict[str, Any] = {"voice": voice, "language": "en", "sentences": sentences}
    if foreign := foreign_words(text):
        facts["foreign_words"] = foreign
    return Output(media=(Made(Audio(samples[None], sample_rate), "speech"),), facts=facts)
