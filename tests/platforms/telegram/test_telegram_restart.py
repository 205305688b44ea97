"""A bot that is stopped and started in the middle of things: each message is answered once."""

from __future__ import annotations

import asyncio

import pytest
from platforms import media
from platforms.telegram.play import answers, delivered, idle, kept, on_stage, status_line, words
from platforms.telegram.server import TelegramServer

from bots.layout import RESEND
from bots.telegram.adapter import TelegramAdapter
from bots.telegram.polling import Poller
from bots.wording import UNSURE
from core.jobs.memory import MemoryJobs
from core.messages import Shown, Way
from core.settings import Settings

pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.mark.usefixtures("status_lines")
async def test_between_a_message_and_its_answer(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    jobs = MemoryJobs()
    async with on_stage(settings, telegram, jobs):
        await telegram.say(dm, "sleep 2")
        await status_line(telegram, dm)
    telegram.calls.clear()
    async with on_stage(settings, telegram, jobs) as stage:
        assert await words(telegram, dm) == ["slept"]
        await idle(stage, telegram)
        assert len(telegram.answers(dm)) == 1
    await jobs.close()


async def test_between_a_post_and_the_ledger(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    jobs = MemoryJobs()
    async with on_stage(settings, telegram, jobs):
        posted = telegram.faults.accepted("sendMessage", silent=True)
        await telegram.say(dm, "hello")
        await telegram.until(lambda: posted.hits and telegram.answers(dm))
    telegram.calls.clear()
    async with on_stage(settings, telegram, jobs) as stage:
        await telegram.until(lambda: len(telegram.answers(dm)) == 2)
        await idle(stage, telegram)
    assert [m.text for m in telegram.answers(dm)] == ["you said: hello", UNSURE]
    await jobs.close()


async def test_between_two_parts_of_an_answer(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(dm, "hello")
        await words(telegram, dm)
        clips = [Shown(await kept(stage, f"{n}.mp3", media.mp3(1.0 + n)), Way.AUDIO) for n in range(2)]
        second = telegram.faults.slow("sendAudio", 60.0, skip=1)
        going = asyncio.create_task(delivered(stage, dm, f"{asked}~1", "Both.", *clips))
        await telegram.until(lambda: second.hits)
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
    telegram.calls.clear()
    async with on_stage(settings, telegram) as stage:
        await telegram.until(lambda: telegram.answers(dm)[-1].text == "Both.")
        await idle(stage, telegram)
        notice = telegram.answers(dm)[2]
        assert notice.text == UNSURE  # the second upload was on its way when the bot went
        await telegram.press(dm, notice.id, RESEND.label)
        await telegram.until(lambda: len(telegram.answers(dm)) == 5)
        await idle(stage, telegram)
    found = telegram.answers(dm)[1:]
    assert [[len(f.content) for f in m.files] for m in found] == [
        [len(media.mp3(1.0))],
        [],
        [],
        [len(media.mp3(2.0))],
    ]


async def test_updates_that_were_not_confirmed_come_again_and_are_known(
    settings: Settings, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forget(self: Poller) -> None:
        """As when the process dies: Telegram is not told."""

    monkeypatch.setattr(Poller, "confirm", forget)
    dm = telegram.dm(telegram.person("Ann"))
    jobs = MemoryJobs()
    async with on_stage(settings, telegram, jobs):
        asked = await telegram.say(dm, "first")
        await words(telegram, dm)
        await telegram.edit(dm, asked, "second")
        await words(telegram, dm, 2)
    for update in list(telegram.updates.made):
        telegram.updates.repeat(update)
    telegram.calls.clear()
    async with on_stage(settings, telegram, jobs) as stage:
        await telegram.say(dm, "third")
        await words(telegram, dm, 3)
        await idle(stage, telegram)
    assert [m.text for m in telegram.answers(dm)] == [f"you said: {w}" for w in ("first", "second", "third")]
    await jobs.close()


async def test_messages_that_come_while_the_bot_is_away(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "one")
        await words(telegram, dm)
    for number in range(3):
        await telegram.say(dm, f"away {number}")
    telegram.calls.clear()
    async with on_stage(settings, telegram) as stage:
        await telegram.until(lambda: len(answers(telegram, dm)) == 4)
        await idle(stage, telegram)
    assert sorted(m.text for m in telegram.answers(dm)[1:]) == [f"you said: away {n}" for n in range(3)]


async def test_a_stop_keeps_an_album_that_was_coming_in(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    jobs = MemoryJobs()
    async with on_stage(settings, telegram, jobs) as stage:
        await telegram.say(dm, "look", files=[(f"{n}.png", media.png()) for n in range(2)])
        adapter = stage.adapter
        assert isinstance(adapter, TelegramAdapter)
        await telegram.until(lambda: adapter._inbox.oldest is not None or telegram.updates.pending == 0)
    telegram.calls.clear()
    async with on_stage(settings, telegram, jobs) as stage:
        await telegram.until(lambda: answers(telegram, dm))
        await idle(stage, telegram)
    assert [m.text for m in telegram.answers(dm)] == ["you said: look (image, image)"]
    await jobs.close()


async def test_a_stop_confirms_what_is_done(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "hello")
        await telegram.until(lambda: telegram.answers(dm))
    assert telegram.updates.pending == 0
