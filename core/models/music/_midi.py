"""Standard MIDI files: a piece with its tempi, key and instruments; plain notes in seconds."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import mido

from core.models.base import File
from core.models.music._harmony import MAJOR, Key
from core.models.music._piece import DRUMS, Piece, Track
from core.models.music._score import NAMES

_TICKS = 480


def midi_file(piece: Piece) -> File:
    """A piece as a Standard MIDI File of format 1, a track an instrument."""
    return written(piece.tracks, piece.tempi, piece.meter, piece.key)


def written(tracks: Sequence[Track], tempi: Iterable[tuple[float, float]], meter: int | None, key: Key | None) -> File:
    """Tracks of tones as a Standard MIDI File; `tempi` are beats and the beats a minute from there on.

    A meter or a key that is not known is left out.
    """
    midi = mido.MidiFile(ticks_per_beat=_TICKS)
    conductor: list[tuple[int, mido.MetaMessage]] = []
    if meter:
        conductor.append((0, mido.MetaMessage("time_signature", numerator=meter, denominator=4)))
    if key:
        conductor.append((0, mido.MetaMessage("key_signature", key=_signature(key))))
    conductor += [
        (round(beat * _TICKS), mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(tempo))) for beat, tempo in tempi
    ]
    midi.tracks.append(_track(conductor))
    free = iter([channel for channel in range(16) if channel != DRUMS])
    for track in tracks:
        channel = DRUMS if track.role == "drums" else next(free)
        events = [(0, mido.MetaMessage("track_name", name=track.name))]
        events += [
            (0, mido.Message("program_change", channel=channel, program=track.program)),
            (0, mido.Message("control_change", channel=channel, control=7, value=round(min(127, 100 * track.gain)))),
            (0, mido.Message("control_change", channel=channel, control=10, value=round(64 + 63 * track.pan))),
        ]
        midi.tracks.append(_track(events + _notes(track, channel)))
    out = io.BytesIO()
    midi.save(file=out)
    return File(out.getvalue(), "audio/midi", ".mid")


def _notes(track: Track, channel: int) -> list[tuple[int, mido.Message]]:
    """Ons and offs; a note that still sounds ends before the same one begins again."""
    found: list[tuple[int, mido.Message]] = []
    tones = sorted(track.tones, key=lambda tone: (tone.midi, tone.start))
    for number, tone in enumerate(tones):
        start, end = round(tone.start * _TICKS), round((tone.start + tone.beats) * _TICKS)
        if number + 1 < len(tones) and tones[number + 1].midi == tone.midi:
            end = min(end, round(tones[number + 1].start * _TICKS))
        if end > start:
            note = {"channel": channel, "note": tone.midi}
            found.append((start, mido.Message("note_on", velocity=tone.velocity, **note)))
            found.append((end, mido.Message("note_off", velocity=0, **note)))
    return found


def _track(events: list[tuple[int, mido.Message]]) -> mido.MidiTrack:
    track, now = mido.MidiTrack(), 0
    for tick, message in sorted(events, key=lambda event: (event[0], event[1].type != "note_off")):
        track.append(message.copy(time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track"))
    return track


def _signature(key: Key) -> str:
    """The signature of the major or minor key with the same notes' kind of third, as MIDI names it."""
    if key.mode:  # the signature of a mode is that of the major key with the same notes
        notes = {(key.tonic + step) % 12 for step in key.scale}
        tonic = next(t for t in range(12) if {(t + step) % 12 for step in MAJOR} == notes)
        return NAMES[tonic]
    return _MINOR_NAMES[key.tonic] + "m" if key.minor else NAMES[key.tonic]


_MINOR_NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")
