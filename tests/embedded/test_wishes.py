from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.embedded.mending import mended, mends
from core.embedded.singing import manner
from core.embedded.wording import lyrics, target_sound
from core.plans import Item

CLIP = Item("a", Kind.AUDIO, "voice.wav", duration_s=30.0)
FACE = Item("i", Kind.IMAGE, "face.jpg")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fill from 2 to 2.5 s", {"start_s": 2.0, "end_s": 2.5}),
        ("something is broken at 3 seconds", {"start_s": 3.0}),
        ("remove the cough at 3 seconds and fill it", {"start_s": 3.0, "target": "cough"}),
        (
            "replace the phone ringing between 4 and 6 s with what would have been there",
            {"start_s": 4.0, "end_s": 6.0, "target": "phone ringing"},
        ),
        ("take out the cough and fill the hole", {"target": "cough"}),
        ("entferne den Huster bei 3 Sekunden und fülle die Lücke", {"start_s": 3.0, "target": "Huster"}),
        ("enlève la toux à 3 secondes et comble le trou", {"start_s": 3.0, "target": "toux"}),
        ("remove the clicks and pops", {"target": "click"}),
        ("repair this recording", {}),
    ],
)
def test_what_is_to_be_mended(text: str, wanted: dict[str, Any]) -> None:
    assert mended(text) == wanted


def test_taking_out_alone_mends_nothing() -> None:
    assert not mends("remove the cough")
    assert mends("remove the cough and patch it")


@pytest.mark.parametrize(
    "text", ["remove the cough at 3 seconds and fill it", "take out the door slam, then fill the hole"]
)
async def test_what_is_taken_out_and_filled_is_one_step(ask: Any, text: str) -> None:
    (step,) = (await ask(text, CLIP)).steps
    assert step.capability == "audio_inpainting"
    assert step.args["target"] in ("cough", "door slam")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("remove the barking from this", "barking"),
        ("get rid of the hum", "hum"),
        ("can you mute the alarm?", "alarm"),
        ("pull the doggo out of this clip", "doggo"),
        ("hol den Hund heraus", "Hund"),
        ("nur die Glocke", "Glocke"),
        ("enlève la sirène", "sirène"),
        ("deja solo los pájaros", "pájaros"),
        ("tire a sirene", "sirene"),
        ("togli la sirena", "sirena"),
        ("haal de hond eruit", "hond"),
        ("zostaw tylko śpiew ptaków", "śpiew ptaków"),
        ("去掉警报声", "警报声"),
        ("выдели лай собаки", "лай собаки"),
    ],
)
def test_the_sound_to_take_out_is_named(text: str, wanted: str) -> None:
    assert target_sound(text) == wanted


def test_how_a_song_is_to_be_sung() -> None:
    assert lyrics("sing happy birthday to Anna as a choir") == "happy birthday to Anna"
    assert manner("as a choir, in D minor at 90 bpm, with a band") == {
        "tempo_bpm": 90.0,
        "key": "D minor",
        "harmony": "choir",
        "backing": True,
    }
    assert manner("in thirds, with a deep voice") == {"voice": "male", "harmony": "thirds"}
    assert manner("with the notes C4 | D4 | E4 and durations 0.5 | 0.5 | 1") == {
        "notes": "C4 | D4 | E4",
        "durations": "0.5 | 0.5 | 1",
    }


async def test_a_song_takes_its_tune_from_the_clip(ask: Any) -> None:
    (step,) = (await ask('sing "row your boat" to the tune of this humming', CLIP)).steps
    assert (step.capability, step.args["lyrics"], step.args["melody"]) == ("text_to_sing", "row your boat", "a")


async def test_a_sound_video_for_stories_without_captions(ask: Any) -> None:
    (step,) = (await ask("make a vertical audiogram without captions", CLIP)).steps
    assert (step.capability, step.args["shape"], step.args["captions"]) == ("audiogram", "vertical", False)


async def test_which_face_talks_and_how(ask: Any) -> None:
    (step,) = (await ask('make the man on the left say "good evening" with a male voice', FACE)).steps
    assert step.capability == "talking_head"
    assert (step.args["text"], step.args["face"], step.args["voice"]) == ("good evening", "left", "male")


PAPER = (
    "Generate a piece of singing voice. Text sequence is 小酒窝长睫毛AP是你最美的记号. "
    "Note sequence is C#4/Db4 | F#4/Gb4 | A#4/Bb4 F#4/Gb4 | rest | F4. "
    "Note duration sequence is 0.407140 | 0.376190 | 0.509550 0.183420 | 0.223070 | 0.3234."
)


async def test_the_papers_singing_prompt_is_understood(ask: Any) -> None:
    (step,) = (await ask(PAPER)).steps
    assert step.capability == "text_to_sing"
    assert step.args == {
        "lyrics": "小酒窝长睫毛AP是你最美的记号",
        "notes": "C#4/Db4 | F#4/Gb4 | A#4/Bb4 F#4/Gb4 | rest | F4",
        "durations": "0.407140 | 0.376190 | 0.509550 0.183420 | 0.223070 | 0.3234",
    }


def test_several_notes_between_bars_are_of_one_syllable() -> None:
    assert manner("on the notes C4 E4 | D4 | rest, durations 0.3 0.2 | 0.5 | 1") == {
        "notes": "C4 E4 | D4 | rest",
        "durations": "0.3 0.2 | 0.5 | 1",
    }
    assert manner("on C4 D4 E4")["notes"] == "C4 | D4 | E4"


@pytest.mark.parametrize(
    ("text", "capability", "description"),
    [
        ("generate an audio of a piano playing", "text_to_music", "a piano playing"),
        ("Generate audio of a violin", "text_to_music", "a violin"),
        ("生成一段钢琴的声音", "text_to_music", "钢琴"),
        ("generate an audio of a cat", "text_to_audio", "a cat"),
        ("a piano playing in the rain", "text_to_audio", "piano playing in the rain"),
        ("Generate audio of 'A bird chirps'", "text_to_audio", "A bird chirps"),
    ],
)
async def test_instruments_are_music_and_scenes_are_sounds(
    ask: Any, text: str, capability: str, description: str
) -> None:
    (step,) = (await ask(text)).steps
    assert (step.capability, step.args["description"].strip("'")) == (capability, description)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Extract the sound of the piano from this audio", "piano"),
        ("isolate the sound of the rain", "rain"),
        ("when does the sound of the bell occur?", "bell"),
        ("find the sound of breaking glass", "breaking glass"),
        ("remove the noise of the fan", "fan"),
        ("extrais le son du piano", "piano"),
        ("extrahiere das Geräusch der Säge", "Säge"),
        ("extrae el sonido de la campana", "campana"),
        ("estrai il suono della campana", "campana"),
        ("haal het geluid van de regen eruit", "regen"),
        ("вытащи звук поезда", "поезда"),
        ("isolate the dog", "dog"),
    ],
)
def test_a_target_is_what_the_sound_is_of(text: str, target: str) -> None:
    assert target_sound(text) == target
