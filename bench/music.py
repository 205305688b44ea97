"""Music that is composed, heard again: its notes written down, its key and its tempo as others would hear them."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import mido
import numpy as np
from numpy.typing import NDArray

from bench._key_and_beat import key_heard, level, tempo_heard
from bench._onsets import Onset, Score, score, unison
from bench._report import report
from bench._tunes import Notes, hummed, noise, plucked, tune, whistled
from bench.sentences import SENTENCES
from core.capabilities import AudioArgs, MusicArgs, SpeakArgs
from core.errors import BadInput
from core.media import Audio
from core.models.base import Call, File, Output
from core.models.music._basic_pitch import BasicPitch
from core.models.music._brief import Brief
from core.models.music._composing import compose
from core.models.music._harmony import Key
from core.models.music._instruments import INSTRUMENTS
from core.models.music._piece import Piece, Track
from core.models.music._soundfont import RATE, Player
from core.models.music._styles import STYLES
from core.models.music.composer import Composer
from core.models.music.transcriber import Transcriber
from core.models.sound._sound_library import event, library, texture
from core.models.sound.generators import RATE as SOUND_RATE
from core.models.sound.generators import Take
from core.models.speech.hibari import Hibari
from core.settings import load_settings

STRUCK = ("piano", "electric piano", "guitar", "steel guitar", "harp", "vibraphone", "music box")
HELD = ("trumpet", "clarinet", "saxophone", "flute", "violin", "accordion")
SLOW = ("strings", "choir")
"""Of instruments that come up over 0.1 s and more the onset is not where the key is struck."""
BANDS = ("jazz", "classical", "house", "rock", "waltz", "lullaby", "chiptune")
PITCHED = frozenset({"bell", "church bell", "doorbell", "sleigh bells", "wind chimes"})
"""Sounds whose notes somebody may want."""
TAKES = 2
TEMPI, SECONDS = 3, 16.0
GOALS = {
    "onset_f": ">= 0.6",
    "onset_f_hummed": ">= 0.6",
    "onset_f_whistled": ">= 0.6",
    "onset_f_melodies": ">= 0.6",
    "onset_f_chords": ">= 0.6",
    "false_notes_noise": "0",
    "false_notes_speech": "0",
    "sounds_taken_for_melodies": "<= 0.05",
    "key_as_asked": ">= 0.9",
    "tempo_as_asked_or_its_multiple": ">= 0.9",
    "transcription_rtf": "<= 0.2",
}


def main() -> int:
    settings = load_settings()
    transcriber, composer = Transcriber(settings), Composer(settings)
    transcriber.load("cpu")
    composer.load("cpu")
    hibari = Hibari(settings)
    hibari.load("cpu")
    found: dict[str, list[Score]] = {}
    spent = length = 0.0
    for kind, clip, known in (*_tunes(), *_played(Player(settings))):
        started = time.perf_counter()
        notes = _written(transcriber, clip)
        spent += time.perf_counter() - started
        length += clip.duration_s
        found.setdefault(kind, []).append(score(unison(known), notes))
    scores = [one.f for many in found.values() for one in many]
    speech = [_spoken(hibari, text) for text in SENTENCES[:20]]
    figures = {
        "clips": len(scores),
        "onset_f": float(np.mean(scores)),
        **{f"onset_f_{kind}": float(np.mean([one.f for one in many])) for kind, many in found.items()},
        "false_notes_noise": sum(
            len(_written(transcriber, noise(exponent, loud))) for exponent in (-2, -1, 0, 1, 2) for loud in (0.1, 0.001)
        ),
        "false_notes_speech": sum(len(_written(transcriber, clip)) for clip in speech),
        **_mistaken(transcriber),
        "transcription_rtf": spent / length,
        **_keys_and_tempi(composer),
    }
    report("music_video", figures, GOALS, part="music")
    return 0


def _written(model: Transcriber, clip: Audio) -> list[Onset]:
    """The notes of the MIDI file that a clip gives; none where it is refused."""
    try:
        output = model.run(Call(AudioArgs(audio="clip"), {"audio": (clip,)}))
    except BadInput:
        return []
    made = output.media[0].media
    assert isinstance(made, File)
    now, found = 0.0, []
    for message in mido.MidiFile(file=io.BytesIO(made.content)):
        now += message.time
        if message.type == "note_on" and message.velocity:
            found.append((now, message.note))
    return found


def _spoken(model: Hibari, text: str) -> Audio:
    clip = model.run(Call(SpeakArgs(text=text))).media[0].media
    assert isinstance(clip, Audio)
    return clip


def _mistaken(model: Transcriber) -> dict[str, float | int]:
    """Of the sounds that scenes are made of, alone and in a row: how many give notes. A siren's melody is none."""
    found = {}
    for number, name in enumerate(sorted(library().keys() - PITCHED)):
        for take in range(TAKES):
            found[name, take] = len(_written(model, _sound(name, np.random.default_rng([5, number, take]))))
    for (name, take), notes in found.items():
        if notes:
            print(f"{name}, take {take}: {notes} notes")
    return {
        "sounds": len(found),
        "sounds_taken_for_melodies": sum(map(bool, found.values())) / len(found),
        "false_notes_sounds": sum(found.values()),
    }


