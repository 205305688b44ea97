"""What singing models share: a score for the words, which is given, taken from a clip or composed, and its parts."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import TEXT_TO_SING, SingArgs
from core.errors import OverLimit
from core.media import Audio
from core.models.base import Call, Made, Model, Output
from core.models.music import _soundfont
from core.models.music._backing import Chords, accompanied, beat_of
from core.models.music._harmony import Key, chords, key_of, notes_of, read_key
from core.models.music._lyrics import Syllable
from core.models.music._melody import BEATS, compose
from core.models.music._score import HIGHEST, LOWEST, Note, Rest, Score, Tune, lay, note_name, read_tune
from core.models.music._tune import tune_of
from core.models.music._voices import Sing, ensemble, sung, transposed
from core.sayings import saying
from core.settings import Settings

_MOST_CHARS = 4000
_LINE = 14
"""Syllables of a line that is composed; a longer one is cut in two."""
_TEMPO_BPM = 100.0
_PEAK = 10 ** (-1 / 20)
_COMFORT = {"female": (55, 76), "male": (43, 64)}
"""Where a tune from a clip is moved to by octaves: G3 to E5, G2 to E4."""
_LABELS = re.compile(
    r"\[[^\]\n]*\]|^\s*(?:verse|chorus|bridge|intro|outro)\s*\d*\s*:?\s*$", re.IGNORECASE | re.MULTILINE
)
_BREATHS = re.compile(r"\b(?:AP|SP)\b")
"""Where the AudioGPT paper's lyrics breathe; the notes say `rest` there."""


class Singing(Model[SingArgs]):
    """Sings, alone, in thirds or as a choir. A subclass knows a language, and has a voice."""

    capability = TEXT_TO_SING

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._player: _soundfont.Player | None = None

    @property
    @abstractmethod
    def rate(self) -> int:
        """The voice's sample rate."""

    @abstractmethod
    def singing(self) -> Sing:
        """What makes a score sound."""

    @abstractmethod
    def lines(self, lyrics: str) -> list[list[Syllable]]:
        """The syllables of every line.

        Raises:
            BadInput: there are no words, or none in a language of this voice.
            OverLimit: there are too many.
        """

    def run(self, call: Call[SingArgs]) -> Output:
        """Sing: stereo, at most -1 dBFS; at the voice's rate, or 48 kHz with instruments, whose soundfont is read then.

        Raises:
            BadInput: there are no words, or none that it sings; or a note, a duration, a key that cannot be read.
            OverLimit: the song is too long, or out of the voice's range.
        """
        args = call.args
        lines = self.lines(args.lyrics)
        score, key, tempo, chords_, facts = self._score(call, lines)
        if args.voice == "male" and not args.notes and not args.melody:
            score = transposed(score, -12)
        parts = ensemble(score, key, args.harmony, args.voice == "male")
        sing, rate, text = self.singing(), self.rate, None
        samples = sung(sing, rate, parts, args.harmony, call.seed, call.progress)
        if args.backing:
            samples, rate, text = self._with_instruments(samples, rate, chords_, 60.0 / tempo)
        samples *= np.float32(_PEAK / max(float(np.abs(samples).max()), 1e-6))
        call.progress(1.0)
        facts |= {
            "key": key.name,
            "tempo_bpm": round(tempo, 1),
            "voice": args.voice,
            "harmony": args.harmony,
            "syllables": sum(len(line) for line in lines),
            "notes": notation(score),
        }
        caption = f"singing in {key.name}" + ("" if args.harmony == "solo" else f", {args.harmony}")
        return Output(text, (Made(Audio(samples, rate), "song", caption),), facts)

    def _with_instruments(
        self, samples: NDArray[np.float32], rate: int, chords_: Chords, beat_s: float
    ) -> tuple[NDArray[np.float32], int, str | None]:
        """The song with what plays under it and its rate; alone, with the reason, where no soundfont is."""
        if reason := _soundfont.missing(self.settings):
            return samples, rate, f"This is the voice alone: to play instruments, {reason}."
        if self._player is None:
            self._player = _soundfont.Player(self.settings)
        return accompanied(samples, rate, self._player, chords_, beat_s, BEATS), _soundfont.RATE, None

    def _score(
        self, call: Call[SingArgs], lines: list[list[Syllable]]
    ) -> tuple[Score, Key, float, Chords, dict[str, Any]]:
        """What is sung, its key, its tempo, the chords that go under it, and where the tune is from."""
        args = call.args
        words = [syllable for line in lines for syllable in line]
        if args.notes or args.melody:
            tempo = args.tempo_bpm or _TEMPO_BPM
            tune = read_tune(args.notes, args.durations, tempo) if args.notes else tune_of(call.audio("melody"))
            score = lay(tune if args.notes else _comfortable(tune, args.voice), words)
            key = read_key(args.key) if args.key else key_of(notes_of(score))
            beat_s = 60.0 / args.tempo_bpm if args.tempo_bpm else beat_of(score)
            melody = {"melody": "given" if args.notes else "from the clip"}
            return score, key, 60.0 / beat_s, chords(score, key, beat_s, BEATS), melody
        asked = read_key(args.key) if args.key else None
        made = compose([part for line in lines for part in _cut(line)], call.seed, args.lyrics, asked, args.tempo_bpm)
        return made.score, made.key, made.tempo_bpm, made.chords, {"melody": "composed"}


def words_of(lyrics: str) -> str:
    """Lyrics without what only says how they are sung: "[Chorus]", the breaths of the paper's notation.

    Raises:
        OverLimit: there are too many.
    """
    if len(lyrics) > _MOST_CHARS:
        raise OverLimit(saying("song_long", most=_MOST_CHARS))
    return _BREATHS.sub(" ", _LABELS.sub(" ", lyrics))


def _cut(line: list[Syllable]) -> list[list[Syllable]]:
    """A line in parts of at most `_LINE` syllables, cut between words as evenly as they allow."""
    count = -(-len(line) // _LINE)
    if count <= 1:
        return [line]
    starts = [i for i, syllable in enumerate(line) if syllable.begins_word and i]
    cuts = {min(starts, key=lambda i: abs(i - len(line) * k / count)) for k in range(1, count)} if starts else set()
    edges = [0, *sorted(cuts), len(line)]
    return [line[a:b] for a, b in zip(edges, edges[1:], strict=False) if b > a]


def _comfortable(tune: Tune, voice: str) -> Tune:
    """The tune in the octave that suits a voice."""
    low, high = _COMFORT[voice]
    heights = [note.midi for part in tune.parts if not isinstance(part, Rest) for note in part]
    middle = (max(heights) + min(heights)) / 2
    shift = 12 * round(((low + high) / 2 - middle) / 12)

    def kept(midi: float) -> float:
        while midi > HIGHEST:
            midi -= 12
        while midi < LOWEST:
            midi += 12
        return midi

    return Tune(
        tuple(
            part if isinstance(part, Rest) else tuple(Note(kept(n.midi + shift), n.seconds) for n in part)
            for part in tune.parts
        )
    )


def notation(score: Score) -> str:
    """A score as a person can write it back: `C4 | E4 G4 | rest`."""
    return " | ".join(
        "rest" if isinstance(part, Rest) else " ".join(note_name(n.midi) for n in part.notes) for part in score
    )
