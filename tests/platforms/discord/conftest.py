from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from platforms.discord.play import Play, Town
from platforms.discord.server import DiscordServer

from bots import progress
from bots.discord import connection
from bots.discord.adapter import DiscordAdapter
from core.settings import Settings


@pytest.fixture
async def discord_server() -> AsyncIterator[DiscordServer]:
    """The platform; a broken rule, or a scripted fault that never came, fails the test at its end."""
    async with DiscordServer.judging() as server:
        server.limits.pace = 0.2
        yield server


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moments that are shorter than a person's, so that nobody waits for them here."""
    monkeypatch.setattr(progress, "FIRST_S", 0.2)
    monkeypatch.setattr(DiscordAdapter, "edit_every_s", 0.3)
    monkeypatch.setattr(connection, "_GUILDS_S", 0.2)


@pytest.fixture
async def town(discord_server: DiscordServer) -> Town:
    """A server with one channel, and Ann."""
    studio = discord_server.guild("Studio")
    general = await discord_server.text_channel(studio, "general")
    return Town(discord_server, studio, general, discord_server.person("Ann", studio))


@pytest.fixture
async def play(town: Town, settings: Settings) -> AsyncIterator[Play]:
    """The product at work there."""
    async with town.product(settings) as playing:
        yield playing
