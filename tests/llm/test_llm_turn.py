"""A whole turn with a language model at the head: tool call, job, result, words."""

from __future__ import annotations

import json

from llm.endpoint import Endpoint, serving

from core.app import inline_worker, open_app
from core.jobs.memory import MemoryJobs
from core.messages import ConversationKey, Incoming, Person, Stage, Status
from core.settings import Settings


async def test_a_turn_by_a_language_model(settings: Settings) -> None:
    words: list[str] = []

    async def show(status: Status) -> None:
        if status.stage is Stage.WORDS:
            words.append(status.text)

    calls = [("toy", json.dumps({"text": "one"})), ("toy", json.dumps({"text": "$1"}))]
    endpoint = Endpoint(calls, "Both toys said one.")
    jobs = MemoryJobs()
    async with serving(endpoint):
        own = settings.model_copy(update={"llm_base_url": endpoint.url, "llm_model": "m"})
        async with inline_worker(own, jobs), open_app(own, jobs) as app:
            key = ConversationKey("test", "s", "c")
            reply = await app.router.answer(Incoming(key, "1", Person("ann", "Ann"), "play twice"), show)
    await jobs.close()
    assert (reply.text, reply.refusal) == ("Both toys said one.", None)
    assert [r.args["text"] for r in reply.plan] == ["one", "one"]
    assert words[-1] == reply.text
    told = [m for m in endpoint.asked[1]["messages"] if m["role"] == "tool"]
    assert [json.loads(m["content"])["text"] for m in told] == ["one", "one"]
