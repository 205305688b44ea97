"""The product on the played Discord: one server with a channel, one person, and what they see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from platforms.discord.driver import idle, is_status, pointed
from platforms.discord.person import Person
from platforms.discord.server import Call, DiscordServer
from platforms.discord.state import Channel, Guild
from platforms.seen import Seen, SeenFile
from platforms.stage import Stage, playing

from bots.discord.adapter import DiscordAdapter
from core.jobs.memory import MemoryJobs
from core.settings import Settings

POST = "POST /channels/{channel_id}/messages"


@dataclass
class Town:
    """Where it plays, whether the product runs or not."""

    server: DiscordServer
    studio: Guild
    general: Channel
    ann: Person

    @property
    def dm(self) -> Channel:
        return self.ann.dm

    @asynccontextmanager
    async def product(
        self, settings: Settings, jobs: MemoryJobs | None = None, **changes: object
    ) -> AsyncIterator[Play]:
        """Run the product until the end of the block."""
        async with playing(pointed(settings, self.server, **changes), DiscordAdapter, jobs) as stage:
            await self.server.until(lambda: self.server.world.commands)
            yield Play(self, stage)


@dataclass
class Play:
    """The product at work."""

    town: Town
    stage: Stage

    @property
    def adapter(self) -> DiscordAdapter:
        assert isinstance(self.stage.adapter, DiscordAdapter)
        return self.stage.adapter

    async def hears(self, place: Channel, words: str, timeout_s: float = 60.0) -> Seen:
        """Wait for a message of the bot with these words."""
        return await self.town.server.until(
            lambda: next((s for s in self.said(place) if words in s.text), None), timeout_s
        )

    def said(self, place: Channel) -> list[Seen]:
        """What the bot said in a place and did not take away, without status lines."""
        return [s for s in self.town.server.seen(place) if s.by_bot and not is_status(s)]

    async def all(self, place: Channel) -> list[Seen]:
        """The same once nothing is under way any more, and no status line is left behind."""
        await idle(self.town.server, self.stage)
        assert not [s for s in self.town.server.seen(place) if is_status(s)], self.town.server.dump()
        return self.said(place)

    async def only(self, place: Channel, words: str) -> Seen:
        """The bot said one thing there in all, with these words."""
        await self.hears(place, words)
        found = await self.all(place)
        assert len(found) == 1, self.town.server.dump()
        return found[0]

    async def media(self, place: Channel) -> list[SeenFile]:
        """All files of the bot in a place, once nothing is under way."""
        return [file for seen in await self.all(place) for file in seen.files]

    async def status(self, place: Channel) -> Seen:
        """Wait for a status line."""
        return await self.town.server.until(
            lambda: next((s for s in self.town.server.seen(place) if s.buttons and is_status(s)), None)
        )

    def posts(self) -> list[Call]:
        """Requests that post a message."""
        return self.town.server.asked(POST)
