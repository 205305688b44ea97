"""The web page as a platform: a server on this machine, rooms by link, replies through the rooms' timelines."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from aiohttp import web

from bots.adapter import Gone
from bots.commands import Commands
from bots.desk import Desk
from bots.links import Links
from bots.web.context import PLATFORM, Context
from bots.web.derived import Derived
from bots.web.rooms import Rooms
from bots.web.schemas import ReplyEvent, SoundEvent, StatusEvent
from bots.web.server import make_app
from core.errors import BadInput, WrongUse
from core.messages import Attachment, ConversationKey, Outgoing, Source, Status
from core.registry import registry
from core.sayings import saying
from core.settings import Settings

log = logging.getLogger("audiogpt.web")

_GOODBYE_S = 2.0
"""How long answers that are under way may take when the server stops; streams end at once."""


async def _resend(outgoing: Outgoing, part: str) -> None:
    """What is in a room's timeline came there once, whole: there is no button for this."""
    raise Gone("nothing is sent again to a room")


class WebAdapter:
    """Serves the page and its API on `web_host:web_port`."""

    platform = PLATFORM

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk = desk
        self._settings = settings
        self._rooms = Rooms(desk.store)
        self._titles = {c.id: c.title for c in registry(settings).capabilities.values()}
        self._derived: Derived | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where the page is, once started."""
        assert self._runner is not None, "the server is not started"
        host, port = self._runner.addresses[0][:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
        return f"http://{host}:{port}/"

    async def start(self) -> None:
        """Listen.

        Raises:
            WrongUse: the address or the port cannot be used.
        """
        self._rooms = Rooms(self._desk.store)
        self._derived = Derived(self._desk.bytes)
        capabilities = registry(self._settings).capabilities
        commands = Commands(self._desk, _resend)
        links = Links(self._settings)
        context = Context(self._desk, commands, self._settings, self._rooms, self._derived, capabilities, links)
        self._runner = web.AppRunner(make_app(context), access_log=None, shutdown_timeout=_GOODBYE_S)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._settings.web_host, self._settings.web_port).start()
        except OSError as error:
            await self.stop()
            where = f"{self._settings.web_host}:{self._settings.web_port}"
            raise WrongUse(f"cannot listen on {where} ({error.strerror}); set AUDIOGPT_WEB_PORT") from error
        log.info("the page is at %s", self.url)

    async def stop(self) -> None:
        """End the streams, let requests that are under way finish, close the port. Twice does no harm."""
        self._rooms.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        if self._derived is not None:
            await self._derived.close()
            self._derived = None

    async def close(self) -> None:
        """Everything is let go of by `stop`."""
        await self.stop()

    def open(self, source: Source) -> Attachment:
        """An upload comes once, with its message: there is nothing to open again."""
        raise BadInput(saying("file_gone"))

    async def withdrawn(self, key: ConversationKey, message_id: str) -> None:
        """The page takes nothing back; a turn that ends without an answer has no status any more."""
        self._rooms.finish(str(key), message_id)

    async def deliver(self, outgoing: Outgoing) -> tuple[str, ...]:
        """Append the reply to its room's timeline; the same `outgoing.id` again appends nothing.

        Raises:
            StoreLost: it was not kept.
        """
        await self._rooms.arrived(outgoing.message_id)
        event = ReplyEvent.of(outgoing, self._titles, datetime.now(UTC))
        room = str(outgoing.key)
        await self._desk.store.append_event(room, f"reply {outgoing.id}", event.model_dump(mode="json"))
        self._rooms.finish(room, outgoing.message_id)
        return (outgoing.id,)

    async def show(self, key: ConversationKey, message_id: str, status: Status) -> None:
        """Show a sign of life to whoever watches the room now."""
        if status.piece is not None:
            self._rooms.play(str(key), SoundEvent.of(message_id, status.piece))
        else:
            self._rooms.show(str(key), StatusEvent.of(message_id, status, self._titles))
