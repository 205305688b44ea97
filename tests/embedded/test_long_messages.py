"""Messages that are far longer than a request: refused at once where nothing is quoted, read where it is."""

from __future__ import annotations

from typing import Any

import pytest

from core.artifacts import Kind
from core.embedded import followups
from core.errors import OverLimit
from core.plans import Item, Line, Request

CLIP = Item("talk.wav", Kind.AUDIO, "talk.wav")
BEFORE = (Line("user", "make it louder", artifacts=("talk.wav",)), Line("bot", "Which one?"))


@pytest.mark.parametrize(
    "word", ["and ", "1:", "it is ", "please", "okay", "my ", '" ', "鸟", "a.wav ", "make it louder. "]
)
async def test_what_no_request_is_as_long_as_is_refused_before_it_is_read(ask: Any, word: str) -> None:
    with pytest.raises(OverLimit, match="4,000 characters"):
        await ask((word * 20_000)[:19_999], CLIP, history=BEFORE)


@pytest.mark.parametrize(
    "word", ["and ", "1:", "it is ", "please", "okay", "my ", "鸟", "a.wav ", "again ", "here it is "]
)
async def test_the_longest_that_is_read_comes_to_an_end(ask: Any, word: str) -> None:
    await ask((word * 4000)[:3990], CLIP, history=BEFORE)  # a rule that grows without bounds runs into the time limit
    followups.hands_over(Request(word * 200 + "x"))


@pytest.mark.parametrize("form", ['say "{}"', "read this aloud: {}", "Lies das vor: {}"])
async def test_a_long_text_that_is_quoted_or_given_is_read_whole(ask: Any, form: str) -> None:
    text = " ".join(f"Stop number {n} is a small island." for n in range(280))
    (step,) = (await ask(form.format(text))).steps
    assert (step.capability, step.args["text"]) == ("text_to_speech", text)
