"""Nothing that comes in is lost, nothing that goes out is posted twice."""

from __future__ import annotations

import asyncio
import io
import logging
import wave
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bots import desk as desks
from bots import intake
from bots.desk import Desk
from core.app import App, inline_worker, open_app
from core.conversation import Conversation
from core.errors import Broken, RefusalKind
from core.ingest import BytesAttachment
from core.jobs.memory import MemoryJobs
from core.messages import Attachment, ConversationKey, Message, Outgoing, Person, Source, Stage, Status
from core.plans import Decision, Request, Step, StepResult, Words
from core.router import Router
from core.settings import Settings

KEY = ConversationKey("fake", "s", "c")
ANN = Person("ann", "Ann")


class FetchedAttachment(Attachment):
    """A file that stays on the platform: each fetch gives the next of what was planned, the last one for ever."""

    def __init__(self, source: Source, kept_there: dict[str, list[bytes | Exception]]) -> None:
        self.name, self.claimed_type, self.size, self.voice = source.name, "", source.size, source.voice
        self.source = source
        self._there = kept_there

    async def chunks(self) -> AsyncIterator[bytes]:
        planned = self._there[self.name]
        now = planned.pop(0) if len(planned) > 1 else planned[0]
        if isinstance(now, Exception):
            raise now
        yield now


class FakeAdapter:
    """Keeps what it was told to post; fails as often as it is asked to."""

    platform = "fake"

    def __init__(self, faults: int = 0) -> None:
        self.faults = faults
        self.posted: list[Outgoing] = []
        self.shown: list[Status] = []
        self.answered = asyncio.Event()
        self.taken_back: list[str] = []
        self.closed_after = -1
        self.kept_there: dict[str, list[bytes | Exception]] = {}

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def deliver(self, outgoing: Outgoing) -> tuple[str, ...]:
        if self.faults:
            self.faults -= 1
            raise Broken("502")
        self.posted.append(outgoing)
        self.answered.set()
        return (f"id{len(self.posted)}",)

    async def close(self) -> None:
        self.closed_after = len(self.posted)

    def open(self, source: Source) -> FetchedAttachment:
        return FetchedAttachment(source, self.kept_there)

    async def withdrawn(self, key: ConversationKey, message_id: str) -> None:
        self.taken_back.append(message_id)

    async def show(self, key: ConversationKey, message_id: str, status: Status) -> None:
        self.shown.append(status)

    async def answer(self) -> Outgoing:
        async with asyncio.timeout(15):
            await self.answered.wait()
        return self.posted[-1]


class Parrot:
    """A planner that repeats; "sleep" makes it run a long job."""

    async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
        if request.text == "sleep":
            return (
                Decision((Step("toy", {"seconds": 3, "mark": request.locale}),))
                if not results
                else Decision(text=str(results[0].text))
            )
        if request.text == "burst":
            raise RuntimeError("a fault of ours")
        return Decision(text=f"you said {request.text}")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "_DELIVERY_WAITS_S", (0.01, 0.01))


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    jobs = MemoryJobs()
    async with inline_worker(settings, jobs), open_app(settings, jobs) as opened:
        router = Router(settings, Parrot(), opened.steps, Conversation(opened.store), opened.library)
        opened.steps.pick = _sleepy
        yield replace(opened, router=router)
    await jobs.close()


async def _sleepy(*_: object) -> str:
    return "sleepy"


@asynccontextmanager
async def at_work(app: App, adapter: FakeAdapter) -> AsyncIterator[Desk]:
    desk = Desk(app)
    await desk.start([adapter])
    try:
        yield desk
    finally:
        await desk.stop()


def message(text: str, number: str = "1", *files: BytesAttachment, mark: str = "") -> Message:
    return Message(KEY, number, ANN, text, files, locale=mark)


async def test_a_message_is_answered_once_and_the_ledger_has_its_id(app: App) -> None:
    adapter = FakeAdapter()
    async with at_work(app, adapter) as desk:
        assert await desk.receive(message("hi"))
        outgoing = await adapter.answer()
        assert not await desk.receive(message("hi"))
        await asyncio.sleep(0.1)
    assert outgoing.reply.text == "you said hi"
    assert len(adapter.posted) == 1
    assert adapter.shown[0].stage is Stage.RECEIVED
    kept = await app.store.outgoing(outgoing.id)
    assert kept is not None
    assert kept.platform_ids == ("id1",)
    assert await app.store.undelivered("fake") == []
    assert await app.store.unanswered("fake") == []


