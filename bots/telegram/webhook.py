"""The webhook: Telegram's updates by HTTP, answered when the message in them is safely kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Update

from bots.telegram.connection import Connection
from bots.telegram.inbox import Inbox
from core.errors import WrongUse
from core.settings import Settings

log = logging.getLogger("audiogpt.telegram")

HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST = 1 << 20
_GOODBYE_S = 5.0


def secret_of(settings: Settings) -> str:
    """What Telegram must send along: the operator's secret, or one made from the token, the same in every process."""
    chosen = settings.telegram_webhook_secret.get_secret_value()
    token = settings.telegram_token.get_secret_value()
    return chosen or hashlib.sha256(f"webhook of {token}".encode()).hexdigest()


class Webhook:
    """Listens on `telegram_host:telegram_port`, at the path of `telegram_webhook_url`."""

    def __init__(self, connection: Connection, inbox: Inbox, settings: Settings) -> None:
        self._connection = connection
        self._inbox = inbox
        self._settings = settings
        self._secret = secret_of(settings)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen.

        Raises:
            WrongUse: the address cannot be listened on.
        """
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_post(urlsplit(self._settings.telegram_webhook_url).path or "/", self._on)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GOODBYE_S)
        await self._runner.setup()
        host, port = self._settings.telegram_host, self._settings.telegram_port
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self.stop()
            raise WrongUse(f"cannot listen on {host}:{port} ({error.strerror}); set AUDIOGPT_TELEGRAM_PORT") from error
        log.info("waiting for Telegram on %s:%d", host, port)

    async def stop(self) -> None:
        """Take no more updates: Telegram keeps them until somebody listens again."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _on(self, request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get(HEADER, "").encode(), self._secret.encode()):
            return web.Response(status=403)
        if not self._connection.known:
            return web.Response(status=503)  # who the bot is has not been told yet; Telegram comes again
        try:
            update = Update.de_json(json.loads(await request.read()), self._connection.bot)
        except (ValueError, TypeError, KeyError, AttributeError) as error:  # the library checks no shapes
            log.error("an update cannot be read: %s", type(error).__name__)
            return web.Response(status=400)
        task = self._inbox.put(update)
        album = update.message is not None and update.message.media_group_id is not None
        if task is not None and not album:  # the next part of an album comes only after this one is answered
            await self._inbox.finished(task)
        return web.Response()
