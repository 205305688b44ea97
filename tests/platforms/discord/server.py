"""Discord, played on loopback for the real client library: API, gateway and CDN in one server, with a judge in it.

    async with DiscordServer.running() as discord:
        guild = discord.guild("Studio")
        general = await discord.text_channel(guild, "general")
        ann = discord.person("Ann", guild)
        await ann.say(general, "hello", mention=True)
        await discord.until(lambda: discord.seen(general)[-1].by_bot)

What the client sends is held against Discord's OpenAPI description and against the rules that its documents and its
users tell of; `violations` has every breach. Faults are scripted with `faults`, and through `gateway`.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import BodyPartReader, web
from platforms.discord import routes, shapes
from platforms.discord.faults import Fault, Faults, answer, limited
from platforms.discord.gateway import Gateway
from platforms.discord.limits import Limits
from platforms.discord.person import Person
from platforms.discord.rules import ApiError, Upload
from platforms.discord.spec import Spec
from platforms.discord.state import GUILD_TEXT, Channel, Guild, Post, User, World
from platforms.seen import Seen

T = TypeVar("T")
_API = "/api/v10"
_AGENT = re.compile(r"DiscordBot \(https?://\S+, \S+\)|DiscordBot \(https?://\S+ \S+\)")
_WITHOUT_TOKEN = ("/interactions/", "/webhooks/")


@dataclass
class Call:
    """One request as it came in."""

    method: str
    route: str
    """The path with names for ids: /channels/{channel_id}/messages."""
    path: str
    ids: dict[str, str]
    query: dict[str, str]
    payload: Any = None
    uploads: list[Upload] = field(default_factory=list)
    status: int | None = None
    """Of the answer; None while there is none, and where it never arrived."""
    at: float = field(default_factory=time.monotonic)


class DiscordServer:
    """The platform, its judge and its people."""

    def __init__(self) -> None:
        self.world = World()
        self.gateway = Gateway(self.world, self.changed)
        self.faults = Faults()
        self.limits = Limits()
        self.spec = Spec()
        self.calls: list[Call] = []
        self.downloads: list[str] = []
        """File names that the bot fetched, one entry a request."""
        self.typing: dict[str, list[float]] = {}
        """Channel id to the moments (monotonic) when the bot said that it types."""
        self.interaction_limit_s = 20.0
        """How long a first answer to an interaction may take. Discord gives 3 s; a busy test machine needs more."""
        self._violations: list[str] = []
        self._changes = asyncio.Condition()
        self._notes: set[asyncio.Task[None]] = set()
        self._table = [
            (m, r, re.compile(_API + re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", r)), h) for m, r, h in routes.TABLE
        ]

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncIterator[DiscordServer]:
        """Serve on a free port of 127.0.0.1."""
        server = cls()
        app = web.Application(client_max_size=1 << 30)
        app.router.add_get("/gateway", server.gateway.handle)
        app.router.add_get("/gateway/", server.gateway.handle)
        app.router.add_get("/attachments/{folder}/{file}/{name}", server._cdn)
        app.router.add_route("*", "/{path:.*}", server._rest)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.world.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield server
        finally:
            server.gateway.cut()
            for note in list(server._notes):
                note.cancel()
            await runner.cleanup()

    @classmethod
    @asynccontextmanager
    async def judging(cls) -> AsyncIterator[DiscordServer]:
        """Serve, and at the end fail if a rule was broken or a scripted fault did not happen."""
        async with cls.running() as server:
            yield server
            assert not server.violations, "\n".join(server.violations)
            assert not server.faults.left, f"these faults did not happen: {server.faults.left}"

    @property
    def api_url(self) -> str:
        """Base of the API, with its version."""
        return self.world.base + _API

    @property
    def gateway_url(self) -> str:
        return self.gateway.url

    @property
    def token(self) -> str:
        return self.world.token

    @property
    def violations(self) -> list[str]:
        """Every rule that was broken so far, by the client or by this server."""
        return [*self._violations, *self.gateway.violations]

    def breach(self, what: str) -> None:
        """Note that a rule was broken."""
        self._violations.append(what)

    def forgive(self) -> None:
        """Forget the rules broken so far: the test broke them on purpose."""
        self._violations.clear()
        self.gateway.violations.clear()

    # What there is

    def guild(self, name: str, *, tier: int = 0) -> Guild:
        """A guild with the bot in it. Make it before the client connects, or call `invite`."""
        made = Guild(self.world.snowflake(), name, self.world.owner, tier)
        made.members.append(self.world.owner)
        self.world.guilds[made.id] = made
        return made

    async def invite(self, guild: Guild) -> None:
        """The bot comes into a guild that it did not know."""
        guild.bot_in = True
        await self.gateway.emit("GUILD_CREATE", shapes.guild_create(self.world, guild), guild)

    async def kick(self, guild: Guild) -> None:
        """The bot is thrown out."""
        await self.gateway.emit("GUILD_DELETE", {"id": guild.id}, guild)
        guild.bot_in = False

    async def text_channel(self, guild: Guild, name: str) -> Channel:
        made = self.world.channel(Channel(self.world.snowflake(), GUILD_TEXT, name, guild))
        await self.gateway.emit("CHANNEL_CREATE", shapes.channel(made), guild)
        return made

    async def deny(self, place: Channel, permissions: int, *, tell: bool = True) -> None:
        """Take permissions from the bot in a channel; without `tell` the client's picture stays the old one."""
        place.denied |= permissions
        if tell and place.guild:
            await self.gateway.emit("CHANNEL_UPDATE", shapes.channel(place), place.guild)

    async def remove(self, place: Channel) -> None:
        """A channel or a thread is deleted."""
        place.gone = True
        name = "THREAD_DELETE" if place.parent else "CHANNEL_DELETE"
        await self.gateway.emit(name, shapes.channel(place), place.guild)

    async def archive(self, thread: Channel, *, locked: bool = False) -> None:
        thread.archived, thread.locked = True, locked
        await self.gateway.emit("THREAD_UPDATE", shapes.channel(thread), thread.guild)

    def person(self, name: str, *guilds: Guild, **facts: Any) -> Person:
        """Somebody, member of these guilds."""
        user = self.world.user(name, **facts)
        for guild in guilds:
            guild.members.append(user)
        return Person(self, user)

    async def revoke_token(self) -> None:
        """The operator's token is good no more: 401, and 4004 for who is connected."""
        self.world.token = "revoked." + self.world.token
        await self.gateway.close(4004)

    # What a test looks at

    def seen(self, place: Channel, to: Person | None = None) -> list[Seen]:
        """What is in a place now; ephemeral messages only of `to`, or of everybody without it."""
        return self.world.seen(place, to.user if to else None)

    def asked(self, route: str) -> list[Call]:
        """Requests of a route ("POST /channels/{channel_id}/messages") so far."""
        method, _, path = route.partition(" ")
        return [c for c in self.calls if (c.method, c.route) == (method, path)]

    def changed(self) -> None:
        """Wake whoever waits in `until`."""
        note = asyncio.get_running_loop().create_task(self._notify())
        self._notes.add(note)
        note.add_done_callback(self._notes.discard)

    async def _notify(self) -> None:
        async with self._changes:
            self._changes.notify_all()

    async def until(self, predicate: Callable[[], T | None], timeout_s: float = 60.0) -> T:
        """Wait until a condition holds and return what it gave; fails with a picture of everything."""
        deadline = time.monotonic() + timeout_s
        while not (result := predicate()):
            if time.monotonic() > deadline:
                raise AssertionError(f"did not come true in {timeout_s} s\n{self.dump()}")
            try:
                async with self._changes:
                    await asyncio.wait_for(self._changes.wait(), 0.1)
            except TimeoutError:
                pass  # the condition may look at something that this server does not hear of
        return result

    def dump(self) -> str:
        """Everything that is seen and was asked, for a failure's message."""
        lines = ["-- places"]
        for place in self.world.channels.values():
            lines += [f"{place} {place.id}", *(f"    {_brief(s)}" for s in self.world.seen(place))]
        lines += ["-- requests", *(f"    {c.method} {c.path} -> {c.status} {_shown(c)}" for c in self.calls[-40:])]
        lines += ["-- gateway", f"    {dict(self.gateway.counts)}, {len(self.gateway.connections)} connected"]
        lines += ["-- violations", *(f"    {v}" for v in self.violations)]
        lines += ["-- faults that did not happen", *(f"    {f}" for f in self.faults.left)]
        return "\n".join(lines)

    # Serving

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        call, handler = self._matched(request)
        self.calls.append(call)
        try:
            return await self._faulty(request, call, handler)
        finally:
            self.changed()

    def _matched(self, request: web.Request) -> tuple[Call, routes.Handler]:
        for method, route, pattern, handler in self._table:
            found = pattern.fullmatch(request.path) if method == request.method else None
            if found:
                return Call(method, route, request.path, found.groupdict(), dict(request.query)), handler
        self.breach(f"{request.method} {request.path}: Discord has no such route, or this server lacks it")
        return Call(request.method, "?", request.path, {}, dict(request.query)), routes.nowhere

    async def _faulty(self, request: web.Request, call: Call, handler: routes.Handler) -> web.StreamResponse:
        fault = self.faults.take(call.method, call.route)
        response = await fault.before(request) if fault else None
        if response is None:
            await self._read(request, call)
            if fault is None and (fault := self.faults.take(call.method, call.route, call)):
                response = await fault.before(request)
        if response is None:
            response = await self._carried_out(request, call, handler)
            if fault:
                response = await fault.after(request, response)
        alive = request.transport is not None and not request.transport.is_closing()
        call.status = response.status if alive else None
        return response

    async def _read(self, request: web.Request, call: Call) -> None:
        if request.content_type == "multipart/form-data":
            async for part in await request.multipart():
                assert isinstance(part, BodyPartReader)  # Discord has no parts within parts
                content = bytes(await part.read())
                if part.name == "payload_json":
                    call.payload = json.loads(content)
                elif found := re.fullmatch(r"files\[(\d+)\]", part.name or ""):
                    part_type = part.headers.get("Content-Type", "")
                    call.uploads.append(Upload(int(found[1]), part.filename or "", content, part_type))
                else:
                    self.breach(f"{call.method} {call.path}: a part is called {part.name!r}")
        elif request.can_read_body:
            body = await request.read()
            if request.content_type == "application/json":
                call.payload = json.loads(body)
            elif body:
                self.breach(f"{call.method} {call.path}: the body is {request.content_type}")

    async def _carried_out(self, request: web.Request, call: Call, handler: routes.Handler) -> web.Response:
        verdict = self.limits.take(call.method, call.route, next(iter(call.ids.values()), ""))
        if verdict.retry_after_s is not None:
            return limited(verdict.retry_after_s, everywhere=verdict.everywhere, headers=verdict.headers)
        try:
            self._authorised(request, call)
            self._described(call)
            status, body = await handler(self, call, **call.ids)
        except ApiError as error:
            if error.breach:
                self.breach(f"{call.method} {call.path}: {error}")
            return answer(error.status, error.body, verdict.headers)
        for fault in self.spec.response(call.method, call.route, status, body) if self.spec.there else ():
            self.breach(f"this server's own {fault}")
        return answer(status, body, verdict.headers)

    def _authorised(self, request: web.Request, call: Call) -> None:
        if not _AGENT.match(request.headers.get("User-Agent", "")) and not call.route.startswith(_WITHOUT_TOKEN):
            self.breach(f"{call.method} {call.path}: User-Agent {request.headers.get('User-Agent')!r}")
        token = request.headers.get("Authorization", "")
        if call.route.startswith(_WITHOUT_TOKEN):
            return
        if token != f"Bot {self.world.token}":
            raise ApiError(401, 0, "401: Unauthorized")

    def _described(self, call: Call) -> None:
        if self.spec.there and call.payload is not None:
            for fault in self.spec.request(call.method, call.route, call.payload):
                self.breach(fault)

    async def _cdn(self, request: web.Request) -> web.StreamResponse:
        info = request.match_info
        fault = self.faults.take("CDN", "")
        if fault and (answered := await fault.before(request)) is not None:
            return answered
        if "Authorization" in request.headers:
            self.breach("the bot's token went to the CDN")
        file = self.world.files.get(info["file"])
        if file is None or not self.world.cdn_valid(request.rel_url.raw_path, dict(request.query)):
            return web.Response(status=404, text="This content is no longer available.")
        self.downloads.append(file.name)
        response = web.Response(body=file.content, headers={"Content-Type": file.content_type})
        done = await fault.after(request, response) if fault else response
        self.changed()
        return done


def _pattern(route: str) -> re.Pattern[str]:
    return re.compile(_API + re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", route))


def _brief(seen: Seen) -> str:
    files = [(f.name, f.shown_as, len(f.content)) for f in seen.files]
    who = "bot" if seen.by_bot else "person"
    return f"{seen.id} {who}: {seen.text[:120]!r} {files} {[b.label for b in seen.buttons]} edits={seen.edits}"


def _shown(call: Call) -> str:
    files = [(u.name, u.part_type, len(u.content)) for u in call.uploads]
    return f"{json.dumps(call.payload)[:300] if call.payload is not None else ''} {files or ''}"


__all__ = ["Call", "Channel", "DiscordServer", "Fault", "Guild", "Person", "Post", "User"]
