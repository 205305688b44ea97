"""How a score is sung: when each vowel begins, how it is held, and how the pitch moves. Vowels begin on the beat.

A score is cut at its rests into phrases, each sung in one breath by one pass of the network at the pace of speech. What
it makes of a phrase is then held where its vowels are; consonants keep their pace and lie before the beat.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.models.music._lyrics import joined
from core.models.music._score import Note, Rest, Score, Sung
from core.models.speech._hibari_frames import FRAME_S, FRAMES_PER_UNIT, Durations

CARRIER = " pˈʌt ɪt"
"""Spoken behind every phrase and cut off: a voice creaks at the end of what it says, and a singer does not."""

_LEAD_FRAMES = 6
_VOWEL_DB = 8.0
"""A vowel is as far as the level stays within this of its middle."""
_MOST_BETWEEN = 22
"""Frames of consonants between two vowels, 0.275 s, and the part of a note that they may take."""
_MOST_OF_NOTE = 0.55
_KEPT = 0.4
"""Part of a vowel at each end that keeps its pace when it is held."""

_GLIDE_S = 0.07
_VIBRATO_HZ = (5.2, 5.9)
_VIBRATO_CENTS = 32.0
_VIBRATO_FROM_S, _VIBRATO_RISE_S = 0.28, 0.35
_DRIFT_CENTS = 3.0

Frames = NDArray[np.float64]


@dataclass(frozen=True)
class Phrase:
    """What is sung between two breaths."""

    start_s: float
    """When its first vowel begins."""
    sung: tuple[Sung, ...]

    @property
    def phonemes(self) -> str:
        """As the voice reads them, without the carrier."""
        return joined(part.syllable for part in self.sung)

    @property
    def seconds(self) -> float:
        """From the first vowel to the end."""
        return sum(part.seconds for part in self.sung)

    def nuclei(self) -> list[int]:
        """The index of every syllable's nucleus among the symbols: a pad comes first, and a space between words."""
        found, at = [], 1
        for number, part in enumerate(self.sung):
            syllable = part.syllable
            at += 1 if number and syllable.begins_word else 0
            found.append(at + len(syllable.onset) + len(syllable.marked))
            at += len(syllable.phonemes)
        return found

    def notes(self) -> Iterator[tuple[float, Note]]:
        """Every note with its time since the first vowel."""
        now = 0.0
        for part in self.sung:
            for note in part.notes:
                yield now, note
                now += note.seconds


@dataclass(frozen=True, eq=False)
class Plan:
    """Where the frames of a phrase come from, and what is laid on them."""

    place: Frames
    """Of every frame of the song, the frame of the network that it is taken from."""
    pitch: Frames
    """MIDI note of every frame of the song, as all below."""
    vowel: NDArray[np.bool_]
    """Frames that must have a pitch."""
    loudness: Frames
    """Gain, 1 in the middle."""
    lead_s: float
    """From the first frame to the first vowel."""

    @property
    def held(self) -> NDArray[np.bool_]:
        """Frames that stand longer than the network made them."""
        return np.asarray(np.gradient(self.place) < 0.9)


def phrases(score: Score) -> list[Phrase]:
    """The phrases of a score, in order."""
    found: list[Phrase] = []
    now, start = 0.0, 0.0
    held: list[Sung] = []
    for part in score:
        if isinstance(part, Rest):
            if held:
                found.append(Phrase(start, tuple(held)))
                held = []
        else:
            start = start if held else now
            held.append(part)
        now += part.seconds
    if held:
        found.append(Phrase(start, tuple(held)))
    return found


