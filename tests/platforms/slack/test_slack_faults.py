"""Whatever goes wrong between Slack and us: exactly one answer or one clear refusal, nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import logging

import pytest
from platforms import media
from platforms.slack import faults
from platforms.slack.faults import Fault
from platforms.slack.product import MODES, answer, product, said, settled
from platforms.slack.server import Slack, Upload

from bots import desk, intake
from bots.slack import connection, sending, workspaces
from core.errors import StoreLost
from core.settings import Settings
from core.store import Store

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
    monkeypatch.setattr(sending, "LOOKS_S", (0.1,) * 8)
    monkeypatch.setattr(sending, "LAST_LOOKS_S", (0.1,) * 15)
    monkeypatch.setattr(connection, "PING_S", 1.0)


def named(fault: Fault) -> str:
    return f"{fault.what}-{fault.status or fault.error}".strip("-")


SURELY_NOT = [
    faults.rate_limited(1),
    faults.rate_limited(1, everywhere=True),
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


@pytest.mark.parametrize("place", ["dm", "thread"])
@pytest.mark.parametrize("fault", [*SURELY_NOT, *PERHAPS], ids=named)
async def test_words_arrive_once(slack: Slack, settings: Settings, fault: Fault, place: str) -> None:
    ann = slack.member("Ann")
    slack.faults.add(POST, fault)
    async with product(slack, settings) as stage:
        if place == "dm":
            where = slack.dm(ann)
            await slack.say(where, "hello")
        else:
            room = slack.channel("talk", [ann])
            where = room.in_thread(await slack.say(room, f"{slack.mention} hello"))
        assert (await answer(slack, where)).text == "you said: hello"
        assert len(await settled(slack, stage, where)) == 1


@pytest.mark.parametrize("endpoint", [TICKET, "upload", COMPLETE, INFO])
@pytest.mark.parametrize("fault", [*SURELY_NOT, *PERHAPS], ids=named)
async def test_a_file_arrives_once(slack: Slack, settings: Settings, fault: Fault, endpoint: str) -> None:
    room = slack.channel("talk", [slack.member("Ann")])
    slack.faults.add(endpoint, fault)
    async with product(slack, settings) as stage:
        thread = room.in_thread(await slack.say(room, f"{slack.mention} speak one two"))
        assert (await answer(slack, thread, 2)).text == "done: text_to_speech"
        spoken, _ = await settled(slack, stage, thread)
    assert [f.shown_as for f in spoken.files] == ["audio"]
    assert said(slack, room) == []


@pytest.mark.parametrize(
    "fault", [faults.not_ready(4), faults.not_ready(14), faults.never_shared(), faults.error("file_update_failed")]
)
async def test_a_file_that_slack_is_slow_to_show_or_drops_is_there_once(
    slack: Slack, settings: Settings, fault: Fault
) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.faults.add(COMPLETE, fault)
    async with product(slack, settings) as stage:
        await slack.say(dm, "speak one two")
        await answer(slack, dm, 2)
        spoken, words = await settled(slack, stage, dm)
    assert [f.shown_as for f in spoken.files] == ["audio"]
    assert words.text == "done: text_to_speech"


@pytest.mark.parametrize("fault", [faults.cut_after(), faults.status(502), faults.hang_after()], ids=named)
async def test_no_status_line_is_left_or_doubled(slack: Slack, settings: Settings, fault: Fault) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.faults.add(POST, fault)
    async with product(slack, settings) as stage:
        await slack.say(dm, "sleep 4")
        await slack.until(lambda: slack.answers(dm), "a status line")
        await slack.until(lambda: [s.text for s in said(slack, dm)] == ["slept"], "the answer")
        assert len(await settled(slack, stage, dm)) == 1
        assert len(slack.answers(dm)) == 1


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
        await slack.say(dm, "sleep 4")
        assert (await answer(slack, dm)).text == "slept"
        assert len(await settled(slack, stage, dm)) == 1


@pytest.mark.parametrize("fault", [f for f in [*SURELY_NOT, faults.cut_after()] if f.what != "error"], ids=named)
async def test_a_file_is_fetched_in_spite_of_one_fault(slack: Slack, settings: Settings, fault: Fault) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.faults.add("download", fault)
    async with product(slack, settings) as stage:
        await slack.say(dm, "transcribe", files=[Upload("a.wav", media.wav(2.0))])
        assert (await answer(slack, dm)).text == "say 2.0 seconds"
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
            await slack.until(lambda: slack.sockets.count == 0, "the end of the connection")
    assert "AUDIOGPT_SLACK_BOT_TOKEN is not valid any more" in caplog.text
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


@pytest.mark.parametrize("fault", [faults.status(503), faults.cut(), faults.html()], ids=named)
async def test_a_new_connection_is_tried_until_it_comes(
    slack: Slack, settings: Settings, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ADDRESS_S", 1.0)
    dm = slack.dm(slack.member("Ann"))
    async with product(slack, settings) as stage:
        slack.faults.add("link", fault, times=2)
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
