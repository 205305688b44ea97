"""Music written down: notes as MIDI and as a piano roll, of one voice or of many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.capabilities import MUSIC_TRANSCRIPTION, AudioArgs
from core.errors import BadInput, NoModel
from core.models.base import Call, File, Made, Model, Output, Tier
from core.models.music import _basic_pitch
from core.models.music._credible import credible
from core.models.music._harmony import Key, key_fits
from core.models.music._melodious import melodious, sources
from core.models.music._melody_line import STEP_S, Line, line_of, melody
from core.models.music._midi import written
from core.models.music._piece import Tone, Track
from core.models.music._polyphony import Event, polyphonic
from core.models.music._roll import Voice, piano_roll
from core.models.music._score import Note, note_name
from core.models.sound import _voices_music, _yamnet
from core.models.sound._hearing import checked
from core.models.sound._voices_music import Spans
from core.sayings import saying
from core.settings import Settings

if TYPE_CHECKING:
    from core.models.music._basic_pitch import Activations, BasicPitch
    from core.models.sound._voices_music import VoicesAndMusic

_ALONE = 0.96
"""From here on one line explains all that sounds: somebody sings, hums or whistles alone."""
_FOLLOWED = 0.5
"""Part of the line's time that its notes fill at least, where it can be followed."""
_TEMPO_BPM = 120.0
"""Of the MIDI file, whose grid is no music's: a beat is half a second."""
_KEY_FIT, _KEY_MARGIN, _KEY_NOTES = 0.75, 0.06, 8
"""A key is named where it fits so well, so much better than the next, and there are so many notes."""
_NAMED = 32
"""Notes of a melody that are named in the answer."""
_OFF = 0.2
"""Semitones beside the piano's tuning that are worth a word."""


class Transcriber(Model[AudioArgs]):
    """The notes of a recording, each to the nearest semitone, with its time and loudness; drums are left out."""

    id = "basic-pitch"
    capability = MUSIC_TRANSCRIPTION
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 192 << 20
    source = "basic-pitch==0.4.0"

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._network: BasicPitch | None = None
        self._voices: VoicesAndMusic | None = None
        self._tagger: _yamnet.YamNet | None = None

    @classmethod
    def missing(cls, settings: Settings) -> str | None:
        """None, or which package to install."""
        return _basic_pitch.missing() or _voices_music.missing() or _yamnet.missing()

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the network's file."""
        return _basic_pitch.SHA256 if self._network else ""

    def load(self, device: str) -> None:
        """Read the networks. They run on the CPU whatever the device.

        Raises:
            NoModel: a package is not installed, or its weights are not the known ones.
        """
        if reason := self.missing(self.settings):
            raise NoModel(f"The transcriber is not installed here: {reason}.")
        self._network = _basic_pitch.BasicPitch()
        self._voices = _voices_music.VoicesAndMusic()
        self._tagger = _yamnet.shared()

    def run(self, call: Call[AudioArgs]) -> Output:
        """Write a clip down: MIDI, a piano roll and a sentence.

        Raises:
            BadInput: the clip is empty or silent, or there are no notes in it, or none that anybody sings or plays.
            Cancelled: the person stopped it.
        """
        assert self._network is not None and self._voices is not None and self._tagger is not None
        clip = checked(call.audio())
        line = line_of(clip, lambda part: call.progress(0.3 * part))
        spans = self._voices.spans(clip)
        heard = self._network.hear(clip, lambda part: call.progress(0.4 + 0.45 * part))
        alone = line.explains(heard) >= _ALONE
        found = credible(_notes(line, heard, alone), line, spans)
        if not found:
            raise BadInput(_none(spans))
        around = sources(self._tagger.hear(clip, lambda part: call.progress(0.85 + 0.1 * part)))
        events = melodious(found, line, spans, around, alone)
        if not events:
            raise BadInput(saying("notes_no_melody"))
        tuning = line.tuning if alone else 0.0
        key = _key(events)
        name = "melody" if alone else "notes"
        voice = Voice(name, [(e.start_s, e.end_s, float(e.midi), e.strength) for e in events])
        media = (
            Made(_midi(events, name, key), name, "the notes, as MIDI"),
            Made(piano_roll([voice], clip.duration_s), "piano_roll", "the notes, as a piano roll"),
        )
        call.progress(1.0)
        return Output(_told(events, key, alone, tuning), media, _facts(events, key, alone, tuning))


def _notes(line: Line, heard: Activations, alone: bool) -> list[Event]:
    """Those of the line, where one voice is alone; strings that are struck too fast for it are left to the network."""
    if alone:
        notes = melody(line, heard)
        if sum(note.end_s - note.start_s for note in notes) >= _FOLLOWED * STEP_S * line.voiced.sum():
            return notes
    return polyphonic(heard)


def _none(spans: Spans) -> str:
    return saying("notes_spoken" if spans["speech"] else "notes_none")


def _key(events: Sequence[Event]) -> Key | None:
    """The key, where it is sure."""
    if len(events) < _KEY_NOTES:
        return None
    (fit, key), (following, _) = key_fits([Note(e.midi, e.end_s - e.start_s) for e in events])[:2]
    return key if fit >= _KEY_FIT and fit - following >= _KEY_MARGIN else None


def _midi(events: Sequence[Event], name: str, key: Key | None) -> File:
    beats = _TEMPO_BPM / 60.0
    tones = [
        Tone(e.start_s * beats, (e.end_s - e.start_s) * beats, e.midi, round(30 + 90 * e.strength)) for e in events
    ]
    return written([Track(name, "lead", 0, tuple(tones))], [(0.0, _TEMPO_BPM)], None, key)


def _told(events: Sequence[Event], key: Key | None, alone: bool, tuning: float) -> str:
    low, high = (note_name(f(e.midi for e in events)) for f in (min, max))
    count = f"{len(events)} note{'s' if len(events) > 1 else ''}"
    told = f"I hear {count}" + (f" from {low} to {high}" if low != high else f", {low}")
    told += ", one after the other" if alone and len(events) > 1 else ""
    if alone and 1 < len(events) <= _NAMED:
        told += ": " + " ".join(note_name(e.midi) for e in events)
    told += f". The key is probably {key.name}." if key else "."
    if abs(tuning) >= _OFF:
        told += f" They lie about {abs(tuning) * 100:.0f} cents {'above' if tuning > 0 else 'below'} concert pitch."
    return told


def _facts(events: Sequence[Event], key: Key | None, alone: bool, tuning: float) -> dict[str, Any]:
    return {
        "notes": len(events),
        "lowest": note_name(min(e.midi for e in events)),
        "highest": note_name(max(e.midi for e in events)),
        "key": key.name if key else None,
        "voices": "one" if alone else "several",
        "tuning_cents": round(100 * tuning) if alone else None,
        "first_notes": [
            {"note": note_name(e.midi), "start_s": round(e.start_s, 2), "end_s": round(e.end_s, 2)}
            for e in events[:_NAMED]
        ],
    }
