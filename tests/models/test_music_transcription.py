"""Music that is written down: the notes are those that sound, at their times, and speech and noise hold none."""

from __future__ import annotations

import io
import json

import mido
import numpy as np
import pytest
import soxr
from manners import disguised
from tones import pink

from bench._onsets import Onset, Score, score, unison
from bench._tunes import RATE, Notes, hummed, noise, plucked, tune, whistled
from core.capabilities import AudioArgs, SingArgs
from core.errors import BadInput, Cancelled, NoModel
from core.media import Audio, Picture
from core.models.base import Call, File, Output
from core.models.music import _basic_pitch
from core.models.music._singing import LEAD_S
from core.models.music.singer import Singer
from core.models.music.transcriber import Transcriber
from core.models.sound._sound_library import event, library, texture
from core.models.sound.generators import RATE as SOUND_RATE
from core.models.sound.generators import Take
from core.settings import Settings

TUNE = (60, 62, 64, 65, 67, 67, 69, 67, 65, 64, 62, 60)


@pytest.fixture(scope="module")
def transcriber(local: Settings) -> Transcriber:
    model = Transcriber(local)
    model.load("cpu")
    return model


def written(model: Transcriber, *clips: Audio) -> Output:
    joined = Audio(np.concatenate([clip.samples for clip in clips], axis=1), clips[0].sample_rate)
    return model.run(Call(AudioArgs(audio="clip"), {"audio": (joined,)}))


def onsets(output: Output) -> list[Onset]:
    """From the MIDI file, as another program would read it."""
    made = output.media[0].media
    assert isinstance(made, File)
    assert (made.media_type, made.extension) == ("audio/midi", ".mid")
    now, found = 0.0, []
    for message in mido.MidiFile(file=io.BytesIO(made.content)):
        now += message.time
        if message.type == "note_on" and message.velocity:
            found.append((now, message.note))
    return found


