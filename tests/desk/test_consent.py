"""A voice is imitated only when whose it is agrees: by asking for it, or by pressing "Allow"."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
from PIL import Image

from bots.commands import Call, Commands
from bots.desk import Desk
from bots.layout import ALLOW, Verb, buttons_of
from bots.wording import ALLOWED, NOT_YOUR_VOICE
from core.app import App, inline_worker, open_app
from core.conversation import Conversation
from core.errors import ConsentNeeded, RefusalKind
from core.ingest import BytesAttachment
from core.jobs.memory import MemoryJobs
from core.messages import Attachment, ConversationKey, Message, Outgoing, Person, Source, Status
from core.plans import Decision, Request, Step, StepResult, Words
from core.policy import UNKNOWN_VOICE, may_animate, may_imitate
from core.router import Router
from core.settings import Settings

KEY = ConversationKey("fake", "s", "c", "t")
THREAD = replace(KEY, thread="another")
ELSEWHERE = replace(KEY, channel="d")
ANN, BOB, EVE = (Person(name.lower(), name) for name in ("Ann", "Bob", "Eve"))


def clip(pitch: int) -> bytes:
    packed = io.BytesIO()
    with wave.open(packed, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(b for n in range(4000) for b in (0, 64 if n % pitch * 2 < pitch else 192)))
    return packed.getvalue()


class Quoted(BytesAttachment):
    """A file of the message that is answered, as a platform tells of it."""

    def __init__(self, pitch: int, speaker: Person | None) -> None:
        super().__init__("quoted.wav", clip(pitch))
        self.source = Source("quoted.wav", speaker=speaker.id if speaker else "")


class QuotedPicture(BytesAttachment):
    """A picture of the message that is answered."""

    def __init__(self, sender: Person) -> None:
        packed = io.BytesIO()
        Image.new("RGB", (40, 30), "red").save(packed, "PNG")
        super().__init__("quoted.png", packed.getvalue())
        self.source = Source("quoted.png", sender=sender.id)


class Planner:
    """Imitates the newest recording when asked to; "twice" goes by way of another model's output."""

    async def decide(self, request: Request, results: Sequence[StepResult], words: Words) -> Decision:
        if results:
            return Decision(text="done")
        if "animate" in request.text:
            return Decision((Step("animate", {"image": request.items[0].id}),))
        if "mimic" not in request.text:
            return Decision(text="done")
        item = next(i for i in request.items if i.kind.value == "audio")
        if "twice" in request.text:
            return Decision((Step("clip", {"audio": item.id}), Step("mimic", {"reference": "$1"})))
        return Decision((Step("mimic", {"reference": item.id}),))


class Chat:
    """A platform of which one only sees the replies."""

    platform = "fake"

    def __init__(self) -> None:
        self.posted: dict[str, Outgoing] = {}
        self._news = asyncio.Condition()

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def close(self) -> None:
        return None

    async def show(self, key: ConversationKey, message_id: str, status: Status) -> None:
        return None

    async def withdrawn(self, key: ConversationKey, message_id: str) -> None:
        return None

    def open(self, source: Source) -> Attachment:
        raise AssertionError(source)

    async def deliver(self, outgoing: Outgoing) -> tuple[str, ...]:
        async with self._news:
            self.posted[outgoing.message_id] = outgoing
            self._news.notify_all()
        return (f"post of {outgoing.message_id}",)

    async def answer_to(self, message_id: str) -> Outgoing:
        async with asyncio.timeout(30), self._news:
            await self._news.wait_for(lambda: message_id in self.posted)
        return self.posted[message_id]


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[App]:
    jobs = MemoryJobs()
    async with inline_worker(settings, jobs), open_app(settings, jobs) as opened:
        yield replace(
            opened, router=Router(settings, Planner(), opened.steps, Conversation(opened.store), opened.library)
        )
    await jobs.close()


