"""The protocol server itself, driven by the real slack-bolt alone."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from platforms.slack import rules, spec
from platforms.slack.server import NotOffered, Slack, Upload, faults, slack_at_work
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]

MP3 = b"ID3" + bytes(400)
BUTTON: Json = {"type": "button", "text": {"type": "plain_text", "text": "Stop"}, "action_id": "stop", "value": "1"}
BUTTONS: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*working*"}},
    {"type": "actions", "elements": [BUTTON]},
]


def client(slack: Slack) -> AsyncWebClient:
    made = AsyncWebClient(slack.token, base_url=slack.api_url)
    made.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=2))
    return made


@asynccontextmanager
async def bolt(slack: Slack, mode: str) -> AsyncIterator[AsyncApp]:
    """An app that is connected by Socket Mode or takes signed requests."""
    app = AsyncApp(client=client(slack), signing_secret=slack.signing_secret, ignoring_self_events_enabled=True)
    if mode == "socket":
        handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=1)
        await handler.connect_async()
        try:
            yield app
        finally:
            await handler.close_async()
            await asyncio.gather(handler.client.message_processor, return_exceptions=True)
        return
    runner = web.AppRunner(app.web_app(path="/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.deliveries.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield app
    finally:
        await runner.cleanup()


both = pytest.mark.parametrize("mode", ["socket", "http"])


@both
async def test_a_message_with_a_clip_comes_and_is_answered_with_a_file_in_its_thread(slack: Slack, mode: str) -> None:
    ann = slack.member("Ann")
    room = slack.channel("talk", [ann])
    got: list[Json] = []
    async with bolt(slack, mode) as app:

        @app.event("message")
        async def heard(event: Json, client: AsyncWebClient) -> None:
            got.append(event)
            [file] = event["files"]
            address, token = file["url_private_download"], {"Authorization": f"Bearer {client.token}"}
            async with aiohttp.ClientSession() as http, http.get(address, headers=token) as response:
                assert await response.read() == b"RIFF" + bytes(40)
            await client.files_upload_v2(
                channel=event["channel"], thread_ts=event["ts"], file=MP3, filename="reply.mp3", initial_comment="here"
            )

        asked = await slack.say(room, voice=b"RIFF" + bytes(40))
        answer = (await slack.until(lambda: slack.answers(room.in_thread(asked)), "the file"))[0]
    assert [(f.name, f.content, f.shown_as) for f in answer.files] == [("reply.mp3", MP3, "audio")]
    assert answer.text == "here"
    assert got[0]["subtype"] == "file_share"
    assert got[0]["files"][0]["subtype"] == "slack_audio"
    assert got[0]["files"][0]["mimetype"] == "audio/mp4"


@both
async def test_mentions_edits_deletions_and_reactions_are_told(slack: Slack, mode: str) -> None:
    ann = slack.member("Ann")
    room = slack.channel("talk", [ann])
    got: list[tuple[str, str]] = []
    async with bolt(slack, mode) as app:
        for name in ("message", "app_mention", "reaction_added"):

            @app.event(name)
            async def heard(event: Json) -> None:
                got.append((event["type"], event.get("subtype", "")))

        ts = await slack.say(room, f"{slack.mention} hi & <bye>")
        await slack.edit(room, ts, "hello")
        await slack.react(room, ts, "thumbsup")
        await slack.delete(room, ts)
        await slack.until(lambda: len(got) == 5, "five events")
    assert sorted(got) == [
        ("app_mention", ""),
        ("message", ""),
        ("message", "message_changed"),
        ("message", "message_deleted"),
        ("reaction_added", ""),
    ]
    first = slack.deliveries.events("message")[0].payload["event"]
    assert first["text"] == f"{slack.mention} hi &amp; &lt;bye&gt;"


@both
async def test_buttons_commands_and_shortcuts_are_answered(slack: Slack, mode: str) -> None:
    ann = slack.member("Ann")
    dm = slack.dm(ann)
    async with bolt(slack, mode) as app:

        @app.action("stop")
        async def stopped(ack: Callable[..., Any], respond: Callable[..., Any]) -> None:
            await ack()
            await respond("stopped", replace_original=True)

        @app.command("/ask")
        async def asked(ack: Callable[..., Any], body: Json) -> None:
            await ack(f"you asked {body['text']}")

        @app.shortcut("transcribe")
        async def chosen(ack: Callable[..., Any], shortcut: Json, client: AsyncWebClient) -> None:
            await ack()
            await client.chat_postMessage(channel=shortcut["channel"]["id"], text=shortcut["message"]["text"])

        @app.event("message")
        async def heard() -> None:
            return None

        posted = await client(slack).chat_postMessage(channel=dm.channel, text="working", blocks=BUTTONS)
        assert [b.label for b in slack.answers(dm)[0].buttons] == ["Stop"]
        assert slack.answers(dm)[0].text == "working"
        await slack.press(dm, posted["ts"], "Stop")
        await slack.until(lambda: slack.answers(dm)[0].text == "stopped", "the change")
        assert slack.answers(dm)[0].buttons == []
        await slack.command(dm, "/ask the time")
        assert slack.answers(dm)[1].text == "you asked the time"
        ts = await slack.say(dm, "some words")
        await slack.shortcut(dm, ts, "transcribe")
        await slack.until(lambda: slack.answers(dm)[-1].text == "some words", "the shortcut's answer")
        with pytest.raises(NotOffered, match="not supported in threads"):
            await slack.command(dm.in_thread(ts), "/ask")


@both
async def test_an_event_that_is_not_acknowledged_comes_again(slack: Slack, mode: str) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.deliveries.timeout_s = 0.5
    got: list[Json] = []
    async with bolt(slack, mode) as app:

        @app.middleware
        async def stuck(body: Json, next: Callable[[], Any]) -> None:
            got.append(body)
            if len(got) == 1:
                await asyncio.sleep(1)
            await next()

        @app.event("message")
        async def heard() -> None:
            return None

        await slack.say(dm, "hello")
        await slack.deliveries.quiet()
        [event] = slack.deliveries.events("message")
        await slack.deliveries.again(event)
    assert event.faults == ["http_timeout"]
    assert len({b["event_id"] for b in got}) == 1
    assert len(got) == 3


async def test_a_socket_that_ends_is_opened_anew_and_nothing_is_lost(slack: Slack) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.deliveries.timeout_s = 1
    got: list[str] = []
    async with bolt(slack, "socket") as app:

        @app.event("message")
        async def heard(event: Json) -> None:
            got.append(event["text"])

        await slack.say(dm, "one")
        await slack.sockets.disconnect()
        await slack.say(dm, "two")
        slack.sockets.cut()
        await slack.say(dm, "three")
        slack.sockets.mute = True
        unheard = asyncio.create_task(slack.say(dm, "four"))
        opened = slack.sockets.opened
        await slack.until(lambda: slack.sockets.opened > opened, "a new connection in place of the dead one")
        slack.sockets.mute = False
        await unheard
        await slack.until(lambda: set(got) == {"one", "two", "three", "four"}, "all four")


@pytest.mark.parametrize(
    ("fault", "calls", "posted"),
    [
        (faults.rate_limited(1), 2, 1),
        (faults.status(502), 1, 0),
        (faults.cut(), 2, 1),
        (faults.cut_after(), 2, 2),
        (faults.error("internal_error"), 1, 0),
        (faults.slow(0.1), 1, 1),
        (faults.html(), 1, 0),
    ],
    ids=lambda v: getattr(v, "what", None),
)
async def test_faults_happen_as_scripted(slack: Slack, fault: faults.Fault, calls: int, posted: int) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.faults.add("chat.postMessage", fault, when=None)
    try:
        await client(slack).chat_postMessage(channel=dm.channel, text="once")
        failed = False
    except SlackApiError:
        failed = True
    assert len(slack.called("chat.postMessage")) == calls
    assert len(slack.answers(dm)) == posted
    assert failed == (posted == 0)


async def test_an_upload_that_is_cut_and_a_file_that_takes_its_time(slack: Slack) -> None:
    dm = slack.dm(slack.member("Ann"))
    slack.faults.add("upload", faults.cut_midway())
    slack.faults.add("files.completeUploadExternal", faults.not_ready(3))
    result = await client(slack).files_upload_v2(channel=dm.channel, file=MP3, filename="a.mp3")
    file = result["files"][0]["id"]
    looks = [(await client(slack).files_info(file=file))["file"] for _ in range(3)]
    assert [look["mimetype"] for look in looks] == ["", "", ""]
    await slack.until(lambda: slack.answers(dm), "the file")
    look = (await client(slack).files_info(file=file))["file"]
    assert look["mimetype"] == "audio/mpeg"
    assert list(look["shares"]["private"]) == [dm.channel]
    assert len(slack.called("upload")) == 2


async def test_files_are_read_with_the_token_only(slack: Slack) -> None:
    ann = slack.member("Ann")
    dm = slack.dm(ann)
    await slack.say(dm, files=[Upload("a.mp3", MP3), Upload("theirs.mp3", MP3, external=True)], wait=False)
    mine, theirs = slack.deliveries.events("file_share")[0].payload["event"]["files"]
    assert theirs["file_access"] == "check_file_info"
    assert "url_private_download" not in theirs
    address = mine["url_private_download"]
    async with aiohttp.ClientSession() as http:
        async with http.get(address) as response:
            assert (response.status, response.content_type) == (200, "text/html")
        async with http.get(address, headers={"Authorization": f"Bearer {slack.token}"}) as response:
            assert await response.read() == MP3
    whole = (await client(slack).files_info(file=theirs["id"]))["file"]
    assert whole["url_private_download"].endswith("theirs.mp3")


async def test_what_answers_a_deleted_message_lands_in_the_channel(slack: Slack) -> None:
    room = slack.channel("talk", [slack.member("Ann")])
    ts = await slack.say(room, "gone soon", wait=False)
    await slack.delete(room, ts, wait=False)
    answer = await client(slack).chat_postMessage(channel=room.channel, text="late", thread_ts=ts)
    assert "thread_ts" not in answer["message"]
    assert [s.text for s in slack.seen(room)] == ["late"]


async def test_the_workspace_has_its_own_no(slack: Slack) -> None:
    ann = slack.member("Ann")
    outside = slack.channel("elsewhere", [ann], bot=False)
    hidden = slack.channel("secret", [ann], private=True, bot=False)

    async def error(place: str, **more: Any) -> str:
        with pytest.raises(SlackApiError) as caught:
            await client(slack).chat_postMessage(channel=place, text="hi", **more)
        return str(caught.value.response["error"])

    assert await error(outside.channel) == "not_in_channel"
    assert await error(hidden.channel) == "channel_not_found"
    slack.team.scopes.discard("chat:write")
    assert await error(slack.dm(ann).channel) == "missing_scope"
    await slack.uninstall(slack.team)
    assert await error(slack.dm(ann).channel) == "token_revoked"


@pytest.mark.parametrize(
    ("method", "args", "complaint"),
    [
        ("chat.postMessage", {"text": "x" * 4001}, "msg_too_long"),
        ("chat.postMessage", {"text": "hi", "nonsense": 1}, "unknown argument nonsense"),
        ("chat.postMessage", {"text": "hi", "thread_ts": "12"}, "thread_ts is malformed"),
        ("chat.postMessage", {"blocks": BUTTONS}, "blocks without text"),
        ("chat.postMessage", {"text": "x", "blocks": [{"type": "actions", "elements": [BUTTON] * 2}]}, "not unique"),
        (
            "chat.postMessage",
            {"text": "x", "blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]},
            "only plain_text",
        ),
        ("files.getUploadURLExternal", {"filename": "a.mp3", "length": 0}, "length is malformed"),
        ("chat.shout", {}, "unknown method"),
    ],
)
async def test_what_slack_objects_to_fails_the_test(method: str, args: Json, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        async with slack_at_work() as slack:
            args = args if method.startswith("files") else {"channel": slack.dm(slack.member("Ann")).channel, **args}
            with pytest.raises(SlackApiError):
                await client(slack).api_call(method, json=args)


async def test_an_upload_with_a_wrong_extension_and_a_reply_to_a_reply_fail_the_test() -> None:
    with pytest.raises(AssertionError, match=r"(?s)holds ogg.*must be its parent's"):
        async with slack_at_work() as slack:
            room = slack.channel("talk", [slack.member("Ann")])
            root = await slack.say(room, "one", wait=False)
            reply = await slack.say(room.in_thread(root), "two", wait=False)
            await client(slack).files_upload_v2(channel=room.channel, file=b"OggS" + bytes(40), filename="a.mp3")
            await client(slack).chat_postMessage(channel=room.channel, text="three", thread_ts=reply)


async def test_more_than_slack_allows_fails_the_test(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL), pytest.raises(AssertionError, match="more often than Slack allows"):
        async with slack_at_work() as slack:
            dm = slack.dm(slack.member("Ann"))
            for number in range(7):
                await client(slack).chat_postMessage(channel=dm.channel, text=str(number))


async def test_a_fault_that_never_comes_fails_the_test() -> None:
    with pytest.raises(AssertionError, match="never met"):
        async with slack_at_work() as slack:
            slack.faults.add("chat.postMessage", faults.cut())


async def test_what_was_waited_for_in_vain_is_told_with_all_there_is(slack: Slack) -> None:
    dm = slack.dm(slack.member("Ann"))
    await slack.say(dm, "hello?", wait=False)
    with pytest.raises(AssertionError, match=r"(?s)an answer did not come.*Ann: 'hello\?'"):
        await slack.until(lambda: slack.answers(dm), "an answer", timeout_s=0.3)


@pytest.mark.skipif(not spec.AVAILABLE, reason="../shared/specs is not here")
def test_the_recorded_shapes_find_what_is_wrong() -> None:
    good = {"ok": True, "channel": "C1", "ts": "1.2"}
    assert list(spec.faults_of_answer("chat.delete", good)) == []
    assert len(list(spec.faults_of_answer("chat.delete", good | {"ts": 1.2, "stamp": "x"}))) == 2
    assert spec.tier_of("files.info") == 4


def test_the_rules_take_what_is_right() -> None:
    assert list(rules.faults_of_blocks(json.loads(json.dumps(BUTTONS)))) == []