async def test_delivery_is_tried_again(app: App) -> None:
    adapter = FakeAdapter(faults=2)
    async with at_work(app, adapter) as desk:
        await desk.receive(message("hi"))
        await adapter.answer()
    assert len(adapter.posted) == 1


async def test_what_could_not_be_delivered_is_at_the_next_start(app: App) -> None:
    down = FakeAdapter(faults=99)
    async with at_work(app, down) as desk:
        await desk.receive(message("hi"))
        await asyncio.sleep(0.5)
    up = FakeAdapter()
    async with at_work(app, up):
        assert (await up.answer()).reply.text == "you said hi"


async def test_a_turn_that_a_restart_cut_is_taken_up_with_the_job_that_ran_on(app: App, tmp_path: Path) -> None:
    first = FakeAdapter()
    async with at_work(app, first) as desk:
        await desk.receive(message("sleep", mark=str(tmp_path / "mark")))
        await asyncio.sleep(0.3)
    assert first.posted == []
    assert len(await app.store.unanswered("fake")) == 1
    second = FakeAdapter()
    async with at_work(app, second):
        assert (await second.answer()).reply.text == "slept"
    assert (tmp_path / "mark").read_text() == "ran\n", "the job was started again"


async def test_stop_answers_and_a_second_stop_does_nothing(app: App) -> None:
    adapter = FakeAdapter()
    async with at_work(app, adapter) as desk:
        await desk.receive(message("sleep"))
        await asyncio.sleep(0.2)
        assert await desk.stop_turn(KEY, "1")
        assert (await adapter.answer()).reply.text == "Stopped."
        await asyncio.sleep(0.1)
        assert not await desk.stop_turn(KEY, "1")
        assert not await desk.stop_turn(KEY, "never")


async def test_our_own_fault_is_told_kindly_and_logged(app: App, caplog: pytest.LogCaptureFixture) -> None:
    adapter = FakeAdapter()
    with caplog.at_level(logging.INFO, logger="audiogpt"):
        async with at_work(app, adapter) as desk:
            await desk.receive(message("burst"))
            reply = (await adapter.answer()).reply
    assert reply.refusal is not None
    assert reply.refusal.kind is RefusalKind.MODEL_FAILED
    assert "fault of ours" not in reply.text
    assert "fault of ours" in caplog.text


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("empty.wav", b"", RefusalKind.BAD_INPUT),
        ("notes.wav", b"these are only words\n" * 50, RefusalKind.BAD_INPUT),
        ("../../etc/passwd\n.mp3", b"\xff\xfb\x90\x00" + b"\0" * 20, RefusalKind.BAD_INPUT),
    ],
)
async def test_a_bad_file_is_one_clear_refusal(app: App, name: str, content: bytes, kind: RefusalKind) -> None:
    adapter = FakeAdapter()
    async with at_work(app, adapter) as desk:
        await desk.receive(message("transcribe", "1", BytesAttachment(name, content)))
        reply = (await adapter.answer()).reply
    assert reply.refusal is not None
    assert reply.refusal.kind is kind
    assert "\n" not in reply.text
    assert await app.bytes.ids() == []


async def test_too_many_files(app: App) -> None:
    adapter = FakeAdapter()
    files = [BytesAttachment(f"{n}.wav", b"x") for n in range(11)]
    async with at_work(app, adapter) as desk:
        await desk.receive(message("join", "1", *files))
        reply = (await adapter.answer()).reply
    assert reply.refusal is not None
    assert reply.refusal.kind is RefusalKind.OVER_LIMIT


def there(adapter: FakeAdapter, name: str, *planned: bytes | Exception, voice: bool = False) -> FetchedAttachment:
    adapter.kept_there[name] = list(planned)
    return FetchedAttachment(Source(name, voice=voice), adapter.kept_there)


async def test_a_message_is_kept_before_its_files_are_fetched_and_a_restart_fetches_them(app: App) -> None:
    first = FakeAdapter()
    async with at_work(app, first) as desk:
        await desk.receive(Message(KEY, "1", ANN, "hello", (there(first, "a.mp3", Broken("503")),)))
        assert len(await app.store.unanswered("fake")) == 1
    assert first.posted == []
    second = FakeAdapter()
    second.kept_there["a.mp3"] = [b"no sound at all" * 3]
    async with at_work(app, second):
        reply = (await second.answer()).reply
    assert reply.refusal is not None
    assert reply.refusal.kind is RefusalKind.BAD_INPUT


