"""Which notes are somebody's music: not a horn's, a siren's, an engine's or a cow's, though they have a pitch as well.

Two witnesses are heard. YAMNet says what sounds at the time of a note: a note of what makes no music is none. Where it
names no music either, the notes must be like a melody's: on held pitches that are in tune with each other, more than
two of them, more than a semitone or two apart. Singing is known by its own detector, which needs neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.models.music._melody_line import Curve, Line
from core.models.music._polyphony import Event
from core.models.sound import _yamnet
from core.models.sound._sounds import is_abstract
from core.models.sound._voices_music import Spans

_BIRDS, _BELLS, _RINGING = range(106, 110), range(195, 203), range(382, 390)
"""Whistling is taken for the first; the others have notes that a person may want."""
_MUSIC = [n for n in (*range(24, 33), 35, *range(132, 277)) if n not in _BELLS]
"""Singing, humming, whistling, and all that is music."""
_OTHER = [
    n
    for n in (*range(19, 24), 33, 34, *range(67, 132), *range(277, 348), *range(390, 395), *range(398, 451))
    if n not in _BIRDS and not is_abstract(n)
]
"""Crying, animals, weather, vehicles, sirens, engines, machines, tools, explosions, glass, water."""
_CLEARLY = 0.2
"""By how much more something else is heard than music, where a note is its own."""
_AROUND_S = 1.0
_HEARD = 0.35
"""From here on music is heard."""
_SUNG = 0.5
"""Part of the notes' time in which somebody sings."""
_HELD, _IN_TUNE = 0.6, 0.5
"""Parts of the line that are held, and held on notes that are in tune with each other."""
_STRUCK = 1.5
"""Notes that begin so surely need not be held."""
_PITCHES, _RANGE = 3, 3
"""The fewest notes of a scale, and the fewest semitones, of a melody."""
_SIGNAL = 8
"""Two pitches that take turns so often are a siren's."""


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """How surely music, and anything else that has a pitch, is heard: probabilities every `_yamnet.STEP_S`."""

    music: Curve
    other: Curve

    def of(self, event: Event) -> tuple[float, float]:
        """Both, in the mean around a note."""
        first = max(0, round((event.start_s - _AROUND_S) / _yamnet.STEP_S))
        last = round((event.end_s + _AROUND_S) / _yamnet.STEP_S)
        inside = slice(min(first, len(self.music) - 1), last + 1)
        return float(self.music[inside].mean()), float(self.other[inside].mean())


def sources(heard: _yamnet.Heard) -> Sources:
    """What the tagger heard, as music and as what makes none."""
    scores = heard.scores.astype(np.float64)
    return Sources(scores[:, _MUSIC].max(1), scores[:, _OTHER].max(1))


def melodious(events: Sequence[Event], line: Line, spans: Spans, heard: Sources, alone: bool) -> list[Event]:
    """Those that are music; none where they are no melody.

    Args:
        events: notes in the order of their starts.
        line: the pitch of the loudest voice.
        spans: where somebody sings.
        heard: what sounds.
        alone: whether the line is all that sounds.
    """
    kept = []
    witness = 0.0
    for event in events:
        music, other = heard.of(event)
        if other - music <= _CLEARLY:
            kept.append(event)
            witness += music * (event.end_s - event.start_s)
    lasting = sum(event.end_s - event.start_s for event in kept)
    if alone and _shared(kept, spans["singing"]) >= _SUNG * lasting:
        return kept
    if _is_signal(kept) or (witness < _HEARD * lasting and not _is_melody(kept, line, alone)):
        return []
    return kept


def _shared(events: Sequence[Event], spans: Sequence[tuple[float, float]]) -> float:
    """Seconds of the notes that lie in the spans."""
    return sum(max(0.0, min(end, e.end_s) - max(start, e.start_s)) for e in events for start, end in spans)


def _is_signal(events: Sequence[Event]) -> bool:
    notes = [event.midi for event in events]
    return (
        len(notes) >= _SIGNAL and len(set(notes)) == 2 and all(a != b for a, b in zip(notes, notes[1:], strict=False))
    )


def _is_melody(events: Sequence[Event], line: Line, alone: bool) -> bool:
    notes = {event.midi for event in events}
    if len(notes) < _PITCHES or max(notes) - min(notes) < _RANGE:
        return False
    if np.median([event.sureness for event in events]) >= _STRUCK:
        return True
    holds = line.holds()
    long = np.array([end - begin for begin, end in holds], float)
    voiced = max(1, int(line.voiced.sum()))
    if long.sum() < _HELD * voiced:
        return False
    pitches = np.array([np.median(line.midi[begin:end]) for begin, end in holds])
    return not alone or bool(abs(np.dot(long, np.exp(2j * np.pi * pitches))) >= _IN_TUNE * voiced)