def _sound(name: str, rng: np.random.Generator) -> Audio:
    """About six seconds of a sound; what happens in a moment comes one to four times."""
    sound = library()[name]
    take = Take(rng, 6.0, float(rng.uniform(0.7, 1.4)), float(rng.uniform(0.6, 1.5)), float(rng.uniform(0.8, 1.3)),
                str(rng.choice(sound.variants or [""])))  # fmt: skip
    if sound.kind == "texture":
        samples = texture(sound, take)
    else:
        pause = np.zeros(round((0.2 + sound.repeats_s / 2) * SOUND_RATE), np.float32)
        samples = np.concatenate([part for _ in range(int(rng.integers(1, 5))) for part in (event(sound, take), pause)])
    return Audio(0.5 * samples[None], SOUND_RATE)


def _tunes() -> Iterator[tuple[str, Audio, list[Onset]]]:
    """Melodies of tones that are added up, and of somebody who hums or whistles beside the piano's tuning."""
    rng = np.random.default_rng(31)
    for off in (0.0, 0.4, -0.3, 0.15):
        notes = tune(_walk(rng, 40), each_s=float(rng.uniform(0.28, 0.5)))
        yield "hummed", hummed(notes, off), _onsets(notes)
        high = [(start, held, midi + 24) for start, held, midi in notes]
        yield "whistled", whistled(high, off), _onsets(high)
        notes = tune(_walk(rng, 40), each_s=float(rng.uniform(0.2, 0.4)), gap_s=0.03)
        yield "melodies", plucked(notes), _onsets(notes)


def _walk(rng: np.random.Generator, count: int) -> list[float]:
    steps = rng.choice((-5, -3, -2, -2, -1, 0, 1, 2, 2, 3, 5), size=count)
    return [float(note) for note in np.clip(60 + np.cumsum(steps), 50, 74)]


def _onsets(notes: Notes) -> list[Onset]:
    return [(start, round(midi)) for start, _, midi in notes]


def _played(player: Player) -> Iterator[tuple[str, Audio, list[Onset]]]:
    """Composed pieces: one player alone, chords and bass on one instrument, bands without and with drums."""
    folk = compose(Brief(genre="folk", key=Key(9, True), seconds=20), 41)
    classical = compose(Brief(genre="classical", key=Key(3), seconds=20), 42)
    lead = [track for track in folk.tracks if track.role == "lead"]
    for names, kind in ((STRUCK + HELD, "melodies"), (SLOW, "slow")):
        for name in names:
            yield kind, *_rendered(player, folk, _by(name, lead))
    for name in STRUCK:
        yield "chords", *_rendered(player, classical, _by(name, classical.tracks))
    for number, genre in enumerate(BANDS):
        piece = compose(Brief(genre=genre, key=Key((5 * number + 1) % 12, genre == "house"), seconds=20), 43 + number)
        pitched = [track for track in piece.tracks if track.role != "drums"]
        yield "band", *_rendered(player, piece, pitched)
        if len(pitched) < len(piece.tracks):
            yield "band_with_drums", *_rendered(player, piece, piece.tracks)


def _by(name: str, tracks: Sequence[Track]) -> list[Track]:
    return [replace(track, name=name, program=INSTRUMENTS[name].program) for track in tracks]


def _rendered(player: Player, piece: Piece, tracks: Sequence[Track]) -> tuple[Audio, list[Onset]]:
    samples: NDArray[np.float32] = player.stems(tracks, piece.seconds, round(piece.duration_s * RATE), piece.wet)
    samples *= np.float32(0.7 / float(np.abs(samples).max()))
    known = [
        (piece.seconds(tone.start), tone.midi) for track in tracks if track.role != "drums" for tone in track.tones
    ]
    return Audio(samples, RATE), known


def _keys_and_tempi(composer: Composer) -> dict[str, float | int]:
    """Every genre in keys and tempi that are asked in words; what is heard of the sound alone."""
    network = BasicPitch()
    keys: list[bool] = []
    levels: list[float | None] = []
    for number, (genre, style) in enumerate(STYLES.items()):
        low, high = style.tempo
        for turn in range(TEMPI):
            key = Key((5 * number + 7 * turn) % 12, bool((number + turn) % 2))
            bpm = round(low + (high - low) * (turn + 0.5) / TEMPI)
            words = f"{genre} in {key.name} at {bpm} bpm"
            clip = _music(composer.run(Call(MusicArgs(description=words, seconds=SECONDS), seed=200 + turn)))
            heard, tempo = key_heard(network.hear(clip)), tempo_heard(clip)
            keys.append(heard == key)
            levels.append(level(tempo, bpm))
            if not keys[-1] or levels[-1] is None:
                print(f"{words}: heard {heard.name}, {tempo:.0f} bpm")
    return {
        "pieces_for_key_and_tempo": len(keys),
        "key_as_asked": float(np.mean(keys)),
        "tempo_as_asked": levels.count(1.0) / len(levels),
        "tempo_as_asked_or_its_multiple": sum(found is not None for found in levels) / len(levels),
    }


def _music(output: Output) -> Audio:
    clip = output.media[0].media
    assert isinstance(clip, Audio)
    return clip


if __name__ == "__main__":
    raise SystemExit(main())
