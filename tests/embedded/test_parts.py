"""What a step makes several of: which one a later part of the message means."""

from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.plans import Item

SONG = Item("song", Kind.AUDIO, "song.mp3", duration_s=60.0)
TALK = Item("talk", Kind.AUDIO, "talk.wav", duration_s=60.0)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("take the vocals out and transpose the rest down two semitones", "$1.2"),
        ("remove the vocals and make it slower", "$1.2"),
        ("split the song into vocals and music and make the vocals louder", "$1.1"),
        ("separate the vocals from the music, then make the accompaniment quieter", "$1.2"),
        ("trenne Gesang und Musik und mach den Gesang lauter", "$1.1"),
        ("sépare la voix de la musique puis ralentis l'accompagnement", "$1.2"),
    ],
)
async def test_vocals_and_the_rest(ask: Any, text: str, given: str) -> None:
    decision = await ask(text, SONG)
    assert [s.capability for s in decision.steps] == ["music_separation", "audio_editing"]
    assert decision.steps[1].args["audios"] == (given,)


async def test_notes_of_one_part(ask: Any) -> None:
    decision = await ask("split off the vocals and write down the notes of the accompaniment", SONG)
    assert [s.capability for s in decision.steps] == ["music_separation", "music_transcription"]
    assert decision.steps[1].args["audio"] == "$1.2"


async def test_the_second_speaker(ask: Any) -> None:
    decision = await ask("separate the two speakers and transcribe the second one", TALK)
    assert [s.capability for s in decision.steps] == ["speech_separation", "speech_recognition"]
    assert decision.steps[1].args["audio"] == "$1.2"


async def test_a_sound_and_what_is_left_without_it(ask: Any) -> None:
    decision = await ask("take out the dog and make the rest louder", TALK)
    assert [s.capability for s in decision.steps] == ["sound_extraction", "audio_editing"]
    assert decision.steps[1].args["audios"] == ("$1.2",)
    decision = await ask("isolate the dog and reverse it", TALK)
    assert decision.steps[1].args["audios"] == ("$1.1",)
