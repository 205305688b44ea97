"""People of a group: whom a message is for, whose voice and whose things it means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.artifacts import Kind
from core.embedded.people import named_voice, participants, speaks_to_somebody
from core.errors import RefusalKind
from core.plans import Item, Line, Request

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def sent(name: str, who: str, minute: int = 0, **more: Any) -> Item:
    more = {"who": who, **more}
    return Item(name, Kind.AUDIO, name, current=False, at=NOON + timedelta(minutes=minute), **more)


TALK = (Line("user", "hi all", "Ben"), Line("user", "hello", "민수"), Line("user", "yo", "Will"))


@pytest.mark.parametrize(
    "text",
    [
        "Ben, that was way too loud, can you make it quieter next time",
        "ben you always reverse everything",
        "@Ben transcribe your own notes",
        "민수야 너 토익 900이라며",
        "will, could you translate the menu for me",
    ],
)
async def test_talk_to_somebody_of_the_group_starts_nothing(ask: Any, text: str) -> None:
    decision = await ask(text, sent("a.wav", "Ben"), history=TALK)
    assert decision.steps == () and decision.refusal is None


@pytest.mark.parametrize(
    "text",
    [
        "Ben's recording, make it 3 dB louder",
        "make Ben's recording 3 dB louder",
        "bot, make ben's recording 3 dB louder",
        "will you make Ben's recording 3 dB louder",
    ],
)
async def test_the_bot_is_meant_where_nobody_is_called(ask: Any, text: str) -> None:
    decision = await ask(text, sent("a.wav", "Ben"), history=TALK)
    assert [(s.args["operation"], tuple(s.args["audios"])) for s in decision.steps] == [("gain", ("a.wav",))]


def test_first_names_of_all_who_wrote_or_sent() -> None:
    request = Request("x", (sent("a.wav", "Ann Lee (till 2)"),), history=TALK)
    assert participants(request) == {"Ann", "Ben", "민수", "Will"}
    assert not speaks_to_somebody(Request("bends the tone down", history=TALK))
    assert not speaks_to_somebody(Request("Ben", ()))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("say hello in ben's voice", "ben"),
        ("lies das mit der Stimme von Jörg vor", "Jörg"),
        ("lis-le avec la voix de Léa", "Léa"),
        ("dilo con la voz de Inés", "Inés"),
        ("say hello in a nice voice", ""),
    ],
)
def test_whose_voice_is_named(text: str, name: str) -> None:
    assert named_voice(text) == name


async def test_somebodys_voice_is_taken_from_what_they_sent(ask: Any) -> None:
    note, other = sent("ben-note.ogg", "Ben"), sent("cleo.ogg", "Cleo", 1)
    decision = await ask('say "i love mondays" in ben\'s voice', other, note, history=TALK)
    assert [(s.capability, s.args["reference"]) for s in decision.steps] == [("style_transfer_tts", "ben-note.ogg")]


async def test_the_voice_of_somebody_who_sent_nothing_is_asked_for(ask: Any) -> None:
    decision = await ask('say "i love mondays" in ben\'s voice', history=TALK)
    assert decision.refusal is not None and decision.refusal.kind is RefusalKind.MISSING_INPUT


@pytest.mark.parametrize("text", ["say hello in a woman's voice", "say hello in a robot's voice"])
async def test_a_kind_of_voice_is_nobodys(ask: Any, text: str) -> None:
    decision = await ask(text, history=TALK)
    assert [s.capability for s in decision.steps] == ["text_to_speech"]


async def test_my_recording_is_the_one_that_i_sent_among_others(ask: Any) -> None:
    mine = sent("ana.wav", "Ana", 0, mine=True)
    made = sent("back.wav", "", 1, mine=True, made="audio_editing", how="reverse", parents=("ana.wav",))
    decision = await ask("transcribe my recording", sent("ben.wav", "Ben", 2), made, mine)
    assert [(s.capability, s.args["audio"]) for s in decision.steps] == [("speech_recognition", "ana.wav")]


async def test_what_somebody_had_made_is_theirs(ask: Any) -> None:
    beat = sent("beat.wav", "", 0, made="text_to_music", asked_by="Ana")
    rap, other = sent("rap.wav", "Ben", 1), sent("noise.wav", "Cleo", 2)
    decision = await ask("make Ana's beat 3 dB louder", other, rap, beat)
    assert [tuple(s.args["audios"]) for s in decision.steps] == [("beat.wav",)]


@pytest.mark.parametrize(("text", "name"), [("transcribe hers, with who's speaking", "council.mp3")])
async def test_hers_is_what_another_one_sent(ask: Any, text: str, name: str) -> None:
    mine, hers = sent("presser.mp3", "Dan", 1, mine=True), sent("council.mp3", "Priya")
    decision = await ask(text, mine, hers)
    assert [dict(s.args) for s in decision.steps] == [{"audio": name, "by_speaker": True}]
