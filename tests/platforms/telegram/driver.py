"""Telegram in the conformance matrix: by long polling and by webhook."""

from __future__ import annotations

import socket
from contextlib import AsyncExitStack

from platforms.driver import Place
from platforms.seen import Seen
from platforms.telegram.people import Upload
from platforms.telegram.play import idle, on_stage, working
from platforms.telegram.server import TelegramServer
from platforms.telegram.state import Place as Where

from core.settings import Settings

_PUBLIC = "https://bots.example/telegram"


class TelegramPolling:
    """Ann writes to the bot, in a group, and in a topic of a forum. Privacy mode is on, as it is at first."""

    name = "Telegram polling"
    not_offered: dict[tuple[str, Place | None], str] = {("delete", None): "Telegram tells bots of no deletion"}

    async def start(self, settings: Settings) -> None:
        self._stack = AsyncExitStack()
        self._server = await self._stack.enter_async_context(TelegramServer())
        self._stage = await self._stack.enter_async_context(on_stage(self._settings(settings), self._server))
        ann = self._server.person("Ann")
        forum = self._server.forum("Studio", ann)
        self._where = {
            Place.DIRECT: self._server.dm(ann),
            Place.GROUP: self._server.group("Band", ann),
            Place.THREAD: await self._server.topic(forum, "Mix"),
        }
        for place in (Place.GROUP, Place.THREAD):  # something of the bot's that can be answered
            await self.say(place, "hello")
            await self.answers(place, 1)

    def _settings(self, settings: Settings) -> Settings:
        return settings

    async def stop(self) -> None:
        await self._stack.aclose()
        assert self._server.verdict() == [], self._server.dump()

    def _at(self, place: Place) -> Where:
        return self._where[place]

    async def say(
        self, place: Place, text: str, file: tuple[str, bytes] | None = None, voice: bool = False, reply_to: str = ""
    ) -> str:
        where = self._at(place)
        if place is not Place.DIRECT and voice:
            reply_to = reply_to or self._server.answers(where)[0].id  # a voice note cannot mention
        elif place is not Place.DIRECT:
            text = self._server.mention(text)
        files = [] if file is None else [Upload(*file, "voice" if voice else "")]
        return await self._server.say(where, text, files=files, reply_to=reply_to or None)

    async def edit(self, place: Place, message: str, text: str) -> None:
        words = text if place is Place.DIRECT else self._server.mention(text)
        await self._server.edit(self._at(place), message, words)

    async def delete(self, place: Place, message: str) -> None:
        raise AssertionError(self.not_offered["delete", None])

    async def command(self, place: Place, name: str, text: str = "") -> None:
        await self._server.command(self._at(place), name, text)

    async def press(self, place: Place, message: str, label: str) -> None:
        await self._server.press(self._at(place), message, label)

    def _answers(self, place: Place) -> list[Seen]:
        return [m for m in self._server.answers(self._at(place)) if not working(m)]

    async def answers(self, place: Place, count: int, timeout_s: float = 30.0) -> list[Seen]:
        await self._server.until(lambda: len(self._answers(place)) >= count, f"{count} answers in a {place}", timeout_s)
        return self._answers(place)

    async def settled(self, place: Place) -> list[Seen]:
        await idle(self._stage, self._server)
        return self._server.answers(self._at(place))


class TelegramWebhook(TelegramPolling):
    """The same, with a reverse proxy before the bot's webhook."""

    name = "Telegram webhook"

    def _settings(self, settings: Settings) -> Settings:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        self._server.updates.behind[_PUBLIC] = f"http://127.0.0.1:{port}/telegram"
        return settings.model_copy(update={"telegram_webhook_url": _PUBLIC, "telegram_port": port})


DRIVERS = (TelegramPolling, TelegramWebhook)
