"""The shapes of endpoint there are, each spoken by a local server, and what fails at them."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from llm.asking import CLIP, REQUEST, planner, unheard
from llm.endpoint import Cut, Deltas, Endpoint, Fault, Stall, Trickle, Whole

from core.errors import ModelFailed, OverLimit, Refusal, RefusalKind, Refused, Unsafe
from core.llm import LanguageModelPlanner
from core.llm.answers import runs_away
from core.llm.dialect import Calls
from core.plans import Decision, Step, StepResult
from core.settings import Settings

CLEAN = {"tool": "speech_enhancement", "arguments": {"audio": "item1"}}
PLAN = json.dumps({"calls": [CLEAN], "say": ""})
DONE = json.dumps({"calls": [], "say": 'Hello, {friend}: "now"!\nBye.'})
SAID = 'Hello, {friend}: "now"!\nBye.'


def _is_clean(decision: Decision) -> bool:
    return [(s.capability, s.args) for s in decision.steps] == [("speech_enhancement", {"audio": CLIP})]


async def test_an_endpoint_that_refuses_tools_is_held_to_a_schema_and_that_is_remembered(settings: Settings) -> None:
    endpoint = Endpoint(PLAN, DONE, refuses=("tools",))
    async with planner(settings, endpoint) as made:
        assert _is_clean(await made.decide(REQUEST, [], unheard))
        assert (await made.decide(REQUEST, [], unheard)).text == SAID
    refused, first, second = endpoint.asked
    assert "tools" in refused
    assert "tools" not in first and "tools" not in second
    schema = first["response_format"]["json_schema"]
    assert schema["strict"] is True
    calls = schema["schema"]["properties"]["calls"]["items"]["anyOf"]
    assert {c["properties"]["tool"]["enum"][0] for c in calls} == REQUEST.served
    system = first["messages"][0]["content"]
    assert "- speech_enhancement(audio: string" in system
    assert "speed?: number (1 is normal" in system


async def test_an_endpoint_without_tools_and_schemas_is_asked_in_words(settings: Settings) -> None:
    endpoint = Endpoint(f"Sure!\n```json\n{PLAN}\n```", DONE, refuses=("tools", "response_format"))
    async with planner(settings, endpoint) as made:
        assert _is_clean(await made.decide(REQUEST, [], unheard))
        assert (await made.decide(REQUEST, [], unheard)).text == SAID
    assert [("tools" in a, "response_format" in a) for a in endpoint.asked] == [
        (True, False),
        (False, True),
        (False, False),
        (False, False),
    ]


@pytest.mark.parametrize("calls", list(Calls))
async def test_how_calls_are_made_can_be_forced(settings: Settings, calls: Calls) -> None:
    answer = [("speech_enhancement", '{"audio": "item1"}')] if calls is Calls.TOOLS else PLAN
    endpoint = Endpoint(answer)
    async with planner(settings, endpoint, llm_calls=calls.value) as made:
        assert _is_clean(await made.decide(REQUEST, [], unheard))
    assert ("tools" in endpoint.asked[0], "response_format" in endpoint.asked[0]) == (
        calls is Calls.TOOLS,
        calls is Calls.SCHEMA,
    )
    refusing = Endpoint(refuses=("tools", "response_format", "messages"))
    async with planner(settings, refusing, llm_calls=calls.value) as made:
        with pytest.raises(ModelFailed, match="set up wrongly"):
            await made.decide(REQUEST, [], unheard)
    assert len(refusing.asked) == 1


@pytest.mark.parametrize(
    "written",
    [
        '{"name": "speech_enhancement", "arguments": {"audio": "item1"}}',
        '<tool_call>\n{"name": "speech_enhancement", "arguments": {"audio": "item1"}}\n</tool_call>',
        '<|python_tag|>{"name": "speech_enhancement", "parameters": {"audio": "item1"}}',
        '[TOOL_CALLS][{"name": "speech_enhancement", "arguments": {"audio": "item1"}}]',
        '```json\n[{"name": "speech_enhancement", "arguments": {"audio": "item1"}}]\n```',
        '{"tool_calls": [{"function": {"name": "speech_enhancement", "arguments": "{\\"audio\\": \\"item1\\"}"}}]}',
        "<think>I clean it.</think>" + PLAN,
    ],
)
async def test_an_endpoint_that_ignores_tools_and_writes_its_calls(settings: Settings, written: str) -> None:
    """What it writes is carried out and not shown, and it is given a schema from then on."""
    heard: list[str] = []

    async def words(text: str) -> None:
        heard.append(text)

    endpoint = Endpoint(written, PLAN)
    async with planner(settings, endpoint) as made:
        assert _is_clean(await made.decide(REQUEST, [], words))
        assert _is_clean(await made.decide(REQUEST, [], words))
    assert heard == []
    assert "tools" in endpoint.asked[0]
    assert "response_format" in endpoint.asked[1]


async def test_json_that_is_no_call_is_words(settings: Settings) -> None:
    wanted = '{"name": "Ann", "likes": ["bread", "rain"]}'
    async with planner(settings, Endpoint(wanted)) as made:
        assert (await made.decide(REQUEST, [], unheard)).text == wanted


@pytest.mark.parametrize("calls", ["schema", "text"])
async def test_words_stream_out_of_json(settings: Settings, calls: str) -> None:
    heard: list[str] = []

    async def words(text: str) -> None:
        heard.append(text)

    async with planner(settings, Endpoint(DONE), llm_calls=calls) as made:
        assert (await made.decide(REQUEST, [], words)).text == SAID
    assert len(heard) > 3
    assert all(SAID.startswith(text) for text in heard)


@pytest.mark.parametrize("calls", ["schema", "text"])
@pytest.mark.parametrize("bad", ['{"calls": [{"tool": "speech_enhancement", "argu', '{"answer": 42}'])
async def test_broken_json_may_be_repaired_once(settings: Settings, calls: str, bad: str) -> None:
    endpoint = Endpoint(bad, PLAN)
    async with planner(settings, endpoint, llm_calls=calls) as made:
        assert _is_clean(await made.decide(REQUEST, [], unheard))
    assert "not the JSON" in endpoint.asked[1]["messages"][-1]["content"]
    async with planner(settings, Endpoint(bad, bad), llm_calls=calls) as made:
        with pytest.raises(ModelFailed, match="another way"):
            await made.decide(REQUEST, [], unheard)


async def test_results_are_told_to_an_endpoint_without_tools(settings: Settings) -> None:
    no = Refusal(RefusalKind.BAD_INPUT, "No speech.")
    result = StepResult(Step("speech_enhancement", {"audio": CLIP}, "x"), refusal=no, round=1)
    endpoint = Endpoint(DONE)
    async with planner(settings, endpoint, llm_calls="text") as made:
        await made.decide(REQUEST, [result], unheard)
    said, told = endpoint.asked[0]["messages"][-2:]
    assert json.loads(said["content"]) == {"calls": [CLEAN], "say": ""}
    assert '"kind": "bad_input", "message": "No speech."' in told["content"]
    assert all(m["role"] in ("system", "user", "assistant") for m in endpoint.asked[0]["messages"])


@pytest.mark.parametrize(
    ("field", "message", "gone"),
    [
        ("stream_options", "unknown field stream_options", lambda asked: "stream_options" not in asked),
        ("tools", "strict is not supported", lambda asked: "strict" not in asked["tools"][0]["function"]),
    ],
)
async def test_what_an_endpoint_does_not_take_is_left_out(
    settings: Settings, field: str, message: str, gone: Any
) -> None:
    endpoint = Endpoint(Fault(400, message), "ok", "ok")
    async with planner(settings, endpoint) as made:
        assert (await made.decide(REQUEST, [], unheard)).text == "ok"
        await made.decide(REQUEST, [], unheard)
    assert not gone(endpoint.asked[0])
    assert gone(endpoint.asked[1]) and gone(endpoint.asked[2])
    assert "tools" in endpoint.asked[2]


async def test_an_endpoint_that_does_not_stream(settings: Settings) -> None:
    fragment = {"id": "x", "type": "function", "function": {"name": "text_to_speech", "arguments": '{"text": "hi"}'}}
    endpoint = Endpoint(Whole({"content": "lost"}), Whole({"content": None, "tool_calls": [fragment]}), "ok")
    async with planner(settings, endpoint) as made:
        assert (await made.decide(REQUEST, [], unheard)).steps == (Step("text_to_speech", {"text": "hi"}, "x"),)
        assert (await made.decide(REQUEST, [], unheard)).text == "ok"
    assert [a["stream"] for a in endpoint.asked] == [True, False, False]


@pytest.mark.parametrize(
    "fault",
    [429, 500, 503, b'data: {"error": {"message": "gone"}}\n\n', b'data: {"id": "c", "cho\n\n', Cut("Half an ans")],
    ids=["429", "500", "503", "an error in the stream", "a malformed chunk", "a stream that breaks off"],
)
async def test_what_may_pass_is_tried_again(settings: Settings, fault: Any) -> None:
    endpoint = Endpoint(fault, fault, "at last", headers={"Retry-After": "0"})
    async with planner(settings, endpoint) as made:
        assert (await made.decide(REQUEST, [], unheard)).text == "at last"
    assert len(endpoint.asked) == 3


async def test_an_endpoint_that_stays_broken_is_given_up(settings: Settings) -> None:
    endpoint = Endpoint(500, 500, 500, "never")
    async with planner(settings, endpoint) as made:
        with pytest.raises(ModelFailed, match="try again in a moment"):
            await made.decide(REQUEST, [], unheard)
    assert len(endpoint.asked) == 3


async def test_a_rate_limit_that_lasts_is_told_with_its_time(settings: Settings) -> None:
    endpoint = Endpoint(Fault(429, headers={"Retry-After": "240"}), "never")
    async with planner(settings, endpoint) as made:
        with pytest.raises(ModelFailed, match="try again in 4 minutes"):
            await made.decide(REQUEST, [], unheard)
    assert len(endpoint.asked) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(401, "Incorrect API key provided"),
        Fault(403, "forbidden"),
        Fault(404, "The model does not exist", "model_not_found"),
        Fault(429, "You exceeded your current quota", "insufficient_quota"),
    ],
    ids=lambda fault: str(fault.status),
)
async def test_what_will_not_pass_is_told_at_once(
    settings: Settings, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = Endpoint(fault, "never")
    async with planner(settings, endpoint) as made:
        with caplog.at_level(logging.ERROR), pytest.raises(ModelFailed, match="set up wrongly") as told:
            await made.decide(REQUEST, [], unheard)
    assert len(endpoint.asked) == 1
    assert fault.message in caplog.text
    assert fault.message not in told.value.message


async def test_what_no_form_of_asking_helps_is_told_and_not_remembered(settings: Settings) -> None:
    endpoint = Endpoint(400, 400, 400, "ok")
    async with planner(settings, endpoint) as made:
        with pytest.raises(ModelFailed, match="set up wrongly"):
            await made.decide(REQUEST, [], unheard)
        assert (await made.decide(REQUEST, [], unheard)).text == "ok"
    assert "tools" in endpoint.asked[-1]


@pytest.mark.parametrize(
    "answer",
    [
        Fault(400, "The response was filtered", "content_filter"),
        Fault(403, "Your input was flagged by moderation"),
        Deltas([{"content": "Well, "}], "content_filter"),
    ],
    ids=["refused by a filter", "refused by a moderator", "cut by a filter"],
)
async def test_a_content_filter_is_typed(settings: Settings, answer: Fault | Deltas) -> None:
    endpoint = Endpoint(answer, "never")
    async with planner(settings, endpoint) as made:
        with pytest.raises(Unsafe, match="will not answer"):
            await made.decide(REQUEST, [], unheard)
    assert len(endpoint.asked) == 1


async def test_a_models_own_refusal_is_typed_and_in_its_words(settings: Settings) -> None:
    async with planner(
        settings, Endpoint(Deltas([{"refusal": "Das tue ich "}, {"refusal": "nicht."}], "stop"))
    ) as made:
        decision = await made.decide(REQUEST, [], unheard)
    assert decision.refusal == Refusal(RefusalKind.UNSAFE, "Das tue ich nicht.")
    assert decision.text == "Das tue ich nicht."


async def test_a_conversation_that_is_too_long_is_left_out(settings: Settings) -> None:
    fault = Fault(400, "maximum context length is 4096 tokens", "context_length_exceeded")
    endpoint = Endpoint(fault, "ok", fault, fault)
    async with planner(settings, endpoint) as made:
        assert (await made.decide(REQUEST, [], unheard)).text == "ok"
        with pytest.raises(OverLimit, match="send less"):
            await made.decide(REQUEST, [], unheard)
    assert [len(a["messages"]) for a in endpoint.asked] == [4, 2, 4, 2]
    assert all("tools" in a for a in endpoint.asked)


@pytest.mark.parametrize("slow", [30.0, Stall("Well, let me th", 30.0)], ids=["before a word", "amid its words"])
async def test_a_slow_endpoint_is_asked_once_more_and_given_up(settings: Settings, slow: float | Stall) -> None:
    endpoint = Endpoint(slow, slow, "never")
    async with planner(settings, endpoint, llm_timeout_s=1.0) as made:
        with pytest.raises(ModelFailed, match="takes too long"):
            await made.decide(REQUEST, [], unheard)
    assert endpoint.script[-1] == "never"


async def test_an_answer_that_goes_on_and_on_is_given_up(settings: Settings) -> None:
    endpoint = Endpoint(*[Trickle(0.05)] * 3, "never")
    async with planner(settings, endpoint, llm_timeout_s=1.0) as made:
        with pytest.raises(ModelFailed, match="takes too long"):
            await made.decide(REQUEST, [], unheard)


async def test_an_endpoint_that_is_not_there(settings: Settings) -> None:
    gone = settings.model_copy(update={"llm_base_url": "http://127.0.0.1:9/v1", "llm_model": "m", "llm_timeout_s": 5.0})
    made = LanguageModelPlanner(gone)
    with pytest.raises(ModelFailed, match="does not answer"):
        await made.decide(REQUEST, [], unheard)
    await made.close()


@pytest.mark.parametrize("calls", ["tools", "text"])
async def test_a_model_that_runs_away_is_stopped(settings: Settings, calls: str) -> None:
    endpoint = Endpoint(Deltas([{"content": " \n" * 2000}] * 100), Deltas([{"content": " \n" * 2000}] * 100))
    async with planner(settings, endpoint, llm_calls=calls) as made:
        with pytest.raises(Refused):
            await made.decide(REQUEST, [], unheard)


CALL = '{"tool": "text_to_speech", "arguments": {"text": "noisy.wav", "voice": "noisy.wav", "speed": 3.2}}, '


@pytest.mark.parametrize("more", [CALL, " \n", "It is a big cat. It is a very big cat. "])
async def test_a_model_that_repeats_itself_is_stopped_long_before_its_context_is_full(
    settings: Settings, more: str, caplog: pytest.LogCaptureFixture
) -> None:
    began = '{"calls": [' if more == CALL else '{"calls": [], "say": "'
    endpoint = Endpoint(Deltas([{"content": part} for part in (began, *[more] * 4000)]), PLAN)
    async with planner(settings, endpoint, llm_calls="schema") as made:
        assert _is_clean(await made.decide(REQUEST, [], unheard))  # it is told, and answers anew
    assert len(endpoint.asked) == 2
    (stopped,) = re.findall(r"stopped after (\d+) characters", caplog.text)
    assert int(stopped) < 3000


def test_a_long_plan_and_a_long_text_do_not_run_away() -> None:
    edits = [
        {
            "tool": "audio_editing",
            "arguments": {"operation": "trim", "audios": ["item1"], "start_s": n, "end_s": n + 2.5},
        }
        for n in range(12)
    ]
    assert not runs_away(json.dumps({"calls": edits, "say": ""}))
    verse = "\n".join(
        f"Verse {n}: the ferry leaves at {n + 6}, and nobody knows why; la la la, la la la" for n in range(60)
    )
    assert not runs_away(json.dumps({"say": verse}))
    assert runs_away(json.dumps({"say": "la la la, " * 400}))
