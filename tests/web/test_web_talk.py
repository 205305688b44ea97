from __future__ import annotations

import asyncio
import io
import json
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import soundfile
from fakedesk import ROOM, FakeDesk, clip, pieces
from PIL import Image
from webclient import EVENTS, MESSAGES, events, fault, form, say, until, with_file

from bots.web import rooms
from bots.web.schemas import MessageEvent, ReplyEvent, StatusEvent
from core.messages import ConversationKey, Outgoing, Reply, Stage, Status


async def test_a_message_and_its_answer_come_through_the_events(http: aiohttp.ClientSession, tmp_path: Path) -> None:
    data = form("Clean this up.", client_id="client-0001", author="Ada", author_key="k" * 22)
    posted = await say(http, with_file(data, clip(tmp_path / "a.wav", 0.75).read_bytes(), "talk.wav"))
    found = await until(http, "reply")
    (number, _, sent), (_, _, reply) = [e for e in found if e[1] in ("message", "reply")]
    assert number == 1
    message, answer = MessageEvent.model_validate(sent), ReplyEvent.model_validate(reply)
    assert (message.message_id, message.client_id) == (posted["message_id"], "client-0001")
    assert (message.author.name, message.author.id) == ("Ada", posted["author_id"])
    assert "k" * 22 not in json.dumps(found)
    artifact = message.attachments[0].artifact
    assert artifact is not None
    assert (artifact.name, artifact.duration_s) == ("talk.wav", 0.75)
    assert answer.text == "You said: Clean this up."
    assert [(s.way, s.kind) for s in answer.shown] == [("voice", "audio"), ("audio", "audio")]
    assert answer.plan[0].title == "read text aloud"
    assert not any("person" in json.dumps(s) for s in reply["shown"])


async def test_how_an_answer_was_made_is_a_picture_in_its_room_only(http: aiohttp.ClientSession) -> None:
    posted = await say(http, form("Hello."))
    await until(http, "reply")
    path = f"{MESSAGES}/{posted['message_id']}/plan.png"
    async with http.get(path) as response:
        assert response.content_type == "image/png"
        picture = Image.open(io.BytesIO(await response.read()))
    assert picture.width == 900
    status, _, said = await fault(http, "GET", path.replace(ROOM, ROOM[::-1]))
    assert (status, said) == (404, "There is no answer to that message for which a model was run.")


async def test_a_voice_note_is_heard_and_the_flag_to_speak_arrives(
    http: aiohttp.ClientSession, desk: FakeDesk, tmp_path: Path
) -> None:
    data = with_file(form(speak="true", locale="de-AT"), clip(tmp_path / "a.wav").read_bytes(), "voice.webm", "voice")
    await say(http, data)
    (message,) = desk.messages
    assert (message.speak, message.locale, message.attachments[0].voice) == (True, "de-AT", True)
    assert (await until(http, "reply"))[-1][2]["heard"] == "Please clean this up."


async def test_uploads_are_gone_once_the_desk_has_them(
    http: aiohttp.ClientSession, desk: FakeDesk, tmp_path: Path
) -> None:
    await say(http, with_file(form("this"), clip(tmp_path / "a.wav").read_bytes(), "a.wav"))
    assert not any(a.path.exists() for a in desk.messages[0].attachments)  # type: ignore[attr-defined]


async def test_the_same_client_id_is_the_same_message(http: aiohttp.ClientSession, desk: FakeDesk) -> None:
    first, second = [await say(http, form("Hi.", client_id="client-0001")) for _ in range(2)]
    assert (first["duplicate"], second["duplicate"]) == (False, True)
    assert first["message_id"] == second["message_id"]
    await until(http, "reply")
    other = form("Hi.", client_id="client-0001")
    async with http.post("/api/rooms/another-room-0123456789-abc/messages", data=other) as response:
        assert (await response.json())["message_id"] != first["message_id"]
    assert [e[1] for e in await until(http, "ready")] == ["message", "reply", "ready"]


async def test_an_answer_never_stands_before_its_message(http: aiohttp.ClientSession, desk: FakeDesk) -> None:
    for number in range(20):
        await say(http, form(f"number {number}"))
    found: list[Any] = []
    while len(found) < 40:
        found = [e[2] for e in await until(http, "ready") if e[1] != "ready"]
    asked = set()
    for event in found:
        if event["type"] == "message":
            asked.add(event["message_id"])
        else:
            assert event["message_id"] in asked


