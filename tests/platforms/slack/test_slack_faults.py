"""Whatever goes wrong between Slack and us: exactly one answer or one clear refusal, nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from platforms import media
from platforms.slack import faults
from platforms.slack.faults import Fault
from platforms.slack.product import MODES, answer, product, said, settled
from platforms.slack.server import Place, Slack, Upload
from platforms.stage import Stage

from bots import desk, intake
from bots.slack import connection, sending, workspaces
from core.errors import StoreLost
from core.settings import Settings
from core.store import Store

Json = dict[str, Any]

both = pytest.mark.parametrize("mode", MODES)
POST, COMPLETE, TICKET, INFO = (
    "chat.postMessage",
    "files.completeUploadExternal",
    "files.getUploadURLExternal",
    "files.info",
)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same waits, shorter."""
    monkeypatch.setattr(desk, "_DELIVERY_WAITS_S", (0.1,) * 20)
    monkeypatch.setattr(intake, "_FETCH_WAITS_S", (0.1, 0.1, 0.1))
    monkeypatch.setattr(workspaces, "ANSWER_S", 2.0)
    monkeypatch.setattr(sending, "LOOKS_S", (0.1, 0.1, 0.2, 0.4))
    monkeypatch.setattr(sending, "LAST_LOOKS_S", (0.0, 0.1, 0.2, 0.4, 0.8))
    monkeypatch.setattr(connection, "PING_S", 0.5)


def named(fault: Fault) -> str:
    return f"{fault.what}-{fault.status or fault.error}".strip("-")


SURELY_NOT = [
    faults.rate_limited(1),
    faults.cut(),
    faults.cut_midway(),
    faults.status(500),
    faults.status(502),
    faults.status(504),
    faults.html(),
    faults.error("internal_error"),
    faults.error("fatal_error"),
    faults.error("request_timeout"),
    faults.slow(1.0),
]
PERHAPS = [faults.cut_after(), faults.status_after(502), faults.status_after(504), faults.hang_after()]


async def once_in_a_thread(slack: Slack, stage: Stage, room: Place, wish: str, *files: str) -> None:
    """Ask for something in a channel: everything of the answer is in the thread, and there once."""
    thread = room.in_thread(await slack.say(room, f"{slack.mention} {wish}"))
    await answer(slack, thread, len(files) + 1)
    await slack.until(lambda: not stage.desk.busy, "the end of all turns", 90)
    found = said(slack, thread)
    assert [f.shown_as for s in found for f in s.files] == list(files), slack.dump()
    assert len(found) == len(files) + 1, slack.dump()
    assert said(slack, room) == [], "something is beside the thread"


def rooms(slack: Slack, fault_list: list[Fault]) -> list[tuple[Place, Fault]]:
    """A channel for each fault."""
    ann = slack.member("Ann")
    return [(slack.channel(named(fault), [ann]), fault) for fault in fault_list]


def only_in(room: Place) -> Callable[[Json], bool]:
    return lambda args: room.channel in (args.get("channel"), args.get("channel_id"))


