"""The whole product around the adapter, against the protocol server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from platforms.seen import Seen
from platforms.stage import Stage, playing, staged
from platforms.telegram.server import TelegramServer
from platforms.telegram.state import Place
from pydantic import SecretStr

from bots.layout import STOP
from bots.telegram.adapter import TelegramAdapter
from bots.telegram.names import key_of
from core.artifacts import Artifact
from core.ingest import BytesAttachment, ingest
from core.jobs.memory import MemoryJobs
from core.messages import Outgoing, Ran, Reply, Shown
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


async def idle(stage: Stage, server: TelegramServer) -> None:
    """Wait until nothing is under way: no update, no turn, no answer to a command, no request."""
    adapter = stage.adapter
    assert isinstance(adapter, TelegramAdapter)

    def quiet() -> bool:
        return not (stage.desk.busy or adapter.busy or server.in_flight or server.updates.pending)

    await server.until(quiet, "nothing is under way")


async def known(stage: Stage, place: Place, message: Seen) -> Seen:
    """Wait until the ledger has a message that is seen already. People are slower than that; tests are not."""
    async with asyncio.timeout(30):
        while await stage.app.store.post_as("telegram", f"{place.chat}:{message.id}") is None:
            await asyncio.sleep(0.01)
    return message


def working(message: Seen) -> bool:
    """Whether a message is a status line."""
    return any(b.label == STOP.label for b in message.buttons)


async def status_line(server: TelegramServer, place: Place) -> Seen:
    """Wait until there is a status line at a place."""
    return (await server.until(lambda: [m for m in server.answers(place) if working(m)], "a status line"))[0]


async def at_work(server: TelegramServer, place: Place) -> None:
    """Wait until the bot shows that it does something."""
    await server.until(lambda: server.acting(place), "a chat action")


def answers(server: TelegramServer, place: Place) -> list[Seen]:
    """What the bot said at a place, without status lines."""
    return [m for m in server.answers(place) if not working(m)]


async def words(server: TelegramServer, place: Place, count: int = 1) -> list[str]:
    """The texts of the bot's answers at a place, once there are so many and no status line."""

    def settled() -> list[str]:
        found = server.answers(place)
        return [m.text for m in found] if len(found) >= count and not any(map(working, found)) else []

    return await server.until(settled, f"{count} answers")


async def kept(stage: Stage, name: str, content: bytes) -> Artifact:
    """A file as an artifact."""
    return await ingest(BytesAttachment(name, content), stage.settings, stage.app.bytes, person="telegram:1")


async def delivered(stage: Stage, place: Place, asked: str, text: str, *shown: Shown) -> tuple[str, ...]:
    """Deliver a reply to a message as the desk does; returns the posts' names."""
    key = key_of(place.chat, place.thread)
    name = f"{place.chat}:{asked}"
    outgoing = Outgoing(f"{key}#{name}", key, name, Reply(text, shown, plan=(Ran("film", "toy-filmer", {}, 1.0, 1.0),)))
    await stage.app.store.post(outgoing)
    return await stage.adapter.deliver(outgoing)
