"""What a model asked of a person, and what they answer: "Italian", "the second one", "the one on the left"."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from core import sayings
from core.embedded.followups import names_thing
from core.embedded.languages import places
from core.embedded.recall import nth
from core.plans import Decision, Request, Step

_LANGUAGE = ("language_unsure", "language_unsure_text")
_FACE = ("face_which", "face_unknown")
_TAKES = {
    **dict.fromkeys(_LANGUAGE, {
        "speech_recognition": "language",
        "speech_translation": "source_language",
        "text_translation": "source_language",
    }),
    **dict.fromkeys(_FACE, {"talking_head": "face"}),
}  # fmt: skip
"""The argument that an answer is for, by what was asked and by capability."""
_SOUNDS = ("picture_soundless", "picture_unclear")
"""What a picture sounds like is asked where it cannot be seen: then the words are what sounds are made of."""
_OFFERED = ("first", "second")
_NOT = re.compile(
    r"(?<!\w)(?:not|no|nicht|kein|pas|non|não|nem|niet|nie|не)\s+(?:\w+\s+)?$|(?:不是|ではなく)$", re.IGNORECASE
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_SIDES = {
    "left": r"\bleft(?:most)?\b|\blink\w*\b|\bgauche\b|\bizquierd[ao]\b|\bsinistr[ao]\b|\besquerd[ao]\b"
    r"|\bлев\w+|слева|左",
    "right": r"\bright(?:most)?\b|\brecht\w*\b|\bdroite?\b|\bderech[ao]\b|\bdestr[ao]\b|\bdireit[ao]\b"
    r"|\bправ\w+|справа|右",
    "middle": r"\bmiddle\b|\bcent(?:re|er)\b|\bmitt\w+\b|\bmilieu\b|\b(?:del|el|en) medio\b|\bcentro\b|\bmezzo\b"
    r"|\bmeio\b|\bсредн\w+|посередине|中间|真ん中|中央",
    "largest": r"\b(?:larg|bigg|near|clos)est\b|\bgrößte\w*\b|\bplus (?:grand|gros)\w*\b|\bmás grande\b|\bpiù grande\b"
    r"|\bmaior\b|сам\w+ больш\w+|最大|一番大き",
}
"""How people name the face that they mean, by the word of the model for it."""
_FEW_WORDS, _FEW_SIGNS = 12, 120


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked at the end of what was said before."""

    name: str
    """Of the saying."""
    offered: tuple[str, ...]
    """What it names to choose from."""


def pending(request: Request) -> Question | None:
    """The question that a short message may answer; None where none was asked."""
    last = request.history[-1] if request.history else None
    few = len(request.text) <= _FEW_SIGNS and len(request.text.split()) <= _FEW_WORDS
    if last is None or last.who != "bot" or not few:
        return None
    for name, pattern in _patterns():
        if found := pattern.search(last.text):
            return Question(name, tuple(value for place, value in found.groupdict().items() if place in _OFFERED))
    return None


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The questions in all the languages that we ask in."""
    return tuple(
        (name, re.compile("".join(_pieces(sayings.language(code).said[name]))))
        for name in (*_TAKES, *_SOUNDS)
        for code in sayings.LANGUAGES
    )


def _pieces(words: str) -> Iterator[str]:
    for literal, place, _, _ in string.Formatter().parse(words):
        yield re.escape(literal)
        if place:
            yield f"(?P<{place}>.+?)"


def answer(question: Question, text: str) -> str | None:
    """What a message answers, as the model takes it; None where it answers something else."""
    if question.name in _SOUNDS:
        return text if names_thing(text) else None
    return _language(text, question.offered) if question.name in _LANGUAGE else _face(text)


def _language(text: str, offered: tuple[str, ...]) -> str | None:
    """The code of the first language that is named and not ruled out ("Serbian, not Croatian"), or of one offered."""
    named = [code for code, start in places(text) if not _NOT.search(text[:start])]
    return named[0] if named else nth([code for name in offered for code, _ in places(name)], text)


def _face(text: str) -> str | None:
    ordinal = nth(_ORDINALS, text)
    side = next((word for word, pattern in _SIDES.items() if re.search(pattern, text, re.IGNORECASE)), None)
    return f"{ordinal} from the {side}" if ordinal and side in ("left", "right") else ordinal or side


def answered(decision: Decision, question: Question, told: str) -> Decision | None:
    """The plan with the answer in the first step that it is for; None where it is for none."""
    takes = _TAKES.get(question.name, {})
    for number, step in enumerate(decision.steps):
        if field := takes.get(step.capability):
            whole = replace(step, args={**step.args, field: told})
        elif question.name in _SOUNDS and step.capability == "image_to_audio":
            whole = Step("text_to_audio", {"description": told})
        else:
            continue
        return replace(decision, steps=(*decision.steps[:number], whole, *decision.steps[number + 1 :]))
    return None