def many_looks(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many files in trouble at once would be slow at a hundred looks a minute."""
    slack.limits.enforced = False
    monkeypatch.setitem(workspaces._A_MINUTE, INFO, 100_000)


async def test_words_arrive_once_whatever_happens(slack: Slack, settings: Settings) -> None:
    scenes = rooms(slack, [*SURELY_NOT, *PERHAPS])
    for room, fault in scenes:
        slack.faults.add(POST, fault, when=only_in(room))
    async with product(slack, settings, jobs_in_flight=99) as stage:
        await asyncio.gather(*(once_in_a_thread(slack, stage, room, "hello") for room, _ in scenes))


async def test_words_in_direct_messages_arrive_once_whatever_happens(slack: Slack, settings: Settings) -> None:
    dms = [(slack.dm(slack.member(named(fault))), fault) for fault in [*SURELY_NOT, *PERHAPS]]
    for dm, fault in dms:
        slack.faults.add(POST, fault, when=only_in(dm))
    async with product(slack, settings, jobs_in_flight=99) as stage:
        await asyncio.gather(*(slack.say(dm, "hello") for dm, _ in dms))
        for dm, _ in dms:
            assert (await answer(slack, dm)).text == "you said: hello"
        for dm, _ in dms:
            assert len(await settled(slack, stage, dm)) == 1


async def test_a_file_is_shown_once_whatever_happens(
    slack: Slack, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = rooms(slack, [*SURELY_NOT, *PERHAPS])
    many_looks(slack, monkeypatch)
    for room, fault in scenes:
        slack.faults.add(COMPLETE, fault, when=only_in(room))
    async with product(slack, settings, jobs_in_flight=99) as stage:
        await asyncio.gather(*(once_in_a_thread(slack, stage, room, "paint", "image") for room, _ in scenes))


@pytest.mark.parametrize("endpoint", [TICKET, "upload", INFO])
async def test_a_file_arrives_once_whatever_happens_on_its_way(
    slack: Slack, settings: Settings, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them meets each fault; which one is all the same."""
    many_looks(slack, monkeypatch)
    scenes = rooms(slack, [*SURELY_NOT, *PERHAPS])
    for _, fault in scenes:
        slack.faults.add(endpoint, fault)
    async with product(slack, settings, jobs_in_flight=99) as stage:
        await asyncio.gather(*(once_in_a_thread(slack, stage, room, "paint", "image") for room, _ in scenes))


@pytest.mark.parametrize("endpoint", [POST, COMPLETE])
async def test_a_workspace_that_asks_to_wait_is_waited_for(slack: Slack, settings: Settings, endpoint: str) -> None:
    room = slack.channel("talk", [slack.member("Ann")])
    slack.faults.add(endpoint, faults.rate_limited(1, everywhere=True))
    async with product(slack, settings) as stage:
        await once_in_a_thread(slack, stage, room, "speak one two", "audio")


async def test_files_that_slack_is_slow_to_show_or_drops_are_there_once(slack: Slack, settings: Settings) -> None:
    scenes = rooms(
        slack, [faults.not_ready(3), faults.not_ready(7), faults.never_shared(), faults.error("file_update_failed")]
    )
    for room, fault in scenes:
        slack.faults.add(COMPLETE, fault, when=only_in(room))
    async with product(slack, settings, jobs_in_flight=9) as stage:
        await asyncio.gather(*(once_in_a_thread(slack, stage, room, "paint", "image") for room, _ in scenes))


async def test_no_status_line_is_left_or_doubled(slack: Slack, settings: Settings) -> None:
    scenes = rooms(slack, [faults.cut_after(), faults.status(502), faults.hang_after(), faults.cut()])
    for room, fault in scenes:
        slack.faults.add(POST, fault, when=only_in(room))
    async with product(slack, settings, jobs_in_flight=9) as stage:
        await asyncio.gather(*(once_in_a_thread(slack, stage, room, "sleep 1") for room, _ in scenes))
        for room, _ in scenes:
            (asked,) = slack.seen(room)
            assert len(slack.answers(room.in_thread(asked.id))) == 1, "a status line is left"


async def test_where_it_may_not_look_for_an_answer_it_says_so_once_and_sends_it_again_on_demand(
    slack: Slack, settings: Settings
) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.faults.add(POST, faults.cut())
    async with product(slack, settings) as stage:
        slack.team.scopes.discard("im:history")
        await slack.say(dm, "hello")
        asked = await answer(slack, dm)
        assert asked.text.startswith("I am not sure that my answer reached you.")
        assert len(await settled(slack, stage, dm)) == 1
        await slack.press(dm, asked.id, "Send again")
        await slack.until(lambda: any(s.text == "you said: hello" for s in said(slack, dm)), "the answer")
        await settled(slack, stage, dm)
        assert [s.text for s in said(slack, dm)].count("you said: hello") == 1


async def test_edits_of_the_status_line_that_fail_do_no_harm(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.faults.add("chat.update", faults.rate_limited(30))
    async with product(slack, settings) as stage:
        await slack.say(dm, "sleep 3")
        assert (await answer(slack, dm)).text == "slept"
        assert len(await settled(slack, stage, dm)) == 1


async def test_files_are_fetched_whatever_happens_once(slack: Slack, settings: Settings) -> None:
    found = [f for f in [*SURELY_NOT, faults.cut_after()] if f.what != "error"]
    dms = [slack.dm(slack.member(named(fault))) for fault in found]
    for fault in found:
        slack.faults.add("download", fault)
    async with product(slack, settings, jobs_in_flight=99) as stage:
        for dm in dms:
            await slack.say(dm, "transcribe", files=[Upload("a.wav", media.wav(2.0))])
        for dm in dms:
            assert (await answer(slack, dm)).text == "say 2.0 seconds"
        for dm in dms:
            assert len(await settled(slack, stage, dm)) == 1


async def test_a_page_or_a_redirect_in_place_of_a_file_is_one_refusal_and_the_token_stays_with_slack(
    slack: Slack, settings: Settings
) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.faults.add("download", faults.html(), times=2)
    slack.faults.add("download", faults.redirect(), times=2)
    async with product(slack, settings) as stage:
        await slack.say(dm, "transcribe", files=[Upload("a.wav", media.wav(1.0))])
        assert (await answer(slack, dm)).text.startswith("I could not fetch that file just now.")
        assert len(await settled(slack, stage, dm)) == 1


async def test_a_missing_scope_is_named_to_who_can_do_something(
    slack: Slack, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings) as stage:
        slack.team.scopes.discard("files:read")
        with caplog.at_level(logging.ERROR, logger="audiogpt"):
            await slack.say(dm, "transcribe", files=[Upload("a.wav", media.wav(1.0))])
            assert "files:read" in (await answer(slack, dm)).text
        assert len(await settled(slack, stage, dm)) == 1
    assert "files:read" in caplog.text


async def test_a_file_that_is_gone_is_one_refusal(slack: Slack, settings: Settings) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings) as stage:
        async with slack.deliveries.held():
            ts = await slack.say(dm, "transcribe", files=[Upload("a.wav", media.wav(1.0))])
            slack.team.files[slack.post(dm, ts).files[0]].deleted = True
        assert (await answer(slack, dm)).text == "That file is no longer in Slack. Please send it again."
        assert len(await settled(slack, stage, dm)) == 1


async def test_a_file_that_is_too_large_is_refused_before_and_while_it_is_fetched(
    slack: Slack, settings: Settings
) -> None:
    dm = slack.dm(slack.member("Ann"))
    large = Upload("a.wav", media.wav(60.0))
    async with product(slack, settings, max_upload_mb=1) as stage:
        await slack.say(dm, "transcribe", files=[large])
        assert "larger than 1 MB" in (await answer(slack, dm)).text
        assert slack.called("download") == []
        await slack.say(dm, "transcribe", files=[Upload(large.name, large.content, external=True)])
        assert "larger than 1 MB" in (await answer(slack, dm, 2)).text
        assert len(await settled(slack, stage, dm)) == 2


@both
@pytest.mark.parametrize("how", ["delete", "lost"])
async def test_where_the_question_is_deleted_no_answer_is_put_beside_it(
    slack: Slack, settings: Settings, mode: str, how: str
) -> None:
    """`lost`: Slack's news of the deletion never comes; it then puts what answers it into the channel."""
    room = slack.channel("talk", [slack.member("Ann")])
    for endpoint in (COMPLETE, POST):
        gate = faults.hold()
        slack.faults.add(endpoint, gate)
        async with product(slack, settings, mode) as stage:
            ts = await slack.say(room, f"{slack.mention} {'speak one' if endpoint == COMPLETE else 'hello'}")
            await slack.until(lambda e=endpoint: slack.called(e), "the post")  # type: ignore[misc]
            if how == "lost":
                slack.world.subscribed.discard("message.channels")
            await slack.delete(room, ts)
            gate.gate.set()
            await slack.until(lambda stage=stage: not stage.desk.busy, "the end")  # type: ignore[misc]
            assert await settled(slack, stage, room) == []
            assert await stage.app.store.undelivered("slack") == []
        slack.routes.calls.clear()


@pytest.mark.parametrize("wish", ["hello", "speak one two", "sleep 60"])
async def test_thrown_out_of_a_channel_the_bot_gives_up_and_works_elsewhere(
    slack: Slack, settings: Settings, wish: str
) -> None:
    ann = slack.member("Ann")
    room, dm = slack.channel("talk", [ann]), slack.dm(ann)
    async with product(slack, settings) as stage:
        async with slack.deliveries.held() as held:
            ts = await slack.say(room, f"{slack.mention} {wish}")
            await slack.kick(room)
            assert held
        if wish.startswith("sleep"):
            await slack.until(lambda: slack.called(POST), "a status line that is not taken")
            [key] = stage.desk.at_work("slack", ann.id)
            [turn] = stage.desk.under_way(key)
            await stage.desk.stop_turn(key, turn)
        await slack.until(lambda: not stage.desk.busy, "the end")
        await slack.say(dm, "still there?")
        assert (await answer(slack, dm)).text == "you said: still there?"
        assert slack.answers(room.in_thread(ts)) == []
        assert len(await settled(slack, stage, dm)) == 1
        assert await stage.app.store.undelivered("slack") == []


@pytest.mark.parametrize(
    "error", ["is_archived", "channel_not_found", "restricted_action", "thread_not_found", "account_inactive"]
)
async def test_a_place_that_takes_nothing_any_more_ends_the_matter_or_waits_for_a_token(
    slack: Slack, settings: Settings, error: str
) -> None:
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings) as stage:
        fault = slack.faults.add(POST, faults.error(error), times=-1)
        await slack.say(dm, "hello")
        await slack.until(lambda: slack.called(POST), "the try")
        if error == "account_inactive":
            await slack.until(lambda: slack.sockets.count == 0, "the end of the connection")
            assert len(await stage.app.store.undelivered("slack")) == 1
        else:
            await slack.until(lambda: not stage.desk.busy, "the end")
            assert await stage.app.store.undelivered("slack") == []
        assert fault.error == error
        assert slack.answers(dm) == []


