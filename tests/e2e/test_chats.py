"""`audiogpt run` with three chat platforms at once: real models and client libraries, a voice note in each chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from e2e.stack import end, ready, share_weights, start
from e2e.test_run import ears, heard, say, voice
from platforms.discord.server import DiscordServer
from platforms.seen import Seen
from platforms.slack.server import Slack, slack_at_work
from platforms.telegram.server import TelegramServer

from core.models.speech.faster_whisper import FasterWhisper
from core.models.speech.hibari import Hibari

__all__ = ["ears", "voice"]
SAID = "good morning and welcome to everybody"


@dataclass(frozen=True)
class Chats:
    discord: DiscordServer
    slack: Slack
    telegram: TelegramServer


@pytest.fixture(scope="module")
async def chats(tmp_path_factory: pytest.TempPathFactory, weights_dir: Path) -> AsyncIterator[Chats]:
    data = tmp_path_factory.mktemp("chats")
    share_weights(weights_dir, data)
    async with AsyncExitStack() as parts:
        discord = await parts.enter_async_context(DiscordServer.judging())
        slack = await parts.enter_async_context(slack_at_work())
        telegram = await parts.enter_async_context(TelegramServer())
        process = await start(
            "run",
            data,
            AUDIOGPT_DISCORD_TOKEN=discord.token,
            AUDIOGPT_DISCORD_API_URL=discord.api_url,
            AUDIOGPT_DISCORD_GATEWAY_URL=discord.gateway_url,
            AUDIOGPT_SLACK_BOT_TOKEN=slack.token,
            AUDIOGPT_SLACK_APP_TOKEN=slack.app_token,
            AUDIOGPT_SLACK_API_URL=slack.api_url,
            AUDIOGPT_TELEGRAM_TOKEN=telegram.token,
            AUDIOGPT_TELEGRAM_API_URL=telegram.api_url,
            AUDIOGPT_TELEGRAM_FILE_URL=telegram.file_url,
        )
        try:
            await ready(process)
            yield Chats(discord, slack, telegram)
        finally:
            assert await end(process) == 0
        assert slack.violations == []
        assert telegram.verdict() == []


@pytest.fixture(scope="module")
def note(voice: Hibari, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A voice note: Ogg and Opus."""
    path = tmp_path_factory.mktemp("note") / "note.ogg"
    say(voice, f"Please say the words, {SAID}.", path)
    return path


def spoken_in(found: list[Seen]) -> list[bytes]:
    return [file.content for seen in found if seen.by_bot for file in seen.files]


def check(clips: list[bytes], ears: FasterWhisper, folder: Path) -> None:
    (answer,) = clips
    assert "welcome to everybody" in heard(ears, answer, folder)


async def test_discord(chats: Chats, note: Path, ears: FasterWhisper, tmp_path: Path) -> None:
    ann = chats.discord.person("Ann")
    await ann.say(ann.dm, voice=note.read_bytes())
    clips = await chats.discord.until(lambda: spoken_in(chats.discord.seen(ann.dm)), timeout_s=100)
    assert [f.shown_as for s in chats.discord.seen(ann.dm) if s.by_bot for f in s.files] == ["voice"]
    check(clips, ears, tmp_path)


async def test_slack(chats: Chats, note: Path, voice: Hibari, ears: FasterWhisper, tmp_path: Path) -> None:
    place = chats.slack.dm(chats.slack.member("Ann"))
    clip = say(voice, f"Please say the words, {SAID}.", tmp_path / "note.m4a", "m4a")
    await chats.slack.say(place, voice=clip)
    clips = await chats.slack.until(lambda: spoken_in(chats.slack.seen(place)), "a spoken answer", 100)
    check(clips, ears, tmp_path)


async def test_telegram(chats: Chats, note: Path, ears: FasterWhisper, tmp_path: Path) -> None:
    place = chats.telegram.dm(chats.telegram.person("Ann"))
    await chats.telegram.say(place, voice=note.read_bytes())
    clips = await chats.telegram.until(lambda: spoken_in(chats.telegram.seen(place)), "a spoken answer", 100)
    assert [f.shown_as for s in chats.telegram.answers(place) for f in s.files] == ["voice"]
    check(clips, ears, tmp_path)


async def test_all_at_once_in_words(chats: Chats) -> None:
    bob = chats.discord.person("Bob")
    slack = chats.slack.dm(chats.slack.member("Bob"))
    telegram = chats.telegram.dm(chats.telegram.person("Bob"))
    await asyncio.gather(
        bob.say(bob.dm, "what can you do?"),
        chats.slack.say(slack, "what can you do?"),
        chats.telegram.say(telegram, "what can you do?"),
    )

    def words(found: list[Seen]) -> bool:
        return any("read text aloud" in seen.text for seen in found if seen.by_bot)

    await chats.discord.until(lambda: words(chats.discord.seen(bob.dm)), timeout_s=60)
    await chats.slack.until(lambda: words(chats.slack.seen(slack)), "an answer", 60)
    await chats.telegram.until(lambda: words(chats.telegram.seen(telegram)), "an answer", 60)
