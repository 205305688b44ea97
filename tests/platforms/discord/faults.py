"""Faults that a test scripts: which request, how often, and what goes wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web


@dataclass
class Fault:
    """One thing that goes wrong. `accepted`: the request is carried out all the same."""

    accepted: bool = field(default=False, kw_only=True)

    async def before(self, request: web.Request) -> web.StreamResponse | None:
        """Before the request is carried out; what it returns is the answer."""
        return None

    async def after(self, request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
        """After it was carried out."""
        return answer


@dataclass
class Status(Fault):
    """A bare gateway error: 500, 502, 503, 504, 524."""

    status: int = 502

    async def before(self, request: web.Request) -> web.StreamResponse | None:
        return None if self.accepted else self._page()

    async def after(self, request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
        return self._page()

    def _page(self) -> web.Response:
        text = f"<html><head><title>{self.status}</title></head><body>{self.status}</body></html>"
        return web.Response(status=self.status, text=text, content_type="text/html")


@dataclass
class Refusal(Fault):
    """Discord's own error."""

    status: int = 403
    code: int = 50013
    message: str = "Missing Permissions"

    async def before(self, request: web.Request) -> web.StreamResponse | None:
        return answer(self.status, {"message": self.message, "code": self.code})


@dataclass
class Limited(Fault):
    """429, of the route or of everything; `banned` is Cloudflare's page, without Discord's JSON."""

    retry_after_s: float = 0.3
    everywhere: bool = False
    banned: bool = False

    async def before(self, request: web.Request) -> web.StreamResponse | None:
        if self.banned:
            return web.Response(status=429, text="error code: 1015", content_type="text/html")
        return limited(self.retry_after_s, everywhere=self.everywhere)


@dataclass
class Cut(Fault):
    """The connection dies: `after_bytes` of the body were read, or, if accepted, instead of the answer."""

    after_bytes: int = 0

    async def before(self, request: web.Request) -> web.StreamResponse | None:
        if self.accepted:
            return None
        read = 0
        while read < self.after_bytes:
            piece = await request.content.readany()
            if not piece:
                break
            read += len(piece)
        return _cut(request)

    async def after(self, request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
        return _cut(request)


@dataclass
class Held(Fault):
    """Nothing is answered until the test lets go; `accepted` was carried out before that."""

    released: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def before(self, request: web.Request) -> web.StreamResponse | None:
        if not self.accepted:
            self.reached.set()
            await self.released.wait()
        return None

    async def after(self, request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
        if self.accepted:
            self.reached.set()
            await self.released.wait()
        return answer


@dataclass
class Slow(Fault):
    """Takes its time."""

    seconds: float = 0.5

    async def before(self, request: web.Request) -> web.StreamResponse | None:
        await asyncio.sleep(self.seconds)
        return None


@dataclass
class Page(Fault):
    """200 with a web page instead of what was asked for."""

    async def before(self, request: web.Request) -> web.StreamResponse | None:
        return web.Response(text="<!DOCTYPE html><html><body>Please sign in</body></html>", content_type="text/html")


@dataclass
class CutDownload(Fault):
    """The file stops in its middle."""

    async def after(self, request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
        assert isinstance(answer, web.Response)
        assert isinstance(answer.body, bytes)
        stream = web.StreamResponse(headers={"Content-Length": str(len(answer.body)), "Content-Type": "audio/ogg"})
        await stream.prepare(request)
        await stream.write(answer.body[: len(answer.body) // 2])
        return _cut(request, stream)


Match = Callable[[Any], bool]
F = TypeVar("F", bound=Fault)


@dataclass
class _Scripted:
    method: str
    route: str
    fault: Fault
    times: int
    when: Match | None


class Faults:
    """The script."""

    def __init__(self) -> None:
        self._scripted: list[_Scripted] = []

    def on(self, route: str, fault: F, *, times: int = 1, when: Match | None = None) -> F:
        """Let the next `times` requests of a route ("POST /channels/{channel_id}/messages", "CDN", "*") go wrong.

        `when` looks at the server's `Call` of a request whose body was read; with it `Cut` comes after the upload.
        """
        method, _, path = route.partition(" ")
        self._scripted.append(_Scripted(method, path, fault, times, when))
        return fault

    def take(self, method: str, route: str, call: Any = None) -> Fault | None:
        """The fault of this request, counted down: an unconditional one without a call, else one with a condition."""
        for scripted in self._scripted:
            same = scripted.method == "*" or (scripted.method, scripted.route) == (method, route)
            holds = call is None if scripted.when is None else call is not None and scripted.when(call)
            if scripted.times and same and holds:
                scripted.times -= 1
                return scripted.fault
        return None

    @property
    def left(self) -> list[str]:
        """What was scripted and did not happen."""
        return [f"{s.method} {s.route}: {s.fault}" for s in self._scripted if s.times]


def _cut(request: web.Request, answer: web.StreamResponse | None = None) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return answer or web.Response(status=500)


def answer(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    """JSON as Discord sends it: the library reads it as text if a charset follows the type."""
    if status == 204:
        return web.Response(status=204, headers=headers)
    typed = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(status=status, body=json.dumps(body).encode(), headers=typed)


def limited(retry_after_s: float, *, everywhere: bool, headers: dict[str, str] | None = None) -> web.Response:
    """429 in Discord's form."""
    scope = "global" if everywhere else "user"
    named = {"Via": "1.1 google", "Retry-After": str(max(1, round(retry_after_s))), "X-RateLimit-Scope": scope}
    if everywhere:
        named["X-RateLimit-Global"] = "true"
    body = {"message": "You are being rate limited.", "retry_after": retry_after_s, "global": everywhere}
    return answer(429, body, {**(headers or {}), **named})
