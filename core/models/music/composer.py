"""Music from words: composed by rule (harmony, voice leading, motifs, grooves), played by a General MIDI soundfont."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.capabilities import TEXT_TO_MUSIC, MusicArgs
from core.errors import BadInput, OverLimit
from core.models.base import Call, Made, Model, Output, Tier
from core.models.music import _soundfont
from core.models.music._brief import Brief, read
from core.models.music._composing import compose
from core.models.music._midi import midi_file
from core.models.music._piece import Piece
from core.models.music._roll import Voice, piano_roll
from core.models.music._voicing import label
from core.sayings import saying
from core.settings import Settings

LONGEST_S = 300.0
SHORTEST_S = 2.0
_TEMPI = (30.0, 260.0)


class Composer(Model[MusicArgs]):
    """23 genres, words in nine languages; the same words and seed give the same piece."""

    id = "composer"
    capability = TEXT_TO_MUSIC
    tier = Tier.BUNDLED
    licence = "MIT"
    memory_bytes = 600 << 20
    source = "musescore-general-soundfont-small (Debian)"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._player: _soundfont.Player | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or what to install."""
        return _soundfont.missing(settings)

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the soundfont."""
        return self._player.sha256 if self._player else ""

    def load(self, device: str) -> None:
        """Read the soundfont, 4 s. It runs on the CPU whatever the device.

        Raises:
            NoModel: there is none, or it cannot be read.
        """
        self._player = _soundfont.Player(self.settings)

    def run(self, call: Call[MusicArgs]) -> Output:
        """Compose: sound (stereo, 48 kHz, -16 LUFS), MIDI, and a piano roll.

        Raises:
            BadInput: words to sing, a tune that exists, or only a musician's name is asked for.
            OverLimit: it would last longer than `LONGEST_S`, or its tempo cannot be played.
        """
        assert self._player is not None
        brief = checked(read(call.args.description), call.args.seconds)
        piece = compose(brief, call.seed)
        if piece.duration_s > LONGEST_S + 10:
            raise _too_long(LONGEST_S)
        audio = self._player.render(piece, call.progress)
        picture = piano_roll(voices(piece), piece.duration_s, _marks(piece))
        call.progress(1.0)
        caption = f"{piece.title} in {piece.key.name}, {piece.tempo_bpm:.0f} bpm"
        media = (
            Made(audio, "music", caption),
            Made(midi_file(piece), "music", "the notes, as MIDI"),
            Made(picture, "piano_roll", "the notes, as a piano roll"),
        )
        return Output(text=_remark(brief), media=media, facts=_facts(piece))


def checked(brief: Brief, seconds: float | None, longest_s: float = LONGEST_S) -> Brief:
    """The brief with the length that was asked for beside it.

    Raises:
        BadInput: it asks for what is not composed here.
        OverLimit: it is too long, too short, too fast or too slow.
    """
    if brief.lyrics:
        raise BadInput(saying("music_words"))
    if brief.known_tune:
        raise BadInput(saying("music_known"))
    if brief.artist and not (brief.genre or brief.mood or brief.instruments):
        raise BadInput(saying("music_artist"))
    brief = replace(brief, seconds=seconds or brief.seconds)
    if brief.seconds and brief.seconds > longest_s:
        raise _too_long(longest_s)
    if brief.seconds and brief.seconds < SHORTEST_S:
        raise OverLimit(saying("music_short", least=SHORTEST_S))
    if brief.tempo_bpm and not _TEMPI[0] <= brief.tempo_bpm <= _TEMPI[1]:
        raise OverLimit(saying("music_tempo", slowest=_TEMPI[0], fastest=_TEMPI[1]))
    return brief


def _too_long(longest_s: float) -> OverLimit:
    return OverLimit(saying("music_long", limit=longest_s))


def voices(piece: Piece) -> list[Voice]:
    """The tracks of a piece for the picture; those of one instrument in one colour."""
    notes: dict[tuple[str, bool], list[tuple[float, float, float, float]]] = {}
    for track in piece.tracks:
        own = notes.setdefault((track.name, track.role == "drums"), [])
        for tone in track.tones:
            start, end = piece.seconds(tone.start), piece.seconds(tone.start + tone.beats)
            own.append((start, end, float(tone.midi), tone.velocity / 110))
    return [Voice(name, found, drums) for (name, drums), found in notes.items()]


def _marks(piece: Piece) -> list[tuple[float, str]]:
    return [(piece.seconds(section.bar * piece.meter), section.name) for section in piece.sections]


def _remark(brief: Brief) -> str | None:
    if brief.artist:
        return f"I don't imitate {brief.artist.strip()}, so this is a piece of its own."
    return None


def _facts(piece: Piece) -> dict[str, Any]:
    return {
        "genre": piece.genre,
        "key": piece.key.name,
        "tempo_bpm": round(piece.tempo_bpm, 1),
        "meter": f"{piece.meter}/4",
        "seconds": round(piece.duration_s, 2),
        "instruments": list(dict.fromkeys(track.name for track in piece.tracks)),
        "form": [{"section": s.name, "bars": s.bars} for s in piece.sections],
        "chords": [label(chord.classes, piece.key) for chord in piece.chords],
    }
