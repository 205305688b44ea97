"""Singing: the English voice held to a score, which is given, taken from a clip, or composed for the words."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.capabilities import TEXT_TO_SING, SingArgs
from core.errors import BadInput, NoModel, OverLimit
from core.languages import language_of, name
from core.media import Audio
from core.models.base import Call, Made, Model, Output, Tier
from core.models.music import _soundfont
from core.models.music._backing import Chords, accompanied, beat_of
from core.models.music._harmony import Key, chords, key_of, notes_of, read_key
from core.models.music._lyrics import Syllable, syllables
from core.models.music._melody import BEATS, compose
from core.models.music._pinyin import is_pinyin
from core.models.music._score import HIGHEST, LOWEST, Note, Rest, Score, Tune, lay, note_name, read_tune
from core.models.music._tune import tune_of
from core.models.music._voices import ensemble, sung, transposed
from core.models.speech._hibari_frames import OpenNetwork
from core.models.speech._reading import other_scripts, readable
from core.models.speech.hibari import Hibari
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


class Singer(Model[SingArgs]):
    """Sings English lyrics with a woman's or a man's voice, alone, in thirds or as a choir."""

    id = "hibari-singer"
    capability = TEXT_TO_SING
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    languages = ("en",)
    memory_bytes = 320 << 20
    source = Hibari.source

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._network: OpenNetwork | None = None
        self._player: _soundfont.Player | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which package to install."""
        return Hibari.missing(settings)

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the voice's network."""
        return self._network.sha256 if self._network else ""

    def load(self, device: str) -> None:
        """Read the voice. It runs on the CPU whatever the device.

        Raises:
            NoModel: the package is not installed.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"The singing voice is not installed here: {reason}.")
        self._network = OpenNetwork()
        self._network.phonemes("ready")  # the lexicon is read at the first word

    def run(self, call: Call[SingArgs]) -> Output:
        """Sing: stereo, at most -1 dBFS; 24 kHz alone, 48 kHz with instruments, whose soundfont is read when asked for.

        Raises:
            BadInput: there are no words, or none in English; or a note, a duration, a key that cannot be read.
            OverLimit: the song is too long, or out of the voice's range.
        """
        assert self._network is not None
        args = call.args
        lines = self.lines(args.lyrics)
        score, key, tempo, chords_, facts = self._score(call, lines)
        if args.voice == "male" and not args.notes and not args.melody:
            score = transposed(score, -12)
        parts = ensemble(score, key, args.harmony, args.voice == "male")
        samples = sung(self._network, parts, args.harmony, call.seed, call.progress)
        rate, text = self._network.sample_rate, None
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

    def lines(self, lyrics: str) -> list[list[Syllable]]:
        """The syllables of every line.

        Raises:
            BadInput: there are no words, or none in English.
            OverLimit: there are too many.
        """
        assert self._network is not None
        if len(lyrics) > _MOST_CHARS:
            raise OverLimit(saying("song_long", most=_MOST_CHARS))
        text = _BREATHS.sub(" ", _LABELS.sub(" ", lyrics))
        language = "zh" if is_pinyin(text) else language_of(text)
        foreign = other_scripts(text, "en")
        if (language or "en") != "en" or foreign:
            raise BadInput(saying("song_foreign", language=name(language or "zh")))
        spoken = readable(text, "en")
        found = [
            syllables(part)
            for line in re.split(r"\n+|(?<=[.!?;])\s+", spoken)
            if any(c.isalnum() for c in line)
            for part in self._network.phonemes(line)
        ]
        lines = [line for line in found if line]
        if not lines:
            raise BadInput(saying("song_wordless"))
        return lines

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