async def test_a_fetch_that_fails_is_tried_again_and_then_told(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_FETCH_WAITS_S", (0.01, 0.01))
    adapter = FakeAdapter()
    async with at_work(app, adapter) as desk:
        await desk.receive(Message(KEY, "1", ANN, "hello", (there(adapter, "a", Broken("503"), b"only words " * 9),)))
        assert "text file" in (await adapter.answer()).reply.text
        adapter.answered.clear()
        await desk.receive(Message(KEY, "2", ANN, "hello", (there(adapter, "b", Broken("503")),)))
        reply = (await adapter.answer()).reply
    assert reply.text == "I could not fetch that file just now. Please send it again in a moment."


async def test_a_stop_while_files_are_fetched(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_FETCH_WAITS_S", (30.0,))
    adapter = FakeAdapter()
    async with at_work(app, adapter) as desk:
        await desk.receive(Message(KEY, "1", ANN, "hello", (there(adapter, "a", Broken("503")),)))
        await asyncio.sleep(0.1)
        assert await desk.stop_turn(KEY, "1")
        assert (await adapter.answer()).reply.text == "Stopped."


async def test_an_edit_replaces_the_request(app: App) -> None:
    adapter = FakeAdapter()
    async with at_work(app, adapter) as desk:
        await desk.receive(message("sleep"))
        await asyncio.sleep(0.2)
        assert await desk.edited(message("hi"), "2")
        assert (await adapter.answer()).reply.text == "you said hi"
        assert adapter.taken_back == ["1"]
        assert not await desk.edited(message("hi"), "2"), "the same edit told twice"
        await asyncio.sleep(0.1)
    assert [p.message_id for p in adapter.posted] == ["1~2"]
    assert await app.store.unanswered("fake") == []


async def test_an_edit_that_is_told_twice_does_not_take_itself_back(app: App) -> None:
    adapter = FakeAdapter()
    async with at_work(app, adapter) as desk:
        await desk.receive(message("hi"))
        await adapter.answer()
        adapter.answered.clear()
        assert await desk.edited(message("sleep"), "2")
        await asyncio.sleep(0.2)
        assert not await desk.edited(message("sleep"), "2")
        assert (await adapter.answer()).reply.text == "slept"


async def test_an_edit_that_changes_no_word_is_none(app: App) -> None:
    adapter = FakeAdapter()
    async with at_work(app, adapter) as desk:
        await desk.receive(message("hi"))
        await adapter.answer()
        assert not await desk.edited(message(" hi "), "2")
        assert await desk.edited(message("hello"), "3"), "an edit after the answer is a new request"
        async with asyncio.timeout(10):
            while len(adapter.posted) < 2:
                await asyncio.sleep(0.01)
        assert await desk.edited(message("new", "7"), "1"), "a message that was not taken before is taken now"
    assert [p.reply.text for p in adapter.posted][:2] == ["you said hi", "you said hello"]


async def test_what_comes_in_while_the_bot_stops_is_kept_and_begins_nothing(app: App) -> None:
    first = FakeAdapter()
    async with at_work(app, first) as desk:
        pass
    assert await desk.receive(message("hi"))  # an event that the adapter had not done reading
    assert not desk.busy
    assert not await desk.receive(message("hi"))
    assert len(await app.store.unanswered("fake")) == 1
    second = FakeAdapter()
    async with at_work(app, second):
        assert (await second.answer()).reply.text == "you said hi"
    assert first.posted == []


async def test_turns_may_finish_before_the_bot_stops(app: App) -> None:
    patient = replace(app, settings=app.settings.model_copy(update={"goodbye_s": 20.0}))
    adapter = FakeAdapter()
    async with at_work(patient, adapter) as desk:
        await desk.receive(message("sleep"))
        await asyncio.sleep(0.2)
    assert [p.reply.text for p in adapter.posted] == ["slept"]
    assert adapter.closed_after == 1


async def test_somebody_elses_clip_that_is_replied_to_is_meant_but_is_not_said_to_us(app: App) -> None:
    seen: list[Request] = []

    class Listener:
        async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
            seen.append(request)
            return Decision(text="ok")

    router = Router(app.settings, Listener(), app.steps, Conversation(app.store), app.library)
    adapter = FakeAdapter()
    clip = clip_bytes()
    async with at_work(replace(app, router=router), adapter) as desk:
        quoted = there(adapter, "bob.wav", clip, voice=True)
        await desk.receive(Message(KEY, "1", ANN, "clean this", quoted=(quoted,), quoted_text="listen!", reply_to="0"))
        await adapter.answer()
    (request,) = seen
    assert [(i.kind.value, i.current, i.voice) for i in request.items] == [("audio", True, False)]
    assert (request.text, request.quoted, request.spoken) == ("clean this", "listen!", False)


def clip_bytes() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"\x00\x10\x00\xf0" * 4000)
    return file.getvalue()
