"""The played gateway: sessions with their past, so that a client that resumes misses nothing."""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from platforms.discord import shapes
from platforms.discord.state import Guild, World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME = 0, 1, 2, 3, 4, 6
RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 8, 9, 10, 11

GUILDS, GUILD_MESSAGES, GUILD_REACTIONS = 1 << 0, 1 << 9, 1 << 10
DIRECT_MESSAGES, DIRECT_REACTIONS, MESSAGE_CONTENT = 1 << 12, 1 << 13, 1 << 15
PRIVILEGED_ELSE = 1 << 1 | 1 << 8

_MESSAGES = frozenset({"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK"})
_SENDS, _SENDS_PER_S = 120, 60.0


@dataclass(eq=False)
class Connection:
    """One WebSocket."""

    ws: web.WebSocketResponse
    compressor: Any | None
    deaf: bool = False
    """Nothing leaves it any more, not even a heartbeat's ACK: a dead line that looks alive."""
    sends: deque[float] = field(default_factory=deque)
    beat: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, op: int, data: Any, name: str | None = None, number: int | None = None) -> None:
        if self.deaf or self.ws.closed:
            return
        text = json.dumps({"op": op, "d": data, "s": number, "t": name})
        try:
            if self.compressor is None:
                await self.ws.send_str(text)
            else:
                packed = self.compressor.compress(text.encode()) + self.compressor.flush(zlib.Z_SYNC_FLUSH)
                await self.ws.send_bytes(packed)
        except (ConnectionError, aiohttp.ClientError):
            return  # the session keeps what was not sent

    def cut(self) -> None:
        """Let the connection die without a word."""
        transport = self.ws._req.transport if self.ws._req else None
        if transport is not None:
            transport.abort()


@dataclass(eq=False)
class Session:
    id: str
    shard: tuple[int, int]
    intents: int
    number: int = 0
    past: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    connection: Connection | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def hears(self, guild: Guild | None) -> bool:
        return (int(guild.id) >> 22) % self.shard[1] == self.shard[0] if guild else self.shard[0] == 0

    async def dispatch(self, name: str, data: dict[str, Any]) -> None:
        async with self.lock:
            self.number += 1
            self.past.append((self.number, name, data))
            if self.connection:
                await self.connection.send(DISPATCH, data, name, self.number)


