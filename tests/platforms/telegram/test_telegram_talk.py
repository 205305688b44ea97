"""What people send and what they get, in private chats, groups and topics."""

from __future__ import annotations

from platforms.telegram.play import on_stage
from platforms.telegram.server import TelegramServer

from core.settings import Settings


async def test_words_are_answered(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "hello")
        answer = (await telegram.until(lambda: telegram.answers(dm)))[0]
    assert answer.text == "you said: hello"


async def test_a_spoken_answer_is_a_native_voice_message(settings: Settings, telegram: TelegramServer) -> None:
    dm = telegram.dm(telegram.person("Ann"))
    async with on_stage(settings, telegram):
        await telegram.say(dm, "speak one two three four")
        answer = (await telegram.until(lambda: [m for m in telegram.answers(dm) if m.files]))[0]
    assert answer.files[0].shown_as == "voice"
    assert [b.label for b in answer.buttons] == ["Again", "Why?"]
