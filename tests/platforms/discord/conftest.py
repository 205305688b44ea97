from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from platforms.discord.server import DiscordServer


@pytest.fixture
async def discord_server() -> AsyncIterator[DiscordServer]:
    """The platform; a broken rule, or a scripted fault that never came, fails the test at its end."""
    async with DiscordServer.judging() as server:
        yield server
