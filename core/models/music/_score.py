"""Notes on syllables: the notation that people write, and how a tune is laid under lyrics of another length.

The notation is that of the AudioGPT paper's singing prompt (Huang et al. 2023): one group a syllable, groups set apart
by bars, several notes in a group for a syllable that moves (melisma), `rest` for silence; durations likewise, in
seconds. Scientific pitch names with either or both spellings: `C#4/Db4 | A#4/Bb4 F#4/Gb4 | rest`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.errors import BadInput, MissingInput, OverLimit
from core.models.music._lyrics import Syllable
from core.sayings import saying

LOWEST, HIGHEST = 40, 84
"""MIDI notes that are sung: E2 to C6."""
LONGEST_S = 600.0
_MOST_HELD = 8
"""Notes that the last syllable takes over; of more, the rest of the tune is left unsung."""
STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
"""Semitones of the white keys above C."""
_SOLFEGE = {
    "do": "c", "ut": "c", "re": "d", "ré": "d", "mi": "e", "fa": "f", "sol": "g", "so": "g", "la": "a", "si": "b",
    "ti": "b",
}  # fmt: skip
_NAME = re.compile(r"(do|ut|r[eé]|mi|fa|sol?|la|si|ti|[a-g])\s*(#{1,2}|♯|b{1,2}|♭|s(?=\d))?\s*(-?\d)?", re.IGNORECASE)
_REST = re.compile(r"(?:rest|r|sil|sp|ap|pause|breath|_|-|0)", re.IGNORECASE)
NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""Of the pitch classes, in the spelling that is commonest."""


