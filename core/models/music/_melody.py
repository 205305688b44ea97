"""A melody for words that have none: stresses fall on strong beats, lines answer each other, the last comes home.

Rhythm and pitch are each the cheapest path through a grid, with a little chance: where a syllable may fall in the bar,
and which step of the scale it takes over the bar's chord.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.models.music._harmony import Key, triad
from core.models.music._lyrics import Syllable
from core.models.music._score import Note, Rest, Score, Sung

BEATS = 4
_PER_BAR = 2 * BEATS
"""The grid is of eighths."""
_STRENGTH = (4, 0, 2, 0, 3, 0, 2, 0)
_DEGREES = range(-3, 10)
_FORMS = {1: "A", 2: "AB", 3: "ABA", 4: "AABA"}
_PROGRESSIONS = {
    False: ((0, 4, 5, 3), (0, 5, 3, 4), (0, 3, 0, 4), (0, 2, 3, 4)),
    True: ((0, 5, 2, 6), (0, 3, 4, 0), (0, 6, 5, 4), (0, 3, 5, 4)),
}
LEAPS = (0.7, 0.0, 0.35, 1.0, 1.5, 2.2, 4.0, 3.0)
"""Cost of an interval by its steps: moving by step is cheap, an octave cheaper than a seventh."""
_SAD = "sad cry cries crying tears lonely alone lost goodbye grave dark darkness sorrow pain rain cold gone"


@dataclass(frozen=True)
class Melody:
    """A composed song."""

    score: Score
    key: Key
    tempo_bpm: float
    chords: tuple[tuple[float, tuple[int, ...]], ...]
    """Start in seconds, pitch classes with the root first; one a bar."""


def compose(
    lines: Sequence[Sequence[Syllable]], seed: int, words: str, key: Key | None = None, tempo_bpm: float | None = None
) -> Melody:
    """A melody under lines of syllables. The same words, seed, key and tempo give the same melody."""
    rng = np.random.default_rng(seed)
    sad = not set(_SAD.split()).isdisjoint(words.lower().split())
    key = key or Key(int(rng.choice([7, 8, 9, 10])), minor=sad)
    tempo = tempo_bpm or float(rng.integers(76, 92) if sad else rng.integers(96, 116))
    octave = 4 if key.tonic <= 2 else 3
    progression = _PROGRESSIONS[key.minor][int(rng.integers(4))]
    tick_s = 60.0 / tempo / 2
    chance = {label: rng.standard_normal((64, len(_DEGREES))) for label in "AB"}
    score: list[Sung | Rest] = []
    bars: list[int] = []
    late = 0
    for number, line in enumerate(lines):
        label = _label(number, len(lines))
        last = number + 1 == len(lines)
        count = _bars(len(line))
        ticks = _rhythm(line, count, np.random.default_rng([seed, len(line)]))
        degrees = _line_chords(progression, count, last, label)
        heights = _pitches(ticks, degrees, chance[label], label, last)
        ends = [*ticks[1:], count * _PER_BAR - (1 if not last else 0)]
        score.append(Rest((ticks[0] + late) * tick_s))
        for syllable, start, end, degree in zip(line, ticks, ends, heights, strict=True):
            score.append(Sung(syllable, (Note(key.midi(degree, octave), (end - start) * tick_s),)))
        late = count * _PER_BAR - ends[-1]
        bars += degrees
    if score and isinstance(score[0], Rest) and score[0].seconds == 0:
        score = score[1:]
    parts = tuple(part for part in score if part.seconds > 0)
    chords = tuple((bar * _PER_BAR * tick_s, triad(key, degree)) for bar, degree in enumerate(bars))
    return Melody(parts, key, tempo, chords)


def _label(number: int, count: int) -> str:
    return _FORMS[min(count, 4)][number % min(count, 4)]


def _bars(syllables: int) -> int:
    """An even number of bars that leaves the last syllable time."""
    return max(2, 2 * int(np.ceil((syllables + 1) / 10)))


def _line_chords(progression: Sequence[int], bars: int, last: bool, label: str) -> list[int]:
    turned = [*progression[2:], *progression[:2]] if label == "B" else list(progression)
    found = [turned[bar % 4] for bar in range(bars)]
    return [*found[:-1], 0 if last else found[-1]]


def _rhythm(line: Sequence[Syllable], bars: int, rng: np.random.Generator) -> list[int]:
    """The tick on which each syllable begins, from 0; rising."""
    ticks = bars * _PER_BAR - 2
    even = max(1.0, (ticks - 1) / max(len(line), 1))
    best = np.full((len(line), ticks), np.inf)
    before = np.zeros((len(line), ticks), np.int64)
    cost = np.array([[_misplaced(s, t) for t in range(ticks)] for s in line]) + 0.3 * rng.random((len(line), ticks))
    cost[-1] += [0.8 * (4 - _STRENGTH[t % _PER_BAR]) / 4 for t in range(ticks)]
    best[0, : min(3, ticks)] = cost[0, : min(3, ticks)] + 0.5 * np.arange(min(3, ticks))
    for k in range(1, len(line)):
        for t in range(k, ticks):
            steps = best[k - 1, :t] + 0.35 * np.abs(t - np.arange(t) - even)
            before[k, t] = int(np.argmin(steps))
            best[k, t] = steps[before[k, t]] + cost[k, t]
    found = [int(np.argmin(best[-1]))]
    for k in range(len(line) - 1, 0, -1):
        found.append(int(before[k, found[-1]]))
    return found[::-1]


def _misplaced(syllable: Syllable, tick: int) -> float:
    strength = _STRENGTH[tick % _PER_BAR]
    return 0.9 * (4 - strength) / 4 * 2 if syllable.stress == "ˈ" else 0.6 * strength / 4


def _pitches(ticks: Sequence[int], chords: Sequence[int], chance: np.ndarray, label: str, last: bool) -> list[int]:
    """The degree of the scale for each tick."""
    degrees = np.array(_DEGREES)
    gaps = np.minimum(np.abs(degrees[:, None] - degrees[None, :]), len(LEAPS) - 1)
    leaps = np.array(LEAPS)[gaps]
    costs = np.array([_unfit(t, chords[t // _PER_BAR], degrees) for t in ticks]) + 0.5 * chance[: len(ticks)]
    arch = np.sin(np.pi * np.linspace(0.1, 0.95, len(ticks)))
    height = (3.0 if label == "B" else 0.5) + 2.5 * arch
    costs += 0.22 * np.abs(degrees[None, :] - height[:, None])
    home = np.array([0 if d % 7 == 0 else 9 for d in degrees]) if last else _unfit(0, chords[-1], degrees) * 2
    costs[-1] += home
    best, before = costs[0], []
    for k in range(1, len(ticks)):
        steps = best[:, None] + leaps
        before.append(np.argmin(steps, axis=0))
        best = steps.min(axis=0) + costs[k]
    found = [int(np.argmin(best))]
    for back in reversed(before):
        found.append(int(back[found[-1]]))
    return [int(degrees[index]) for index in reversed(found)]


def _unfit(tick: int, chord: int, degrees: np.ndarray) -> np.ndarray:
    """What each degree costs over a chord: a strong beat wants one of its notes."""
    inside = np.isin((degrees - chord) % 7, (0, 2, 4))
    return np.where(inside, 0.0, 2.5 if _STRENGTH[tick % _PER_BAR] >= 2 else 0.5)
