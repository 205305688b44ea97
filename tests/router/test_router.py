"""The router's loop with a scripted planner, the in-memory queue and toy models."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from router.turns import ANN, KEY, Script

from core import media
from core.app import App, inline_worker, open_app
from core.artifacts import Artifact, Kind
from core.conversation import Conversation
from core.errors import Refusal, RefusalKind
from core.ingest import FileAttachment, ingest
from core.jobs.memory import MemoryJobs
from core.messages import Incoming, Stage, Status, Way
from core.plans import Decision, Step
from core.router import Router, speakable
from core.settings import Settings


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    jobs = MemoryJobs()
    async with inline_worker(settings, jobs), open_app(settings, jobs) as opened:
        yield opened
    await jobs.close()


async def quiet(status: Status) -> None:
    return None


def routing(app: App, *lines: Decision) -> tuple[Router, Script]:
    script = Script(list(lines))
    return Router(app.settings, script, app.steps, Conversation(app.store), app.library), script


def toy(text: str, model: str = "toy") -> Step:
    return Step(model, {"text": text})


async def tone(app: App, folder: Path, step: float = 0.1) -> Artifact:
    path = folder / f"tone{step}.wav"
    samples = (0.4 * np.sin(np.arange(24000) * step)).astype(np.float32)
    media.write_wav(media.Audio(samples[None], 24000), path)
    return await ingest(FileAttachment(path), app.settings, app.bytes, person="ann")


async def test_words_only(app: App) -> None:
    router, script = routing(app, Decision(text="Hello, Ann."))
    reply = await router.answer(Incoming(KEY, "1", ANN, "hi"), quiet)
    assert (reply.text, reply.refusal, reply.shown) == ("Hello, Ann.", None, ())
    assert script.asked[0].first
    assert "toy" in script.asked[0].served


async def test_a_step_runs_and_the_planner_words_its_result(app: App) -> None:
    router, script = routing(app, Decision((toy("one"),)), Decision(text="It said one."))
    reply = await router.answer(Incoming(KEY, "1", ANN, "say one"), quiet)
    assert reply.text == "It said one."
    assert script.seen[1][0].text == "one"
    assert [(r.capability, r.model) for r in reply.plan] == [("toy", "echo")]


async def test_a_step_takes_the_text_of_an_earlier_one(app: App) -> None:
    router, script = routing(app, Decision((toy("one"), toy("$1"))), Decision(text="ok"))
    await router.answer(Incoming(KEY, "1", ANN, "twice"), quiet)
    assert [r.text for r in script.seen[1]] == ["one", "one"]


async def test_only_the_end_of_a_chain_is_shown(app: App, tmp_path: Path) -> None:
    clip = await tone(app, tmp_path)
    chain = (Step("clip", {"audio": clip.id}), Step("clip", {"audio": "$1"}))
    router, _ = routing(app, Decision(chain), Decision(text="Quarter."))
    reply = await router.answer(Incoming(KEY, "1", ANN, "quarter it", (clip,)), quiet)
    (shown,) = reply.shown
    assert shown.way is Way.AUDIO
    async with app.bytes.local(shown.artifact.id) as path:
        assert np.abs(media.decode(path).samples).max() == pytest.approx(0.1, abs=0.01)


async def test_media_that_was_only_read_is_shown(app: App, tmp_path: Path) -> None:
    """ "Clean it up, then transcribe it" gives both."""
    clip = await tone(app, tmp_path)
    chain = (Step("clip", {"audio": clip.id}), Step("length", {"audio": "$1"}))
    router, _ = routing(app, Decision(chain), Decision(text="Both."))
    reply = await router.answer(Incoming(KEY, "1", ANN, "both", (clip,)), quiet)
    assert [s.artifact.recipe.model for s in reply.shown] == ["halver"]


async def test_a_failed_step_fails_what_needed_it_and_the_reply_carries_the_refusal(app: App) -> None:
    bad = Step("toy", {"text": "$2"})
    router, script = routing(app, Decision((bad, toy("x"))), Decision(text="That did not work."))
    reply = await router.answer(Incoming(KEY, "1", ANN, "go"), quiet)
    assert script.seen[1][0].refusal is not None
    assert script.seen[1][1].text == "x"
    assert reply.refusal is not None


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (Step("speech_separation", {"audio": "a" * 24}), RefusalKind.BAD_INPUT),
        (Step("juggling", {}), RefusalKind.NO_MODEL),
        (Step("clip", {}), RefusalKind.MISSING_INPUT),
        (Step("clip", {"audio": "f" * 24}), RefusalKind.BAD_INPUT),
        (Step("toy", {"seconds": "soon"}), RefusalKind.BAD_INPUT),
        (Step("text_to_image", {"description": "a cat"}), RefusalKind.NO_MODEL),
    ],
)
async def test_steps_that_cannot_run_are_typed(app: App, step: Step, kind: RefusalKind) -> None:
    router, script = routing(app, Decision((step,)), Decision(text="no"))
    reply = await router.answer(Incoming(KEY, "1", ANN, "go"), quiet)
    assert reply.refusal is not None
    assert reply.refusal.kind is kind


async def test_steps_that_do_not_point_at_each_other_run_in_parallel(app: App) -> None:
    order: list[str] = []

    async def show(status: Status) -> None:
        if status.stage is Stage.RUNNING:
            order.append(status.model)

    router, script = routing(app, Decision((toy("a"), toy("b"), toy("c"))), Decision(text="ok"))
    await router.answer(Incoming(KEY, "1", ANN, "three"), show)
    assert [r.text for r in script.seen[1]] == ["a", "b", "c"]


async def test_a_step_that_waits_does_not_hide_how_far_the_running_one_is(app: App) -> None:
    shown: list[Status] = []

    async def show(status: Status) -> None:
        shown.append(status)

    steps = tuple(Step("toy", {"text": text, "seconds": 0.1}, model="sleepy") for text in "abc")
    router, _ = routing(app, Decision(steps), Decision(text="ok"))
    await router.answer(Incoming(KEY, "1", ANN, "slowly"), show)
    jobs = [s for s in shown if s.capability]
    running = [s.stage for s in jobs].index(Stage.RUNNING)
    assert [s.fraction for s in jobs[running:]] == [None, 0.5, 1.0] * 3
    assert {s.place for s in jobs[:running]} == {1}


async def test_memory_gives_earlier_media_newest_first(app: App, tmp_path: Path) -> None:
    one, two = await tone(app, tmp_path), await tone(app, tmp_path, 0.2)
    router, script = routing(app, *[Decision(text=str(n)) for n in range(3)])
    for number, clip in enumerate((one, two)):
        await app.library.keep(clip, str(KEY))
        await router.answer(Incoming(KEY, str(number), ANN, "here", (clip,)), quiet)
    await router.answer(Incoming(KEY, "2", ANN, "and now?"), quiet)
    last = script.asked[-1]
    assert [i.id for i in last.items] == [two.id, one.id]
    assert not any(i.current for i in last.items)
    assert [line.text for line in last.history] == ["here", "0", "here", "1"]
    assert not last.first


async def test_a_fault_in_an_attachment_is_the_answer(app: App) -> None:
    router, script = routing(app)
    fault = Refusal(RefusalKind.BAD_INPUT, "That file is empty.")
    reply = await router.answer(Incoming(KEY, "1", ANN, "hi", fault=fault), quiet)
    assert (reply.text, reply.refusal) == ("That file is empty.", fault)
    assert script.asked == []


async def test_a_planner_without_an_end_is_stopped(app: App) -> None:
    router, _ = routing(app, *[Decision((toy(str(n)),)) for n in range(20)])
    reply = await router.answer(Incoming(KEY, "1", ANN, "loop"), quiet)
    assert reply.refusal is not None


async def test_cancelling_a_turn_cancels_its_job(app: App) -> None:
    running = asyncio.Event()

    async def show(status: Status) -> None:
        if status.stage is Stage.RUNNING and status.fraction:
            running.set()

    sleep = Step("toy", {"seconds": 20})
    router, _ = routing(app, Decision((sleep,)))
    app.steps.pick = _always("sleepy")
    turn = asyncio.create_task(router.answer(Incoming(KEY, "1", ANN, "sleep"), show))
    await asyncio.wait_for(running.wait(), 10)
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    loop = asyncio.get_running_loop()
    before = loop.time()
    async with asyncio.timeout(10):
        while any(w.busy for w in await app.jobs.workers()):
            await asyncio.sleep(0.05)
    assert loop.time() - before < 5


def _always(model: str) -> object:
    async def pick(*_: object) -> str:
        return model

    return pick


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Here it is.", "Here it is."),
        ("**Bold** and `code`, see https://x.org/a?b=c now", "Bold and code , see now"),
        ("- one\n- two", "one two"),
        ("[a link](http://x)", "a link"),
        ("```py\nx = 1\n```", ""),
        ("A. " * 400, ("A. " * 200).strip()),
    ],
)
def test_what_is_read_aloud(written: str, spoken: str) -> None:
    assert speakable(written) == spoken


def test_kinds_have_ways() -> None:
    from core.router import _WAYS

    assert set(_WAYS) | {Kind.MIDI, Kind.TEXT} == set(Kind)
