"""What goes wrong on the way in: every message is answered once, whatever happens to its update or its file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from platforms import media
from platforms.stage import playing
from platforms.telegram.errors import ApiError, bad, too_many
from platforms.telegram.faults import FILE, Fault
from platforms.telegram.play import answers, idle, on_stage, pointed, words
from platforms.telegram.server import TelegramServer
from pydantic import SecretStr
from telegram import Bot
from telegram.request import HTTPXRequest

from bots import chat
from bots.telegram import events
from bots.telegram.adapter import TelegramAdapter
from bots.wording import KEEPING
from core.errors import StoreLost, WrongUse
from core.settings import Settings
from core.store import Store

Script = Callable[[TelegramServer], Fault]
pytestmark = pytest.mark.usefixtures("no_waiting")


async def test_updates_told_twice_and_in_any_order(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        with telegram.updates.held(lambda line: [*line[::-1], *line]):
            for number in range(5):
                await telegram.say(dm, f"number {number}")
        await telegram.until(lambda: len(answers(telegram, dm)) >= 5)
        await idle(stage, telegram)
        found = telegram.answers(dm)
        for update in list(telegram.updates.made):
            telegram.updates.repeat(update)
        await telegram.say(dm, "/help")
        await telegram.until(lambda: len(answers(telegram, dm)) == 6)
        await idle(stage, telegram)
    assert sorted(m.text for m in found) == [f"you said: number {n}" for n in range(5)]
    assert len(telegram.answers(dm)) == 6


async def test_a_second_poller_is_told_of_and_outlived(
    settings: Settings, telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        async with Bot(telegram.token, base_url=telegram.api_url, request=HTTPXRequest(read_timeout=20)) as other:
            rival = asyncio.create_task(other.get_updates(timeout=5))
            await telegram.until(lambda: "another process" in caplog.text)
            rival.cancel()
            await asyncio.gather(rival, return_exceptions=True)
        await telegram.say(dm, "hello")
        assert await words(telegram, dm) == ["you said: hello"]


POLLS: dict[str, Script] = {
    "502": lambda s: s.faults.gateway("getUpdates"),
    "cut": lambda s: s.faults.cut("getUpdates"),
    "404 of a proxy": lambda s: s.faults.refuse("getUpdates", ApiError(404, "Not Found")),
    "429": lambda s: s.faults.refuse("getUpdates", too_many(1)),
    "answer lost": lambda s: s.faults.accepted("getUpdates"),
}


@pytest.mark.parametrize("fault", POLLS)
async def test_a_poll_that_fails_loses_no_update(settings: Settings, telegram: TelegramServer, fault: str) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        broken = POLLS[fault](telegram)
        await telegram.say(dm, "before")  # ends the poll that waits
        await telegram.until(lambda: broken.hits == 1)
        await telegram.say(dm, "after")
        await telegram.until(lambda: len(answers(telegram, dm)) >= 2)
        await idle(stage, telegram)
    assert sorted(m.text for m in telegram.answers(dm)) == ["you said: after", "you said: before"]


async def test_a_revoked_token_stops_telegram_and_nothing_else(
    settings: Settings, telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        telegram.revoked = True
        await telegram.say(dm, "hello")  # ends the poll that waits
        await telegram.until(lambda: "AUDIOGPT_TELEGRAM_TOKEN" in caplog.text)
        assert stage.adapter._running.done()  # type: ignore[attr-defined]  # the adapter's own
        assert not stage.desk.busy
    assert telegram.token not in caplog.text


async def test_a_wrong_token_is_told_at_the_start(settings: Settings, telegram: TelegramServer) -> None:
    for token, told in (("700000001:a_token_that_nobody_knows_of_here", "does not know"), ("nonsense", "BotFather")):
        wrong = pointed(settings, telegram).model_copy(update={"telegram_token": SecretStr(token)})
        with pytest.raises(WrongUse, match=f"AUDIOGPT_TELEGRAM_TOKEN.*{told}"):
            async with playing(wrong, TelegramAdapter):
                raise AssertionError("it started")


async def test_telegram_away_at_the_start_is_waited_for(settings: Settings) -> None:
    gone = TelegramServer()
    await gone.start()
    port = int(gone.url.rpartition(":")[2])
    right = pointed(settings, gone)
    await gone.stop()
    async with playing(right, TelegramAdapter):
        server = TelegramServer()
        await server.start(port)
        try:
            dm = server.dm(server.person("Ann"))
            await server.say(dm, "hello")
            assert await words(server, dm) == ["you said: hello"]
        finally:
            await server.stop()


FILES: dict[str, Script] = {
    "address expired": lambda s: s.faults.refuse(FILE, ApiError(404, "Not Found")),
    "broken off": lambda s: s.faults.truncate(),
    "cut": lambda s: s.faults.cut(FILE),
    "a page instead": lambda s: s.faults.gateway(FILE, 502),
    "getFile 500": lambda s: s.faults.gateway("getFile", 500),
    "getFile not yet": lambda s: s.faults.refuse(
        "getFile", bad("wrong file_id or the file is temporarily unavailable")
    ),
    "getFile cut": lambda s: s.faults.cut("getFile"),
}


@pytest.mark.parametrize("fault", FILES)
async def test_a_file_that_cannot_be_had_is_asked_for_again(
    settings: Settings, telegram: TelegramServer, fault: str
) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        broken = FILES[fault](telegram)
        await telegram.say(dm, "transcribe", files=[("a.mp3", media.mp3(2.0))])
        assert await words(telegram, dm) == ["say 2.0 seconds"]
        await idle(stage, telegram)
    assert broken.hits == 1
    assert len(telegram.answers(dm)) == 1


async def test_a_file_that_is_gone_for_good_is_one_clear_word(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        telegram.faults.gateway(FILE, 502, times=99)
        await telegram.say(dm, "transcribe", files=[("a.mp3", media.mp3(2.0))])
        (said,) = await words(telegram, dm)
        await idle(stage, telegram)
    assert said == "I could not fetch that file just now. Please send it again in a moment."


async def test_an_update_is_confirmed_only_when_its_message_is_kept(
    settings: Settings, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = asyncio.Event()
    real = Store.accept

    async def accept(self: Store, *row: Any) -> bool:
        if not away.is_set():
            raise StoreLost("away")
        return await real(self, *row)

    monkeypatch.setattr(Store, "accept", accept)
    monkeypatch.setattr(chat, "_KEEP_WAITS_S", (0.1,) * 100)
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        await telegram.say(dm, "hello")
        await asyncio.sleep(1.5)  # two polls at least
        assert telegram.updates.pending == 1
        away.set()
        assert await words(telegram, dm) == ["you said: hello"]
        await telegram.until(lambda: telegram.updates.pending == 0)
        await idle(stage, telegram)
    assert len(telegram.answers(dm)) == 1


async def test_a_message_that_cannot_be_kept_is_told_so(
    settings: Settings, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def accept(*_: object) -> bool:
        raise StoreLost("away")

    monkeypatch.setattr(Store, "accept", accept)
    monkeypatch.setattr(chat, "_KEEP_WAITS_S", (0.01,))
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "hello")
        assert await words(telegram, dm) == [KEEPING]


async def test_our_own_fault_is_one_sentence(
    settings: Settings, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def burst(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        monkeypatch.setattr(events.Events, "_asked", burst)
        await telegram.say(dm, "hello")
        (said,) = await words(telegram, dm)
    assert "fault of ours" not in said
    assert "fault of ours" in caplog.text
