"""Telegram on loopback: the Bot API and its file downloads, for the real client library.

    async with TelegramServer() as server:
        ann = server.person("Ann")
        dm = server.dm(ann)
        await server.say(dm, "hello")
        await server.until(lambda: server.seen(dm)[-1].by_bot)

What it takes and gives has the shapes of the published description of the Bot API (`spec`), follows the rules of its
prose (`rules`) and refuses in the words of Telegram's own server. Whatever a request does wrong is in `violations`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web
from platforms.seen import Seen, SeenButton, SeenFile
from platforms.telegram import methods_edit, methods_send, spec
from platforms.telegram.call import Call, read
from platforms.telegram.errors import ApiError
from platforms.telegram.faults import FILE, Act, Fault, Faults
from platforms.telegram.limits import Limits
from platforms.telegram.methods import METHODS
from platforms.telegram.people import People, Press
from platforms.telegram.state import Json, Msg, Place, User, World
from platforms.telegram.updates import Updates
from platforms.telegram.uploads import probe_now

T = TypeVar("T")

TOKEN = "700000001:AAHk-loopback_0123456789abcdefghijk"
_SHOWN = {"photo": "image", "document": "file", "animation": "video"}
_QUIET = {"getupdates", "getme"}
_PATIENCE_S = 30.0

__all__ = ["TOKEN", "TelegramServer", "methods_edit", "methods_send"]


class TelegramServer(People):
    """One bot's Telegram. Everything may be looked at at any time; `until` waits for it."""

    def __init__(self, *, privacy: bool = True) -> None:
        bot = User(int(TOKEN.partition(":")[0]), "AudioGPT", "audiogpt_bot", is_bot=True)
        self._changed = asyncio.Event()
        self.world = World(bot, privacy)
        self.updates = Updates(self.touch)
        self.faults = Faults()
        self.limits = Limits()
        self.presses: dict[str, Press] = {}
        self.administrators: set[int] = set()
        self.private_topics = False
        self.voice_refusal = "VOICE_MESSAGES_FORBIDDEN"
        """What is answered where a person takes no voice notes. Telegram has this text and, seen from real bots, also
        `user restricted receiving of voice note messages`."""
        self.token = TOKEN
        self.revoked = False
        """The token is no longer good: 401 to everything."""
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.calls: list[Call] = []
        """Every request but `getUpdates` and `getMe`, in the order read."""
        self.downloads: list[str] = []
        """Paths of files in the order that they were asked for."""
        self.violations: list[str] = []
        self.in_flight = 0
        """Requests that are not answered, without polls."""
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self, port: int = 0) -> None:
        """Listen on loopback."""
        app = web.Application(client_max_size=1 << 31)
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Let waiting requests go and close."""
        self._stopping.set()
        await self.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def api_url(self) -> str:
        """Where the token and the method follow."""
        return f"{self.url}/bot"

    @property
    def file_url(self) -> str:
        """Where the token and a file's path follow."""
        return f"{self.url}/file/bot"

    # looking

    def seen(self, place: Place) -> list[Seen]:
        """What a person sees at a place now, oldest first."""
        chat = self.chat(place)
        told = [m for _, m in sorted(chat.messages.items()) if not m.service]
        return [self._seen(m) for m in told if not chat.is_forum or m.thread == place.thread]

    def answers(self, place: Place) -> list[Seen]:
        """What the bot said there, as it stands now."""
        return [m for m in self.seen(place) if m.by_bot]

    def acting(self, place: Place) -> str:
        """The chat action that a person sees there now, or nothing."""
        return methods_send.acting(self.chat(place))

    def called(self, *methods: str) -> list[Call]:
        """The calls of some methods so far, in order."""
        return [c for c in self.calls if c.method in methods]

    def _seen(self, message: Msg) -> Seen:
        files = []
        if message.file is not None:
            content, shown = message.file.content, _SHOWN.get(message.kind, message.kind)
            if message.kind == "voice" and message.sender is self.world.bot and probe_now(content).audio != "opus":
                shown = "file"
            files.append(SeenFile(message.file.name, content, shown))
        return Seen(
            str(message.id),
            message.sender is self.world.bot,
            message.text,
            files,
            [
                SeenButton(b.get("callback_data", ""), b["text"], b.get("url", ""))
                for row in message.buttons
                for b in row
            ],
            "" if message.reply_to is None else str(message.reply_to),
            message.edits,
        )

    def touch(self) -> None:
        """Something changed: whoever waits looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, holds: Callable[[], T], what: str = "", timeout_s: float = _PATIENCE_S) -> T:
        """Wait until something holds (an IndexError counts as not yet), and return it.

        Raises:
            AssertionError: it did not in time; shows everything that happened.
        """
        end = time.monotonic() + timeout_s
        while True:
            changed = self._changed
            try:
                found = holds()
            except IndexError:
                pass
            else:
                if found:
                    return found
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not within {timeout_s:.0f} s: {what or 'what was waited for'}\n{self.dump()}")
            try:
                await asyncio.wait_for(changed.wait(), min(left, 0.1))
            except TimeoutError:
                continue  # what is waited for may lie outside of this server

    def dump(self) -> str:
        """Everything so far, for a person to read."""
        lines = ["calls:", *(f"  {c}" for c in self.calls)]
        for chat in self.world.chats.values():
            lines.append(f"{chat.type} {chat.title!r} ({chat.id}):")
            for m in chat.messages.values():
                what = m.service or f"{m.kind} {m.text!r}"
                keys = [b["text"] for row in m.buttons for b in row]
                lines.append(f"  {m.id} [{m.thread}] {m.sender.first_name}: {what} {keys or ''}")
        return "\n".join([*lines, "violations:", *(f"  {v}" for v in self.violations)])

    # judging

    def violate(self, *faults: str) -> None:
        """Record what a request did wrong."""
        self.violations += faults

    def verdict(self) -> list[str]:
        """Everything that was wrong, at the end of a test."""
        lapsed = [f"the press {p.id} of a button was never answered" for p in self.presses.values() if p.answer is None]
        return [*self.violations, *lapsed]

    # the wire

    async def _method(self, request: web.Request) -> web.StreamResponse:
        counted = request.match_info["method"] != "getUpdates"
        self.in_flight += counted
        try:
            return await self._served(request)
        finally:
            self.in_flight -= counted
            self.touch()

    async def _served(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        fault = self.faults.take(name)
        if fault is not None and fault.act is Act.CUT:
            return await self._cut(request, fault)
        if fault is not None and fault.act is Act.SLOW:
            until = time.monotonic() + fault.seconds
            while time.monotonic() < until:
                if request.transport is None or request.transport.is_closing():
                    return self._gone(request)
                await asyncio.sleep(0.05)
        call = await read(request, name)
        if name.lower() not in _QUIET:
            self.calls.append(call)
        try:
            if fault is not None and fault.act is Act.REFUSE:
                if fault.error is None:
                    return _gateway(call, fault.status)
                raise fault.error
            call.result = await self._carried_out(request, call)
            call.status = 200
        except ApiError as error:
            call.status, call.result = error.code, error.description
            return _refused(error)
        finally:
            self.touch()
        if fault is not None and fault.act is Act.ACCEPT:
            return await self._lost(request, call, fault)
        return web.json_response({"ok": True, "result": call.result})

    async def _carried_out(self, request: web.Request, call: Call) -> Any:
        token = request.match_info["token"]
        if token != self.token or self.revoked:
            raise ApiError(401, "Unauthorized") if ":" in token else ApiError(404, "Not Found")
        if call.method.lower() not in METHODS and call.method != "getUpdates":
            self.violate(f"{call.method} is not a method that this server plays")
            raise ApiError(404, "Not Found: method not found")
        self.violate(*spec.request_faults(call.method, call.params, call.files))
        if call.method == "getUpdates":
            self.updates.allow(call.json("allowed_updates"))
            offset, limit = call.number("offset") or 0, call.number("limit") or 100
            result: Any = await self.updates.poll(request, offset, limit, call.number("timeout") or 0)
        else:
            if call.method.startswith(("send", "edit", "delete")):
                refusal, known = self.faults.flooded(call.number("chat_id"), call.at)
                if known:
                    self.violate(f"{call.method}: sent again without waiting as long as the 429 said")
                if refusal is not None:
                    raise refusal
            result = await METHODS[call.method.lower()](self, call)
        faults = [f"this server itself: {f}" for f in spec.result_faults(call.method, result)]
        self.violate(*faults)
        return result

    async def _cut(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        got = 0
        while got < fault.read and (chunk := await request.content.readany()):
            got += len(chunk)
        return self._gone(request)

    async def _lost(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        call.status = fault.status
        if fault.status:
            return _gateway(call, fault.status)
        while fault.silent and not self._stopping.is_set():
            if request.transport is None or request.transport.is_closing():
                break
            await asyncio.sleep(0.05)
        return self._gone(request)

    def _gone(self, request: web.Request) -> web.StreamResponse:
        """End the connection without an answer."""
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)  # goes nowhere

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.downloads.append(path)
        self.touch()
        fault = self.faults.take(FILE)
        if fault is not None and fault.act is Act.CUT:
            return self._gone(request)
        if fault is not None and fault.act is Act.SLOW:
            await asyncio.sleep(fault.seconds)
        if fault is not None and fault.act is Act.REFUSE:
            return _refused(fault.error) if fault.error else _gateway(Call(FILE), fault.status)
        if request.match_info["token"] != self.token or self.revoked:
            return _refused(ApiError(401, "Unauthorized"))
        file = next((f for f in self.world.files.values() if f.path == path), None)
        if file is None or file.expired:
            return _refused(ApiError(404, "Not Found"))
        answer = web.StreamResponse(headers={"Content-Type": "application/octet-stream"})
        answer.content_length = len(file.content)
        await answer.prepare(request)
        half = fault is not None and fault.act is Act.TRUNCATE
        await answer.write(file.content[: len(file.content) // 2] if half else file.content)
        if half:
            return self._gone(request)
        await answer.write_eof()
        return answer


def _refused(error: ApiError) -> web.Response:
    wait = error.parameters.get("retry_after")
    headers = {"Retry-After": str(wait)} if wait else None
    return web.json_response(error.body, status=error.code, headers=headers)


def _gateway(call: Call, status: int) -> web.Response:
    """The error page of the server before Telegram's."""
    words = {500: "Internal Server Error", 502: "Bad Gateway", 504: "Gateway Time-out"}[status]
    call.status, call.result = status, words
    page = f"<html>\r\n<head><title>{status} {words}</title></head>\r\n<body>\r\n<center><h1>{status} {words}</h1>"
    page += "</center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
    return web.Response(status=status, text=page, content_type="text/html")
