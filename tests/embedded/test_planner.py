from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest

from core._edit_args import Operation
from core.artifacts import Artifact, Facts, Kind
from core.capabilities import BUILT_IN
from core.embedded import replies
from core.embedded.head import load_head
from core.embedded.phrases import PHRASES
from core.embedded.planner import EmbeddedPlanner
from core.encoder import DIMENSIONS, shared_encoder
from core.errors import MissingInput, RefusalKind, WrongUse
from core.plans import Item, Request, Step, StepResult

NO_LANGUAGE_MODEL = PHRASES["en"]["no_language_model"]
SERVED = frozenset({"text_to_speech", "speech_recognition", "speech_enhancement", "audio_editing"})
VOICE = Item("a", Kind.AUDIO, "voice.wav", duration_s=30.0)
MUSIC = Item("b", Kind.AUDIO, "music.mp3", duration_s=60.0)
PICTURE = Item("i", Kind.IMAGE, "cat.jpg")
MADE = Artifact("c" * 24, Kind.AUDIO, "made.wav", Facts("audio/wav", 10, duration_s=1.0))


async def hush(text: str) -> None:
    """Words that nobody waits for."""


async def told(planner: EmbeddedPlanner, *results: StepResult, **request: Any) -> str:
    decision = await planner.decide(Request(**{"text": "x", **request}), results, hush)
    assert decision.steps == ()
    return decision.text


async def test_a_missing_attachment_is_asked_for_beside_the_plan(ask: Any) -> None:
    decision = await ask("transcribe this recording please")
    assert [s.capability for s in decision.steps] == ["speech_recognition"]
    assert decision.refusal.kind is RefusalKind.MISSING_INPUT
    assert "attach" in decision.refusal.message


async def test_two_clips_for_one_place_are_ambiguous(ask: Any) -> None:
    decision = await ask("transcribe this", VOICE, MUSIC)
    assert decision.refusal.kind is RefusalKind.AMBIGUOUS
    assert "voice.wav" in decision.refusal.message
    assert "music.mp3" in decision.refusal.message


async def test_what_is_not_served_is_refused_with_the_whole_plan(ask: Any) -> None:
    decision = await ask("clean it up and then translate it to English", VOICE, served=SERVED)
    assert [s.capability for s in decision.steps] == ["speech_enhancement", "speech_translation"]
    assert decision.refusal.kind is RefusalKind.NO_MODEL
    assert "translate speech" in decision.refusal.message


async def test_messages_without_words(ask: Any) -> None:
    assert [s.capability for s in (await ask("", VOICE)).steps] == ["speech_recognition"]
    assert "describe a picture" in (await ask("", PICTURE)).refusal.message
    assert (await ask("", VOICE, MUSIC)).refusal.kind is RefusalKind.AMBIGUOUS
    assert (await ask("  ")).refusal.message.startswith("I got an empty message")


@pytest.mark.parametrize("text", ["hello", "what can you do?", "who wrote Faust?", "thanks a lot!"])
async def test_small_talk_gets_words_and_the_first_reply_says_what_is_missing(ask: Any, text: str) -> None:
    decision = await ask(text, served=SERVED, first=True)
    assert (decision.steps, decision.refusal) == ((), None)
    assert decision.text.count(NO_LANGUAGE_MODEL) == 1
    assert "draw" not in decision.text


async def test_what_was_heard_is_quoted(ask: Any) -> None:
    assert "“who wrote Faust”" in (await ask("who wrote Faust", spoken=True)).text


async def test_the_first_refusal_says_it_too(ask: Any) -> None:
    decision = await ask("transcribe this", first=True)
    assert decision.text.startswith(decision.refusal.message)
    assert NO_LANGUAGE_MODEL in decision.text