async def test_delivering_twice_shows_one_reply(http: aiohttp.ClientSession, desk: FakeDesk) -> None:
    await say(http, form("Hi."))
    await until(http, "reply")
    message = desk.messages[0]
    outgoing = Outgoing(f"{message.key}#{message.id}", message.key, message.id, Reply("again"))
    assert await desk.adapter.deliver(outgoing) == await desk.adapter.deliver(outgoing)
    assert [e[1] for e in await until(http, "ready")].count("reply") == 1


@pytest.mark.parametrize("how", ["header", "query"])
async def test_a_stream_resumes_after_a_number(http: aiohttp.ClientSession, how: str) -> None:
    await say(http, form("one"))
    await until(http, "reply")
    path, headers = (EVENTS, {"Last-Event-ID": "1"}) if how == "header" else (f"{EVENTS}?after=1", {})
    found = await until(http, "ready", path, **headers)
    assert [(e[0], e[1]) for e in found] == [(2, "reply"), (None, "ready")]


async def test_a_newcomer_gets_the_recent_events_and_asks_for_the_rest(
    http: aiohttp.ClientSession, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "RECENT", 2)
    for text in ("one", "two", "three"):
        await say(http, form(text))
        await desk.turns[desk.messages[-1].id]
    recent = [e[0] for e in await until(http, "ready") if e[0]]
    assert recent == [5, 6]
    async with http.get(f"/api/rooms/{ROOM}/history?before=5&limit=3") as response:
        past = (await response.json())["events"]
    assert [p["id"] for p in past] == [2, 3, 4]
    assert past[1]["event"]["text"] == "two"


async def test_what_another_process_appended_is_seen(
    http: aiohttp.ClientSession, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.adapter._rooms, "_poll_s", 0.05)
    waiting = asyncio.create_task(until(http, "reply"))
    await asyncio.sleep(0.1)
    reply = ReplyEvent(
        message_id="x", text="from afar", heard="", shown=[], refusal=None, plan=[], ms=1, at="2026-01-01T00:00:00Z"
    )  # type: ignore[arg-type]
    await desk.store.append_event(f"web/room/{ROOM}/", "reply x", reply.model_dump(mode="json"))
    assert (await waiting)[-1][2]["text"] == "from afar"


async def test_the_line_is_kept_alive(
    http: aiohttp.ClientSession, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.adapter._rooms, "_heartbeat_s", 0.05)
    async with asyncio.timeout(5), http.get(EVENTS) as response:
        async for line in response.content:
            if line.startswith(b":"):
                return
    raise AssertionError("no heartbeat")


async def test_progress_is_shown_and_stop_ends_it(http: aiohttp.ClientSession) -> None:
    posted = await say(http, form("slowly please"))
    found = await until(http, "status")
    status = StatusEvent.model_validate(found[-1][2])
    assert found[-1][0] is None
    assert (status.stage, status.title, status.fraction) == ("running", "clean up speech", 0.42)
    stop = f"{MESSAGES}/{posted['message_id']}/stop"
    async with http.post(stop) as response:
        assert await response.json() == {"stopped": True}
    assert (await until(http, "reply"))[-1][2]["refusal"] == {"kind": "cancelled", "message": "Stopped."}
    assert "status" not in [e[1] for e in await until(http, "ready")]


