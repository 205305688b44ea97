"""What people send: every kind of message, in private chats, groups and topics, reaches the desk as it was meant."""

from __future__ import annotations

import asyncio

import pytest
from platforms import media
from platforms.telegram.clips import clip
from platforms.telegram.people import Upload
from platforms.telegram.play import answers, idle, known, on_stage, status_line, words
from platforms.telegram.server import TelegramServer
from platforms.telegram.shapes import user
from platforms.telegram.state import Json, Msg, now

from bots.telegram.events import UNREADABLE
from core.settings import Settings


@pytest.mark.parametrize(
    ("upload", "answer"),
    [
        (Upload("song.mp3", media.mp3(), "audio", title="Song", performer="Ann"), "you said: look (audio)"),
        (Upload("talk.m4a", media.m4a(), "audio"), "you said: look (audio)"),
        (Upload("lying.pdf", media.wav(), "document"), "you said: look (audio)"),
        (Upload("", clip("mp4", size="240x240"), "video_note"), "you said: look (audio)"),
        (Upload("film.mp4", media.film(), "video"), "you said: look (audio)"),
        (Upload("funny.gif", media.film(), "animation"), "you said: look (audio)"),
        (Upload("p.jpg", clip("jpg"), "photo"), "you said: look (image)"),
        (Upload("p.png", media.png(), "document"), "you said: look (image)"),
        (Upload("../../x\n\u202e.mp3", media.mp3(), "audio"), "you said: look (audio)"),
    ],
    ids=lambda value: value.kind if isinstance(value, Upload) else "",
)
async def test_every_kind_of_file(settings: Settings, telegram: TelegramServer, upload: Upload, answer: str) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "look", files=[upload])
        assert await words(telegram, dm) == [answer]


async def test_a_voice_note_is_what_its_author_says_and_a_forwarded_one_is_a_clip(
    settings: Settings, telegram: TelegramServer
) -> None:
    ann, bob = telegram.person("Ann"), telegram.person("Bob")
    dm = telegram.dm(ann)
    async with on_stage(settings, telegram):
        await telegram.say(dm, voice=media.opus(1.0))
        assert await words(telegram, dm) == ["you said: say 1.0 seconds"]
        await telegram.say(dm, "transcribe", files=[Upload("", media.opus(1.0), "voice")], forwarded_from=bob)
        assert (await words(telegram, dm, 2))[1] == "say 1.0 seconds"