class Room:
    """People who talk to the bot, and what they get."""

    def __init__(self, app: App) -> None:
        self.chat = Chat()
        self.desk = Desk(app)
        self.commands = Commands(self.desk, None)  # type: ignore[arg-type]  # nothing is sent again here
        self.store = app.store
        self._count = 0

    async def say(
        self,
        who: Person,
        text: str,
        *attached: Attachment,
        quoted: Sequence[Attachment] = (),
        key: ConversationKey = KEY,
    ) -> Outgoing:
        self._count += 1
        message = Message(key, f"m{self._count}", who, text, tuple(attached), tuple(quoted), speak=False)
        await self.desk.receive(message)
        return await self.chat.answer_to(message.id)

    def press(self, who: Person, about: Outgoing, id: str = "press", key: ConversationKey = KEY) -> Call:
        return Call(key, who, id, about=about.message_id)


@pytest.fixture
async def room(app: App) -> AsyncIterator[Room]:
    found = Room(app)
    await found.desk.start([found.chat])
    yield found
    await found.desk.stop()


def waits_for(answer: Outgoing) -> str | None:
    """Whose agreement an answer waits for; empty when nobody can give it, None when it needs none."""
    refusal = answer.reply.refusal
    if refusal is None:
        return None
    assert refusal.kind is RefusalKind.CONSENT_NEEDED
    assert {"mimic", "animate"}.isdisjoint(ran.capability for ran in answer.reply.plan)
    return refusal.who


def test_the_rule() -> None:
    assert may_imitate([], "a", []) is None
    assert may_imitate(["a"], "a", []) is None
    assert may_imitate(["a", "b"], "a", ["b"]) is None
    for speakers, allowed, who in (
        (["b"], [], "b"),
        (["a", "c"], ["b"], "c"),
        ([None], ["b"], ""),
        ([None, "b"], [], ""),
    ):
        refused = may_imitate(speakers, "a", allowed)
        assert isinstance(refused, ConsentNeeded)
        assert refused.who == who
        assert refused.refusal.error.who == who


async def test_ones_own_voice_note_is_imitated_without_asking(room: Room) -> None:
    await room.store.heard_voice("x", "fake:bob")
    assert waits_for(await room.say(ANN, "mimic", quoted=[Quoted(20, ANN)])) is None
    answer = await room.say(ANN, "mimic twice", quoted=[Quoted(20, ANN)])
    assert waits_for(answer) is None
    assert [s.artifact.name for s in answer.reply.shown] == ["mimic.wav"]


async def test_a_file_of_nobody_known_is_refused_and_no_button_helps(room: Room) -> None:
    answer = await room.say(ANN, "mimic", BytesAttachment("her.wav", clip(30)))
    assert waits_for(answer) == ""
    assert answer.reply.refusal is not None
    assert answer.reply.refusal.message == UNKNOWN_VOICE
    assert "voice note" in UNKNOWN_VOICE
    assert buttons_of(answer.reply) == ()
    assert (await room.commands.press(Verb.ALLOW, room.press(ANN, answer))).text == NOT_YOUR_VOICE
    assert waits_for(await room.say(ANN, "mimic", quoted=[Quoted(31, None)])) == ""


async def test_only_the_speaker_can_allow_it_and_then_it_goes_on_by_itself(room: Room) -> None:
    asked = await room.say(BOB, "mimic", quoted=[Quoted(20, ANN)])
    assert waits_for(asked) == "fake:ann"
    assert buttons_of(asked.reply) == (ALLOW,)
    for other in (BOB, EVE):
        said = await room.commands.press(Verb.ALLOW, room.press(other, asked))
        assert (said.text, said.began) == (NOT_YOUR_VOICE, "")
    said = await room.commands.press(Verb.ALLOW, room.press(ANN, asked))
    assert said.text == ALLOWED
    done = await room.chat.answer_to(said.began)
    assert waits_for(done) is None
    assert done.reply.shown[0].artifact.recipe.person == "fake:bob"
    again = await room.commands.press(Verb.ALLOW, room.press(ANN, asked, "another press"))
    assert again.began == said.began
    assert len(room.chat.posted) == 2
    assert waits_for(await room.say(BOB, "mimic", quoted=[Quoted(20, ANN)], key=THREAD)) is None
    assert waits_for(await room.say(EVE, "mimic", quoted=[Quoted(20, ANN)])) == "fake:ann"
    assert waits_for(await room.say(BOB, "mimic", quoted=[Quoted(20, ANN)], key=ELSEWHERE)) == "fake:ann"


