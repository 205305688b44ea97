"""A second parser reads every update that the played Telegram makes."""

from __future__ import annotations

import json

from platforms.judges.run import judged
from platforms.telegram.clips import clip
from platforms.telegram.people import Upload
from platforms.telegram.server import TelegramServer
from platforms.telegram.state import Msg, now


async def test_aiogram_accepts_every_kind_of_update() -> None:
    async with TelegramServer(privacy=False) as server:
        server.updates.allow(["message", "edited_message", "callback_query", "message_reaction", "my_chat_member"])
        ann, bob = server.person("Ann"), server.person("Bob")
        direct, group, forum = server.dm(ann), server.group("Band", ann, bob, admin=True), server.forum("Hall", ann)
        topic = await server.topic(forum, "Takes")
        files = [Upload("a.mp3", clip("mp3"), title="A", performer="B"), Upload("b.mp4", clip("mp4"))]
        files += [Upload("c.jpg", clip("jpg")), Upload("d.wav", clip("wav")), Upload("e.gif", clip("mp4"))]
        files.append(Upload("", clip("mp4", size="240x240"), "video_note"))
        for place in (direct, group, forum, topic):
            first = await server.say(place, f"hello {server.mention('there')}")
            await server.say(place, "an answer", reply_to=first)
            await server.say(place, voice=clip("ogg"))
            for file in files:
                await server.say(place, "look", files=[file])
            await server.edit(place, first, "hello again")
            await server.react(place, first, "\N{THINKING FACE}")
            await server.command(place, "help")
        await server.say(direct, voice=clip("ogg"), forwarded_from=bob)
        await server.say(direct, "album", files=[("a.jpg", clip("jpg")), ("b.jpg", clip("jpg"))])
        for place in (direct, topic):
            chat = server.chat(place)
            keys = [[{"text": "A", "callback_data": "a"}]]
            post = Msg(server.world.next_id(chat), chat, server.world.bot, now(), text="pick", buttons=keys)
            post.thread = place.thread
            server.world.add(post)
            (await server.press(place, post.id, "A", by=bob)).answer = ""
        await server.close_topic(topic)
        await server.upgrade(server.group("Small", ann, kind="group"))
        await server.block(ann)
        await server.kick(server.group("Short lived", bob))
        made = server.updates.made
        assert {key for update in made for key in update} >= {
            "message",
            "edited_message",
            "message_reaction",
            "callback_query",
            "my_chat_member",
        }
        assert int(await judged("aiogram_updates.py", given=json.dumps(made).encode())) == len(made) > 30
        assert server.verdict() == []
        refused = await _refused({"update_id": 1, "message": {"message_id": "x"}})
        assert "validation error" in refused, "the judge takes anything"


async def _refused(update: dict[str, object]) -> str:
    try:
        await judged("aiogram_updates.py", given=json.dumps([update]).encode())
    except AssertionError as error:
        return str(error)
    return ""
