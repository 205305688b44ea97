"""A score as what a voicebank is told: consonants before the beat, vowels on it, a pitch that glides and trembles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.models.music._lyrics import Syllable
from core.models.music._score import Note, Rest, Score, Sung, hertz
from core.models.music._voicebank import BREATH, SILENCE, Phones

LEAD_S, TAIL_S = 0.5, 0.4
"""Silence around a phrase; the first holds the consonants of a syllable that begins it, and a breath."""
_BREATH_S = 0.25
_CONSONANT_S = 0.07
_LONG_S = 0.11
_LONG = frozenset(["s", "sh", "x", "f", "h", "z", "zh", "c", "ch", "q", "j", "hh", "th", "ts"])
"""Fricatives and affricates, which take longer than stops and nasals."""
_SHARE = 0.45
"""The most of a note that consonants around its vowel take."""
_GLIDE_S = 0.06
_TREMBLE_AFTER_S, _TREMBLE_HZ, _TREMBLE_CENTS, _TREMBLE_GROWS_S = 0.4, 5.5, 30.0, 0.4


@dataclass(frozen=True, slots=True)
class Spelt(Syllable):
    """A syllable by the voicebank's own phonemes."""

    phones: tuple[str, ...] = ()
    vowel: int = 0
    """Which of them is on the beat."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is sung in one breath, and when it begins, in seconds."""

    start_s: float
    sung: tuple[Sung, ...]


def phrases(score: Score) -> Iterator[Phrase]:
    """The parts of a score between its rests."""
    at = begun = 0.0
    held: list[Sung] = []
    for part in score:
        if isinstance(part, Rest):
            if held:
                yield Phrase(begun, tuple(held))
                held = []
        else:
            begun = at if not held else begun
            held.append(part)
        at += part.seconds
    if held:
        yield Phrase(begun, tuple(held))


def told(phrase: Phrase, frame_s: float, phone: Callable[[str], str], semitones: float, cents: float) -> Phones:
    """A phrase with `LEAD_S` before its first beat and `TAIL_S` behind its end.

    `phone` gives the name by which the networks know a phoneme, `semitones` move the formants, `cents` the pitch.
    """
    marks = list(_marks(phrase, phone))
    end_s = LEAD_S + sum(sung.seconds for sung in phrase.sung)
    edges = [0.0, *(at for _, at in marks[1:]), end_s + TAIL_S]
    bounds = np.rint(np.array(edges) / frame_s).astype(np.int64)
    frames = np.maximum(np.diff(bounds), 1)
    times = (np.arange(int(frames.sum()), dtype=np.float64) + 0.5) * frame_s - LEAD_S
    notes = [note for sung in phrase.sung for note in sung.notes]
    f0 = hertz(0) * 2 ** ((pitch(notes, times) + cents / 100) / 12)
    return Phones(tuple(name for name, _ in marks), frames, f0.astype(np.float32), semitones)


def _marks(phrase: Phrase, phone: Callable[[str], str]) -> Iterator[tuple[str, float]]:
    """Every phoneme with when it begins."""
    yield phone(SILENCE), 0.0
    lengths = [_lengths(sung) for sung in phrase.sung]
    at = LEAD_S
    onset_s = sum(lengths[0][0])
    yield phone(BREATH), max(0.02, at - onset_s - _BREATH_S)
    for number, (sung, (onset, coda)) in enumerate(zip(phrase.sung, lengths, strict=True)):
        spelt = sung.syllable
        assert isinstance(spelt, Spelt)
        start = at - sum(onset)
        for name, length in zip(spelt.phones[: spelt.vowel], onset, strict=True):
            yield phone(name), start
            start += length
        yield phone(spelt.phones[spelt.vowel]), at
        at += sung.seconds
        following = sum(lengths[number + 1][0]) if number + 1 < len(lengths) else 0.0
        start = at - following - sum(coda)
        for name, length in zip(spelt.phones[spelt.vowel + 1 :], coda, strict=True):
            yield phone(name), start
            start += length
    yield phone(SILENCE), at


def _lengths(sung: Sung) -> tuple[list[float], list[float]]:
    """How long the consonants before and behind the vowel are, less where the note is short."""
    spelt = sung.syllable
    assert isinstance(spelt, Spelt)
    both = [
        [_LONG_S if name.rpartition("/")[2] in _LONG else _CONSONANT_S for name in part]
        for part in (spelt.phones[: spelt.vowel], spelt.phones[spelt.vowel + 1 :])
    ]
    least = _SHARE * sung.seconds / 2
    onset, coda = ([length * min(1.0, least / max(sum(part), 1e-9)) for length in part] for part in both)
    return onset, coda


def pitch(notes: Sequence[Note], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """MIDI notes at `times`, in seconds from the first note: glides between them, vibrato on those that are held."""
    ends = np.cumsum([note.seconds for note in notes])
    starts = np.concatenate([[0.0], ends[:-1]])
    which = np.clip(np.searchsorted(ends, times, side="right"), 0, len(notes) - 1)
    heights = np.array([note.midi for note in notes])
    curve = heights[which].astype(np.float64)
    for at, before, after in zip(starts[1:], heights, heights[1:], strict=False):
        near = np.abs(times - at) < _GLIDE_S / 2
        part = (times[near] - at) / _GLIDE_S + 0.5
        curve[near] = before + (after - before) * (1 - np.cos(np.pi * part)) / 2
    since = times - starts[which] - _TREMBLE_AFTER_S
    left = ends[which] - times
    deep = np.clip(since / _TREMBLE_GROWS_S, 0, 1) * np.clip(left / 0.1, 0, 1)
    return np.asarray(curve + deep * _TREMBLE_CENTS / 100 * np.sin(2 * np.pi * _TREMBLE_HZ * np.maximum(since, 0)))