async def test_an_album_is_one_message(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        files = [Upload(f"{n}.jpg", clip("jpg", size=f"{300 + 20 * n}x240")) for n in range(3)]
        first = await telegram.say(dm, "look", files=files)
        assert await words(telegram, dm) == ["you said: look (image, image, image)"]
        await telegram.edit(dm, first, "look again")
        assert (await words(telegram, dm, 2))[1] == "you said: look again (image, image, image)"


async def test_an_album_is_whole_when_something_follows_it(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, files=[("a.jpg", clip("jpg")), ("b.jpg", clip("jpg", size="300x240"))])
        await telegram.say(dm, "now")
        assert set(await words(telegram, dm, 2)) == {"you said:  (image, image)", "you said: now"}


async def test_a_reply_means_the_message_that_it_answers(settings: Settings, telegram: TelegramServer) -> None:
    ann, bob = telegram.person("Ann"), telegram.person("Bob")
    group = telegram.group("Band", ann, bob)
    async with on_stage(settings, telegram):
        take = await telegram.say(group, "our take", files=[("take.mp3", media.mp3(2.0))], by=bob)
        await telegram.say(group, telegram.mention("look"), reply_to=take)
        assert await words(telegram, group) == ["you said: look (audio) <our take>"]
        await telegram.say(group, telegram.mention("speak one two"), by=bob)
        spoken = await telegram.until(lambda: [m for m in telegram.answers(group) if m.files])
        await telegram.say(group, "transcribe", reply_to=spoken[0].id)
        assert (await words(telegram, group, 3))[2] == "say 0.5 seconds"


async def test_groups_want_a_mention_a_reply_or_a_command(settings: Settings, telegram: TelegramServer) -> None:
    telegram.world.privacy = False
    ann, bob = telegram.person("Ann"), telegram.person("Bob")
    group = telegram.group("Band", ann, bob)
    async with on_stage(settings, telegram):
        await telegram.say(group, "nobody is meant")
        await telegram.say(group, "/ask@other_bot not you")
        await telegram.say(group, "/other nor this")
        await telegram.say(group, "hello, " + telegram.mention("can you hear?"))
        first = (await telegram.until(lambda: answers(telegram, group)))[0]
        assert first.text == "you said: hello, can you hear?"
        await telegram.say(group, "and this?", reply_to=first.id, by=bob)
        await words(telegram, group, 2)
        await telegram.say(group, "/ask@audiogpt_bot a command")
        await words(telegram, group, 3)
        await telegram.say(group, "/ask plainly")
        assert await words(telegram, group, 4) == [
            "you said: hello, can you hear?",
            "you said: and this? <you said: hello, can you hear?>",
            "you said: a command",
            "you said: plainly",
        ]
        assert [m.reply_to for m in telegram.answers(group)][0] == "4"


async def test_a_topic_stays_awake_and_its_answers_stay_in_it(settings: Settings, telegram: TelegramServer) -> None:
    telegram.world.privacy = False
    ann = telegram.person("Ann")
    forum = telegram.forum("Studio", ann)
    async with on_stage(settings, telegram):
        topic = await telegram.topic(forum, "Mix")
        await telegram.say(topic, "not yet")
        await telegram.say(topic, telegram.mention("one"))
        await words(telegram, topic)
        await telegram.say(topic, "two")
        await words(telegram, topic, 2)
        await telegram.say(topic, voice=media.opus(1.0))
        await telegram.until(lambda: [m for m in telegram.answers(topic) if m.files])
        await telegram.say(forum, telegram.mention("general"))
        await telegram.say(forum, "not meant")
        assert await words(telegram, forum) == ["you said: general"]
        assert (await words(telegram, topic, 3))[:2] == ["you said: one", "you said: two"]


async def test_topics_of_a_private_chat_are_conversations_of_their_own(
    settings: Settings, telegram: TelegramServer
) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        topic = await telegram.topic(dm, "Podcast")
        await telegram.say(topic, "inside")
        assert await words(telegram, topic) == ["you said: inside"]
        await telegram.say(dm, "outside")
        assert await words(telegram, dm) == ["you said: outside"]
        found = await stage.app.store.conversations(f"telegram/{dm.chat}/{dm.chat}/")
        assert sorted(found) == [f"telegram/{dm.chat}/{dm.chat}/", f"telegram/{dm.chat}/{dm.chat}/{topic.thread}"]


@pytest.mark.usefixtures("status_lines")
async def test_an_edit_is_a_new_request_and_stop_takes_one_back(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(dm, "sleep 60")
        await status_line(telegram, dm)
        await telegram.edit(dm, asked, "hello")
        assert await words(telegram, dm) == ["you said: hello"]
        await telegram.edit(dm, asked, "hello")
        other = await telegram.say(dm, "sleep 60")
        await status_line(telegram, dm)
        await telegram.edit(dm, other, "cancel")
        await telegram.until(lambda: not stage.desk.busy and len(telegram.answers(dm)) == 1, "nothing is left of it")


async def test_an_edit_told_twice_and_before_its_message(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        with telegram.updates.held(lambda line: line[::-1]):
            asked = await telegram.say(dm, "first words")
            await telegram.edit(dm, asked, "last words")
        assert await words(telegram, dm) == ["you said: last words"]
        telegram.updates.repeat(telegram.updates.made[1])
        await telegram.say(dm, "next")
        assert await words(telegram, dm, 2) == ["you said: last words", "you said: next"]


@pytest.mark.usefixtures("status_lines")
async def test_reactions_of_the_author_stop_ask_why_and_others_are_nothing(
    settings: Settings, telegram: TelegramServer
) -> None:
    ann, bob = telegram.person("Ann"), telegram.person("Bob")
    group = telegram.group("Band", ann, bob, admin=True)
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(group, telegram.mention("sleep 60"))
        await known(stage, group, await status_line(telegram, group))
        await telegram.react(group, asked, "👎", by=bob)
        await telegram.react(group, asked, "❤")
        await telegram.react(group, asked, "👎")
        assert await words(telegram, group) == ["Stopped."]
        await telegram.say(group, telegram.mention("speak hello"))
        spoken = await telegram.until(lambda: [m for m in telegram.answers(group) if m.files])
        await idle(stage, telegram)
        await telegram.react(group, spoken[0].id, "🤔", by=bob)
        await telegram.react(group, spoken[0].id, "🤔")
        assert "toy-mouth" in (await words(telegram, group, 3))[2]
        assert [f.shown_as for m in (await telegram.until(lambda: telegram.answers(group)[3:])) for f in m.files] == [
            "image"
        ]
        other = await telegram.say(group, telegram.mention("sleep 60"))
        line = await known(stage, group, await status_line(telegram, group))
        await telegram.react(group, line.id, "👎")
        assert (await words(telegram, group, 5))[4] == "Stopped."
        assert telegram.answers(group)[4].reply_to == other


async def test_links_and_mentions_in_text_are_written_out(settings: Settings, telegram: TelegramServer) -> None:
    ann = telegram.person("Ann")
    dm = telegram.dm(ann)
    async with on_stage(settings, telegram):
        chat = telegram.chat(dm)
        entities = [
            {"type": "text_link", "offset": 3, "length": 4, "url": "https://a.example/x"},
            {"type": "bold", "offset": 3, "length": 4},
            {"type": "text_mention", "offset": 8, "length": 3, "user": {"id": 5, "is_bot": False, "first_name": "B"}},
        ]
        message = Msg(telegram.world.next_id(chat), chat, ann, now(), text="🎺 this Bob", entities=entities)
        telegram._told(message)
        assert await words(telegram, dm) == ["you said: 🎺 this (https://a.example/x) @Bob"]


async def test_an_answer_to_another_chats_message_and_to_a_part_of_one(
    settings: Settings, telegram: TelegramServer
) -> None:
    ann, bob = telegram.person("Ann"), telegram.person("Bob")
    dm = telegram.dm(ann)
    async with on_stage(settings, telegram):
        chat = telegram.chat(dm)
        tune = telegram.world.keep(media.mp3(2.0), "audio", ".mp3", duration=2, mime="audio/mpeg")
        audio = {"file_id": tune.file_id, "file_unique_id": tune.unique_id, "duration": 2}
        origin = {"type": "user", "date": now(), "sender_user": user(bob)}
        told: Json = {"text": "transcribe", "external_reply": {"origin": origin, "audio": audio}}
        telegram._told(Msg(telegram.world.next_id(chat), chat, ann, now(), service=told))
        assert await words(telegram, dm) == ["say 2.0 seconds"]
        told = {"text": "what?", "quote": {"text": "these words", "position": 0}}
        telegram._told(Msg(telegram.world.next_id(chat), chat, ann, now(), service=told))
        assert (await words(telegram, dm, 2))[1] == "you said: what? <these words>"


async def test_bots_services_and_stickers(settings: Settings, telegram: TelegramServer) -> None:
    ann = telegram.person("Ann")
    dm = telegram.dm(ann)
    async with on_stage(settings, telegram):
        chat, robot = telegram.chat(dm), telegram.person("Robot")
        robot.is_bot = True
        service = {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": dm.chat, "type": "private"}}}
        telegram._told(Msg(telegram.world.next_id(chat), chat, robot, now(), text="beep"))
        telegram._told(Msg(telegram.world.next_id(chat), chat, ann, now(), service=service))
        location = {"location": {"latitude": 1.5, "longitude": 2.5}}
        telegram._told(Msg(telegram.world.next_id(chat), chat, ann, now(), service=location))
        await telegram.say(dm, "hello")
        assert sorted(await words(telegram, dm, 2)) == sorted([UNREADABLE, "you said: hello"])


async def test_a_file_over_20_mb_is_refused_by_telegram_and_said_so(
    settings: Settings, telegram: TelegramServer
) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "transcribe", files=[Upload("long.mp3", media.mp3(), size=21 << 20)])
        (said,) = await words(telegram, dm)
    assert "20 MB" in said
    assert telegram.downloads == []


async def test_a_file_over_our_own_limit_is_not_even_asked_for(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram, max_upload_mb=1):
        await telegram.say(dm, "transcribe", files=[Upload("long.mp3", media.mp3(), size=2 << 20)])
        (said,) = await words(telegram, dm)
    assert "larger than 1 MB" in said
    assert telegram.called("getFile") == []


async def test_who_is_not_admitted_is_told_and_nothing_is_fetched(settings: Settings, telegram: TelegramServer) -> None:
    ann, bob = telegram.person("Ann"), telegram.person("Bob")
    async with on_stage(settings, telegram, people=f"telegram:{ann.id}"):
        await telegram.say(telegram.dm(bob), voice=media.opus(1.0))
        (said,) = await words(telegram, telegram.dm(bob))
        assert "certain people" in said
        await telegram.say(telegram.dm(ann), "hello")
        assert await words(telegram, telegram.dm(ann)) == ["you said: hello"]
    assert telegram.called("getFile") == []


async def test_channels_are_set_one_by_one(settings: Settings, telegram: TelegramServer) -> None:
    telegram.world.privacy = False
    ann = telegram.person("Ann")
    loud, silent = telegram.group("Loud", ann), telegram.group("Silent", ann)
    rules = f"telegram/{loud.chat}=all, telegram/{silent.chat}=off"
    async with on_stage(settings, telegram, channels=rules):
        await telegram.say(silent, telegram.mention("hello"))
        await telegram.say(loud, "hello")
        assert await words(telegram, loud) == ["you said: hello"]
        assert telegram.answers(silent) == []


async def test_chats_do_not_wait_for_each_other(settings: Settings, telegram: TelegramServer) -> None:
    people = [telegram.person(f"P{n}") for n in range(8)]
    async with on_stage(settings, telegram):
        await asyncio.gather(*(telegram.say(telegram.dm(p), f"hello {p.first_name}") for p in people))
        for person in people:
            assert await words(telegram, telegram.dm(person)) == [f"you said: hello {person.first_name}"]
