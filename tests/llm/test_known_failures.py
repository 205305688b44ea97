"""What published systems of this kind get wrong, each in a whole turn by a scripted language model."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from llm.endpoint import Answer, Endpoint, serving
from router.broken_toys import tone
from router.turns import ANN, KEY, Heard, opened

from core import media
from core.app import App, open_planner
from core.artifacts import Artifact
from core.conversation import Conversation
from core.errors import RefusalKind
from core.ingest import FileAttachment, ingest
from core.messages import Incoming, Reply
from core.router import Router
from core.settings import Settings


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    async with opened(settings) as made:
        yield made


@asynccontextmanager
async def routing(app: App, endpoint: Endpoint, **update: object) -> AsyncIterator[Router]:
    async with serving(endpoint):
        settings = app.settings.model_copy(update={"llm_base_url": endpoint.url, "llm_model": "m", **update})
        async with open_planner(settings, app.bytes) as planner:
            yield Router(settings, planner, app.steps, Conversation(app.store), app.library)


async def answered(
    app: App, text: str, *script: Answer, clips: Sequence[Artifact] = (), refuses: Sequence[str] = ()
) -> tuple[Reply, Endpoint, Heard]:
    endpoint, heard = Endpoint(*script, refuses=refuses), Heard()
    async with routing(app, endpoint) as router:
        reply = await router.answer(Incoming(KEY, "1", ANN, text, tuple(clips)), heard.show)
    return reply, endpoint, heard


async def clip(app: App, folder: Path, peak: float) -> Artifact:
    path = folder / f"{peak}.wav"
    media.write_wav(tone(1.0, peak), path)
    return await ingest(FileAttachment(path), app.settings, app.bytes, person=f"{KEY.platform}:{ANN.id}")


async def peak(app: App, artifact: Artifact) -> float:
    async with app.bytes.local(artifact.id) as path:
        return float(np.abs(media.decode(path).samples).max())


def called(name: str, **args: object) -> tuple[str, str]:
    return name, json.dumps(args)


@pytest.mark.parametrize("rounds", [1, 2], ids=["chained in one answer", "one answer a step"])
async def test_the_last_result_is_shown_and_each_step_works_on_the_one_before(
    app: App, tmp_path: Path, rounds: int
) -> None:
    given = await clip(app, tmp_path, 0.8)
    first = called("clip", audio="item1")
    script: list[Answer] = [[first, called("clip", audio="$1")], "Here is the clip, at a quarter."]
    if rounds == 2:
        script = [[first], [called("clip", audio="item2")], "Here is the clip, at a quarter."]
    reply, endpoint, _ = await answered(app, "quarter it", *script, clips=[given])
    (shown,) = reply.shown
    assert await peak(app, shown.artifact) == pytest.approx(0.2, abs=0.01)
    assert reply.refusal is None
    assert len(endpoint.asked) == rounds + 1


async def test_arguments_are_not_cut_at_a_comma(app: App) -> None:
    said = "One, two, three: say “yes, yes”, then stop, please."
    reply, endpoint, _ = await answered(app, "play it", [called("toy", text=said)], "It said so.")
    assert reply.plan[0].args["text"] == said
    told = next(m for m in endpoint.asked[1]["messages"] if m["role"] == "tool")
    assert json.loads(told["content"])["text"] == said


async def test_no_default_clip_stands_in_for_a_model_that_broke(app: App) -> None:
    reply, endpoint, _ = await answered(app, "sing", [called("sing")], "Sorry, that did not work.")
    assert reply.shown == ()
    assert reply.refusal is not None
    assert reply.refusal.kind is RefusalKind.MODEL_FAILED
    told = next(m for m in endpoint.asked[1]["messages"] if m["role"] == "tool")
    assert json.loads(told["content"])["error"]["kind"] == "model_failed"


async def test_success_is_not_claimed_although_a_tool_failed(app: App) -> None:
    lie = "I've sung the song for you, enjoy the music!"
    reply, endpoint, heard = await answered(app, "sing", [called("sing")], lie, lie)
    assert reply.text == (reply.refusal or pytest.fail()).message
    assert not any("song" in words for words in heard.words)
    assert "no result of this turn holds that" in endpoint.asked[2]["messages"][-1]["content"]


async def test_a_failed_step_is_repaired_once_and_the_repair_is_what_is_told(app: App) -> None:
    script: list[Answer] = [[called("sing")], [called("stems")], "Here are the stems."]
    reply, _, _ = await answered(app, "sing", *script)
    assert (reply.text, reply.refusal) == ("Here are the stems.", None)
    script = [[called("sing")], [called("sing", text="again")], "It did not work, twice."]
    reply, endpoint, _ = await answered(app, "sing", *script)
    assert reply.refusal is not None
    assert "tools" not in endpoint.asked[2]


async def test_small_talk_is_answered_with_words(app: App) -> None:
    """Nothing forces a tool, the prompt says that small talk gets none, and no job is made."""
    reply, endpoint, heard = await answered(app, "hello, how are you?", "Hello, Ann! I'm fine. And you?")
    assert (reply.text, reply.plan) == ("Hello, Ann! I'm fine. And you?", ())
    assert heard.words[-1] == reply.text
    assert "tool_choice" not in endpoint.asked[0]
    assert "Small talk and questions get words only" in endpoint.asked[0]["messages"][0]["content"]


async def test_a_whole_turn_at_an_endpoint_that_knows_json_only(app: App, tmp_path: Path) -> None:
    given = await clip(app, tmp_path, 0.8)
    calls = [{"tool": "clip", "arguments": {"audio": "item1"}}, {"tool": "clip", "arguments": {"audio": "$1"}}]
    script = [json.dumps({"calls": calls, "say": ""}), json.dumps({"calls": [], "say": "Here is the clip."})]
    reply, _, heard = await answered(app, "quarter it", *script, clips=[given], refuses=("tools", "response_format"))
    (shown,) = reply.shown
    assert await peak(app, shown.artifact) == pytest.approx(0.2, abs=0.01)
    assert (reply.text, heard.words[-1]) == ("Here is the clip.", "Here is the clip.")


async def test_somebody_elses_media_cannot_be_named(app: App, tmp_path: Path) -> None:
    """A piece that is kept, but that this conversation was not shown, is no item: whatever its id."""
    given, other = await clip(app, tmp_path, 0.8), await clip(app, tmp_path, 0.4)
    await app.library.keep(other, "another/room")
    script: list[Answer] = [[called("clip", audio=other.id)], "I don't find that clip."]
    reply, endpoint, _ = await answered(app, "halve it", *script, clips=[given])
    assert (reply.text, reply.plan) == ("I don't find that clip.", ())
    assert "there is no item" in endpoint.asked[1]["messages"][-1]["content"]
