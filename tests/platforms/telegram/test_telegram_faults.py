"""What goes wrong between the bot and Telegram: one answer or one clear word, nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from platforms.telegram.errors import ApiError, too_many
from platforms.telegram.play import answers, at_work, delivered, idle, kept, known, on_stage, words
from platforms.telegram.server import TelegramServer

from bots.adapter import Unclear
from bots.layout import RESEND
from bots.telegram import connection, sending
from bots.wording import UNSURE
from core.errors import Broken
from core.messages import Shown, Way
from core.settings import Settings

Breaks = Callable[[TelegramServer, str], object]
pytestmark = pytest.mark.usefixtures("no_waiting")

REFUSED: dict[str, Breaks] = {
    "429 global": lambda s, m: s.faults.flood(1.0),
    "429 local": lambda s, m: s.faults.flood(1.0, chat=next(iter(s.world.chats))),
    "429 twice": lambda s, m: s.faults.refuse(m, too_many(1), times=2),
    "not authorised": lambda s, m: s.faults.refuse(m, ApiError(401, "Unauthorized")),
}
UNCLEAR: dict[str, Breaks] = {
    "500": lambda s, m: s.faults.gateway(m, 500),
    "502": lambda s, m: s.faults.gateway(m, 502),
    "504": lambda s, m: s.faults.gateway(m, 504),
}
CUT: dict[str, Breaks] = {
    "before it was read": lambda s, m: s.faults.cut(m),
    "in the middle": lambda s, m: s.faults.cut(m, read=100),
}
ACCEPTED: dict[str, Breaks] = {
    "accepted, then cut": lambda s, m: s.faults.accepted(m),
    "accepted, then silence": lambda s, m: s.faults.accepted(m, silent=True),
    "accepted, then 502": lambda s, m: s.faults.accepted(m, status=502),
}
ASKS = [("hello", "sendMessage"), ("speak hello", "sendVoice")]


@pytest.mark.parametrize(("ask", "method"), ASKS, ids=["words", "voice"])
@pytest.mark.parametrize("fault", REFUSED)
async def test_what_was_surely_not_posted_is_posted_once(
    settings: Settings, telegram: TelegramServer, fault: str, ask: str, method: str
) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        REFUSED[fault](telegram, method)
        await telegram.say(dm, ask)
        await telegram.until(lambda: answers(telegram, dm))
        await idle(stage, telegram)
        assert len(telegram.answers(dm)) == 1
        assert await stage.app.store.undelivered("telegram") == []
    assert any(c.status >= 400 for c in telegram.calls)


@pytest.mark.parametrize(("ask", "method"), ASKS, ids=["words", "voice"])
@pytest.mark.parametrize("fault", UNCLEAR)
async def test_what_may_be_lost_is_said_so_and_sent_again_at_a_press(
    settings: Settings, telegram: TelegramServer, fault: str, ask: str, method: str
) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        UNCLEAR[fault](telegram, method)
        await telegram.say(dm, ask)
        notice = (await telegram.until(lambda: answers(telegram, dm)))[0]
        await idle(stage, telegram)
        assert [m.text for m in telegram.answers(dm)] == [UNSURE]
        await known(stage, dm, notice)
        await asyncio.gather(*(telegram.press(dm, notice.id, RESEND.label) for _ in range(2)))
        await telegram.until(lambda: len(answers(telegram, dm)) == 2)
        await idle(stage, telegram)
    notice, answer = telegram.answers(dm)
    assert notice.buttons == []
    assert answer.text in ("you said: hello", "done: text_to_speech")
    assert len(answer.files) == (method == "sendVoice")


@pytest.mark.parametrize(("ask", "method"), ASKS, ids=["words", "voice"])
@pytest.mark.parametrize("fault", CUT)
async def test_a_cut_connection_loses_and_doubles_nothing(
    settings: Settings, telegram: TelegramServer, fault: str, ask: str, method: str
) -> None:
    """How much of a small request was on its way is chance: it is sent again by itself, or at a press."""
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        CUT[fault](telegram, method)
        await telegram.say(dm, ask)
        first = (await telegram.until(lambda: answers(telegram, dm)))[0]
        await idle(stage, telegram)
        if first.text == UNSURE:
            await known(stage, dm, first)
            await telegram.press(dm, first.id, RESEND.label)
            await telegram.until(lambda: len(answers(telegram, dm)) == 2)
        await idle(stage, telegram)
    answered = [m for m in telegram.answers(dm) if m.text != UNSURE]
    assert [m.text for m in answered] == ["you said: hello" if method == "sendMessage" else "done: text_to_speech"]


@pytest.mark.parametrize(("ask", "method"), ASKS, ids=["words", "voice"])
@pytest.mark.parametrize("fault", ACCEPTED)
async def test_what_telegram_took_is_not_posted_twice(
    settings: Settings, telegram: TelegramServer, monkeypatch: pytest.MonkeyPatch, fault: str, ask: str, method: str
) -> None:
    monkeypatch.setattr(connection, "READ_S", 2.0)
    monkeypatch.setattr(sending, "UPLOAD_READ_S", 2.0)
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        ACCEPTED[fault](telegram, method)
        await telegram.say(dm, ask)
        await telegram.until(lambda: len(answers(telegram, dm)) == 2)
        await idle(stage, telegram)
        assert await stage.app.store.undelivered("telegram") == []
    answer, notice = telegram.answers(dm)
    assert answer.text in ("you said: hello", "done: text_to_speech")
    assert notice.text == UNSURE


async def test_an_upload_that_broke_off_in_the_middle_is_sent_again_by_itself(
    settings: Settings, telegram: TelegramServer
) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        asked = await telegram.say(dm, "hello")
        await words(telegram, dm)
        large = await kept(stage, "large.mid", b"MThd" + bytes(20 << 20))
        cut = telegram.faults.cut("sendDocument", read=100_000, times=2)
        for _ in range(2):
            with pytest.raises(Broken) as broken:
                await delivered(stage, dm, f"{asked}~1", "Here.", Shown(large, Way.FILE))
            assert not isinstance(broken.value, Unclear), "it is known that it was not posted"
        await delivered(stage, dm, f"{asked}~1", "Here.", Shown(large, Way.FILE))
        assert cut.hits == 2
    assert [len(m.files) for m in telegram.answers(dm)] == [0, 1]
    assert len(telegram.answers(dm)[1].files[0].content) == (20 << 20) + 4


async def test_a_slow_upload_is_waited_for(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        slow = telegram.faults.slow("sendVoice", 0.8)
        await telegram.say(dm, "speak hello")
        await telegram.until(lambda: answers(telegram, dm))
        await idle(stage, telegram)
    assert slow.hits == 1
    assert len(telegram.answers(dm)) == 1


@pytest.mark.usefixtures("status_lines")
async def test_signs_of_life_that_fail_cost_nothing(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram) as stage:
        telegram.faults.gateway("sendChatAction", times=99)
        telegram.faults.gateway("editMessageText", times=99)
        telegram.faults.gateway("deleteMessage", times=1)
        await telegram.say(dm, "sleep 1")
        await telegram.until(lambda: [m for m in telegram.answers(dm) if m.text == "slept"])
        await idle(stage, telegram)
    assert [m.text for m in answers(telegram, dm)] == ["slept"]


@pytest.mark.parametrize(
    ("happens", "words_"),
    [
        ("kicked", "kicked"),
        ("blocked", "blocked"),
        ("topic deleted", "thread not found"),
        ("topic closed", "topic_closed"),
    ],
)
async def test_where_nobody_is_nothing_is_tried_again(
    settings: Settings, telegram: TelegramServer, caplog: pytest.LogCaptureFixture, happens: str, words_: str
) -> None:
    ann = telegram.person("Ann")
    forum, dm = telegram.forum("Studio", ann), telegram.dm(ann)
    async with on_stage(settings, telegram) as stage:
        topic = await telegram.topic(forum, "Mix")
        place = dm if happens == "blocked" else topic
        await telegram.say(place, "sleep 1" if place is dm else telegram.mention("sleep 1"))
        await at_work(telegram, place)
        if happens == "kicked":
            await telegram.kick(forum)
        elif happens == "blocked":
            await telegram.block(ann)
        elif happens == "topic deleted":
            await telegram.delete_topic(topic)
        else:
            await telegram.close_topic(topic)
        await telegram.until(lambda: words_ in caplog.text)
        await idle(stage, telegram)
        assert await stage.app.store.undelivered("telegram") == []
    assert "slept" not in [m.text for chat in (dm, forum, topic) for m in telegram.answers(chat)]
    assert len([c for c in telegram.called("sendMessage") if c.text("text") == "slept"]) == 1
