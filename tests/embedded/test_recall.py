"""Earlier media are meant by whose they are, from when, what is in them, and their place in a row."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.artifacts import Kind
from core.errors import RefusalKind
from core.plans import Item

NOW = datetime(2026, 5, 20, 15, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sent(id: str, ago: timedelta, text: str = "", who: str = "Ann", **more: Any) -> Item:
    mine = who == "Ann"
    return Item(
        id, more.pop("kind", Kind.AUDIO), f"{id}.wav", duration_s=9.0, text=text, current=False, who=who, mine=mine,
        own=mine, at=NOW - ago, **more,
    )  # fmt: skip


def made(id: str, ago: timedelta, by: str, text: str = "", kind: Kind = Kind.AUDIO, **more: Any) -> Item:
    more.setdefault("mine", True)
    return Item(id, kind, f"{id}.wav", duration_s=9.0, text=text, current=False, made=by, at=NOW - ago, **more)


ROOM = (  # the newest first
    made("march", HOUR, "text_to_music", "compose a march for the parade\na march for the parade"),
    made("rain2", 2 * HOUR, "text_to_audio", "again, heavier\nheavy rain on a tin roof"),
    made("rain1", 3 * HOUR, "text_to_audio", "make the sound of rain\nrain"),
    sent("standup", 4 * HOUR, "what is said here?\nThe release is moved to Thursday because the tests fail.", "Ben"),
    sent("dog", 5 * HOUR, "what do you hear?\nA dog barks twice."),
    sent("hum", 22 * HOUR, "I hummed this, which notes are these?"),
    sent("cara", 26 * HOUR, "hello from the beach", "Cara Diaz"),
    made("lullaby", 2 * DAY, "text_to_sing", "sing a lullaby about the moon\nsleep little moon"),
    sent("trip", 6 * DAY, "listen to the waterfall on our trip"),
)
PICTURES = (
    sent("beach", HOUR, "", kind=Kind.IMAGE, caption="a beach with palm trees"),
    sent("pup", 2 * HOUR, "look at my puppy", kind=Kind.IMAGE, caption="It looks like a golden retriever."),
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("make it louder", "march"),
        ("make the clip with the dog louder", "dog"),
        ("make the one with the barking louder", "dog"),
        ("transcribe the one about the release", "standup"),
        ("what does Ben say?", "standup"),
        ("transcribe Ben's recording", "standup"),
        ("transcribe what Cara sent", "cara"),
        ("transcribe what I hummed yesterday", "hum"),
        ("make what I sent last week louder", "trip"),
        ("make the waterfall clip quieter", "trip"),
        ("play the clip of the tin roof backwards", "rain2"),
        ("reverse the one before that", "rain2"),
        ("make the song you sang slower", "lullaby"),
        ("make the song about the moon slower", "lullaby"),
        ("reverse what I sent 5 hours ago", "dog"),
        ("mach die mit dem Hund lauter", "dog"),
        ("mach lauter, was ich gestern gesummt habe", "hum"),
        ("haz más fuerte la del perro", "dog"),
        ("mets celle avec le chien plus fort", "dog"),
        ("rendi più forte quella con il cane", "dog"),
        ("сделай громче ту, где собака", "dog"),
        ("把有狗的那个调大声", "dog"),
        ("犬のやつを大きくして", "dog"),
    ],
)
async def test_which_clip_is_meant(ask: Any, text: str, meant: str) -> None:
    decision = await ask(text, *ROOM, at=NOW)
    assert decision.refusal is None, decision.refusal
    (step,) = decision.steps
    expected = "speech_recognition" if re.match("transcribe|what does", text) else "audio_editing"
    assert step.capability == expected
    assert meant in (step.args.get("audio"), *step.args.get("audios", ()))


@pytest.mark.parametrize(
    ("text", "meant"), [("reverse the second take", "take2"), ("make the first version louder", "take1")]
)
async def test_takes_are_counted_in_their_order(ask: Any, text: str, meant: str) -> None:
    takes = (
        made("take3", HOUR, "text_to_music", "again"),
        made("take2", 2 * HOUR, "text_to_music", "again, faster"),
        sent("voice", 3 * HOUR, "is this too long?"),
        made("take1", 4 * HOUR, "text_to_music", "compose a waltz"),
    )
    (step,) = (await ask(text, *takes, at=NOW)).steps
    assert step.args["audios"] == (meant,)


@pytest.mark.parametrize(
    ("text", "meant"), [("what is in the picture with the dog?", "pup"), ("describe the photo of the beach", "beach")]
)
async def test_which_picture_is_meant(ask: Any, text: str, meant: str) -> None:
    (step,) = (await ask(text, *PICTURES, at=NOW)).steps
    assert (step.capability, step.args["image"]) == ("image_captioning", meant)


async def test_what_could_be_several_is_asked_about(ask: Any) -> None:
    room = (
        sent("rex", HOUR, "what do you hear?\nA dog barks."),
        sent("fido", 2 * HOUR, "and here?\nA dog barks in the rain."),
        sent("car", 3 * HOUR, "and here?\nA car drives by."),
    )
    decision = await ask("make the one with the dog louder", *room, at=NOW)
    assert decision.refusal.kind is RefusalKind.AMBIGUOUS
    assert "rain" in decision.refusal.message and "20.05. 14:00" in decision.refusal.message
    assert "car" not in decision.refusal.message
    (step,) = (await ask("make the one with the dog in the rain louder", *room, at=NOW)).steps
    assert step.args["audios"] == ("fido",)


@pytest.mark.parametrize(
    "text", ["make the one with the elephant louder", "mach lauter, was ich vorgestern gesummt habe"]
)
async def test_what_is_not_remembered_is_said(ask: Any, text: str) -> None:
    decision = await ask(text, ROOM[0], ROOM[3], at=NOW)
    assert decision.refusal.kind is RefusalKind.MISSING_INPUT
    assert "remember" in decision.refusal.message or "erinnere" in decision.refusal.message


async def test_another_thread_counts_only_where_it_is_named(ask: Any) -> None:
    other = sent("hum", DAY, "I hummed this", elsewhere=True)
    here = made("song", HOUR, "text_to_music", "compose a waltz")
    (step,) = (await ask("make it louder", here, other, at=NOW)).steps
    assert step.args["audios"] == ("song",)
    (step,) = (await ask("make what I hummed yesterday louder", here, other, at=NOW)).steps
    assert step.args["audios"] == ("hum",)
    assert (await ask("make it louder", other, at=NOW)).refusal.kind is RefusalKind.MISSING_INPUT


async def test_her_voice_is_the_one_that_somebody_else_sent(ask: Any) -> None:
    room = (sent("own", HOUR, "hi"), sent("hers", 2 * HOUR, "hello", "Cara Diaz"))
    (step,) = (await ask("say 'good night' in her voice", *room, at=NOW)).steps
    assert (step.capability, step.args["reference"]) == ("style_transfer_tts", "hers")


async def test_what_is_attached_is_mixed_with_what_is_named(ask: Any) -> None:
    new = Item("new", Kind.AUDIO, "new.wav", duration_s=4.0)
    (step,) = (await ask("mix this with the one with the dog", new, *ROOM, at=NOW)).steps
    assert set(step.args["audios"]) == {"new", "dog"}


async def test_in_a_group_it_is_what_who_asks_had_last(ask: Any) -> None:
    theirs = made("polka", HOUR, "text_to_music", "compose a polka", mine=False)
    mine = made("waltz", 2 * HOUR, "text_to_music", "compose a waltz")
    for text in ("now fade it out", "fade out my music over 3 seconds"):
        (step,) = (await ask(text, theirs, mine, at=NOW)).steps
        assert step.args["audios"] == ("waltz",), text
