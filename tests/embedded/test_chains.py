"""Requests that become several steps, and where their numbers come from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.artifacts import Kind
from core.capabilities import EditArgs
from core.errors import RefusalKind
from core.plans import Item

CLIP = Item("clip", Kind.AUDIO, "talk.wav", duration_s=20.0)
UNKNOWN = Item("clip", Kind.AUDIO, "talk.wav")
PICTURE = Item("cat", Kind.IMAGE, "cat.jpg")
END = None

Stretches = list[tuple[float, float | None]]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("remove the part from 3 to 5 seconds", [(0, 3), (5, END)]),
        ("cut out the part between 3 and 5 seconds", [(0, 3), (5, END)]),
        ("delete from 0:03 to 0:05", [(0, 3), (5, END)]),
        ("snip 3 to 5 seconds out of this", [(0, 3), (5, END)]),
        ("quita la parte de 3 a 5 segundos", [(0, 3), (5, END)]),
        ("enlève la partie de 3 à 5 secondes", [(0, 3), (5, END)]),
        ("schneide von Sekunde 3 bis 5 heraus", [(0, 3), (5, END)]),
        ("elimina da 3 a 5 secondi", [(0, 3), (5, END)]),
        ("删掉3秒到5秒", [(0, 3), (5, END)]),
        ("3秒から5秒を削除して", [(0, 3), (5, END)]),
        ("удали с 3 по 5 секунду", [(0, 3), (5, END)]),
        ("remove the first 3 seconds and the last 2", [(3, 18)]),
        ("remove everything after 12 seconds", [(0, 12)]),
        ("delete everything except 3 to 8 seconds", [(3, 8)]),
        ("cut from 3 to 8 seconds and drop the rest", [(3, 8)]),
        ("remove from 15 seconds to the end", [(0, 15)]),
        ("remove from 0 to 4 seconds", [(4, END)]),
        ("delete from 15 to 20 seconds", [(0, 15)]),
        ("keep only the last 4 seconds", [(16, END)]),
    ],
)
async def test_what_stays_of_a_clip(ask: Any, text: str, kept: Stretches) -> None:
    decision = await ask(text, CLIP)
    assert decision.refusal is None
    trims = decision.steps[:-1] if len(kept) > 1 else decision.steps
    assert [(s.args["operation"], s.args["audios"]) for s in trims] == [("trim", ("clip",))] * len(kept)
    assert [(s.args.get("start_s", 0), s.args.get("end_s")) for s in trims] == kept
    if len(kept) > 1:
        assert decision.steps[-1].args == {"operation": "join", "audios": ("$1", "$2")}
    for step in decision.steps:
        EditArgs.model_validate(step.args)


async def test_a_cut_goes_on_from_what_was_made(ask: Any) -> None:
    decision = await ask("reverse it, then remove the part from 3 to 5 seconds and then make it louder", CLIP)
    assert [s.args["audios"] for s in decision.steps] == [("clip",), ("$1",), ("$1",), ("$2", "$3"), ("$4",)]


@pytest.mark.parametrize(
    "text",
    [
        "repair the part from 3 to 5 seconds",
        "fill the gap from 3 to 5 seconds",
        "cut the part from 3 to 5 seconds and fill it in",
    ],
)
async def test_a_repair_is_no_cut(ask: Any, text: str) -> None:
    (step,) = (await ask(text, CLIP)).steps
    assert (step.capability, step.args["start_s"], step.args["end_s"]) == ("audio_inpainting", 3.0, 5.0)


async def test_noise_in_a_stretch_is_cleaned_and_not_cut_out(ask: Any) -> None:
    assert [s.capability for s in (await ask("remove the noise from 3 to 5 seconds", CLIP)).steps] == [
        "speech_enhancement"
    ]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("reverse it and then keep the last 4 seconds", 16.0),
        ("trim it to the first 10 seconds, then keep the last 4 seconds", 6.0),
        ("make it twice as fast and then keep the last 4 seconds", 6.0),
        ("clean up the noise and then keep the last 4 seconds", 16.0),
    ],
)
async def test_the_length_of_what_is_not_made_yet_is_known(ask: Any, text: str, start: float) -> None:
    decision = await ask(text, CLIP)
    assert decision.refusal is None
    assert decision.steps[-1].args["start_s"] == start


async def test_a_length_that_nobody_knows_is_asked_for(ask: Any) -> None:
    assert (await ask("keep only the last 4 seconds", UNKNOWN)).refusal.kind is RefusalKind.MISSING_INPUT
    assert (await ask("remove from 0 to 20 seconds", CLIP)).refusal.kind is RefusalKind.MISSING_INPUT


@pytest.mark.parametrize(
    ("text", "said", "order"),
    [
        ("say 'hello there' and put it before my recording", "hello there", ("$1", "clip")),
        ("say hello there and put it before my recording", "hello there", ("$1", "clip")),
        ("say goodbye and add it at the end of my clip", "goodbye", ("clip", "$1")),
        ("Say 'the end' and append it to this recording.", "the end", ("clip", "$1")),
    ],
)
async def test_made_speech_is_joined_with_what_was_sent(ask: Any, text: str, said: str, order: tuple[str, ...]) -> None:
    first, second = (await ask(text, CLIP)).steps
    assert (first.capability, first.args["text"]) == ("text_to_speech", said)
    assert (second.args["operation"], second.args["audios"]) == ("join", order)


@pytest.mark.parametrize(
    ("text", "item", "capability"),
    [
        ("describe this picture and read it aloud", PICTURE, "image_captioning"),
        ("translate 'good morning' to German and read it aloud", PICTURE, "text_translation"),
        ("transcribe this and read it aloud", CLIP, "speech_recognition"),
    ],
)
async def test_a_text_that_was_made_is_read_aloud(ask: Any, text: str, item: Item, capability: str) -> None:
    first, second = (await ask(text, item)).steps
    assert first.capability == capability
    assert (second.capability, second.args["text"]) == ("text_to_speech", "$1")


async def test_one_sound_is_taken_out_and_looked_for(ask: Any) -> None:
    first, second = (await ask("isolate the flute and tell me when it occurs", CLIP)).steps
    assert (first.capability, second.capability) == ("sound_extraction", "target_sound_detection")
    assert first.args == second.args == {"audio": "clip", "target": "flute"}


@pytest.mark.parametrize("text", ["sing", "Sing something!", "can you sing for me", "canta", "chante", "спой песню"])
async def test_singing_needs_words(ask: Any, text: str) -> None:
    decision = await ask(text)
    assert [s.capability for s in decision.steps] == ["text_to_sing"]
    assert decision.refusal.kind is RefusalKind.MISSING_INPUT


@pytest.mark.parametrize("text", ["take the last one and trim it to 3 seconds", "trim the last one to 3 seconds"])
async def test_the_last_clip_is_not_the_end_of_a_clip(ask: Any, text: str) -> None:
    newest, older = replace(CLIP, id="newest", current=False), replace(CLIP, id="older", current=False)
    (step,) = (await ask(text, newest, older)).steps
    assert step.args == {"operation": "trim", "start_s": 0.0, "end_s": 3.0, "audios": ("newest",)}
