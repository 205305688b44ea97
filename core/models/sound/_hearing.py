"""What the models that list sounds share: which clips they refuse, and how they tell what they heard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.errors import BadInput
from core.media import Audio, Samples
from core.models.base import File, Made, Output
from core.models.sound._events import Event
from core.models.sound._timeline import timeline
from core.models.sound._yamnet import Heard
from core.sayings import saying

SURE = 0.5
"""What is less probable is told with a "perhaps"."""
_SILENCE_PEAK = 1e-4
_NAMED, _LINES = 6, 15
"""Kinds of sound that the sentence names, and lines of the table in a message."""


def is_silent(samples: Samples) -> bool:
    """Whether there is nothing to hear, shape (channels, frames)."""
    return float(np.abs(samples).max(initial=0.0)) <= _SILENCE_PEAK


def checked(clip: Audio) -> Audio:
    """The clip, when there is anything to hear in it.

    Raises:
        BadInput: it is empty or silent.
    """
    if not clip.samples.shape[1]:
        raise BadInput(saying("clip_empty"))
    if is_silent(clip.samples):
        raise BadInput(saying("clip_silent"))
    return clip


def detection(heard: Heard, found: Sequence[Event], likeliest: Sequence[tuple[str, float]]) -> Output:
    """The answer of a sound detection: a sentence, a table, the timeline; many events come as a file too."""
    lines = table(found)
    text = sentence(found, heard.duration_s)
    made = [Made(timeline(heard.mel, found, heard.duration_s), "timeline", text)]
    if len(lines) > _LINES:
        made.append(Made(File(("\n".join(lines) + "\n").encode(), "text/plain", ".txt"), "sounds"))
        lines = [*lines[:_LINES], f"... and {len(lines) - _LINES} more in the file"]
    facts = {
        "events": [
            {
                "label": e.label,
                "start_s": round(e.start_s, 2),
                "end_s": round(e.end_s, 2),
                "confidence": round(e.confidence, 2),
            }
            for e in found
        ],
        "tags": [{"label": label, "confidence": round(confidence, 2)} for label, confidence in likeliest],
    }
    return Output("\n".join([text, *([""] if lines else []), *lines]), tuple(made), facts)


def sentence(found: Sequence[Event], duration_s: float) -> str:
    """One sentence that names the kinds of sound: those that are sure, then those that may be."""
    best: dict[str, float] = {}
    for event in found:
        best[event.label] = max(best.get(event.label, 0.0), event.confidence)
    sure = [label for label, confidence in best.items() if confidence >= SURE]
    perhaps = [label for label, confidence in best.items() if confidence < SURE]
    if not best:
        return f"In these {seconds(duration_s)} I hear nothing that I can name with any certainty."
    told = named(sure)
    if perhaps:
        told += f"{', and ' if sure else ''}perhaps {named(perhaps)}"
    return f"In these {seconds(duration_s)} I hear {told}."


def named(labels: Sequence[str]) -> str:
    """A list for a sentence: "speech, applause and cheering"."""
    shown = list(labels[:_NAMED])
    if len(labels) > _NAMED:
        more = len(labels) - _NAMED
        shown.append(f"{more} more {'kind' if more == 1 else 'kinds'} of sound")
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def table(found: Sequence[Event]) -> list[str]:
    """One line an event: times, label, confidence."""
    return [f"{span(e.start_s, e.end_s)}  {e.label} ({e.confidence:.0%})" for e in found]


def span(start_s: float, end_s: float) -> str:
    """Two times: "0.5–1.2 s" or, beyond the first minute, "1:05–1:20"."""
    if end_s < 60:
        return f"{start_s:.1f}–{end_s:.1f} s"
    return f"{_clock(start_s)}–{_clock(end_s)}"


def _clock(at_s: float) -> str:
    whole = int(at_s)
    clock = f"{whole // 60 % 60:02d}:{whole % 60:02d}" if whole >= 3600 else f"{whole // 60}:{whole % 60:02d}"
    return f"{whole // 3600}:{clock}" if whole >= 3600 else clock


def seconds(duration_s: float) -> str:
    """A length for a sentence: "4.2 s", "3 min 5 s"."""
    if duration_s < 60:
        return f"{duration_s:.1f} s"
    minutes, rest = divmod(round(duration_s), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"