def told_pitch(phrase: Phrase, durations: Durations) -> Frames:
    """The MIDI note that the network is told for each of its frames: that of the syllable it is about to say."""
    nuclei = phrase.nuclei()
    bounds = [0, *((a + b) // 2 for a, b in zip(nuclei, nuclei[1:], strict=False)), len(durations)]
    midi = np.zeros(len(durations))
    for number, part in enumerate(phrase.sung):
        midi[bounds[number] : bounds[number + 1]] = part.notes[0].midi
    return np.repeat(midi, durations * FRAMES_PER_UNIT)


def plan(phrase: Phrase, durations: Durations, level_db: Frames, rng: np.random.Generator) -> Plan:
    """How a phrase is sung. `level_db` is how loud the network's frames are where vowels are: shape (frames,)."""
    begins, ends = _vowels(phrase, durations, level_db)
    last = int(durations[: 1 + len(phrase.phonemes)].sum()) * FRAMES_PER_UNIT
    source, target = _anchors(phrase, begins, ends, last)
    frames = int(np.ceil(target[-1]))
    place = np.interp(np.arange(frames) + 0.5, target, source)
    vowel = np.zeros(frames, bool)
    for begin, end in zip(begins, ends, strict=True):
        vowel |= (place >= begin) & (place <= end)
    lead_s = float(np.interp(begins[0], source, target)) * FRAME_S
    return Plan(place, _pitch(phrase, frames, lead_s, rng), vowel, _loudness(phrase, frames, lead_s), lead_s)


def _vowels(phrase: Phrase, durations: Durations, level_db: Frames) -> tuple[list[int], list[int]]:
    """The first and the last frame of every syllable's vowel, as heard.

    The network sounds a symbol early: a vowel at the mark of its stress, or as its own symbol begins.
    """
    starts = np.concatenate([[0], np.cumsum(durations * FRAMES_PER_UNIT)])
    level = np.convolve(np.pad(level_db, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    begins: list[int] = []
    ends: list[int] = []
    for part, nucleus in zip(phrase.sung, phrase.nuclei(), strict=True):
        marked = bool(part.syllable.marked)
        first = int(starts[nucleus - 1 - marked])
        low = max((first + int(starts[nucleus - marked])) // 2, ends[-1] + 1 if ends else 0)
        high = max(int(starts[nucleus + 1]), low + 2)
        middle = int(starts[nucleus - 1] + starts[nucleus]) // 2 if marked else int(starts[nucleus]) + 1
        near = slice(max(low, middle - 3), min(high, middle + 4))
        peak = near.start + int(np.argmax(level[near]))
        floor = level[peak] - _VOWEL_DB
        begin, end = peak, peak
        while begin > low and level[begin - 1] > floor:
            begin -= 1
        while end < high - 1 and level[end + 1] > floor:
            end += 1
        begins.append(begin)
        ends.append(max(end, begin + 1))
    return begins, ends


def _anchors(phrase: Phrase, begins: Sequence[int], ends: Sequence[int], last: int) -> tuple[Frames, Frames]:
    """Frames of the network and, for each, the frame of the song that it falls on; between them time runs evenly."""
    lead = min(begins[0], _MOST_BETWEEN)
    source, target = [float(begins[0] - lead)], [0.0]
    beat = float(lead)
    for number, part in enumerate(phrase.sung):
        following = begins[number + 1] if number + 1 < len(begins) else last
        between = float(following - ends[number])
        room = part.seconds / FRAME_S
        taken = min(between, _MOST_BETWEEN, _MOST_OF_NOTE * room)
        vowel, held = float(ends[number] - begins[number]), room - taken
        kept = _KEPT * min(vowel, held)
        source += [begins[number], begins[number] + _KEPT * vowel, ends[number] - _KEPT * vowel, ends[number]]
        target += [beat, beat + kept, beat + held - kept, beat + held]
        beat += room
    return np.asarray([*source, float(last)]), np.asarray([*target, beat])


def _pitch(phrase: Phrase, frames: int, lead_s: float, rng: np.random.Generator) -> Frames:
    """Steps joined by glides, with vibrato on what is held and a slight drift."""
    time = np.arange(frames) * FRAME_S - lead_s
    notes = list(phrase.notes())
    pitch = np.full(frames, notes[0][1].midi)
    vibrato = np.zeros(frames)
    rate = rng.uniform(*_VIBRATO_HZ)
    for start, note in notes:
        pitch[time >= start] = note.midi
        since = time - start
        rise = np.clip((since - _VIBRATO_FROM_S) / _VIBRATO_RISE_S, 0, 1)
        fall = np.clip((note.seconds - since) / 0.1, 0, 1)
        held = (since >= 0) & (since < note.seconds)
        vibrato[held] = (rise * fall * np.sin(2 * np.pi * rate * (since - _VIBRATO_FROM_S)))[held]
    return _smooth(pitch, _GLIDE_S) + (_VIBRATO_CENTS * vibrato + _drift(frames, rng)) / 100


def _drift(frames: int, rng: np.random.Generator) -> Frames:
    """Cents that nobody means: slow, small, without a mean."""
    slow = _smooth(rng.standard_normal(frames), 0.4)
    return np.asarray(_DRIFT_CENTS * (slow - slow.mean()) / max(float(slow.std()), 1e-9))


def _smooth(curve: Frames, seconds: float) -> Frames:
    half = max(1, round(seconds / FRAME_S / 2))
    kernel = np.hanning(2 * half + 3)[1:-1]
    return np.convolve(np.pad(curve, half, mode="edge"), kernel / kernel.sum(), "valid")


def _loudness(phrase: Phrase, frames: int, lead_s: float) -> Frames:
    """A phrase grows a little to its middle and falls to its end; a higher note is a little louder."""
    time = np.arange(frames) * FRAME_S - lead_s
    notes = list(phrase.notes())
    arc = 1.5 * np.sin(np.pi * np.clip(time / phrase.seconds, 0, 1))
    middle = float(np.mean([note.midi for _, note in notes]))
    higher = np.zeros(frames)
    for start, note in notes:
        higher[time >= start] = np.clip(0.25 * (note.midi - middle), -2, 2)
    gain: Frames = 10 ** ((arc + _smooth(higher, 0.15) - 1.0) / 20)
    return gain


def breaths(found: Sequence[Phrase]) -> list[tuple[float, float]]:
    """Where a singer breathes in before a phrase: end and length in seconds, where there is time for it."""
    taken, free_from = [], 0.0
    for phrase in found:
        gap = phrase.start_s - free_from
        if gap > 0.25:
            taken.append((phrase.start_s - 0.12, min(0.35, gap - 0.15)))
        free_from = phrase.start_s + phrase.seconds
    return taken
