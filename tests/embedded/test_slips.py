"""Slips of the fingers, names of files, and things said twice do not lead astray."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.artifacts import Kind
from core.capabilities import BUILT_IN
from core.embedded.head import WEIGHTS, load_head
from core.embedded.spelling import Spelling
from core.plans import Item

CLIP = Item("clip", Kind.AUDIO, "clip.wav", duration_s=20.0)
NOON = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def made(name: str, by: str) -> Item:
    return Item(name, Kind.AUDIO, f"{name}.wav", duration_s=20.0, current=False, made=by, at=NOON)


@pytest.mark.parametrize(
    ("text", "items", "capability"),
    [
        ("trnascribe this", (CLIP,), "speech_recognition"),
        ("seperate the two spekaers", (CLIP,), "speech_separation"),
        ("wich notes is this meldoy", (CLIP,), "music_transcription"),
        ("drwa a ligthhouse", (), "text_to_image"),
        ("make it luoder", (CLIP,), "audio_editing"),
        ("entferne das Ruaschen", (CLIP,), "speech_enhancement"),
        ("traduis « bonjuor » en angalis", (), "text_translation"),
    ],
)
async def test_a_mistyped_request_is_understood(ask: Any, text: str, items: Any, capability: str) -> None:
    assert [s.capability for s in (await ask(text, *items)).steps] == [capability]


def test_known_words_stay_and_unknown_ones_become_what_was_meant() -> None:
    spelling = Spelling(load_head(frozenset(c.id for c in BUILT_IN), WEIGHTS).words)
    assert spelling.repaired("Please trnascribe the recroding.") == "Please transcribe the recording."
    assert spelling.repaired("cta") == "cat"
    for text in ("transcribe this", "把这段话翻译成英文", "zzxqy 12:30 …", "mp3"):
        assert spelling.repaired(text) == text


async def test_what_was_made_is_known_by_its_name(ask: Any) -> None:
    parts = (made("vocals", "music_separation"), made("accompaniment", "music_separation"))
    for text, given in (("reverse the vocals", "vocals"), ("make the accompaniment slower", "accompaniment")):
        (step,) = (await ask(text, *parts)).steps
        assert (step.capability, step.args["audios"]) == ("audio_editing", (given,))


async def test_talkers_are_counted_as_they_were_told(ask: Any) -> None:
    talkers = (made("voice-1", "speech_separation"), made("voice-2", "speech_separation"))
    call = Item(
        "call", Kind.AUDIO, "call.mp3", duration_s=60.0, current=False, at=datetime(2026, 5, 20, 11, tzinfo=UTC)
    )
    for text, given in (
        ("transcribe the first voice", "voice-1"),
        ("transcribe the second one", "voice-2"),
        ("what does the second speaker say?", "voice-2"),
    ):
        (step,) = (await ask(text, *talkers, call)).steps
        assert step.args["audio"] == given


async def test_a_files_name_asks_for_nothing(ask: Any) -> None:
    song = Item("s", Kind.AUDIO, "sing happy birthday.wav", duration_s=9.0)
    (step,) = (await ask('reverse "sing happy birthday.wav"', song)).steps
    assert (step.capability, step.args["audios"]) == ("audio_editing", ("s",))


@pytest.mark.parametrize(
    ("text", "words"),
    [('ok then just say "a castle on a cloud"', "a castle on a cloud"), ('bot, say "Ben is slow"', "Ben is slow")],
)
async def test_who_is_called_first_is_not_what_is_said(ask: Any, text: str, words: str) -> None:
    (step,) = (await ask(text)).steps
    assert (step.capability, step.args["text"]) == ("text_to_speech", words)


async def test_that_read_aloud_for_everyone_is_what_is_replied_to(ask: Any) -> None:
    (step,) = (await ask("read that aloud for everyone", quoted="The quoted words.")).steps
    assert step.args["text"] == "The quoted words."


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("slower, half speed", 0.5), ("now a bit slower please, 90 percent", 0.9), ("slow it down by 20 percent", 0.8)],
)
async def test_one_speed_is_asked_for(ask: Any, text: str, wanted: float) -> None:
    (step,) = (await ask(text, CLIP)).steps
    assert (step.args["operation"], step.args["factor"]) == ("speed", wanted)


async def test_captions_are_a_part_of_the_video(ask: Any) -> None:
    (step,) = (await ask("ein Video mit Wellenform und Untertiteln", CLIP)).steps
    assert step.capability == "audiogram"
    both = (await ask("make a sound video of it and transcribe it", CLIP)).steps
    assert [s.capability for s in both] == ["audiogram", "speech_recognition"]


async def test_what_a_step_has_cut_is_not_joined_whole(ask: Any) -> None:
    intro, main = (Item(name, Kind.AUDIO, f"{name}.wav", duration_s=20.0) for name in ("intro", "main"))
    first, second = (await ask("cut intro.wav to 8 s, then join it with main.wav", intro, main)).steps
    assert (first.args["audios"], second.args["audios"]) == (("intro",), ("$1", "main"))


async def test_files_of_one_message_are_joined_in_their_order(ask: Any) -> None:
    one, two = (
        Item(name, Kind.AUDIO, f"{name}.wav", duration_s=4.0, current=False, at=NOON) for name in ("one", "two")
    )
    (step,) = (await ask("join them", one, two)).steps
    assert step.args["audios"] == ("one", "two")


async def test_a_part_is_edited_after_the_split(ask: Any) -> None:
    first, second = (await ask("split vocals and music, then reverse the vocals", CLIP)).steps
    assert (first.capability, second.args["audios"]) == ("music_separation", ("$1.1",))


async def test_what_is_not_wanted_is_left_out(ask: Any) -> None:
    for text, capability in (
        ("Don't transcribe it, just make it louder", "audio_editing"),
        ("skip the cleaning, only transcribe it", "speech_recognition"),
    ):
        assert [s.capability for s in (await ask(text, CLIP)).steps] == [capability]


async def test_how_words_are_said_elsewhere_is_translation_whatever_is_at_hand(ask: Any) -> None:
    (step,) = (await ask('by the way, how do you say "gong" in French?', CLIP)).steps
    assert (step.capability, step.args["text"]) == ("text_translation", "gong")
