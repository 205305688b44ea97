"""Pieces that are composed: they do what was asked, by the rules, and sound as they are written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import pyloudnorm
import pytest

from bench._key_and_beat import level, tempo_heard
from core.capabilities import MusicArgs
from core.errors import Cancelled, NoModel
from core.media import Audio, Picture
from core.models.base import Call, File, Output
from core.models.music import _soundfont
from core.models.music._brief import Brief, read
from core.models.music._composing import compose
from core.models.music._drums import Groove
from core.models.music._harmony import Key
from core.models.music._midi import midi_file
from core.models.music._piece import Piece
from core.models.music._styles import STYLES
from core.models.music._voicing import classes, label, voiced
from core.models.music.composer import Composer
from core.settings import Settings

GENRES = pytest.mark.parametrize("genre", sorted(STYLES))
heard = pytest.mark.skipif(
    _soundfont.missing(Settings(_env_file=None)) is not None, reason="no soundfont here: music is not played"
)


@pytest.fixture(scope="module")
def composer(local: Settings) -> Composer:
    model = Composer(local)
    model.load("cpu")
    return model


def made(model: Composer, words: str, seed: int = 0) -> Output:
    return model.run(Call(MusicArgs(description=words), seed=seed))


def notes(piece: Piece, role: str) -> Iterator[tuple[float, int]]:
    return ((t.start, t.midi) for track in piece.tracks if track.role == role for t in track.tones)


@GENRES
@pytest.mark.parametrize("minor", [False, True])
def test_every_genre_keeps_to_its_key_and_comes_home(genre: str, minor: bool) -> None:
    key = Key(2, minor)
    piece = compose(Brief(genre=genre, key=key, seconds=40), 3)
    assert piece.key == key
    allowed = {(key.tonic + step) % 12 for step in key.scale} | {c for chord in piece.chords for c in chord.classes}
    played = {midi % 12 for role in ("lead", "comp", "pad") for _, midi in notes(piece, role)}
    assert played <= allowed
    assert piece.chords[-1].classes[0] == key.tonic
    lead = [midi for _, midi in sorted(notes(piece, "lead"))]
    assert lead[-1] % 12 == key.tonic
    assert min(lead) >= 45
    assert max(lead) <= 98


@GENRES
@pytest.mark.parametrize("seconds", [3.0, 17.0, 61.0])
def test_a_piece_is_as_long_as_it_is_asked_to_be(genre: str, seconds: float) -> None:
    for tempo in (None, 100.0):
        piece = compose(Brief(genre=genre, seconds=seconds, tempo_bpm=tempo), 1)
        assert piece.duration_s == pytest.approx(seconds, abs=1.5)
        if tempo:
            assert piece.tempo_bpm == tempo
        sections = piece.sections
        assert [a.bar + a.bars for a in sections[:-1]] == [b.bar for b in sections[1:]]


def test_the_seed_decides_and_nothing_else() -> None:
    brief = read("a happy pop song")
    assert compose(brief, 5) == compose(brief, 5)
    assert compose(brief, 5).tracks != compose(brief, 6).tracks


def test_instruments_come_and_go_as_asked() -> None:
    trio = {t.name for t in compose(read("jazz trio: piano, double bass and drums, nothing but those"), 0).tracks}
    assert trio <= {"piano", "double bass", "drums"}
    assert {t.name for t in compose(read("solo piano"), 0).tracks} == {"piano"}
    assert {t.name for t in compose(read("solo cello"), 0).tracks} == {"cello"}
    without = compose(read("rock without drums and bass"), 0)
    assert not {t.role for t in without.tracks} & {"drums", "bass"}
    assert "trumpet" in {t.name for t in compose(read("house with a trumpet"), 0).tracks}


def test_the_form_is_the_one_that_is_named() -> None:
    piece = compose(read("rock with intro, verse, chorus, verse, chorus and outro"), 0)
    assert [s.name for s in piece.sections] == ["intro", "verse", "chorus", "verse", "chorus", "outro"]
    assert compose(read("rock, 16 bars"), 0).chords[-1].start == 64
    loop = compose(read("a house loop, 8 bars at 120 bpm"), 0)
    assert loop.duration_s == pytest.approx(16)


def test_a_motif_comes_back() -> None:
    piece = compose(Brief(genre="pop", key=Key(0), tempo_bpm=120, bars=16), 2)
    rhythms = []
    for bar in range(8):
        starts = {
            round(4 * (start - 4 * bar)) for start, _ in notes(piece, "lead") if bar <= start / 4 + 0.02 < bar + 1
        }
        rhythms.append(frozenset(starts))
    assert len(set(rhythms)) <= 5


def test_inner_voices_move_little() -> None:
    key, before, leaps = Key(0), (), []
    for token in ["1", "6", "4", "5", "1", "3", "4", "2", "5", "1"]:
        after = voiced(classes(key, token), before, 52, 74)
        assert {note % 12 for note in after} == set(classes(key, token))
        leaps += [min(abs(note - old) for old in before) for note in after] if before else []
        before = after
    assert max(leaps) <= 4
    assert np.mean(leaps) < 2


def test_chords_are_named_as_they_are_spelt_in_the_key() -> None:
    assert label(classes(Key(5), "4"), Key(5)) == "Bb"
    assert label(classes(Key(9, minor=True), "5"), Key(9, minor=True)) == "E"
    assert label(classes(Key(0), "27"), Key(0)) == "Dm7"
    assert label(classes(Key(4), "6"), Key(4)) == "C#m"


@pytest.mark.parametrize("meter", [3, 4])
def test_a_groove_fills_its_bar_and_no_more(meter: int) -> None:
    for style in STYLES.values():
        hits = Groove(style.groove or "folk", meter).bar(8, np.random.default_rng(0), full=True, fill=True, crash=True)
        assert min(hit.start for hit in hits) >= 8
        assert max(hit.start for hit in hits) < 8 + meter


@GENRES
def test_no_note_of_a_midi_file_is_left_hanging(genre: str) -> None:
    piece = compose(Brief(genre=genre, seconds=20, tempo_bpm=90), 4)
    midi = mido.MidiFile(file=io.BytesIO(midi_file(piece).content))
    sounding: set[tuple[int, int]] = set()
    for message in midi:
        if message.type == "note_on" and message.velocity:
            assert (message.channel, message.note) not in sounding
            sounding.add((message.channel, message.note))
        elif message.type == "note_off":
            sounding.discard((message.channel, message.note))
    assert not sounding
    tempi = [m.tempo for m in midi.tracks[0] if m.type == "set_tempo"]
    assert mido.tempo2bpm(tempi[0]) == pytest.approx(90, abs=0.01)
    assert midi.length == pytest.approx(piece.duration_s, abs=1.5)


@heard
def test_it_is_heard_drawn_and_written(composer: Composer) -> None:
    output = made(composer, "a happy pop song in D major at 120 bpm, 12 seconds")
    audio, midi, picture = (m.media for m in output.media)
    assert isinstance(audio, Audio)
    assert isinstance(midi, File)
    assert isinstance(picture, Picture)
    assert audio.duration_s == pytest.approx(12, abs=0.01)
    assert audio.samples.shape[0] == 2
    assert not np.array_equal(audio.samples[0], audio.samples[1])
    assert float(np.abs(audio.samples).max()) <= 10 ** (-0.99 / 20)
    assert pyloudnorm.Meter(48_000).integrated_loudness(audio.samples.T) == pytest.approx(-16, abs=0.7)
    assert float(np.abs(audio.samples[:, -480:]).max()) < 0.02
    assert output.facts["key"] == "D major"
    assert output.facts["tempo_bpm"] == 120
    assert midi.content.startswith(b"MThd")
    assert len(np.unique(picture.pixels.reshape(-1, 3), axis=0)) > 20


@heard
@pytest.mark.parametrize(
    ("words", "bpm"),
    [("a waltz in G minor at 139 bpm", 139), ("a waltz in D at 164 bpm", 164), ("orchestral, D minor, 104 bpm", 104)],
)
def test_the_beat_that_is_asked_for_is_the_one_that_is_heard(composer: Composer, words: str, bpm: float) -> None:
    """And neither the bar nor a dotted beat: who dances counts to three."""
    output = composer.run(Call(MusicArgs(description=words, seconds=16.0), seed=200))
    clip = output.media[0].media
    assert isinstance(clip, Audio)
    assert level(tempo_heard(clip), bpm) == 1.0


@heard
def test_the_same_seed_sounds_the_same_again(composer: Composer) -> None:
    made(composer, "orchestral loop, 4 seconds", 3)  # what rang on at its end is not heard in the next piece
    first, second = (made(composer, "jazz, 5 seconds", 7).media[0].media for _ in range(2))
    assert isinstance(first, Audio)
    assert isinstance(second, Audio)
    np.testing.assert_allclose(first.samples, second.samples, atol=2e-3)


@heard
def test_it_stops_when_it_is_told_to(composer: Composer) -> None:
    def stop(fraction: float) -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        composer.run(Call(MusicArgs(description="ambient, 30 seconds"), progress=stop))
    assert made(composer, "pop, 3 seconds").media  # and plays on


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Settings(_env_file=None, soundfont=tmp_path / "no.sf2")
    assert "AUDIOGPT_SOUNDFONT" in (Composer.missing(nowhere) or "")
    with pytest.raises(NoModel):
        Composer(nowhere).load("cpu")
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"no soundfont")
    with pytest.raises(NoModel, match="cannot be read"):
        Composer(Settings(_env_file=None, soundfont=broken)).load("cpu")
    monkeypatch.setattr(_soundfont, "_PLACES", ())
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    assert "musescore-general-soundfont-small" in (Composer.missing(Settings(_env_file=None)) or "")


def test_a_musician_is_not_imitated_but_the_genre_is_played() -> None:
    brief = replace(read("a pop song in the style of Taylor Swift"), seconds=10)
    assert brief.artist == "Taylor Swift"
    assert compose(brief, 0).genre == "pop"
