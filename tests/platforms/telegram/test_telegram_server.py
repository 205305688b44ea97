"""The protocol server itself, driven by python-telegram-bot and nothing of the product."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from platforms.telegram import spec
from platforms.telegram.clips import clip
from platforms.telegram.errors import bad
from platforms.telegram.people import Upload
from platforms.telegram.server import TelegramServer
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    Message,
    ReactionTypeEmoji,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler
from telegram.request import HTTPXRequest

Handle = Callable[[Update], Awaitable[None]]
Bots = Application[Any, Any, Any, Any, Any, Any]


@asynccontextmanager
async def a_bot(server: TelegramServer, read_timeout: float = 30) -> AsyncIterator[Bot]:
    bot = Bot(
        server.token,
        base_url=server.api_url,
        base_file_url=server.file_url,
        request=HTTPXRequest(read_timeout=read_timeout),
    )
    async with bot:
        yield bot


@asynccontextmanager
async def polling(server: TelegramServer, handle: Handle) -> AsyncIterator[Bots]:
    async def on(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        await handle(update)

    app = ApplicationBuilder().token(server.token).base_url(server.api_url).base_file_url(server.file_url).build()
    app.add_handler(TypeHandler(Update, on))
    assert app.updater is not None
    async with app:
        await app.start()
        await app.updater.start_polling(timeout=10, allowed_updates=Update.ALL_TYPES)
        yield app
        await app.updater.stop()
        await app.stop()


async def test_a_voice_note_goes_in_and_out(telegram: TelegramServer) -> None:
    async def echo(update: Update) -> None:
        assert isinstance(update.message, Message)
        assert update.message.voice is not None
        file = await update.message.voice.get_file()
        content = bytes(await file.download_as_bytearray())
        await update.message.reply_chat_action("record_voice")
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="again")]])
        await update.message.reply_voice(
            content, filename="voice.ogg", duration=2, caption="heard", reply_markup=keys, do_quote=True
        )

    dm = telegram.dm(telegram.person("Ann"))
    async with polling(telegram, echo):
        asked = await telegram.say(dm, voice=clip("ogg"))
        answer = (await telegram.until(lambda: telegram.answers(dm)))[0]
    assert answer.text == "heard"
    assert answer.reply_to == asked
    assert [b.id for b in answer.buttons] == ["again"]
    assert answer.files[0].shown_as == "voice"
    assert answer.files[0].content == clip("ogg")


async def test_every_update_that_a_person_can_make_is_parsed(telegram: TelegramServer) -> None:
    got: list[Update] = []

    async def keep(update: Update) -> None:
        got.append(update)

    ann, bob = telegram.person("Ann", language="de"), telegram.person("Bob")
    dm, group = telegram.dm(ann), telegram.group("Band", ann, bob, admin=True)
    small, forum = telegram.group("Old", ann, kind="group"), telegram.forum("Studio", ann)
    async with polling(telegram, keep) as app:
        first = await telegram.say(dm, "/ask@audiogpt_bot hi 🎺", forwarded_from=bob)
        for kind, extension in (("audio", "mp3"), ("video", "mp4"), ("video_note", "mp4"), ("document", "wav")):
            size = "240x240" if kind == "video_note" else "320x240"
            upload = Upload(f"a.{extension}", clip(extension, size=size), kind, title="A", performer="B")
            await telegram.say(dm, "this", files=[upload])
        await telegram.say(group, "two", files=[("a.jpg", clip("jpg")), ("b.jpg", clip("jpg"))], reply_to=None)
        await telegram.edit(dm, first, "/ask hello")
        await telegram.react(dm, first, "👍")
        topic = await telegram.topic(forum, "Mix")
        await telegram.say(topic, telegram.mention("go"))
        await telegram.say(forum, telegram.mention("general"))
        await telegram.upgrade(small)
        posted = await app.bot.send_message(
            group.chat, "pick", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
        )
        press = await telegram.press(group, posted.message_id, "A", by=bob)
        await telegram.until(lambda: any(u.callback_query for u in got))
        await app.bot.answer_callback_query(press.id, "ok")
        await telegram.kick(group)
        await telegram.until(lambda: any(u.my_chat_member for u in got))
    assert [u.update_id for u in got] == sorted({u.update_id for u in got})
    messages = [u.message for u in got if u.message]
    assert messages[0].entities[0].type == "bot_command"
    assert messages[0].from_user is not None
    assert messages[0].from_user.language_code == "de"
    assert [m.video_note.length for m in messages if m.video_note] == [240]
    assert [m.audio.performer for m in messages if m.audio] == ["B"]
    assert len({m.media_group_id for m in messages if m.photo}) == 1
    in_topic = next(m for m in messages if m.text and "go" in m.text)
    assert in_topic.is_topic_message
    assert in_topic.reply_to_message is not None
    assert in_topic.reply_to_message.forum_topic_created is not None
    assert next(m for m in messages if m.text and "general" in m.text).message_thread_id is None
    assert [u.edited_message.text for u in got if u.edited_message] == ["/ask hello"]
    reactions = [r for u in got if u.message_reaction for r in u.message_reaction.new_reaction]
    assert [r.emoji for r in reactions if isinstance(r, ReactionTypeEmoji)] == ["👍"]
    assert press.answer == "ok"
    assert [m.migrate_to_chat_id for m in messages if m.migrate_to_chat_id]


async def test_privacy_mode_keeps_back_what_is_not_meant_for_the_bot(telegram: TelegramServer) -> None:
    ann = telegram.person("Ann")
    group = telegram.group("Band", ann)
    async with a_bot(telegram) as bot:
        told = await bot.send_message(group.chat, "hello")
        await telegram.say(group, "nobody")
        await telegram.say(group, telegram.mention("one"))
        await telegram.say(group, "two", reply_to=told.message_id)
        await telegram.command(group, "three")
        await telegram.say(group, voice=clip("ogg"))
        texts = [u.message.text for u in await bot.get_updates() if u.message]
    assert texts == ["@audiogpt_bot one", "two", "/three@audiogpt_bot"]


async def test_updates_stay_until_their_offset_is_confirmed(telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with a_bot(telegram) as bot:
        for text in ("1", "2", "3"):
            await telegram.say(dm, text)
        first = await bot.get_updates()
        assert len(first) == len(await bot.get_updates()) == 3
        left = await bot.get_updates(offset=first[1].update_id)
        assert [u.message.text for u in left if u.message] == ["2", "3"]
        telegram.updates.repeat(telegram.updates.made[0])
        assert (await bot.get_updates(offset=left[-1].update_id + 1))[0].update_id == first[0].update_id
        with telegram.updates.held(lambda line: line[::-1]):
            await telegram.say(dm, "4")
            await telegram.say(dm, "5")
        assert [u.message.text for u in await bot.get_updates(offset=first[2].update_id + 1) if u.message] == ["5", "4"]


async def test_a_second_poller_ends_the_first(telegram: TelegramServer) -> None:
    async with a_bot(telegram) as one, a_bot(telegram) as two:
        waiting = asyncio.create_task(one.get_updates(timeout=20))
        await telegram.until(lambda: telegram.updates.polled)
        other = asyncio.create_task(two.get_updates(timeout=20))
        with pytest.raises(Conflict, match="only one bot instance"):
            await waiting
        await telegram.say(telegram.dm(telegram.person("Ann")), "x")
        assert len(await other) == 1


async def test_refusals_have_telegrams_words(telegram: TelegramServer) -> None:
    ann, stranger = telegram.person("Ann"), telegram.person("Sue", started=False)
    dm, group, forum = telegram.dm(ann), telegram.group("Band", ann), telegram.forum("Studio", ann)
    small = telegram.group("Old", ann, kind="group")
    topic = await telegram.topic(forum, "Mix")
    voice: dict[str, Any] = {"voice": clip("ogg"), "filename": "v.ogg", "duration": 2}
    async with a_bot(telegram) as bot:
        told = await bot.send_message(dm.chat, "hello")

        async def refused(kind: type[Exception], words: str, request: Awaitable[Any]) -> None:
            with pytest.raises(kind, match=words):
                await request

        await refused(BadRequest, "Chat not found", bot.send_message(1, "x"))
        await refused(BadRequest, "Message is too long", bot.send_message(dm.chat, "x" * 4097))
        await refused(BadRequest, "not modified", bot.edit_message_text("hello", dm.chat, told.message_id))
        await refused(BadRequest, "to edit not found", bot.edit_message_text("x", dm.chat, 99))
        await refused(BadRequest, "replied not found", bot.send_message(dm.chat, "x", reply_to_message_id=99))
        await refused(BadRequest, "thread not found", bot.send_message(forum.chat, "x", message_thread_id=1))
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="é" * 33)]])
        await refused(BadRequest, "Button_data_invalid", bot.send_message(dm.chat, "x", reply_markup=keys))
        await refused(Forbidden, "initiate", bot.send_message(telegram.dm(stranger).chat, "x"))
        ann.voice_forbidden = True
        await refused(BadRequest, "Voice_messages_forbidden", bot.send_voice(dm.chat, **voice))
        assert (await bot.get_chat(dm.chat)).has_restricted_voice_and_video_messages
        telegram.chat(group).forbidden.add("can_send_voice_notes")
        await refused(BadRequest, "voice notes to the chat", bot.send_voice(group.chat, **voice))
        await telegram.close_topic(topic)
        await refused(BadRequest, "Topic_closed", bot.send_message(topic.chat, "x", message_thread_id=topic.thread))
        await telegram.delete_topic(topic)
        await refused(BadRequest, "not found", bot.send_message(topic.chat, "x", message_thread_id=topic.thread))
        new = await telegram.upgrade(small)
        with pytest.raises(ChatMigrated) as moved:
            await bot.send_message(small.chat, "x")
        assert moved.value.new_chat_id == new.chat
        await telegram.kick(group)
        await refused(Forbidden, "kicked from the supergroup", bot.send_message(group.chat, "x"))
        await telegram.block(ann)
        await refused(Forbidden, "blocked", bot.send_message(dm.chat, "x"))
        telegram.revoked = True
        await refused(InvalidToken, "Unauthorized", bot.get_me())


async def test_faults_come_as_scripted(telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    voice: dict[str, Any] = {"voice": clip("ogg"), "filename": "v.ogg", "duration": 2}
    async with a_bot(telegram) as bot, a_bot(telegram, read_timeout=1) as hasty:
        for status in (500, 502, 504):
            telegram.faults.gateway("sendMessage", status)
            with pytest.raises(NetworkError):
                await bot.send_message(dm.chat, "x")
        for read in (0, 2000):
            cut = telegram.faults.cut("sendVoice", read=read)
            with pytest.raises(NetworkError):
                await bot.send_voice(dm.chat, **voice)
            assert cut.hits == 1
        telegram.faults.refuse("sendVoice", bad("VOICE_MESSAGES_FORBIDDEN"))
        with pytest.raises(BadRequest):
            await bot.send_voice(dm.chat, **voice)
        assert telegram.answers(dm) == []
        telegram.faults.accepted("sendVoice")
        with pytest.raises(NetworkError):
            await bot.send_voice(dm.chat, **voice)
        telegram.faults.accepted("sendVoice", silent=True)
        with pytest.raises(TimedOut):
            await hasty.send_voice(dm.chat, **voice)
        telegram.faults.accepted("sendMessage", status=502)
        with pytest.raises(NetworkError):
            await bot.send_message(dm.chat, "x")
        assert len(telegram.answers(dm)) == 3
        telegram.faults.flood(1, chat=dm.chat)
        with pytest.raises(RetryAfter):
            await bot.send_message(dm.chat, "x")
        await asyncio.sleep(1.1)
        await bot.send_message(dm.chat, "x")


async def test_flood_control(telegram: TelegramServer) -> None:
    group = telegram.group("Band", telegram.person("Ann"))
    async with a_bot(telegram) as bot:
        with pytest.raises(RetryAfter):
            for number in range(25):
                await bot.send_message(group.chat, str(number))
    assert 15 < len(telegram.answers(group)) < 25


async def test_files_are_refused_when_large_gone_or_broken_off(telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with a_bot(telegram) as bot:
        await telegram.say(dm, files=[Upload("a.mp3", clip("mp3"), size=21 << 20), Upload("b.mp3", clip("mp3"))])
        large, small = (u.message.audio for u in await bot.get_updates() if u.message)
        assert large is not None
        assert small is not None
        with pytest.raises(BadRequest, match="File is too big"):
            await large.get_file()
        file = await small.get_file()
        assert bytes(await file.download_as_bytearray()) == clip("mp3")
        telegram.faults.truncate()
        with pytest.raises(NetworkError):
            await file.download_as_bytearray()
        telegram.world.files[small.file_id].expired = True
        with pytest.raises(InvalidToken):
            await file.download_as_bytearray()


async def test_albums_edits_deletions_and_reactions(telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with a_bot(telegram) as bot:
        items = [InputMediaAudio(clip("mp3"), filename=f"{n}.mp3", duration=2, caption=n) for n in ("a", "b")]
        album = await bot.send_media_group(dm.chat, items)
        assert len({m.media_group_id for m in album}) == 1
        status = await bot.send_message(dm.chat, "<b>working</b> &amp; more", parse_mode="HTML")
        assert status.entities[0].type == "bold"
        await bot.edit_message_text("done", dm.chat, status.message_id)
        item = InputMediaAudio(clip("mp3"), filename="c.mp3", duration=2)
        await bot.edit_message_media(item, dm.chat, status.message_id)
        await bot.set_message_reaction(dm.chat, status.message_id, "👀")
        await bot.delete_message(dm.chat, album[0].message_id)
    shown = telegram.answers(dm)
    assert [(m.text, len(m.files), m.edits) for m in shown] == [("b", 1, 0), ("", 1, 2)]


@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        (lambda bot, chat: bot.send_voice(chat, clip("wav"), filename="v.ogg", duration=2), "no OGG/Opus"),
        (lambda bot, chat: bot.send_voice(chat, clip("ogg"), filename="v.ogg", duration=9), "plays 2.0 s"),
        (lambda bot, chat: bot.send_voice(chat, clip("ogg"), duration=2), "without a name"),
        (lambda bot, chat: bot.send_audio(chat, clip("wav"), filename="a.wav", duration=2), "neither MP3 nor M4A"),
        (lambda bot, chat: bot.send_video_note(chat, clip("mp4"), filename="a.mp4", duration=2), "not square"),
        (lambda bot, chat: bot.send_message(chat, "🎺" * 2100), "UTF-16"),
    ],
)
async def test_what_telegram_shows_wrongly_is_a_violation(
    request_: Callable[[Bot, int], Awaitable[Any]], fault: str
) -> None:
    async with TelegramServer() as server, a_bot(server) as bot:
        await request_(bot, server.dm(server.person("Ann")).chat)
        assert any(fault in v for v in server.violations), server.violations


@pytest.mark.skipif(bool(spec.LEFT_OUT), reason=spec.LEFT_OUT)
async def test_what_the_description_does_not_know_is_a_violation() -> None:
    async with TelegramServer() as server, a_bot(server) as bot:
        dm = server.dm(server.person("Ann"))
        await bot.send_voice(dm.chat, clip("ogg"), filename="v.ogg", duration=2, api_kwargs={"duration": "2.5"})
        await bot.send_message(dm.chat, "x", api_kwargs={"colour": "red"})
        assert any("2.5 is no Integer" in v for v in server.violations)
        assert any("unknown parameter colour" in v for v in server.violations)


async def test_a_webhook_gets_every_update_until_it_takes_it(telegram: TelegramServer, unused_port: int) -> None:
    got: list[str] = []

    async def on(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.message is not None:
            got.append(str(update.message.text))
            telegram.touch()

    dm = telegram.dm(telegram.person("Ann"))
    public = "https://bots.example/telegram"
    telegram.updates.behind[public] = f"http://127.0.0.1:{unused_port}/telegram"
    app = ApplicationBuilder().token(telegram.token).base_url(telegram.api_url).build()
    app.add_handler(TypeHandler(Update, on))
    assert app.updater is not None
    await telegram.say(dm, "early")
    async with app:
        with pytest.raises(BadRequest, match="(?i)https"):
            await app.bot.set_webhook("http://bots.example/")
        await app.bot.set_webhook(public, secret_token="s3cret")  # nobody listens yet
        await telegram.until(lambda: telegram.updates.webhook.last_error)
        await app.start()
        await app.updater.start_webhook("127.0.0.1", unused_port, "telegram", webhook_url=public, secret_token="s3cret")
        await telegram.say(dm, "late")
        await telegram.until(lambda: got == ["early", "late"])
        assert await telegram.updates.post(telegram.updates.made[0], secret="guess") == 403
        with pytest.raises(Conflict, match="webhook is active"):
            await app.bot.get_updates()
        await app.updater.stop()
        await app.stop()
    assert got == ["early", "late"]
