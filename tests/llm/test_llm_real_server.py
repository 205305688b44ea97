"""A real server, llama.cpp's, with a real and very small model: what it takes, holds to, streams and refuses.

The model is too small to plan well. What is tested is that a real server understands us, and that nothing it answers
gets through unchecked.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from llm.asking import REQUEST, unheard
from paths import ROOT
from platforms.judges.run import PYTHON
from typer.testing import CliRunner

from bots.cli.main import app
from core.capabilities import BUILT_IN
from core.errors import ModelFailed, OverLimit
from core.llm import LanguageModelPlanner
from core.llm.dialect import Calls
from core.plans import Line, Request
from core.settings import Settings

KNOWN = {c.id: c for c in BUILT_IN}
SAY = Request('Say "good morning" out loud', served=frozenset({"text_to_speech", "text_to_image"}))
_STARTS_S = 60


@pytest.fixture(scope="module")
async def url() -> AsyncIterator[str]:
    """The address of the server's API."""
    if not PYTHON.exists():
        if os.environ.get("CI"):
            pytest.fail("the server is not installed, and these tests must run here", pytrace=False)
        pytest.skip("the server is not installed: `make judges` does that")
    pipe = asyncio.subprocess.PIPE
    script = Path(__file__).with_name("real_server.py")
    server = await asyncio.create_subprocess_exec(
        PYTHON, script, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
    )
    assert server.stdout is not None
    address = (await asyncio.wait_for(server.stdout.readline(), _STARTS_S)).decode().strip()
    assert address.startswith("http://127.0.0.1:"), address
    try:
        yield f"{address}/v1"
    finally:
        server.kill()
        await server.wait()


async def planned(settings: Settings, url: str, calls: str) -> LanguageModelPlanner:
    return LanguageModelPlanner(settings.model_copy(update={"llm_base_url": url, "llm_calls": calls}))


@pytest.mark.parametrize("calls", ["auto", *Calls])
async def test_whatever_a_small_model_answers_is_a_checked_plan_or_words_or_a_plain_failure(
    settings: Settings, url: str, calls: str
) -> None:
    planner = await planned(settings, url, calls)
    try:
        decision = await planner.decide(SAY, [], unheard)
        assert decision.steps or decision.text
        assert {step.capability for step in decision.steps} <= SAY.served
        for step in decision.steps:
            KNOWN[step.capability].args.model_validate(step.args)
        assert decision.tokens > 100  # counted by the server, prompt and answer
    except ModelFailed as failed:
        assert "could not make a plan" in failed.refusal.message
    finally:
        await planner.close()


async def test_the_server_holds_the_model_to_our_schema(settings: Settings, url: str) -> None:
    """Without it this model writes prose: with it, every answer is one of our calls or words to say."""
    planner = await planned(settings, url, "schema")
    try:
        decision = await planner.decide(SAY, [], unheard)
        assert [step.capability for step in decision.steps][:1] == ["text_to_speech"]
        assert "good morning" in str(decision.steps[0].args["text"]).lower()
    finally:
        await planner.close()


async def test_words_are_heard_while_they_stream(settings: Settings, url: str) -> None:
    heard: list[str] = []

    async def words(text: str) -> None:
        heard.append(text)

    planner = await planned(settings, url, "tools")
    try:
        decision = await planner.decide(Request("Hello! Who are you?", served=SAY.served), [], words)
        assert decision.text and heard[-1].strip() == decision.text
        assert len(heard) > 3 and all(after.startswith(before) for before, after in zip(heard, heard[1:], strict=False))
    finally:
        await planner.close()


async def test_its_refusal_of_too_much_is_understood(settings: Settings, url: str) -> None:
    """Its context holds 8,192 tokens: what was said before is left out, and a message that is too long is refused."""
    planner = await planned(settings, url, "schema")
    long = Line("user", "we talked about rain and wind and boats " * 40)
    try:
        with_history = Request(SAY.text, history=(long, Line("bot", "yes")) * 40, served=SAY.served)
        assert (await planner.decide(with_history, [], unheard)).steps
        with pytest.raises(OverLimit):
            await planner.decide(Request("tell me a story about " + "boats and trains " * 4000), [], unheard)
    finally:
        await planner.close()


def test_it_is_evaluated_beside_the_embedded_router(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "set" / "consistency"
    folder.mkdir(parents=True)
    wordings = [{"en": 'say "good morning"'}, {"en": "read this aloud: the ferry leaves at nine"}]
    (folder / "text_to_speech.yaml").write_text(json.dumps([{"capability": "text_to_speech", "wordings": wordings}]))
    asked = ["eval", "--set", str(folder.parent), "--part", "consistency", "--planner", "embedded"]
    result = CliRunner().invoke(app, [*asked, "--planner", f"{url}#smollm2", "--out", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_text().splitlines()]
    tried = {planner: [r for r in lines if r["planner"] == planner] for planner in ("embedded", f"{url}#smollm2")}
    assert [len(trials) for trials in tried.values()] == [4, 4]  # two more are typed in haste
    assert all(r["ok"] for r in tried["embedded"])
    assert all("could not be tried" not in fault for r in lines for fault in r["faults"])
    report = (tmp_path / "out" / "report.html").read_text()
    assert "embedded" in report and "smollm2" in report


@pytest.mark.timeout(300)  # half a minute where nothing else runs, and a suite runs beside it
async def test_the_requests_of_other_tests_are_taken_by_it_too(settings: Settings, url: str) -> None:
    planner = await planned(settings, url, "schema")
    try:
        decision = await planner.decide(REQUEST, [], unheard)
        assert decision.text or {step.capability for step in decision.steps} <= REQUEST.served
    except ModelFailed as failed:
        assert "could not make a plan" in failed.refusal.message
    finally:
        await planner.close()