async def test_a_revoked_token_stops_slack_and_the_answer_comes_with_the_next_one(
    slack: Slack, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    dm = slack.dm(slack.member("Ann"))
    old = slack.team.token
    async with product(slack, settings) as stage:
        await slack.say(dm, "sleep 1")
        await slack.until(lambda: stage.desk.busy, "the turn")
        slack.team.token = "xoxb-fresh"
        with caplog.at_level(logging.INFO, logger="audiogpt"):
            await slack.until(lambda: "AUDIOGPT_SLACK_BOT_TOKEN is not valid any more" in caplog.text, "the news")
        await slack.until(lambda: slack.sockets.count == 0, "the end of the connection")
    assert old not in caplog.text
    async with product(slack, settings) as stage:
        assert (await answer(slack, dm)).text == "slept"
        assert len(await settled(slack, stage, dm)) == 1


async def test_a_refused_app_token_stops_slack(
    slack: Slack, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with product(slack, settings):
        slack.routes.app_token = "xapp-other"
        with caplog.at_level(logging.ERROR, logger="audiogpt"):
            await slack.sockets.disconnect()
            await slack.until(lambda: "AUDIOGPT_SLACK_APP_TOKEN is not valid any more" in caplog.text, "the news")
        await slack.until(lambda: slack.sockets.count == 0, "the end of the connection")
        await asyncio.sleep(0.5)
        calls = len(slack.called("apps.connections.open"))
        await asyncio.sleep(1.5)
        assert len(slack.called("apps.connections.open")) == calls, "it goes on asking"


@pytest.mark.parametrize("end", ["refresh_requested", "link_disabled", "cut", "dead"])
async def test_a_connection_that_ends_is_replaced_and_nothing_is_lost(
    slack: Slack, settings: Settings, end: str
) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.deliveries.timeout_s = 1
    async with product(slack, settings) as stage:
        opened = slack.sockets.opened
        if end == "cut":
            slack.sockets.cut()
        elif end == "dead":
            slack.sockets.mute = True
        else:
            await slack.sockets.disconnect(end)
        asked = asyncio.create_task(slack.say(dm, "hello"))
        await slack.until(lambda: slack.sockets.opened > opened, "a new connection")
        slack.sockets.mute = False
        await asked
        assert (await answer(slack, dm)).text == "you said: hello"
        assert len(await settled(slack, stage, dm)) == 1


async def test_a_new_connection_is_tried_until_it_comes(
    slack: Slack, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ADDRESS_S", 0.7)
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings) as stage:
        for fault in (faults.status(503), faults.cut(), faults.html()):
            slack.faults.add("link", fault)
            slack.faults.add("apps.connections.open", fault)
        slack.sockets.cut()
        await slack.until(lambda: not slack.faults.pending() and slack.sockets.count, "a new connection")
        await slack.say(dm, "hello")
        assert (await answer(slack, dm)).text == "you said: hello"
        assert len(await settled(slack, stage, dm)) == 1


@both
async def test_what_cannot_be_kept_is_told_again_by_slack_and_answered_once(
    slack: Slack, settings: Settings, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.deliveries.timeout_s = 1
    async with product(slack, settings, mode) as stage:
        real, calls = Store.turns, []

        async def lost(self: Store, *given: object) -> object:
            calls.append(given)
            if len(calls) == 1:
                raise StoreLost("away")
            return await real(self, *given)  # type: ignore[arg-type]

        root = await slack.say(dm, "the root")
        await answer(slack, dm)
        monkeypatch.setattr(Store, "turns", lost)
        await slack.say(dm.in_thread(root), "hello")
        await answer(slack, dm.in_thread(root), 1)
        await settled(slack, stage, dm.in_thread(root))
        told = slack.deliveries.events("message")[-2]
    assert told.faults == (["http_timeout"] if mode == "socket" else ["http_error"])
    assert len(said(slack, dm.in_thread(root))) == 1


@both
async def test_a_listener_that_is_slow_is_told_twice_and_answers_once(
    slack: Slack, settings: Settings, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.deliveries.timeout_s = 0.3
    real = Store.accept

    async def slow(self: Store, *given: object) -> bool:
        await asyncio.sleep(0.7)
        return await real(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "accept", slow)
    async with product(slack, settings, mode) as stage:
        await slack.say(dm, "hello")
        assert (await answer(slack, dm)).text == "you said: hello"
        assert len(await settled(slack, stage, dm)) == 1
        assert slack.deliveries.events("message")[0].faults[0] == "http_timeout"


async def test_slack_that_is_away_at_the_start_is_waited_for(
    slack: Slack, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bots.slack import adapter

    monkeypatch.setattr(adapter, "_RETRY_WAITS_S", (0.1,))
    slack.faults.add("auth.test", faults.status(503), times=2)
    slack.faults.add("apps.connections.open", faults.cut())
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings) as stage:
        await slack.until(lambda: slack.sockets.count, "the connection")
        await slack.say(dm, "hello")
        assert (await answer(slack, dm)).text == "you said: hello"
        assert len(await settled(slack, stage, dm)) == 1