class Gateway:
    """Accepts clients, sends events, and goes wrong when told to."""

    def __init__(self, world: World, changed: Callable[[], None]) -> None:
        self._world = world
        self._changed = changed
        self.sessions: dict[str, Session] = {}
        self.heartbeat_ms = 41_250
        self.shards = 1
        self.closing_code: int | None = None
        """A close code for whoever identifies next and later, e.g. 4014; None lets them in."""
        self.violations: list[str] = []
        self.counts: Counter[str] = Counter()
        """How often each came in: IDENTIFY, RESUME, HEARTBEAT."""
        self._twice: Counter[str] = Counter()
        self._held: list[tuple[str, dict[str, Any], Guild | None]] | None = None

    @property
    def url(self) -> str:
        return self._world.base.replace("http", "ws", 1) + "/gateway"

    @property
    def connections(self) -> list[Connection]:
        return [s.connection for s in self.sessions.values() if s.connection]

    async def emit(self, name: str, data: dict[str, Any], guild: Guild | None) -> None:
        """Send an event to whom it concerns."""
        if self._held is not None:
            self._held.append((name, data, guild))
            return
        times = 2 if self._twice[name] > 0 else 1
        self._twice[name] -= times - 1
        for _ in range(times):
            for session in list(self.sessions.values()):
                if session.hears(guild) and _wanted(session.intents, name, guild):
                    await session.dispatch(name, self._masked(session, name, data))

    def twice(self, name: str, times: int = 1) -> None:
        """The next `times` events of this name come twice."""
        self._twice[name] += times

    @asynccontextmanager
    async def reordered(self, order: Callable[[list[Any]], Any] = reversed) -> AsyncIterator[None]:
        """Hold events back and let them go in another order, backwards by default."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
            for name, data, guild in order(held):
                await self.emit(name, data, guild)

    async def reconnect(self) -> None:
        """Ask every client to come again (op 7)."""
        for connection in self.connections:
            await connection.send(RECONNECT, None)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is over (op 9)."""
        for session in list(self.sessions.values()):
            if not resumable:
                del self.sessions[session.id]
            if session.connection:
                await session.connection.send(INVALID_SESSION, resumable)

    async def close(self, code: int) -> None:
        """Close every connection with a code; from 4003 on sessions are over too."""
        for session in list(self.sessions.values()):
            if code in (4003, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014):
                del self.sessions[session.id]
            if session.connection:
                await session.connection.ws.close(code=code)

    async def heard(self, timeout_s: float = 30.0) -> None:
        """Wait until every client has taken what was sent so far: they answer a request for a heartbeat in turn."""
        for connection in self.connections:
            connection.beat.clear()
            await connection.send(HEARTBEAT, None)
            await asyncio.wait_for(connection.beat.wait(), timeout_s)

    def cut(self) -> None:
        """Let every connection die."""
        for connection in self.connections:
            connection.cut()

    def deafen(self) -> None:
        """Nothing comes through the present connections any more, no ACK either; new ones work."""
        for connection in self.connections:
            connection.deaf = True

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection."""
        ws = web.WebSocketResponse(autoping=True)
        await ws.prepare(request)
        packed = request.query.get("compress") == "zlib-stream"
        connection = Connection(ws, zlib.compressobj() if packed else None)
        await connection.send(HELLO, {"heartbeat_interval": self.heartbeat_ms, "_trace": []})
        try:
            async for message in ws:
                if message.type is aiohttp.WSMsgType.TEXT:
                    await self._received(connection, json.loads(message.data))
        finally:
            for session in self.sessions.values():
                if session.connection is connection:
                    session.connection = None
            self._changed()
        return ws

    async def _received(self, connection: Connection, frame: dict[str, Any]) -> None:
        now = asyncio.get_running_loop().time()
        connection.sends.append(now)
        while connection.sends[0] < now - _SENDS_PER_S:
            connection.sends.popleft()
        if len(connection.sends) > _SENDS:
            self.violations.append(f"gateway: more than {_SENDS} sends in {_SENDS_PER_S:.0f} s")
            await connection.ws.close(code=4008)
        op: int = frame["op"]
        data: Any = frame.get("d")
        if op == HEARTBEAT:
            self.counts["HEARTBEAT"] += 1
            connection.beat.set()
            await connection.send(HEARTBEAT_ACK, None)
        elif op == IDENTIFY:
            self.counts["IDENTIFY"] += 1
            await self._identify(connection, data)
        elif op == RESUME:
            self.counts["RESUME"] += 1
            await self._resume(connection, data)
        elif op not in (PRESENCE, VOICE_STATE, REQUEST_MEMBERS):
            self.violations.append(f"gateway: opcode {op} is not the client's to send")
        self._changed()

    async def _identify(self, connection: Connection, data: dict[str, Any]) -> None:
        shard = tuple(data.get("shard", (0, 1)))
        if data["token"].removeprefix("Bot ") != self._world.token:
            await connection.ws.close(code=4004, message=b"Authentication failed.")
            return
        if self.closing_code is not None:
            await connection.ws.close(code=self.closing_code)
            return
        forbidden = PRIVILEGED_ELSE | (0 if self._world.message_content else MESSAGE_CONTENT)
        if data["intents"] & forbidden:
            await connection.ws.close(code=4014, message=b"Disallowed intent(s).")
            return
        session = Session(secrets.token_hex(16), (shard[0], shard[1]), data["intents"], connection=connection)
        self.sessions[session.id] = session
        mine = [g for g in self._world.guilds.values() if g.bot_in and session.hears(g)]
        ready = {
            "v": 10,
            "user": shapes.me(self._world),
            "guilds": [{"id": g.id, "unavailable": True} for g in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "session_type": "normal",
            "shard": list(shard),
            "application": {"id": self._world.bot.id, "flags": shapes.application(self._world)["flags"]},
            "private_channels": [],
        }
        await session.dispatch("READY", ready)
        for guild in mine:
            await session.dispatch("GUILD_CREATE", shapes.guild_create(self._world, guild))

    async def _resume(self, connection: Connection, data: dict[str, Any]) -> None:
        session = self.sessions.get(data.get("session_id") or "")
        if data["token"].removeprefix("Bot ") != self._world.token:
            await connection.ws.close(code=4004, message=b"Authentication failed.")
            return
        if session is None:
            await connection.send(INVALID_SESSION, False)
            return
        async with session.lock:
            for number, name, event in session.past:
                if number > (data.get("seq") or 0):
                    await connection.send(DISPATCH, event, name, number)
            session.connection = connection
        await session.dispatch("RESUMED", {"_trace": []})

    def _masked(self, session: Session, name: str, data: dict[str, Any]) -> dict[str, Any]:
        """Without the MESSAGE_CONTENT intent only what is addressed to the bot can be read."""
        bot = self._world.bot.id
        if name not in ("MESSAGE_CREATE", "MESSAGE_UPDATE") or session.intents & MESSAGE_CONTENT:
            return data
        readable = "guild_id" not in data or data["author"]["id"] == bot
        if readable or any(who["id"] == bot for who in data["mentions"]):
            return data
        hidden = data | {"content": "", "attachments": [], "embeds": [], "components": []}
        hidden.pop("message_snapshots", None)
        return hidden


def _wanted(intents: int, name: str, guild: Guild | None) -> bool:
    if name in _MESSAGES:
        return bool(intents & (GUILD_MESSAGES if guild else DIRECT_MESSAGES))
    if name.startswith("MESSAGE_REACTION"):
        return bool(intents & (GUILD_REACTIONS if guild else DIRECT_REACTIONS))
    if name.startswith(("GUILD_", "CHANNEL_", "THREAD_")):
        return bool(intents & GUILDS)
    return True
