"""How Slack's events reach us: by a WebSocket that we open (Socket Mode), or by signed requests to a port of ours.

An event is acknowledged when it is kept, not before: Slack tells again what was not acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bots.adapter import Gone
from bots.slack.faults import NO_TOKEN, TokenLost, mapped, name_of
from bots.slack.workspaces import Workspaces, library_log
from core.errors import StoreLost, WrongUse
from core.settings import Settings
from core.store import Store

log = logging.getLogger("audiogpt.slack")

EVENTS_PATH = "/slack/events"
PING_S = 5.0
"""Seconds between two pings of a WebSocket; one that does not answer is replaced."""
ADDRESS_S = 15.0
"""For how long one address of a WebSocket is tried."""
_START_S = 30.0
"""How long the first connection is waited for; later it is tried on in the background."""
_GOODBYE_S = 5.0
"""How long events that are being dealt with may take when the bot stops."""


class Socket(SocketModeClient):
    """Socket Mode. The library retries for ever, with one address and with any token; this one does neither."""

    def __init__(self, app_token: str, workspaces: Workspaces, refused: Callable[[str], None]) -> None:
        web_client = workspaces.client()
        super().__init__(app_token, logger=library_log, web_client=web_client, ping_interval=PING_S)
        self._refused = refused

    async def issue_new_wss_url(self) -> str:
        """An address for one connection."""
        try:
            return await super().issue_new_wss_url()
        except SlackApiError as error:
            if name_of(error) in NO_TOKEN:
                self.closed = True
                self._refused(name_of(error))
            raise

    async def connect(self) -> None:
        """Connect. An address is good once and for a short time: after a while another is asked for."""
        while not self.closed:
            attempt = asyncio.ensure_future(super().connect())  # type: ignore[no-untyped-call]  # the library's
            try:
                await asyncio.wait({attempt}, timeout=ADDRESS_S)
                if attempt.done():
                    attempt.result()
                    return
            finally:
                attempt.cancel()
            await asyncio.gather(attempt, return_exceptions=True)
            self.wss_uri = None

    async def end(self) -> None:
        """Close, and see its tasks end."""
        await self.close()  # type: ignore[no-untyped-call]  # the library's
        tasks = (self.message_processor, self.current_session_monitor, self.message_receiver)
        await asyncio.gather(*(t for t in tasks if t is not None), return_exceptions=True)


class Connection:
    """Takes requests of Slack and gives them to slack_bolt."""

    def __init__(
        self, settings: Settings, store: Store, workspaces: Workspaces, refused: Callable[[str], None]
    ) -> None:
        self._settings = settings
        self._store = store
        self._workspaces = workspaces
        self._refused = refused
        self._app_token = settings.slack_app_token.get_secret_value()
        self._bolt: AsyncApp | None = None
        self._socket: Socket | None = None
        self._runner: web.AppRunner | None = None
        self._under_way: set[object] = set()
        self._open = False

    @property
    def address(self) -> str:
        """Where requests come in, `http://host:port`; empty when none do."""
        if self._runner is None or not self._runner.addresses:
            return ""
        host, port = self._runner.addresses[0][:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    async def open(self, bolt: AsyncApp, oauth: AsyncOAuthFlow | None) -> None:
        """Connect, listen, or both where workspaces install the app themselves.

        Raises:
            WrongUse: a token, a secret or an address is wrong.
            Broken: Slack cannot be reached.
        """
        self._bolt, self._open = bolt, True
        if not self._app_token or oauth is not None:
            await self._listen(oauth)
        if self._app_token:
            self._socket = Socket(self._app_token, self._workspaces, self._refused)
            self._socket.socket_mode_request_listeners.append(self._from_socket)
            await self._connected(self._socket)

    async def _connected(self, socket: Socket) -> None:
        try:
            with mapped():
                answer = await socket.web_client.apps_connections_open(app_token=self._app_token)
                socket.wss_uri = str(answer["url"])
                await asyncio.wait_for(socket.connect(), _START_S)
        except (TokenLost, Gone) as lost:
            raise WrongUse(f"AUDIOGPT_SLACK_APP_TOKEN is not valid ({lost})") from lost
        log.info("Slack: connected")

    async def _listen(self, oauth: AsyncOAuthFlow | None) -> None:
        app = web.Application()
        if not self._app_token:
            if not self._settings.slack_signing_secret.get_secret_value():
                raise WrongUse("AUDIOGPT_SLACK_SIGNING_SECRET is needed without AUDIOGPT_SLACK_APP_TOKEN")
            app.router.add_post(EVENTS_PATH, self._from_http)
        if oauth is not None:
            app.router.add_get(oauth.install_path, self._page(oauth.handle_installation))
            app.router.add_get(oauth.redirect_uri_path, self._page(oauth.handle_callback))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_GOODBYE_S)
        await self._runner.setup()
        host, port = self._settings.slack_host, self._settings.slack_port
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            raise WrongUse(f"cannot listen on {host}:{port} ({error.strerror}); set AUDIOGPT_SLACK_PORT") from error
        log.info("Slack's requests come in at %s", self.address)

    def _page(
        self, handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """A page of the installation, whose store is our database."""

        async def page(request: web.Request) -> web.Response:
            try:
                with self._store.lent():
                    return await to_aiohttp_response(await handle(await to_bolt_request(request)))
            except StoreLost as lost:
                log.error("an installation could not be kept: %s", lost)
                return web.Response(status=503, text="This cannot be kept just now. Please try again in a minute.")

        return page

    async def _from_http(self, request: web.Request) -> web.Response:
        assert self._bolt is not None
        async with self._dealing() as taken:
            if not taken:
                return web.Response(status=503)
            return await to_aiohttp_response(await self._bolt.async_dispatch(await to_bolt_request(request)))

    async def _from_socket(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        assert self._bolt is not None
        async with self._dealing() as taken:
            if taken:
                began = time.time()
                await send_async_response(client, request, await run_async_bolt_app(self._bolt, request), began)

    @asynccontextmanager
    async def _dealing(self) -> AsyncIterator[bool]:
        """While an event is dealt with; False: no more are taken, and Slack tells it again later."""
        mark = object()
        if self._open:
            self._under_way.add(mark)
        try:
            yield self._open
        finally:
            self._under_way.discard(mark)

    async def close(self) -> None:
        """Take no more events; what is being dealt with gets a moment. Twice does no harm."""
        self._open = False
        deadline = time.monotonic() + _GOODBYE_S
        while self._under_way and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        if self._socket is not None:
            await self._socket.end()
            self._socket = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
