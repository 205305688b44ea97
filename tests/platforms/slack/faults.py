"""Faults by script: what goes wrong, at which endpoint, how often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to your workspace</body></html>"
)


@dataclass
class Fault:
    """One thing that goes wrong. The constructors below say what each does."""

    what: str
    status: int = 0
    error: str = ""
    retry_after_s: int = 0
    seconds: float = 0.0
    global_scope: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Set to let go of what `hang_after` and `hold` keep."""


def status(code: int) -> Fault:
    """HTTP 500, 502, 503, 504: nothing is done; the body is what a proxy says, not JSON."""
    return Fault("status", status=code)


def rate_limited(retry_after_s: int = 1, *, everywhere: bool = False) -> Fault:
    """HTTP 429 with `Retry-After`; `everywhere`: for every method of that workspace until the time is over."""
    return Fault("rate_limited", retry_after_s=retry_after_s, global_scope=everywhere)


def error(name: str) -> Fault:
    """HTTP 200 with `ok: false`: nothing is done."""
    return Fault("error", error=name)


def cut() -> Fault:
    """The connection is cut before the body is read: nothing is done."""
    return Fault("cut")


def cut_midway() -> Fault:
    """The connection is cut within the body of an upload, elsewhere after it: nothing is done."""
    return Fault("cut_midway")


def cut_after() -> Fault:
    """It is done, but the connection is cut before the answer."""
    return Fault("cut_after")


def status_after(code: int) -> Fault:
    """It is done, but a proxy answers 502 or 504."""
    return Fault("status_after", status=code)


def hang_after() -> Fault:
    """It is done, but the answer comes only when `gate` is set, or never."""
    return Fault("hang_after")


def slow(seconds: float) -> Fault:
    """It is done as usual, but that much later."""
    return Fault("slow", seconds=seconds)


def hold() -> Fault:
    """It is done as usual once `gate` is set."""
    return Fault("hold")


def html() -> Fault:
    """HTTP 200 with the sign-in page in place of what was asked for."""
    return Fault("html")


def redirect() -> Fault:
    """HTTP 302 to the sign-in page of another host name."""
    return Fault("redirect")


def never_shared() -> Fault:
    """`files.completeUploadExternal` says ok, but the file never appears (seen in reality)."""
    return Fault("never_shared")


def not_ready(polls: int) -> Fault:
    """Slack needs so many looks at `files.info` until a completed file is there."""
    return Fault("not_ready", retry_after_s=polls)


@dataclass
class _Entry:
    fault: Fault
    times: int
    skip: int
    when: Callable[[dict[str, Any]], bool] | None


@dataclass
class Script:
    """The faults to come, by endpoint: a Web API method, `upload`, `download`, `response_url` or `link`."""

    entries: dict[str, list[_Entry]] = field(default_factory=dict)
    happened: list[tuple[str, str]] = field(default_factory=list)
    """(endpoint, what) of those that came true."""
    everywhere_until: dict[str, float] = field(default_factory=dict)
    """By workspace, whose limits are its own."""

    def add(
        self,
        endpoint: str,
        fault: Fault,
        *,
        times: int = 1,
        skip: int = 0,
        when: Callable[[dict[str, Any]], bool] | None = None,
    ) -> Fault:
        """Let `fault` happen `times` times at an endpoint, after `skip` calls that go well.

        Args:
            endpoint: where.
            fault: what.
            times: how often; -1 is always.
            skip: matching calls that go well first.
            when: only for calls whose arguments it says True to.
        """
        self.entries.setdefault(endpoint, []).append(_Entry(fault, times, skip, when))
        return fault

    def next(self, endpoint: str, args: dict[str, Any], team: str = "") -> Fault | None:
        """The fault that this call meets."""
        now = asyncio.get_running_loop().time()
        if now < self.everywhere_until.get(team, 0.0):
            return rate_limited(max(1, round(self.everywhere_until[team] - now)))
        for entry in self.entries.get(endpoint, ()):
            if entry.times == 0 or entry.when is not None and not entry.when(args):
                continue
            if entry.skip:
                entry.skip -= 1
                continue
            entry.times -= entry.times > 0
            self.happened.append((endpoint, entry.fault.what))
            if entry.fault.global_scope:
                self.everywhere_until[team] = now + entry.fault.retry_after_s
            return entry.fault
        return None

    def pending(self) -> list[str]:
        """Faults that were scripted and never met: a test that forgets them proves nothing."""
        return [f"{e}: {x.fault.what}" for e, entries in self.entries.items() for x in entries if x.times > 0]

    def release(self) -> None:
        """Let go of everything that hangs."""
        for entries in self.entries.values():
            for entry in entries:
                entry.fault.gate.set()


def abort(request: web.Request) -> web.Response:
    """Cut the connection under a request."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def before(fault: Fault | None, request: web.Request) -> web.StreamResponse | None:
    """What a fault does before the request is carried out; None: it is carried out."""
    if fault is None:
        return None
    if fault.what == "slow":
        await asyncio.sleep(fault.seconds)
    elif fault.what == "hold":
        await fault.gate.wait()
    elif fault.what == "status":
        await request.read()
        return web.Response(status=fault.status, text="upstream connect error", content_type="text/html")
    elif fault.what == "rate_limited":
        await request.read()
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=429, headers={"Retry-After": str(fault.retry_after_s)})
    elif fault.what == "error":
        await request.read()
        return web.json_response({"ok": False, "error": fault.error})
    elif fault.what == "html":
        return web.Response(text=LOGIN_PAGE, content_type="text/html", charset="utf-8")
    elif fault.what == "redirect":
        raise web.HTTPFound(f"http://localhost:{request.url.port}/signin?redir={request.path}")
    elif fault.what in ("cut", "cut_midway"):
        if fault.what == "cut_midway":
            await request.content.read(64)
        return abort(request)
    return None


async def after(fault: Fault | None, request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """What a fault makes of the answer of a request that was carried out."""
    if fault is None:
        return response
    if fault.what == "cut_after":
        return abort(request)
    if fault.what == "status_after":
        return web.Response(status=fault.status, text="upstream connect error", content_type="text/html")
    if fault.what == "hang_after":
        await fault.gate.wait()
    return response
