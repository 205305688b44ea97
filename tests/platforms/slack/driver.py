"""Slack in the conformance matrix, by Socket Mode and by signed requests: one workspace, one channel, one thread."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import ClassVar

from platforms.driver import Place
from platforms.seen import Seen
from platforms.slack import server
from platforms.slack.product import product, said, settled
from platforms.slack.server import Slack, Upload, slack_at_work

from core.settings import Settings

_NO_COMMANDS = "Slack has no slash commands in threads."


@dataclass
class _SlackDriver:
    """See `platforms.driver.Driver`. A message is answered in its thread: what is seen of a channel is all of it."""

    mode: ClassVar[str]
    not_offered: ClassVar[dict[tuple[str, Place | None], str]] = {("command", Place.THREAD): _NO_COMMANDS}

    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self, settings: Settings) -> None:
        self.slack: Slack = await self._stack.enter_async_context(slack_at_work())
        ann = self.slack.member("Ann")
        general, busy = self.slack.channel("general", [ann]), self.slack.channel("busy", [ann])
        self.places: dict[Place, server.Place] = {Place.DIRECT: self.slack.dm(ann), Place.GROUP: general}
        self.stage = await self._stack.enter_async_context(product(self.slack, settings, self.mode))
        root = await self.slack.say(busy, "a topic")
        self.places[Place.THREAD] = busy.in_thread(root)

    async def stop(self) -> None:
        await self._stack.aclose()

    async def say(
        self, place: Place, text: str, file: tuple[str, bytes] | None = None, voice: bool = False, reply_to: str = ""
    ) -> str:
        where = self.places[place]
        if voice and place is Place.GROUP:
            where = where.in_thread(await self._a_thread())
        mention = f"{self.slack.mention} " if place is not Place.DIRECT and not voice else ""
        if reply_to and place is Place.DIRECT:
            where = where.in_thread(reply_to)
        elif reply_to:  # where everything is in threads, a message is quoted by sharing it
            return await self.slack.forward(where, reply_to, where, mention + text)
        clip = file[1] if voice and file else None
        files = [Upload(*file)] if file and not voice else []
        return await self.slack.say(where, mention + text if text else "", files=files, voice=clip)

    async def _a_thread(self) -> str:
        """A clip holds no mention; in a thread where the bot answered none is needed."""
        asked = await self.say(Place.GROUP, "hello")
        thread = self.places[Place.GROUP].in_thread(asked)
        await self.slack.until(lambda: said(self.slack, thread), "an answer to begin a thread with")
        await self.settled(Place.GROUP)
        return asked

    async def edit(self, place: Place, message: str, text: str) -> None:
        mention = f"{self.slack.mention} " if place is not Place.DIRECT else ""
        await self.slack.edit(self.places[place], message, mention + text)

    async def delete(self, place: Place, message: str) -> None:
        await self.slack.delete(self.places[place], message)

    async def command(self, place: Place, name: str, text: str = "") -> None:
        await self.slack.command(self.places[place], f"/{name} {text}".strip())

    async def press(self, place: Place, message: str, label: str) -> None:
        await self.slack.press(self.places[place], message, label)

    async def answers(self, place: Place, count: int, timeout_s: float = 30.0) -> list[Seen]:
        def enough() -> list[Seen]:
            found = self._of_the_bot(place)
            return found if len(found) >= count else []

        return await self.slack.until(enough, f"{count} messages of the bot", timeout_s)

    async def settled(self, place: Place) -> list[Seen]:
        await settled(self.slack, self.stage, self.places[place])
        return self._of_the_bot(place)

    def _of_the_bot(self, place: Place) -> list[Seen]:
        """In a channel the bot answers in threads; a person who looks follows them."""
        where = self.places[place]
        if place is Place.THREAD:
            return said(self.slack, where)
        roots = [s.id for s in self.slack.seen(where)]
        found = {s.id: s for s in said(self.slack, where)}
        for root in roots:
            found |= {s.id: s for s in said(self.slack, where.in_thread(root))}
        return [found[ts] for ts in sorted(found)]


@dataclass
class SlackHttpDriver(_SlackDriver):
    """By signed requests."""

    name: ClassVar[str] = "Slack HTTP"
    mode: ClassVar[str] = "http"


@dataclass
class SlackSocketDriver(_SlackDriver):
    """By Socket Mode."""

    name: ClassVar[str] = "Slack socket"
    mode: ClassVar[str] = "socket"


DRIVERS = (SlackHttpDriver, SlackSocketDriver)
