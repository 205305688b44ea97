"""The bot that is killed in the middle goes on where it stopped: nothing lost, nothing said twice."""

from __future__ import annotations

import asyncio

import pytest
from platforms import media
from platforms.slack import faults
from platforms.slack.product import MODES, answer, product, said, settled
from platforms.slack.server import Slack, Upload

from bots import desk, progress
from core.jobs.memory import MemoryJobs
from core.settings import Settings

both = pytest.mark.parametrize("mode", MODES)


@pytest.fixture(autouse=True)
def quick(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_DELIVERY_WAITS_S", (0.1,) * 20)
    monkeypatch.setattr(progress, "_LANDING_S", 0.2)
    slack.deliveries.timeout_s = 1


@both
async def test_between_a_question_and_its_answer(slack: Slack, settings: Settings, mode: str) -> None:
    room = slack.channel("talk", [slack.member("Ann")])
    jobs = MemoryJobs()
    async with product(slack, settings, mode, jobs) as stage:
        ts = await slack.say(room, f"{slack.mention} sleep 2")
        await slack.until(lambda: stage.desk.busy, "the turn")
        await slack.until(lambda: slack.answers(room.in_thread(ts)), "the status line")
    async with product(slack, settings, mode, jobs) as stage:
        assert (await answer(slack, room.in_thread(ts))).text == "slept"
        assert len(await settled(slack, stage, room.in_thread(ts))) == 1
    await jobs.close()


async def test_before_a_file_is_fetched(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    gate = slack.faults.add("download", faults.hold())
    async with product(slack, settings):
        await slack.say(dm, "transcribe", files=[Upload("a.wav", media.wav(2.0))])
        await slack.until(lambda: slack.called("download"), "the download")
    gate.gate.set()
    async with product(slack, settings) as stage:
        assert (await answer(slack, dm)).text == "say 2.0 seconds"
        assert len(await settled(slack, stage, dm)) == 1


@pytest.mark.parametrize("wish", ["hello", "speak one two"])
@pytest.mark.parametrize("endpoint", ["chat.postMessage", "files.completeUploadExternal"])
async def test_between_a_post_and_the_news_of_it(slack: Slack, settings: Settings, endpoint: str, wish: str) -> None:
    if wish == "hello" and endpoint.startswith("files"):
        pytest.skip("words are no file")
    room = slack.channel("talk", [slack.member("Ann")])
    gate = slack.faults.add(endpoint, faults.hang_after())
    count = 2 if wish.startswith("speak") else 1
    async with product(slack, settings):
        thread = room.in_thread(await slack.say(room, f"{slack.mention} {wish}"))
        await answer(slack, thread, count if endpoint.startswith("chat") else 1)
    gate.gate.set()
    async with product(slack, settings) as stage:
        await answer(slack, thread, count)
        assert len(await settled(slack, stage, thread)) == count
    assert len([f for s in said(slack, thread) for f in s.files]) == count - 1


async def test_between_a_status_line_and_the_news_of_it(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    jobs = MemoryJobs()
    gate = slack.faults.add("chat.postMessage", faults.hang_after())
    async with product(slack, settings, "socket", jobs):
        await slack.say(dm, "sleep 3")
        await slack.until(lambda: slack.answers(dm), "the status line")
    gate.gate.set()
    async with product(slack, settings, "socket", jobs) as stage:
        assert (await answer(slack, dm)).text == "slept"
        assert len(await settled(slack, stage, dm)) == 1
    await jobs.close()


async def test_an_event_that_came_while_the_bot_was_away_is_told_again(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings):
        pass
    await slack.say(dm, "hello")
    async with product(slack, settings) as stage:
        assert (await answer(slack, dm)).text == "you said: hello"
        assert len(await settled(slack, stage, dm)) == 1


@both
async def test_what_is_under_way_is_finished_when_there_is_time(slack: Slack, settings: Settings, mode: str) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings, mode, goodbye_s=20.0) as stage:
        await slack.say(dm, "sleep 1")
        await slack.until(lambda: stage.desk.busy, "the turn")
    assert [s.text for s in said(slack, dm)] == ["slept"]


@pytest.mark.parametrize("after_s", [0.0, 0.02, 0.1])
async def test_nothing_is_left_open(slack: Slack, settings: Settings, after_s: float) -> None:
    before = asyncio.all_tasks()
    async with product(slack, settings):
        await slack.say(slack.dm(slack.member("Ann")), "hello")
        await asyncio.sleep(after_s)
    assert slack.sockets.count == 0
    await slack.deliveries.stop()  # an event that was not acknowledged yet: Slack goes on trying, the bot does not
    try:
        await slack.until(lambda: not asyncio.all_tasks() - before, "the end of all tasks")
    except AssertionError as late:
        left = "\n".join(map(repr, asyncio.all_tasks() - before))
        raise AssertionError(f"{late}\nleft:\n{left}") from None
