"""Discord in the conformance matrix: one server, one channel, one thread, one person."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import ClassVar

from platforms.discord.person import Person, Sent
from platforms.discord.server import DiscordServer
from platforms.discord.state import THINKING, Channel, Post
from platforms.driver import Place
from platforms.seen import Seen
from platforms.stage import Stage, playing, staged
from pydantic import SecretStr

from bots.discord.adapter import DiscordAdapter
from core.settings import Settings


def pointed(settings: Settings, server: DiscordServer, **changes: object) -> Settings:
    """Settings that lead the product to a server."""
    return staged(
        settings,
        discord_token=SecretStr(server.token),
        discord_api_url=server.api_url,
        discord_gateway_url=server.gateway_url,
        **changes,
    )


async def idle(server: DiscordServer, stage: Stage, timeout_s: float = 60.0) -> None:
    """Wait until the product has taken and answered everything that was told to it."""
    adapter = stage.adapter
    assert isinstance(adapter, DiscordAdapter)
    await server.gateway.heard()
    await server.until(lambda: not adapter.events.busy and not stage.desk.busy, timeout_s)


@dataclass
class DiscordDriver:
    """See `platforms.driver.Driver`."""

    name: ClassVar[str] = "Discord"
    not_offered: ClassVar[dict[tuple[str, Place | None], str]] = {}

    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self, settings: Settings) -> None:
        self.server = await self._stack.enter_async_context(DiscordServer.judging())
        self.server.limits.pace = 0.2
        guild = self.server.guild("Studio")
        general = await self.server.text_channel(guild, "general")
        self.ann: Person = self.server.person("Ann", guild)
        thread = await self.ann.open_thread(general, "a topic")
        self.places: dict[Place, Channel] = {Place.DIRECT: self.ann.dm, Place.GROUP: general, Place.THREAD: thread}
        self.stage = await self._stack.enter_async_context(playing(pointed(settings, self.server), DiscordAdapter))
        await self.server.until(lambda: self.server.world.commands)

    async def stop(self) -> None:
        await self._stack.aclose()

    async def say(
        self, place: Place, text: str, file: tuple[str, bytes] | None = None, voice: bool = False, reply_to: str = ""
    ) -> str:
        where = self.places[place]
        mention = place is not Place.DIRECT and not reply_to and not voice
        if voice:
            assert file is not None
            if place is not Place.DIRECT and not reply_to:
                reply_to = await self._a_message_of_the_bot(place)
            post = await self.ann.say(where, voice=file[1], reply_to=reply_to or None)
        else:
            files = [Sent(*file)] if file else []
            post = await self.ann.say(where, text, *files, reply_to=reply_to or None, mention=mention)
        return post.id

    async def _a_message_of_the_bot(self, place: Place) -> str:
        """A voice message holds no mention; a reply to the bot is addressed to it."""
        said = [seen for seen in self._of_the_bot(place) if not seen.buttons or seen.text]
        if not said:
            await self.say(place, "hello")
            said = await self.answers(place, 1)
        return said[-1].id

    async def edit(self, place: Place, message: str, text: str) -> None:
        mention = f"<@{self.server.world.bot.id}> " if place is not Place.DIRECT else ""
        await self.ann.edit(self._post(place, message), mention + text)

    async def delete(self, place: Place, message: str) -> None:
        await self.ann.delete(self._post(place, message))

    async def command(self, place: Place, name: str, text: str = "") -> None:
        await self.ann.command(self.places[place], name, **({"text": text} if text else {}))

    async def press(self, place: Place, message: str, label: str) -> None:
        await self.ann.press(self.places[place], message, label)

    async def answers(self, place: Place, count: int, timeout_s: float = 30.0) -> list[Seen]:
        return await self.server.until(
            lambda: found if len(found := self._of_the_bot(place)) >= count else [], timeout_s
        )

    async def settled(self, place: Place) -> list[Seen]:
        await idle(self.server, self.stage)
        assert not [s for s in self.server.seen(self.places[place]) if is_status(s)], self.server.dump()
        return self._of_the_bot(place)

    def _post(self, place: Place, message: str) -> Post:
        return self.places[place].posts[message]

    def _of_the_bot(self, place: Place) -> list[Seen]:
        return [s for s in self.server.seen(self.places[place]) if s.by_bot and not is_status(s)]


def is_status(seen: Seen) -> bool:
    """Whether it only says that an answer is being made."""
    return seen.text == THINKING or any(button.label == "Stop" for button in seen.buttons)


DRIVERS = (DiscordDriver,)
