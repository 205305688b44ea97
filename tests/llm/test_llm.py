from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from llm.endpoint import Endpoint, serving
from pydantic import SecretStr

from core import llm
from core.artifacts import Kind
from core.errors import ModelFailed, Refusal, RefusalKind
from core.llm import LanguageModelPlanner, tool
from core.plans import Item, Line, Request, Step, StepResult
from core.registry import registry
from core.settings import Settings

REQUEST = Request(
    "clean this up",
    items=(Item("a" * 24, Kind.AUDIO, "noisy.wav", duration_s=3.21),),
    history=(Line("user", "hi", name="Ann"), Line("bot", "hello")),
    served=frozenset({"speech_enhancement", "text_to_speech"}),
)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "_RETRY_WAITS_S", (0.01, 0.01))


@asynccontextmanager
async def planner(settings: Settings, endpoint: Endpoint) -> AsyncIterator[LanguageModelPlanner]:
    async with serving(endpoint):
        made = LanguageModelPlanner(
            settings.model_copy(
                update={"llm_base_url": endpoint.url, "llm_model": "tiny", "llm_api_key": SecretStr("sk-1")}
            )
        )
        yield made
        await made.close()


async def unheard(text: str) -> None:
    return None


async def test_words_stream_and_end_the_turn(settings: Settings) -> None:
    heard: list[str] = []

    async def words(text: str) -> None:
        heard.append(text)

    async with planner(settings, Endpoint("Hello there, how are you?")) as made:
        decision = await made.decide(REQUEST, [], words)
    assert decision.text == "Hello there, how are you?"
    assert decision.steps == ()
    assert heard[0] == "Hello t"
    assert heard[-1] == decision.text


async def test_the_request_tells_served_tools_facts_and_history(settings: Settings) -> None:
    endpoint = Endpoint("ok")
    async with planner(settings, endpoint) as made:
        await made.decide(REQUEST, [], unheard)
    asked = endpoint.asked[0]
    assert endpoint.keys == ["Bearer sk-1"]
    assert asked["model"] == "tiny"
    assert {t["function"]["name"] for t in asked["tools"]} == REQUEST.served
    assert [m["role"] for m in asked["messages"]] == ["system", "user", "assistant", "user"]
    assert asked["messages"][1]["content"] == "Ann: hi"
    item = asked["messages"][-1]["content"].split("</item>")[0].removeprefix("<item>")
    assert json.loads(item) == {
        "id": "a" * 24,
        "kind": "audio",
        "name": "noisy.wav",
        "seconds": 3.2,
        "attached_now": True,
    }


async def test_tool_calls_in_fragments_become_steps(settings: Settings) -> None:
    calls = [
        ("speech_enhancement", json.dumps({"audio": "a" * 24})),
        ("text_to_speech", json.dumps({"text": "done, my friend", "voice": None})),
    ]
    async with planner(settings, Endpoint(calls)) as made:
        decision = await made.decide(REQUEST, [], unheard)
    assert decision.steps == (
        Step("speech_enhancement", {"audio": "a" * 24}, "id0"),
        Step("text_to_speech", {"text": "done, my friend"}, "id1"),
    )


async def test_results_and_failures_are_shown_to_the_model(settings: Settings) -> None:
    endpoint = Endpoint("Sorry.")
    good = StepResult(Step("text_to_speech", {"text": "x"}, "id0"), "hibari", facts={"voice": "heart"})
    bad = StepResult(Step("speech_enhancement", {}, "id1"), refusal=Refusal(RefusalKind.BAD_INPUT, "No speech."))
    async with planner(settings, endpoint) as made:
        await made.decide(REQUEST, [good, bad], unheard)
    calls, first, second = endpoint.asked[0]["messages"][-3:]
    assert [c["id"] for c in calls["tool_calls"]] == ["id0", "id1"]
    assert json.loads(first["content"])["facts"] == {"voice": "heart"}
    assert json.loads(second["content"]) == {"error": {"kind": "bad_input", "message": "No speech."}}


@pytest.mark.parametrize(
    "bad",
    [
        [("speech_enhancement", '{"audio": ')],
        [("speech_enhancement", '{"sound": "x"}')],
        [("no_such_tool", "{}")],
        [("speech_recognition", '{"audio": "x"}')],
    ],
    ids=["malformed", "wrong argument", "unknown tool", "tool that is not served"],
)
async def test_an_unusable_call_may_be_repaired_once(settings: Settings, bad: list[tuple[str, str]]) -> None:
    endpoint = Endpoint(bad, [("speech_enhancement", '{"audio": "y"}')])
    async with planner(settings, endpoint) as made:
        decision = await made.decide(REQUEST, [], unheard)
    assert decision.steps == (Step("speech_enhancement", {"audio": "y"}, "id0"),)
    assert "error" in endpoint.asked[1]["messages"][-1]["content"]
    async with planner(settings, Endpoint(bad, bad)) as made:
        with pytest.raises(ModelFailed):
            await made.decide(REQUEST, [], unheard)


@pytest.mark.parametrize("fault", [429, 500, 503, b'data: {"error": {"message": "gone"}}\n\n'])
async def test_what_may_pass_is_tried_again(settings: Settings, fault: int | bytes) -> None:
    endpoint = Endpoint(fault, fault, "at last", headers={"Retry-After": "0"})
    async with planner(settings, endpoint) as made:
        assert (await made.decide(REQUEST, [], unheard)).text == "at last"
    assert len(endpoint.asked) == 3


@pytest.mark.parametrize("fault", [400, 401, 403, 404])
async def test_what_will_not_pass_is_told_at_once(settings: Settings, fault: int) -> None:
    endpoint = Endpoint(fault, "never")
    async with planner(settings, endpoint) as made:
        with pytest.raises(ModelFailed, match="set up wrongly"):
            await made.decide(REQUEST, [], unheard)
    assert len(endpoint.asked) == 1


async def test_a_slow_endpoint_is_asked_again_and_given_up(settings: Settings) -> None:
    endpoint = Endpoint(1.0, 1.0, 1.0)
    async with planner(settings.model_copy(update={"llm_timeout_s": 0.1}), endpoint) as made:
        with pytest.raises(ModelFailed, match="does not answer"):
            await made.decide(REQUEST, [], unheard)
    assert len(endpoint.asked) == 3


async def test_an_endpoint_that_is_not_there(settings: Settings) -> None:
    gone = settings.model_copy(update={"llm_base_url": "http://127.0.0.1:9/v1", "llm_model": "m", "llm_timeout_s": 0.3})
    made = LanguageModelPlanner(gone)
    with pytest.raises(ModelFailed, match="does not answer"):
        await made.decide(REQUEST, [], unheard)
    await made.close()


def test_every_capability_is_a_tool_with_a_strict_schema(settings: Settings) -> None:
    for capability in registry(settings).capabilities.values():
        function = tool(capability)["function"]
        assert function["parameters"]["additionalProperties"] is False
        assert function["description"]
        json.dumps(function)
