"""What a message replies to is what "this" means."""

from __future__ import annotations

import pytest

from core.embedded.planner import EmbeddedPlanner
from core.plans import Request

SAID = "The train leaves at nine."


async def hush(text: str) -> None:
    return None


@pytest.mark.parametrize("text", ["read this aloud", "read it to me", "speak it"])
async def test_words_that_are_replied_to_are_read_aloud(planner: EmbeddedPlanner, text: str) -> None:
    decision = await planner.decide(Request(text, served=frozenset({"text_to_speech"}), quoted=SAID), [], hush)
    assert [(s.capability, s.args["text"]) for s in decision.steps] == [("text_to_speech", SAID)]


async def test_own_words_come_first(planner: EmbeddedPlanner) -> None:
    request = Request("Read this aloud: good morning", served=frozenset({"text_to_speech"}), quoted=SAID)
    decision = await planner.decide(request, [], hush)
    assert decision.steps[0].args["text"] == "good morning"