async def sounds(http: aiohttp.ClientSession, count: int) -> list[dict[str, Any]]:
    """The first stretches that somebody hears who comes now."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(10), http.get(EVENTS) as response:
        async for _, name, data in events(response):
            found += [data] if name == "sound" else []
            if len(found) == count:
                return found
    raise AssertionError("the stream ended")


async def test_what_is_made_aloud_is_heard_from_the_beginning_until_it_is_there(
    http: aiohttp.ClientSession, desk: FakeDesk
) -> None:
    message = await say(http, form("say it aloud"))
    heard = await sounds(http, 2)
    assert [(s["message_id"], s["number"], s["seconds"]) for s in heard] == [
        (message["message_id"], 1, 10.0),
        (message["message_id"], 2, 10.0),
    ]
    samples, rate = soundfile.read(io.BytesIO(b64decode(heard[0]["mp3"])))
    assert len(samples) / rate == pytest.approx(10, abs=0.1)
    assert await sounds(http, 2) == heard  # by somebody who comes late, too
    assert desk.messages[0].live
    desk.made.set()
    await until(http, "reply")
    desk.made.clear()
    message = await say(http, form("say that aloud"))
    assert [s["message_id"] for s in await sounds(http, 2)] == [message["message_id"]] * 2


async def test_sound_that_was_told_before_or_misses_some_is_not_told(
    http: aiohttp.ClientSession, desk: FakeDesk
) -> None:
    key, (one, two) = ConversationKey("web", "room", ROOM), pieces(seconds=0.1)
    other = replace(one, job="another")
    for piece in (two, one, one, two, one, other, two):
        await desk.adapter.show(key, "m", Status(Stage.RUNNING, piece=piece))
    await desk.adapter.show(key, "n", Status(Stage.RUNNING, piece=one))
    told = [(s["message_id"], s["job"], s["number"]) for s in await sounds(http, 2)]
    assert told == [("m", "another", 1), ("n", "a-job", 1)]


async def test_more_sound_than_is_held_comes_with_the_answer(
    http: aiohttp.ClientSession, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, (one, two) = ConversationKey("web", "room", ROOM), pieces(seconds=0.1)
    monkeypatch.setattr(rooms, "_MOST_SOUND", len(one.mp3) + len(two.mp3) - 1)
    for piece in (one, two):
        await desk.adapter.show(key, "m", Status(Stage.RUNNING, piece=piece))
    await desk.adapter.show(key, "n", Status(Stage.RUNNING, piece=one))
    assert [(s["message_id"], s["number"]) for s in await sounds(http, 2)] == [("m", 1), ("n", 1)]


async def test_a_slow_watcher_gets_the_newest_status_only(http: aiohttp.ClientSession, desk: FakeDesk) -> None:
    posted = await say(http, form("slowly"))
    key = desk.messages[0].key
    for percent in range(100):
        await desk.adapter.show(key, posted["message_id"], Status(Stage.RUNNING, fraction=percent / 100))
    statuses = [e[2]["fraction"] for e in await until(http, "status") if e[1] == "status"]
    assert statuses == [0.99]


async def test_a_room_without_watchers_and_work_is_dropped(
    http: aiohttp.ClientSession, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.adapter._rooms, "_heartbeat_s", 0.1)  # the server finds out when it writes
    await say(http, form("Hi."))
    await until(http, "reply")
    async with asyncio.timeout(5):
        while desk.adapter._rooms._rooms:
            desk.adapter._rooms.wake(f"web/room/{ROOM}/")
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("data", "status", "kind"),
    [
        (form("  \n "), 400, "bad_input"),
        (form("x" * 20_001), 413, "over_limit"),
        (form("Hi.", client_id="no spaces"), 400, "bad_input"),
        (form("Hi.", author="x" * 61), 400, "bad_input"),
        (form("Hi.", colour="blue"), 400, "bad_input"),
        (form("Hi.", speak="perhaps"), 400, "bad_input"),
        (with_file(form("Hi."), b"x" * (3 << 20), "big.wav"), 413, "over_limit"),
        ("plain text", 415, "bad_input"),
    ],
    ids=["empty", "long", "client_id", "author", "unknown", "flag", "large", "no form"],
)
async def test_what_cannot_be_taken_is_told_in_a_sentence(
    http: aiohttp.ClientSession, desk: FakeDesk, data: Any, status: int, kind: str
) -> None:
    assert (await fault(http, "POST", MESSAGES, data=data))[:2] == (status, kind)
    assert not desk.messages


async def test_the_size_limit_holds_without_a_declared_length(http: aiohttp.ClientSession, desk: FakeDesk) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.wav"\r\n\r\n'
        for _ in range(40):
            yield b"x" * 65536

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert (await fault(http, "POST", MESSAGES, data=endless(), headers=headers))[0] == 413
    assert not desk.messages


@pytest.mark.parametrize(
    "body",
    [b"", b"--b", b"nothing of the kind\r\n", b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\ncut off'],
)
async def test_a_damaged_form_is_told(http: aiohttp.ClientSession, desk: FakeDesk, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert (await fault(http, "POST", MESSAGES, data=body, headers=headers))[:2] == (400, "bad_input")
    assert not desk.messages


async def test_too_many_files_are_told(http: aiohttp.ClientSession) -> None:
    data = form("these")
    for number in range(4):
        with_file(data, b"x", f"{number}.wav")
    assert (await fault(http, "POST", MESSAGES, data=data))[:2] == (413, "over_limit")


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"", "empty.wav", "bad_input"),
        (b"just words", "words.wav", "bad_input"),
        (b"\x00\x01" * 99, "x.mp3", "bad_input"),
    ],
)
async def test_a_file_that_is_none_is_refused_in_the_chat(
    http: aiohttp.ClientSession, content: bytes, name: str, kind: str
) -> None:
    await say(http, with_file(form("clean it"), content, name))
    found = await until(http, "reply")
    sent = next(e[2] for e in found if e[1] == "message")
    assert sent["attachments"] == [{"name": name, "voice": False, "artifact": None}]
    assert found[-1][2]["refusal"]["kind"] == kind
