"""The WebSockets of Socket Mode: hello, envelopes, acknowledgements, and how connections end."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web
from platforms.slack.state import APP_ID, new_id

Json = dict[str, Any]

MOST = 10
"""Connections that one app may have."""


class Sockets:
    """The connections of the app; each envelope goes to one of them, in turn."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.opened = 0
        """Connections so far."""
        self.mute = False
        """Answer no ping and take no acknowledgement: a connection that is dead without being closed."""
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._turn = itertools.count()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._connected = asyncio.Event()
        self._changed = changed

    def ticket(self) -> str:
        """A ticket for one connection."""
        ticket = new_id("ticket-")
        self._tickets.add(ticket)
        return ticket

    @property
    def count(self) -> int:
        """Connections that are open now."""
        return len(self._open)

    async def some(self, timeout_s: float) -> bool:
        """Wait for a connection; whether there is one."""
        try:
            return await asyncio.wait_for(self._connected.wait(), timeout_s)
        except TimeoutError:
            return False

    async def ask(self, envelope: Json) -> Json:
        """Send an envelope over one connection and wait for its acknowledgement.

        Raises:
            ConnectionError: there is no connection, or it went away before it acknowledged.
        """
        if not self._open:
            raise ConnectionError("nobody is connected")
        socket = self._open[next(self._turn) % len(self._open)]
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = answer
        try:
            await socket.send_json(envelope)
            return await answer
        finally:
            del self._waiting[envelope["envelope_id"]]

    def forget(self, request: web.Request) -> None:
        """A ticket is good for one try, also for one that fails."""
        self._tickets.discard(request.query.get("ticket", ""))

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, until it ends."""
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=401)
        self._tickets.discard(request.query["ticket"])
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.opened += 1
        if len(self._open) >= MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        debug = {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060}
        about = {"app_id": APP_ID}
        hello = {"type": "hello", "num_connections": len(self._open) + 1, "debug_info": debug, "connection_info": about}
        await socket.send_json(hello)
        self._open.append(socket)
        self._connected.set()
        self._changed()
        try:
            async for message in socket:
                await self._take(socket, message)
        finally:
            self._open.remove(socket)
            if not self._open:
                self._connected.clear()
            self._changed()
        return socket

    async def _take(self, socket: web.WebSocketResponse, message: Any) -> None:
        if self.mute:
            return
        if message.type is WSMsgType.PING:
            await socket.pong(message.data)
        elif message.type is WSMsgType.TEXT:
            answer = json.loads(message.data)
            waiting = self._waiting.get(answer.get("envelope_id", ""))
            if waiting is not None and not waiting.done():
                waiting.set_result(answer.get("payload") or {})

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go, as Slack does every few hours: `refresh_requested`, `link_disabled`."""
        for socket in list(self._open):
            debug = {"host": "applink-1"}
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": debug})
            await socket.close()

    def cut(self) -> None:
        """Cut every connection without a word."""
        for socket in list(self._open):
            transport = socket._req.transport if socket._req is not None else None  # aiohttp offers no other way
            if transport is not None:
                transport.abort()

    async def stop(self) -> None:
        """Close everything."""
        for socket in list(self._open):
            await socket.close()
