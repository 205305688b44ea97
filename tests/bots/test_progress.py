"""One status line a turn: late enough not to flicker, edited in place, always taken away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from fakechat import KEY, FakeChat
from platforms import stage

from bots import progress as progresses
from bots.budget import Rate
from bots.commands import Call
from bots.layout import Verb
from bots.wording import status_line
from core.errors import Broken
from core.messages import Message, Person, Stage, Status
from core.settings import Settings

ANN = Person("ann", "Ann")
BOB = Person("bob", "Bob")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progresses, "FIRST_S", 0.05)


@pytest.fixture
async def chat(settings: Settings) -> AsyncIterator[FakeChat]:
    async with stage.playing(stage.staged(settings), FakeChat) as playing:
        assert isinstance(playing.adapter, FakeChat)
        yield playing.adapter


async def line_of(chat: FakeChat, word: str) -> str:
    """Wait until a status line says the word, and it is noted whose line that is; returns its id."""
    async with asyncio.timeout(20):
        while True:
            for name, said in chat.room.statuses.items():
                if any(word in text for text in said) and await chat.desk.store.post_as("fake", name):
                    return name
            await asyncio.sleep(0.01)


async def test_a_long_turn_says_how_far_it_is_and_the_line_goes_with_the_answer(chat: FakeChat) -> None:
    await chat.desk.receive(Message(KEY, "m1", ANN, "sleep 1"))
    await chat.until(1)
    assert chat.room.hints == 1
    ((name, said),) = chat.room.statuses.items()
    assert any(text.startswith("Working: sleep (toy-sleeper), ") and text.endswith(" %") for text in said)
    assert len(said) == len(set(said)), "a line was edited to what it said already"
    async with asyncio.timeout(10):
        while chat.room.cleared != [name] or await chat.desk.store.open_statuses("fake"):
            await asyncio.sleep(0.01)
    assert chat.room.posted[0].text == "slept"


async def test_a_quick_answer_has_no_line(chat: FakeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progresses, "FIRST_S", 30.0)
    await chat.desk.receive(Message(KEY, "m1", ANN, "hi"))
    await chat.until(1)
    assert chat.room.statuses == {}


async def test_stop_by_who_asked_and_by_nobody_else(chat: FakeChat) -> None:
    await chat.desk.receive(Message(KEY, "m1", ANN, "sleep 20"))
    line = await line_of(chat, "Working")
    assert "can stop it" in (await chat.commands.press(Verb.STOP, Call(KEY, BOB, "b1", about=line))).text
    assert chat.desk.under_way(KEY) == ["m1"]
    assert (await chat.commands.press(Verb.STOP, Call(KEY, ANN, "b2", about=line))).text == ""
    (answer,) = await chat.until(1)
    assert (answer.text, answer.buttons) == ("Stopped.", ("again",))
    assert "finished" in (await chat.commands.press(Verb.STOP, Call(KEY, ANN, "b3", about=line))).text


async def test_a_platform_that_takes_no_lines_still_gets_the_answer(chat: FakeChat) -> None:
    chat.status_fault = Broken("503")
    await chat.desk.receive(Message(KEY, "m1", ANN, "sleep 0.5"))
    assert (await chat.until(1))[0].text == "slept"


async def test_lines_wait_where_the_budget_is_for_answers(chat: FakeChat) -> None:
    chat.fast = Rate(per_s=0.001, burst=2, kept=2)
    await chat.desk.receive(Message(KEY, "m1", ANN, "sleep 1"))
    assert (await chat.until(1))[0].text == "slept"
    assert all(len(said) == 1 for said in chat.room.statuses.values()), "edits took what is kept for answers"


async def test_a_message_that_is_taken_back_leaves_nothing(chat: FakeChat) -> None:
    await chat.desk.receive(Message(KEY, "m1", ANN, "sleep 20"))
    line = await line_of(chat, "Working")
    assert await chat.desk.withdraw(KEY, "m1")
    assert chat.room.cleared == [line]
    assert chat.room.posted == []
    assert await chat.desk.store.unanswered("fake") == []


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (Status(Stage.LISTENING), "Listening…"),
        (Status(Stage.THINKING), "Thinking…"),
        (Status(Stage.QUEUED, "text_to_speech", "hibari", place=1), "Waiting, you are next: read text aloud"),
        (Status(Stage.QUEUED, "text_to_speech", "hibari", place=3), "Waiting, number 3 in line: read text aloud"),
        (Status(Stage.RUNNING, "text_to_speech", "hibari"), "Working: read text aloud (hibari)"),
        (Status(Stage.RUNNING, "new_thing", "x", fraction=0.426), "Working: new thing (x), 43 %"),
        (Status(Stage.WORDS, text="So far"), "So far"),
    ],
)
def test_what_a_line_says(status: Status, line: str) -> None:
    assert status_line(status, {"text_to_speech": "read text aloud"}) == line
