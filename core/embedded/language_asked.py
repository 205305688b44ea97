"""The answer to our question which language something is in: "Italian", "the second one", "it's Serbian, I think"."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from core import sayings
from core.embedded.languages import places
from core.embedded.recall import nth
from core.plans import Decision, Request, Step

_QUESTIONS = ("language_unsure", "language_unsure_text")
_TAKES = {
    "speech_recognition": "language",
    "speech_translation": "source_language",
    "text_translation": "source_language",
}
"""The argument for the language that something is in, by capability."""
_NOT = re.compile(
    r"(?<!\w)(?:not|no|nicht|kein|pas|non|não|nem|niet|nie|не)\s+(?:\w+\s+)?$|(?:不是|ではなく)$", re.IGNORECASE
)
_LANGUAGES = ("first", "second")
_FEW_WORDS = 12


def asked_for_language(request: Request) -> re.Match[str] | None:
    """Our question at the end of what was said before, with the languages that it names; None where that is another."""
    last = request.history[-1] if request.history else None
    if last is None or last.who != "bot":
        return None
    return next((found for question in _questions() if (found := question.search(last.text))), None)


@lru_cache(maxsize=1)
def _questions() -> tuple[re.Pattern[str], ...]:
    """The questions in all the languages that we ask in."""
    return tuple(
        re.compile("".join(_pieces(sayings.language(code).said[name])))
        for code in sayings.LANGUAGES
        for name in _QUESTIONS
    )


def _pieces(words: str) -> Iterator[str]:
    for literal, place, _, _ in string.Formatter().parse(words):
        yield re.escape(literal)
        if place:
            yield f"(?P<{place}>.+?)" if place in _LANGUAGES else ".+?"


def language_told(text: str, question: re.Match[str]) -> str | None:
    """The code of the language that a short message names, or picks of those in the question; None where it does not.

    Of several the first that is not ruled out: "Serbian, not Croatian".
    """
    if len(text.split()) > _FEW_WORDS:
        return None
    named = [code for code, start in places(text) if not _NOT.search(text[:start])]
    if named:
        return named[0]
    offered = [code for place in _LANGUAGES for code, _ in places(question.groupdict().get(place) or "")]
    return nth(offered, text)


def in_language(decision: Decision, code: str) -> Decision | None:
    """The plan with the language of what it begins with; None where that has none."""
    for number, step in enumerate(decision.steps):
        if field := _TAKES.get(step.capability):
            told = Step(step.capability, {**step.args, field: code})
            return replace(decision, steps=(*decision.steps[:number], told, *decision.steps[number + 1 :]))
    return None
