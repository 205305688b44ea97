"""Requests as people speak them, and what an ongoing conversation must not change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.artifacts import Kind
from core.errors import RefusalKind
from core.plans import Item

SPEECH = Item("a" * 24, Kind.AUDIO, "speech.wav", duration_s=3.0, current=False)
OLDER = Item("b" * 24, Kind.AUDIO, "older.wav", duration_s=4.0, current=False)
PICTURE = Item("c" * 24, Kind.IMAGE, "cat.png", current=False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Please say the words, good night and sweet dreams.", "good night and sweet dreams"),
        ("say good night and sweet dreams", "good night and sweet dreams"),
        ("Say good morning.", "good morning"),
        ("Repeat after me, peter piper picked a peck.", "peter piper picked a peck"),
        ("Can you say hello to my mum?", "hello to my mum"),
        ("Please read the following sentence the quick brown fox jumps", "the quick brown fox jumps"),
        ("Tell my friends in a voice message that dinner is ready.", "dinner is ready"),
        ("Pronounce the word anemone.", "anemone"),
        ("Di las palabras buenos días a todos.", "buenos días a todos"),
        ("Sag guten Morgen.", "guten Morgen"),
    ],
)
@pytest.mark.parametrize("earlier", [(), (SPEECH, OLDER), (PICTURE,)], ids=["alone", "after audio", "after a picture"])
async def test_what_is_to_be_said_needs_no_quotes(ask: Any, text: str, said: str, earlier: tuple[Item, ...]) -> None:
    decision = await ask(text, *earlier)
    assert [s.capability for s in decision.steps] == ["text_to_speech"]
    assert decision.steps[0].args["text"].strip(" .") == said


@pytest.mark.parametrize(
    ("text", "capability"),
    [
        ("say 'still alive'", "text_to_speech"),
        ("draw a cat", "text_to_image"),
        ("make the sound of rain", "text_to_audio"),
        ("play some happy piano music", "text_to_music"),
        ("hello", None),
        ("thanks!", None),
        ("what's the weather", None),
    ],
)
async def test_earlier_media_do_not_change_what_is_asked(ask: Any, text: str, capability: str | None) -> None:
    decision = await ask(text, SPEECH, OLDER, PICTURE)
    assert [s.capability for s in decision.steps] == ([capability] if capability else [])


@pytest.mark.parametrize(
    ("text", "capability", "item"),
    [
        ("now reverse it", "audio_editing", SPEECH),
        ("Reverse it.", "audio_editing", SPEECH),
        ("louder", "audio_editing", SPEECH),
        ("transcribe that", "speech_recognition", SPEECH),
        ("describe the picture", "image_captioning", PICTURE),
    ],
)
async def test_words_that_point_back_find_earlier_media(ask: Any, text: str, capability: str, item: Item) -> None:
    (step,) = (await ask(text, SPEECH, OLDER, PICTURE)).steps
    assert step.capability == capability
    assert item.id in str(step.args)


async def test_a_silent_video_is_told_from_no_attachment(ask: Any) -> None:
    decision = await ask("transcribe this", replace(SPEECH, kind=Kind.VIDEO, name="silent.mp4", current=True))
    assert decision.refusal.kind is RefusalKind.BAD_INPUT
    assert "no sound" in decision.refusal.message
