"""How the models that find a named sound tell when it is heard, or that it is not there."""

from __future__ import annotations

from collections.abc import Sequence

from core.models.base import Made, Output
from core.models.sound._events import Event
from core.models.sound._hearing import SURE, named, seconds, span, table
from core.models.sound._timeline import timeline
from core.models.sound._yamnet import Heard

_LINES = 15
_INSTEAD = 3
_LABEL_CHARS = 24
_FONT_ENDS = 0x250
"""The picture's font has Latin letters only: words in others are shown by what was listened for."""

Time = tuple[float, float, float]
"""Start and end in seconds, and the highest probability."""


def answer(
    target: str, times: Sequence[Time], listened: Sequence[str], heard: Heard, highest: float, rest: Sequence[str]
) -> Output:
    """The answer: with its times there is a picture; without any, `rest` is what is heard instead."""
    label = target if all(ord(sign) < _FONT_ENDS for sign in target) else listened[0]
    found = [Event(0, label[:_LABEL_CHARS], *time) for time in times]
    facts = {
        "target": target,
        "listened_for": list(listened),
        "found": bool(found),
        "highest_probability": round(highest, 2),
        "times": [
            {"start_s": round(start, 2), "end_s": round(end, 2), "confidence": round(confidence, 2)}
            for start, end, confidence in times
        ],
    }
    if not found:
        text = f"“{target}” is not there: in these {seconds(heard.duration_s)} I listened for {named(listened)}."
        return Output(f"{text} What I hear is {named(rest[:_INSTEAD])}." if rest else text, facts=facts)
    text = _told(target, found, listened)
    picture = Made(timeline(heard.mel, found, heard.duration_s), "timeline", text.splitlines()[0])
    return Output(text, (picture,), facts)


def _told(target: str, found: list[Event], listened: Sequence[str]) -> str:
    """When it is heard: in the sentence, or in lines where it is often."""
    sure = "" if max(e.confidence for e in found) >= SURE else "perhaps "
    heard_as = f"I listened for {named(listened)}"
    if len(found) == 1:
        (one,) = found
        return f"“{target}” is {sure}heard at {span(one.start_s, one.end_s)} ({one.confidence:.0%}; {heard_as})."
    lines = table(found)
    if len(lines) > _LINES:
        lines = [*lines[:_LINES], f"... and {len(lines) - _LINES} more times"]
    return "\n".join([f"“{target}” is {sure}heard {len(found)} times ({heard_as}):", "", *lines])