def heard_often(name: str, variant: str = "", times: int = 4) -> Audio:
    """A sound of the scenes for six seconds, or so many times."""
    sound, take = library()[name], Take(np.random.default_rng(8), seconds=6.0, variant=variant)
    pause = np.zeros(SOUND_RATE // 2, np.float32)
    once = [texture(sound, take)] if sound.kind == "texture" else [event(sound, take) for _ in range(times)]
    return Audio(0.5 * np.concatenate([part for one in once for part in (pause, one)])[None], SOUND_RATE)


def against(notes: Notes, output: Output) -> Score:
    return score(unison((start, round(midi)) for start, _, midi in notes), onsets(output))


@pytest.mark.parametrize("off", [0.0, 0.4, -0.3])
@pytest.mark.parametrize("transposed", [-12, 0, 7])
def test_what_is_hummed_is_named_note_by_note(transcriber: Transcriber, off: float, transposed: int) -> None:
    notes = tune([note + transposed for note in TUNE])
    output = written(transcriber, hummed(notes, off))
    assert [midi for _, midi in onsets(output)] == [round(midi) for _, _, midi in notes]
    assert against(notes, output).f >= 0.9
    assert output.facts["tuning_cents"] == pytest.approx(100 * off, abs=8)
    assert output.text is not None
    assert "12 notes" in output.text
    assert ("cents" in output.text) == (off != 0)
    assert output.facts["key"] == {-12: "C major", 0: "C major", 7: "G major"}[transposed]


def test_a_melody_is_told_in_words(transcriber: Transcriber) -> None:
    text = written(transcriber, hummed(tune((60, 64, 67)))).text
    assert text == "I hear 3 notes from C4 to G4, one after the other: C4 E4 G4."


def test_chords_and_a_bass_are_heard_together(transcriber: Transcriber) -> None:
    chords = ((60, 64, 67), (57, 60, 64), (53, 57, 60), (55, 59, 62))
    notes = [(0.3 + 0.8 * bar, 0.75, float(n)) for bar, chord in enumerate(chords) for n in (*chord, chord[0] - 24)]
    notes += [(0.7 + 0.8 * bar, 0.35, chord[2] + 12.0) for bar, chord in enumerate(chords)]
    output = written(transcriber, plucked(notes))
    assert against(notes, output).f >= 0.75
    assert output.facts["voices"] == "several"


@pytest.mark.parametrize("low", [33, 45, 57, 69, 81])
def test_every_register_is_heard(transcriber: Transcriber, low: int) -> None:
    notes = tune([low + step for step in (0, 4, 7, 12, 9, 5, 2, 0)], each_s=0.5)
    assert against(notes, written(transcriber, plucked(notes))).f >= 0.8


def test_fast_and_repeated_notes_are_counted(transcriber: Transcriber) -> None:
    notes = tune((62, 62, 62, 66, 66, 69, 69, 69, 69, 62), each_s=0.18, gap_s=0.03)
    assert against(notes, written(transcriber, plucked(notes))).f >= 0.9


def test_words_that_are_sung_give_their_notes(transcriber: Transcriber, local: Settings) -> None:
    singer = Singer(local)
    singer.load("cpu")
    args = SingArgs(lyrics="take a boat to town", notes="C4 | C4 | C4 | D4 | E4", durations=".6 | .6 | .4 | .3 | 1.2")
    made = singer.run(Call(args)).media[0].media
    assert isinstance(made, Audio)
    found = onsets(written(transcriber, made))
    assert [midi for _, midi in found] == [60, 60, 60, 62, 64]
    starts = LEAD_S + np.cumsum([0, 0.6, 0.6, 0.4, 0.3])
    assert [start for start, _ in found] == pytest.approx(starts, abs=0.15)  # voiced consonants come before the beat


def test_notes_keep_their_times_through_a_long_clip(transcriber: Transcriber) -> None:
    """Window by window; a drift of a frame each would be half a second at the end."""
    rng = np.random.default_rng(4)
    starts = np.cumsum(rng.uniform(0.7, 1.3, 75))
    notes = [(float(start), 0.5, float(rng.integers(48, 76))) for start in starts]
    fractions: list[float] = []
    clip = plucked(notes)
    output = transcriber.run(Call(AudioArgs(audio="c"), {"audio": (clip,)}, progress=fractions.append))
    assert against(notes, output).f >= 0.9
    late = [
        min((found - start for found, pitch in onsets(output) if pitch == midi), key=abs)
        for start, _, midi in notes[-20:]
    ]
    assert abs(float(np.median(late))) < 0.02
    assert fractions == sorted(fractions)
    assert len(fractions) > 20
    assert fractions[-1] == 1


@pytest.mark.parametrize(("rate", "channels", "level"), [(8_000, 1, 0.3), (44_100, 2, 0.3), (48_000, 1, 0.003)])
def test_neither_rate_nor_loudness_changes_the_notes(
    transcriber: Transcriber, rate: int, channels: int, level: float
) -> None:
    clip = hummed(tune(TUNE), level=level, rate=rate)
    output = written(transcriber, Audio(np.repeat(clip.samples, channels, axis=0), rate))
    assert [midi for _, midi in onsets(output)] == list(TUNE)


@pytest.mark.parametrize("exponent", [-2, -1, 0, 1, 2])
@pytest.mark.parametrize("level", [0.1, 0.001])
def test_noise_of_every_colour_holds_no_notes(transcriber: Transcriber, exponent: float, level: float) -> None:
    with pytest.raises(BadInput, match="I hear no notes"):
        written(transcriber, noise(exponent, level))


@pytest.mark.parametrize("frames", [0, 1, 300, RATE])
def test_silence_holds_none(transcriber: Transcriber, frames: int) -> None:
    with pytest.raises(BadInput, match="empty|silent"):
        written(transcriber, Audio(np.zeros((1, frames), np.float32), RATE))


@pytest.mark.parametrize("frames", [1, 200, 2_000])
def test_a_click_holds_none(transcriber: Transcriber, frames: int) -> None:
    samples = np.zeros((1, frames), np.float32)
    samples[0, 0] = 0.9
    with pytest.raises(BadInput, match="no notes"):
        written(transcriber, Audio(samples, RATE))


@pytest.mark.parametrize(("pitch", "spread"), [(1.0, 1.0), (0.5, 1.0), (0.8, 2.0), (0.7, 0.2)])
def test_speech_holds_none_even_where_it_is_monotone(
    transcriber: Transcriber, speech: Audio, pitch: float, spread: float
) -> None:
    with pytest.raises(BadInput, match="somebody speak in that clip, but no notes"):
        written(transcriber, disguised(speech, pitch, 0.9, spread))


@pytest.mark.parametrize("spread", [1.0, 0.2])
def test_neither_over_a_telephone(transcriber: Transcriber, speech: Audio, spread: float) -> None:
    spoken = disguised(speech, 0.7, 0.9, spread)
    samples = soxr.resample(spoken.samples[0], spoken.sample_rate, 8_000)[None].astype(np.float32)
    with pytest.raises(BadInput, match="no notes"):
        written(transcriber, Audio(samples, 8_000))


@pytest.mark.parametrize(
    ("name", "variant"),
    [
        ("siren", "wail"),
        ("siren", "two-tone"),
        *((name, "") for name in ("sheep", "cow", "motorcycle", "car horn", "train horn", "smoke alarm", "beep")),
    ],
)
def test_what_has_a_pitch_but_is_no_music_is_no_melody(transcriber: Transcriber, name: str, variant: str) -> None:
    with pytest.raises(BadInput, match="no melody|no notes"):
        written(transcriber, heard_often(name, variant))


def test_a_siren_before_a_melody_is_left_out_of_it(transcriber: Transcriber) -> None:
    siren = heard_often("siren", "wail")
    notes = tune(TUNE)
    output = written(transcriber, siren, hummed(notes, rate=SOUND_RATE))
    later = [(start + siren.duration_s, held, midi) for start, held, midi in notes]
    assert against(later, output).f >= 0.85


@pytest.mark.parametrize("off", [0.0, 0.3])
def test_what_is_whistled_is_named_note_by_note(transcriber: Transcriber, off: float) -> None:
    notes = tune([midi + 24 for midi in TUNE])
    assert against(notes, written(transcriber, whistled(notes, off))).f >= 0.85


def test_chimes_have_their_notes(transcriber: Transcriber) -> None:
    assert written(transcriber, heard_often("wind chimes")).facts["notes"] >= 3


def test_strings_that_are_struck_faster_than_a_pitch_is_held_give_every_note(transcriber: Transcriber) -> None:
    notes = tune((58, 61, 59, 60, 61, 59, 64, 69, 70, 71, 69, 71), each_s=0.21)
    assert against(notes, written(transcriber, plucked(notes))).f >= 0.9


def test_who_speaks_before_humming_gets_the_notes_of_the_humming(transcriber: Transcriber, speech: Audio) -> None:
    notes = tune(TUNE)
    output = written(transcriber, speech, hummed(notes, rate=speech.sample_rate))
    later = [(start + speech.duration_s, held, midi) for start, held, midi in notes]
    assert against(later, output).f >= 0.85
    assert min(start for start, _ in onsets(output)) > speech.duration_s - 0.1


def test_the_picture_shows_the_notes_at_their_times(transcriber: Transcriber) -> None:
    output = written(transcriber, hummed(tune((60, 72), each_s=1.0)))
    picture = output.media[1].media
    assert isinstance(picture, Picture)
    blue = (picture.pixels[..., 2] > 150) & (picture.pixels[..., 0] < 130)
    rows = [np.flatnonzero(blue[84:700, columns].any(1)).mean() for columns in (slice(220, 420), slice(600, 780))]
    assert rows[0] > rows[1] + 100


def test_no_key_is_claimed_of_a_few_or_of_all_notes(transcriber: Transcriber) -> None:
    assert written(transcriber, hummed(tune((60, 64, 67)))).facts["key"] is None
    chromatic = written(transcriber, plucked(tune(range(60, 72)))).facts
    assert chromatic["notes"] >= 10
    assert chromatic["key"] is None


def test_the_midi_claims_no_meter_and_the_facts_are_json(transcriber: Transcriber) -> None:
    output = written(transcriber, hummed(tune((60, 64, 67))))
    made = output.media[0].media
    assert isinstance(made, File)
    kinds = {message.type for track in mido.MidiFile(file=io.BytesIO(made.content)).tracks for message in track}
    assert not kinds & {"time_signature", "key_signature"}
    facts = json.loads(json.dumps(output.facts))
    assert [note["note"] for note in facts["first_notes"]] == ["C4", "E4", "G4"]
    assert (facts["lowest"], facts["highest"]) == ("C4", "G4")


def test_it_stops_when_the_person_does(transcriber: Transcriber) -> None:
    def stop(fraction: float) -> None:
        if fraction > 0.5:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        transcriber.run(Call(AudioArgs(audio="c"), {"audio": (hummed(tune(TUNE)),)}, progress=stop))


def test_without_the_weights_there_is_no_model(local: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_basic_pitch, "SHA256", "0" * 64)
    with pytest.raises(NoModel, match="damaged"):
        Transcriber(local).load("cpu")
    monkeypatch.setattr(_basic_pitch, "_PACKAGE", "no_such_package")
    assert Transcriber.missing(local) == "run `make setup`: basic-pitch is not installed"
    with pytest.raises(NoModel, match="not installed here"):
        Transcriber(local).load("cpu")


def test_rain_like_noise_under_a_melody_leaves_its_notes(transcriber: Transcriber) -> None:
    notes = tune(TUNE)
    clip = hummed(notes)
    rain = 0.01 * pink(clip.samples.shape[1], 3)
    assert against(notes, written(transcriber, Audio(clip.samples + rain, RATE))).f >= 0.85
