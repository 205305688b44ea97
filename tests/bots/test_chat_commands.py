"""Slash commands, shortcuts and buttons, the same on every platform."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator

import numpy as np
import pytest
import soundfile
from fakechat import KEY, FakeChat
from platforms import stage

from bots.commands import COMMANDS, Call, Said
from bots.layout import Verb
from core.ingest import BytesAttachment
from core.messages import ConversationKey, Message, Person, Ran, Source
from core.settings import Settings

ANN = Person("ann", "Ann")
BOB = Person("bob", "Bob")


@pytest.fixture
async def chat(settings: Settings) -> AsyncIterator[FakeChat]:
    async with stage.playing(stage.staged(settings), FakeChat) as playing:
        assert isinstance(playing.adapter, FakeChat)
        yield playing.adapter


def wav(seconds: float = 0.5, level: float = 0.2) -> bytes:
    file = io.BytesIO()
    tone = level * np.sin(2 * np.pi * 220 * np.arange(int(16000 * seconds)) / 16000)
    soundfile.write(file, tone, 16000, format="WAV")
    return file.getvalue()


async def ask(chat: FakeChat, text: str, number: str, person: Person = ANN) -> str:
    """Say something and wait for the last message of the answer; returns its id."""
    before = len(chat.room.posted)
    await chat.desk.receive(Message(KEY, number, person, text))
    await answered(chat, before + 1)
    return chat.room.posted[-1].id


async def answered(chat: FakeChat, count: int) -> None:
    """Wait until so many messages are posted and nothing is under way any more."""
    await chat.until(count)
    async with asyncio.timeout(20):
        while chat.desk.under_way(KEY):
            await asyncio.sleep(0.01)


async def run(chat: FakeChat, name: str, text: str = "", **more: object) -> Said:
    return await chat.commands.run(name, Call(KEY, ANN, f"call-{name}-{text}", text, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", COMMANDS)
async def test_every_command_says_something_or_begins_something(chat: FakeChat, name: str) -> None:
    said = await run(chat, name, "hello" if name == "ask" else "")
    assert said.text or said.began
    if said.began:
        await chat.until(1)


async def test_ask_is_a_request_like_any_other_and_told_twice_is_done_once(chat: FakeChat) -> None:
    said = await run(chat, "ask", "hello")
    assert (said.text, said.began) == ("", "call-ask-hello")
    await run(chat, "ask", "hello")
    await chat.until(1)
    await asyncio.sleep(0.2)
    assert [p.text for p in chat.room.posted] == ["you said: hello"]
    assert "For example" in (await run(chat, "ask", "  ")).text


async def test_voice_sets_how_one_person_is_answered(chat: FakeChat) -> None:
    assert "in speech too" in (await run(chat, "voice", "on")).text
    await ask(chat, "hi", "1")
    assert [p.way and p.way.value for p in chat.room.posted] == ["voice", None]
    await ask(chat, "hi", "2", BOB)
    assert chat.room.posted[-1].way is None
    assert len(chat.room.posted) == 3
    assert "in writing only" in (await run(chat, "voice", "OFF")).text
    await chat.desk.receive(Message(KEY, "3", ANN, "", (BytesAttachment("v.wav", wav(), voice=True),)))
    await chat.until(4)
    assert chat.room.posted[-1].text == "you said: say 0.5 seconds"
    assert "off" in (await run(chat, "voice")).text


async def test_who_speaks_is_answered_in_speech_by_default(chat: FakeChat) -> None:
    await chat.desk.receive(Message(KEY, "1", ANN, "", (BytesAttachment("v.wav", wav(), voice=True),)))
    await chat.until(2)
    assert [p.way and p.way.value for p in chat.room.posted] == ["voice", None]


async def test_stop_ends_what_is_ones_own(chat: FakeChat) -> None:
    await chat.desk.receive(Message(KEY, "1", ANN, "sleep 20"))
    await chat.desk.receive(Message(KEY, "2", BOB, "sleep 20"))
    assert (await run(chat, "stop")).text == "Stopping."
    await chat.until(1)
    async with asyncio.timeout(20):
        while chat.desk.under_way(KEY) != ["2"]:
            await asyncio.sleep(0.01)
    assert "nothing of yours" in (await run(chat, "stop")).text
    await chat.desk.withdraw(KEY, "2")


async def test_why_names_model_licence_and_arguments(chat: FakeChat) -> None:
    post = await ask(chat, "speak good morning", "1")
    await ask(chat, "hi", "2")
    said = await run(chat, "why", about=post)
    assert "read text aloud: toy-mouth, Apache-2.0" in said.text
    assert "text: good morning" in said.text
    assert "Made by AI" in said.text
    assert (await run(chat, "why")).text == said.text, "without a reply the last result is meant"
    assert (await chat.commands.press(Verb.WHY, Call(KEY, BOB, "p", about=post))).text == said.text


async def test_again_asks_the_same_once_more(chat: FakeChat) -> None:
    post = await ask(chat, "speak good morning", "1")
    said = await chat.commands.press(Verb.AGAIN, Call(KEY, ANN, "press 1", about=post))
    assert said.began.startswith("1~")
    await chat.commands.press(Verb.AGAIN, Call(KEY, ANN, "press 1", about=post))
    await chat.until(4)
    await asyncio.sleep(0.3)
    assert [p.way and p.way.value for p in chat.room.posted] == ["voice", None] * 2


async def plan_of(chat: FakeChat, post: str) -> Ran:
    found = await chat.desk.store.post_as("fake", post)
    assert found is not None
    outgoing = await chat.desk.store.outgoing(found.outgoing)
    assert outgoing is not None
    (ran,) = outgoing.reply.plan
    return ran


async def test_again_with_a_change_makes_the_same_but_for_that(chat: FakeChat) -> None:
    post = await ask(chat, "speak good morning", "1")
    first = await plan_of(chat, post)
    said = await run(chat, "again", "slower", about=post)
    assert said.began.startswith("1~")
    await answered(chat, 4)
    slower = await plan_of(chat, chat.room.posted[-1].id)
    assert slower.args == {"text": "good morning", "speed": 0.8}
    assert (slower.seed, slower.model, slower.number) == (first.seed, first.model, 1)
    assert chat.room.posted[-1].text == "Here it is: spoken."


async def test_words_that_answer_a_result_change_it_too_and_its_change_can_be_changed(chat: FakeChat) -> None:
    post = await ask(chat, "speak good morning", "1")
    await ask(chat, "speak something else", "2")
    await chat.desk.receive(Message(KEY, "3", BOB, "Again, but faster", reply_to=post))
    await answered(chat, 6)
    assert (await plan_of(chat, chat.room.posted[-1].id)).args == {"text": "good morning", "speed": 1.25}
    await chat.desk.receive(Message(KEY, "4", BOB, "again, slower"))
    await answered(chat, 8)
    last = await plan_of(chat, chat.room.posted[-1].id)
    assert last.args == {"text": "good morning", "speed": 1.0}, "without a reply the last result is meant"


async def test_another_one_has_another_seed(chat: FakeChat) -> None:
    first = await plan_of(chat, await ask(chat, "paint", "1"))
    other = await plan_of(chat, await ask(chat, "again, another one", "2"))
    assert other.capability == first.capability
    assert other.seed != first.seed


async def test_what_cannot_be_changed_is_said_and_nothing_is_made(chat: FakeChat) -> None:
    post = await ask(chat, "paint", "1")
    for number, words, why in (("2", "again, louder", "no sound"), ("3", "again with more feeling", "I can't change")):
        before = len(chat.room.posted)
        await chat.desk.receive(Message(KEY, number, ANN, words, reply_to=post))
        await answered(chat, before + 1)
        assert why in "".join(p.text for p in chat.room.posted[before:])
    assert sum(p.way is not None for p in chat.room.posted) == 1


async def test_again_where_nothing_was_made_is_an_ordinary_message(chat: FakeChat) -> None:
    await ask(chat, "again, slower", "1")
    assert chat.room.posted[-1].text == "you said: again, slower"
    assert "don't remember" in (await run(chat, "again", "slower", about="nothing")).text


async def test_forget_in_private_erases_all_and_elsewhere_only_ones_own(chat: FakeChat) -> None:
    thread = ConversationKey("fake", "s", "c", "t")
    await ask(chat, "speak good morning", "1")
    await ask(chat, "speak hello", "2", BOB)
    await chat.desk.receive(Message(thread, "3", ANN, "hi there"))
    await chat.until(5)
    said = await run(chat, "forget")
    assert [b.verb for b in said.buttons] == [Verb.FORGET, Verb.KEEP]
    assert "Nothing" in (await chat.commands.press(Verb.KEEP, Call(KEY, ANN, "k"))).text
    assert len(await chat.desk.store.turns(KEY, 9)) == 4
    await chat.commands.press(Verb.FORGET, Call(KEY, ANN, "f"))
    left = await chat.desk.store.turns(KEY, 9)
    assert [t.text for t in left if t.who == "user"] == ["speak hello"]
    assert len(left) == 2
    assert await chat.desk.store.turns(thread, 9) == []
    assert len(await chat.desk.bytes.ids()) == 1
    await chat.commands.press(Verb.FORGET, Call(KEY, ANN, "f2", private=True))
    assert await chat.desk.store.turns(KEY, 9) == []
    assert await chat.desk.bytes.ids() == []


async def test_a_shortcut_means_the_message_that_it_is_used_on(chat: FakeChat) -> None:
    chat.files["v.ogg"] = [wav(1.0)]
    clip = chat.open(Source("v.ogg"))
    await chat.commands.shortcut("Transcribe", Call(KEY, ANN, "s1", about="9", quoted=(clip,)))
    assert (await chat.until(1))[0].text == "say 1.0 seconds"


async def test_a_reply_to_a_result_of_ours_means_that_result(chat: FakeChat) -> None:
    post = await ask(chat, "speak one two three four", "1")
    await ask(chat, "speak one", "2")
    await chat.desk.receive(Message(KEY, "3", BOB, "transcribe", reply_to=post))
    await chat.until(5)
    assert chat.room.posted[-1].text == "say 1.0 seconds", "it took another clip than the one replied to"


async def test_a_button_of_another_version(chat: FakeChat) -> None:
    assert "another version" in (await chat.commands.press("dance", Call(KEY, ANN, "p"))).text