@dataclass(frozen=True, slots=True)
class Note:
    """One pitch for a time."""

    midi: float
    """69 is A4, 440 Hz; halves are quarter tones."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Sung:
    """A syllable on its notes."""

    syllable: Syllable
    notes: tuple[Note, ...]

    @property
    def seconds(self) -> float:
        """How long it is held."""
        return sum(note.seconds for note in self.notes)


@dataclass(frozen=True, slots=True)
class Rest:
    """Silence, in which a singer breathes."""

    seconds: float


Score = tuple[Sung | Rest, ...]
Group = tuple[Note, ...]
"""The notes of one syllable; none means a rest, see `Tune`."""


@dataclass(frozen=True, slots=True)
class Tune:
    """A melody without words: groups of notes, and rests."""

    parts: tuple[Group | Rest, ...]

    @property
    def groups(self) -> int:
        """How many syllables it takes."""
        return sum(not isinstance(part, Rest) for part in self.parts)


def hertz(midi: float) -> float:
    """Of a MIDI note."""
    return float(440.0 * 2 ** ((midi - 69) / 12))


def note_name(midi: float) -> str:
    """Scientific pitch name of the nearest note: `C#4`."""
    nearest = round(midi)
    return f"{NAMES[nearest % 12]}{nearest // 12 - 1}"


def read_tune(notes: str, durations: str | None, tempo_bpm: float) -> Tune:
    """A tune from the paper's notation; without durations every group lasts a beat.

    Raises:
        BadInput: a note or a duration that cannot be read, or as many durations as do not fit the notes.
        MissingInput: no note at all.
        OverLimit: it lasts longer than `LONGEST_S`.
    """
    groups = [[_pitch(token) for token in _tokens(group)] for group in _groups(notes)]
    groups = [group for group in groups if group]
    if not any(pitch is not None for group in groups for pitch in group):
        raise MissingInput(saying("notes_missing"))
    lengths = _lengths(durations, [len(group) for group in groups], 60.0 / tempo_bpm)
    parts: list[Group | Rest] = []
    for group, seconds in zip(groups, lengths, strict=True):
        parts += _parts(group, seconds)
    if sum(sum(seconds) for seconds in lengths) > LONGEST_S:
        raise OverLimit(saying("song_minutes", limit=LONGEST_S))
    return Tune(tuple(parts))


def _parts(group: Sequence[float | None], seconds: Sequence[float]) -> Iterator[Group | Rest]:
    """A group as one part; a rest among its notes stands by itself."""
    held: list[Note] = []
    for pitch, length in zip(group, seconds, strict=True):
        if pitch is not None:
            held.append(Note(pitch, length))
            continue
        if held:
            yield tuple(held)
            held = []
        yield Rest(length)
    if held:
        yield tuple(held)


def _groups(text: str) -> list[str]:
    bars = [part for part in re.split(r"[|\n;]+", text.strip()) if part.strip()]
    if len(bars) > 1:
        return bars
    return [part for part in re.split(r"[,\s]+", bars[0]) if part] if bars else []


def _tokens(group: str) -> list[str]:
    return [token for token in re.split(r"[,\s]+", re.sub(r"\s*/\s*", "/", group)) if token]


def _pitch(token: str) -> float | None:
    """The MIDI note of a name, None for a rest."""
    first = token.split("/")[0]
    if _REST.fullmatch(first):
        return None
    if re.fullmatch(r"\d{2,3}", first):
        midi = float(first)
    else:
        match = _NAME.fullmatch(first)
        if match is None:
            raise BadInput(saying("note_unread", note=token[:20]))
        step = STEPS[_SOLFEGE.get(match[1].lower(), match[1].lower())]
        sign = (match[2] or "").lower()
        shift = {"#": 1, "♯": 1, "s": 1, "##": 2, "b": -1, "♭": -1, "bb": -2}.get(sign, 0)
        midi = 12.0 * (int(match[3] or 4) + 1) + step + shift
    if not LOWEST <= midi <= HIGHEST:
        raise OverLimit(saying("note_range", note=token[:20], low=note_name(LOWEST), high=note_name(HIGHEST)))
    return midi


def _lengths(durations: str | None, sizes: Sequence[int], beat_s: float) -> list[list[float]]:
    """Seconds of every note: one number for all, one a group, or one a note."""
    if durations is None or not durations.strip():
        return [[beat_s / size] * size for size in sizes]
    given = [[_seconds(token) for token in _tokens(group)] for group in _groups(durations)]
    flat = [seconds for group in given for seconds in group]
    if len(flat) == 1:
        return [[flat[0] / size] * size for size in sizes]
    if [len(group) for group in given] == list(sizes):
        return given
    if len(given) == len(sizes) and all(len(group) == 1 for group in given):
        return [[group[0] / size] * size for group, size in zip(given, sizes, strict=True)]
    if len(flat) == sum(sizes):
        rest = iter(flat)
        return [[next(rest) for _ in range(size)] for size in sizes]
    raise BadInput(saying("notes_uneven", notes=sum(sizes), groups=len(sizes), durations=len(flat), parts=len(given)))


def _seconds(token: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?|\.\d+)(ms|s|sec)?", token.lower())
    seconds = float(match[1]) / (1000 if match[2] == "ms" else 1) if match else 0.0
    if not 0.03 <= seconds <= 30:
        raise BadInput(saying("note_duration", given=token[:20]))
    return seconds


def lay(tune: Tune, words: Sequence[Syllable]) -> Score:
    """The words under the tune. A short tune is sung again; notes that are left over move on the last syllable.

    Syllables that a singer may run together ("fire", "our") are, where that makes both as long.
    """
    words = _merged(words, len(words) - tune.groups)
    score: list[Sung | Rest] = []
    left = list(words)
    while left:
        if score and not isinstance(score[-1], Rest):
            score.append(Rest(0.3))
        score += _once(tune, left)
        del left[: tune.groups]
    while score and isinstance(score[-1], Rest):
        score.pop()
    return tuple(score)


def _once(tune: Tune, words: Sequence[Syllable]) -> list[Sung | Rest]:
    """One pass of the tune over the words that are left, as far as they go."""
    found: list[Sung | Rest] = []
    left = iter(words)
    over = tune.groups - len(words)
    for part in tune.parts:
        if isinstance(part, Rest):
            found.append(part)
        elif (syllable := next(left, None)) is not None:
            found.append(Sung(syllable, part))
        elif over <= _MOST_HELD and found and isinstance(last := found[-1], Sung):
            found[-1] = replace(last, notes=(*last.notes, *part))
    return found


def _merged(words: Sequence[Syllable], wanted: int) -> list[Syllable]:
    """Up to `wanted` pairs of syllables run together, first those that singers run together most."""
    found = list(words)
    while wanted > 0:
        index = next((i for i in range(len(found) - 1) if _runs_together(found[i], found[i + 1])), None)
        if index is None:
            break
        first, second = found[index], found[index + 1]
        found[index : index + 2] = [replace(first, coda=f"{first.coda}{second.nucleus}{second.coda}")]
        wanted -= 1
    return found


def _runs_together(first: Syllable, second: Syllable) -> bool:
    return (
        not second.begins_word
        and not second.onset
        and not first.coda
        and not second.stress
        and second.nucleus in "əᵊ"
        and first.nucleus in "WIYAOiu"
    )


def span(score: Iterable[Sung | Rest]) -> float:
    """How long it lasts, in seconds."""
    return sum(part.seconds for part in score)