async def test_words_after_results_hold_only_what_there_is(planner: EmbeddedPlanner) -> None:
    heard = StepResult(Step("speech_recognition", {"audio": "a"}), text="good morning")
    clean = StepResult(Step("speech_enhancement", {"audio": "a"}), artifacts=(MADE,))
    louder = StepResult(
        Step("audio_editing", {"operation": "gain", "gain_db": 6.0, "audios": ("$1",)}), artifacts=(MADE,)
    )
    assert await told(planner, heard) == "good morning"
    assert await told(planner, clean) == "Here it is: cleaned up."
    assert await told(planner, clean, louder) == "Here it is: louder."
    italian = replace(heard, text="sedici", facts={"language": "it", "language_name": "Italian"})
    assert await told(planner, italian) == "Italian:\nsedici"
    assert await told(planner, italian, text="Was wird hier gesagt?") == "Italienisch:\nsedici"
    assert await told(planner, italian, text="Cosa si dice qui?") == "sedici"
    known = replace(italian, step=Step("speech_recognition", {"audio": "a", "language": "it"}))
    assert await told(planner, known) == "sedici"
    trims = [
        StepResult(Step("audio_editing", {"operation": "trim", "audios": ("a",), **args}), artifacts=(MADE,))
        for args in ({"end_s": 5.0}, {"start_s": 10.0})
    ]
    joined = StepResult(Step("audio_editing", {"operation": "join", "audios": ("$1", "$2")}), artifacts=(MADE,))
    assert await told(planner, *trims, joined) == "Here it is: without that part."
    for args, words in (({"operation": "pan", "pan": -1.0}, "on the left"), ({"operation": "echo"}, "with an echo")):
        edit = StepResult(Step("audio_editing", {**args, "audios": ("a",)}), artifacts=(MADE,))
        assert await told(planner, edit) == f"Here it is: {words}."
    scene = StepResult(
        Step("text_to_audio", {"description": "x"}), artifacts=(replace(MADE, caption="rain, dog twice"), MADE)
    )
    assert await told(planner, scene) == "Here it is: rain, dog twice."
    broken = replace(clean, artifacts=(), refusal=MissingInput("There is nothing to clean.").refusal)
    assert await told(planner, broken) == "There is nothing to clean."
    assert NO_LANGUAGE_MODEL in await told(planner, heard, first=True)


async def test_many_at_once_share_the_encoder(ask: Any) -> None:
    decisions = await asyncio.gather(*(ask("make it louder", VOICE) for _ in range(8)))
    assert {d.steps[0].capability for d in decisions} == {"audio_editing"}


def test_every_edit_has_words_for_what_was_done() -> None:
    capabilities = {c.id: c for c in BUILT_IN}
    for operation in get_args(Operation):
        args = {"operation": operation, "audios": ("a",), "gain_db": 3.0, "factor": 0.5, "semitones": 2.0, "pan": 0.0}
        words = replies.after([StepResult(Step("audio_editing", args), artifacts=(MADE,))], capabilities, "en")
        assert words.startswith("Here it is: "), operation
        assert "edited" not in words, operation


def test_the_encoder_gives_unit_vectors() -> None:
    vectors = shared_encoder().encode(["hello", "你好"])
    assert vectors.shape == (2, DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_a_head_for_other_capabilities_is_refused() -> None:
    with pytest.raises(WrongUse, match="make train"):
        load_head(frozenset({"text_to_speech"}))
    assert {c.id for c in BUILT_IN} <= set(load_head(frozenset(c.id for c in BUILT_IN)).labels)


@pytest.mark.parametrize(("language", "note"), [("en", "The whole text is in the file."), ("ja", "ファイル")])
def test_a_long_transcript_is_shown_by_its_beginning(language: str, note: str) -> None:
    text = " ".join(f"Sentence number {n} is said here." for n in range(200))
    file = Artifact("a" * 24, Kind.TEXT, "transcript.txt", Facts("text/plain", len(text)))
    step = Step("speech_recognition", {"audio": "a"})
    shown = replies.after([StepResult(step, text=text, artifacts=(file,))], {}, language)
    head, _, end = shown.partition(" …\n\n")
    assert text.startswith(head) and head.endswith("is said here.")
    assert 1300 < len(head) <= 1500
    assert note in end
    assert replies.after([StepResult(step, text=text)], {}, language) == text


@pytest.mark.parametrize(
    "text", ["@Mia that tone tho", "@Jörg: make it louder next time", "@dorn listen to this, im crying"]
)
async def test_what_is_said_to_somebody_else_asks_for_nothing(ask: Any, text: str) -> None:
    assert (await ask(text, VOICE)).steps == ()


@pytest.mark.parametrize("text", ["@everyone transcribe this", "reverse @Mia's clip", "make it louder @Mia"])
async def test_other_mentions_hide_no_request(ask: Any, text: str) -> None:
    assert len((await ask(text, VOICE)).steps) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Make me an STL file of a teapot for my 3D printer",
        "make me a 30s movie of a dragon burning down a village",
        "create a video of a cat surfing",
        "haz una película de un dragón",
        "做一个猫的视频",
    ],
)
async def test_films_and_models_are_no_pictures(ask: Any, text: str) -> None:
    assert "text_to_image" not in [step.capability for step in (await ask(text)).steps]


@pytest.mark.parametrize(
    "text", ["draw a movie poster with a dragon", "a picture of a video game console", "paint a cat"]
)
async def test_pictures_about_films_are_pictures(ask: Any, text: str) -> None:
    assert [step.capability for step in (await ask(text)).steps] == ["text_to_image"]