async def test_what_was_made_of_a_voice_is_still_that_voice(room: Room) -> None:
    assert waits_for(await room.say(BOB, "mimic twice", quoted=[Quoted(20, ANN)])) == "fake:ann"
    made = (await room.say(ANN, "mimic", quoted=[Quoted(20, ANN)])).reply.shown[0].artifact
    await room.store.keep(made, str(KEY))
    answer = await room.say(BOB, "mimic of the last one")
    assert waits_for(answer) == "fake:ann"


async def test_a_copy_does_not_change_whose_voice_it_is(room: Room) -> None:
    await room.say(ANN, "mimic", quoted=[Quoted(20, ANN)])
    assert waits_for(await room.say(BOB, "mimic", quoted=[Quoted(20, BOB)])) == "fake:ann"
    assert waits_for(await room.say(BOB, "mimic", BytesAttachment("mine.wav", clip(20)))) == "fake:ann"


@pytest.mark.parametrize("who", [ANN, BOB])
async def test_forget_takes_the_permission_back(room: Room, who: Person) -> None:
    asked = await room.say(BOB, "mimic", quoted=[Quoted(20, ANN)])
    said = await room.commands.press(Verb.ALLOW, room.press(ANN, asked))
    await room.chat.answer_to(said.began)
    assert await room.store.allowed("fake:bob", KEY.place) == {"fake:ann"}
    await room.commands.press(Verb.FORGET, Call(ELSEWHERE, who, "f0"))
    assert await room.store.allowed("fake:bob", KEY.place) == {"fake:ann"}
    await room.commands.press(Verb.FORGET, Call(KEY, who, "f1"))
    assert await room.store.allowed("fake:bob", KEY.place) == frozenset()
    assert waits_for(await room.say(BOB, "mimic", quoted=[Quoted(20, ANN)])) == "fake:ann"


async def test_forgetting_in_private_takes_back_what_was_allowed_anywhere(room: Room) -> None:
    await room.store.allow("fake:ann", "fake:bob", KEY.place)
    await room.commands.press(Verb.FORGET, Call(ELSEWHERE, ANN, "f", private=True))
    assert await room.store.allowed("fake:bob", KEY.place) == frozenset()


async def test_a_button_of_a_request_that_is_forgotten_does_nothing(room: Room) -> None:
    asked = await room.say(BOB, "mimic", quoted=[Quoted(20, ANN)])
    await room.commands.press(Verb.FORGET, Call(KEY, BOB, "f"))
    said = await room.commands.press(Verb.ALLOW, room.press(ANN, asked))
    assert "don't remember" in said.text
    assert not said.began
    assert await room.store.allowed("fake:bob", KEY.place) == frozenset()


def test_who_sent_a_picture_answers_for_it() -> None:
    assert may_animate([], "a", []) is None
    assert may_animate(["a"], "a", []) is None
    assert may_animate(["b"], "a", ["b"]) is None
    refused = may_animate(["a", "c"], "a", ["b"])
    assert isinstance(refused, ConsentNeeded)
    assert refused.who == "c"
    assert "picture" in refused.message


async def test_a_picture_that_somebody_else_sent_talks_only_when_they_allow_it(room: Room) -> None:
    assert waits_for(await room.say(ANN, "animate", QuotedPicture(ANN))) is None
    asked = await room.say(BOB, "animate", quoted=[QuotedPicture(ANN)])
    assert waits_for(asked) == "fake:ann"
    assert buttons_of(asked.reply) == (ALLOW,)
    said = await room.commands.press(Verb.ALLOW, room.press(EVE, asked))
    assert (said.text, said.began) == (NOT_YOUR_VOICE, "")
    said = await room.commands.press(Verb.ALLOW, room.press(ANN, asked))
    assert waits_for(await room.chat.answer_to(said.began)) is None
