"""The whole product around the adapter, against the protocol server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from platforms.stage import Stage, playing, staged
from platforms.telegram.server import TelegramServer
from pydantic import SecretStr

from bots.telegram.adapter import TelegramAdapter
from core.jobs.memory import MemoryJobs
from core.settings import Settings


def pointed(settings: Settings, server: TelegramServer, **changes: object) -> Settings:
    """Settings as an operator writes them for this server."""
    return staged(
        settings,
        telegram_token=SecretStr(server.token),
        telegram_api_url=server.api_url,
        telegram_file_url=server.file_url,
        goodbye_s=0.0,
        **changes,
    )


@asynccontextmanager
async def on_stage(
    settings: Settings, server: TelegramServer, jobs: MemoryJobs | None = None, **changes: object
) -> AsyncIterator[Stage]:
    """The product, ready: Telegram has been asked for updates, or told where to push them."""
    async with playing(pointed(settings, server, **changes), TelegramAdapter, jobs) as stage:
        await server.until(lambda: server.called("setMyCommands"), "the bot is ready")
        yield stage
