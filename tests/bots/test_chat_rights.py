"""What is not for somebody, in a chat: no command, button or voice note gets it for them, and no listing offers it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fakechat import KEY, FakeChat
from platforms import stage
from test_chat_commands import ANN, BOB, answered, ask, run, wav

from bots.commands import Call
from bots.layout import Verb
from core.errors import RefusalKind
from core.ingest import BytesAttachment
from core.messages import Message, Reply
from core.settings import Settings


@asynccontextmanager
async def chatting(settings: Settings, rights: str) -> AsyncIterator[FakeChat]:
    async with stage.playing(stage.staged(settings, rights=rights), FakeChat) as playing:
        assert isinstance(playing.adapter, FakeChat)
        yield playing.adapter


async def reply_to(chat: FakeChat, message_id: str) -> Reply:
    outgoing = await chat.desk.store.outgoing(f"{KEY}#{message_id}")
    assert outgoing is not None
    return outgoing.reply


async def test_help_and_models_are_those_of_who_asks(settings: Settings) -> None:
    async with chatting(settings, "fake:ann may not paint") as chat:
        assert "paint" not in (await run(chat, "help")).text
        models = (await run(chat, "models")).text
        assert "toy-painter" not in models
        assert models.endswith("Not for you here, as whoever runs me decided: paint.")
        bobs = (await chat.commands.run("models", Call(KEY, BOB, "models"))).text
        assert "toy-painter" in bobs
        assert "Not for you" not in bobs
        assert "• paint" in (await chat.commands.run("help", Call(KEY, BOB, "help"))).text


@pytest.mark.parametrize("change", ["", "slower"])
async def test_again_is_for_whoever_presses_it(settings: Settings, change: str) -> None:
    async with chatting(settings, "fake:bob may not text_to_speech") as chat:
        post = await ask(chat, "speak one two", "1", ANN)
        for person, call in ((BOB, "again-1"), (ANN, "again-2")):
            before = len(chat.room.posted)
            said = await chat.commands.press(Verb.AGAIN, Call(KEY, person, call, change, about=post))
            await answered(chat, before + 1)
            reply = await reply_to(chat, said.began)
            tried = [r.capability for r in reply.plan]
            if person is BOB:
                assert reply.refusal is not None
                assert (reply.refusal.kind, reply.shown, tried) == (RefusalKind.NOT_ALLOWED, (), [])
            else:
                assert tried[0] == "text_to_speech"


async def test_who_may_not_have_speech_made_is_answered_in_writing(settings: Settings) -> None:
    async with chatting(settings, "fake may not text_to_speech") as chat:
        await chat.desk.receive(Message(KEY, "1", ANN, "", (BytesAttachment("v.wav", wav(), voice=True),)))
        await answered(chat, 1)
        assert [(p.text, p.way) for p in chat.room.posted] == [("you said: say 0.5 seconds", None)]


async def test_who_may_not_have_speech_recognised_is_not_listened_to(settings: Settings) -> None:
    async with chatting(settings, "fake:ann may not speech_recognition") as chat:
        await chat.desk.receive(Message(KEY, "1", ANN, "", (BytesAttachment("v.wav", wav(), voice=True),)))
        await answered(chat, 1)
        reply = await reply_to(chat, "1")
        assert reply.refusal is not None
        assert reply.refusal.kind is RefusalKind.NOT_ALLOWED
        assert reply.heard == ""
