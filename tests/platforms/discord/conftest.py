from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from platforms.discord.play import Play, Town
from platforms.discord.server import DiscordServer

from core.settings import Settings


@pytest.fixture
async def discord_server() -> AsyncIterator[DiscordServer]:
    """The platform; a broken rule, or a scripted fault that never came, fails the test at its end."""
    async with DiscordServer.judging() as server:
        yield server


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
