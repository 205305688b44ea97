"""The line of updates to the bot: long polling with offsets, or pushes to a webhook, at least once either way."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
from platforms.telegram.errors import SECOND_POLLER, WEBHOOK_ACTIVE, ApiError
from platforms.telegram.state import Json

UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
"""Updates that come only when `allowed_updates` names them."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_FIRST_DELAY_S = 0.1
_LONGEST_DELAY_S = 2.0
_LONGEST_POLL_S = 50.0


@dataclass(eq=False)
class _Entry:
    update: Json
    chat: int
    again: bool = False
    """Delivered before, and now once more."""
    handed: bool = False


@dataclass
class Webhook:
    """Where updates are pushed to."""

    url: str = ""
    secret: str = ""
    connections: int = 40
    last_error: str = ""
    last_error_at: int = 0


class Updates:
    """The bot's updates that it has not confirmed."""

    def __init__(self, touch: Callable[[], None]) -> None:
        self._touch = touch
        self.webhook = Webhook()
        self.behind: dict[str, str] = {}
        """What a reverse proxy does: the public prefix of a webhook's address, and where that really is."""
        self.allowed: list[str] = []
        self.made: list[Json] = []
        """Every update that was ever made, in order; tests and other parsers look at them."""
        self._line: list[_Entry] = []
        self._next_id = 590_000_001
        self._held: list[_Entry] | None = None
        self._changed = asyncio.Event()
        self._poller: object | None = None
        self._stopped = False
        self._pushers: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    @property
    def pending(self) -> int:
        """Updates that are made and not confirmed."""
        return len(self._line)

    @property
    def polled(self) -> bool:
        """Whether somebody waits for updates now."""
        return self._poller is not None

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
        self._touch()
        if self.webhook.url:
            for chat in {e.chat for e in self._line}:
                if chat not in self._pushers:
                    self._pushers[chat] = asyncio.create_task(self._push(chat))

    def allow(self, names: list[str] | None) -> None:
        """`allowed_updates` of a request; None keeps what was said before."""
        if names is not None:
            self.allowed = names

    def wants(self, kind: str) -> bool:
        """Whether updates of a kind are made at all."""
        return kind in self.allowed if self.allowed else kind not in UNASKED

    def emit(self, kind: str, payload: Json, chat: int) -> Json | None:
        """Put an update in the line; None when the bot did not ask for its kind."""
        if not self.wants(kind):
            return None
        update = {"update_id": self._next_id, kind: payload}
        self._next_id += 1
        self.made.append(update)
        self._put(_Entry(update, chat))
        return update

    def repeat(self, update: Json) -> None:
        """Deliver an update again, as after a crash before its offset was confirmed or a webhook's answer was lost."""
        kept = next(v for k, v in update.items() if k != "update_id")
        chat = (kept.get("message") or kept).get("chat", {}).get("id", 0)
        self._put(_Entry(update, chat, again=True))

    def _put(self, entry: _Entry) -> None:
        (self._line if self._held is None else self._held).append(entry)
        self._wake()

    @contextmanager
    def held(self, order: Callable[[list[Any]], list[Any]] = list) -> Iterator[None]:
        """Keep updates back, then deliver them at once in another order (`reversed`...)."""
        self._held = []
        try:
            yield
        finally:
            entries, self._held = self._held, None
            for entry in order(entries):
                entry.again = True  # an order of ids that falls is no confirmation of what comes after
                self._line.append(entry)
            self._wake()

    async def poll(self, request: web.Request, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """`getUpdates`: confirm what is below the offset, hand out the rest, wait for some if there is none.

        Raises:
            ApiError: a webhook is set, or a later poll took over.
        """
        if self.webhook.url:
            raise ApiError(409, WEBHOOK_ACTIVE)
        mine = self._poller = object()
        if offset < 0:
            self._line = self._line[offset:]
        else:
            self._line = [e for e in self._line if not e.handed or e.update["update_id"] >= offset]
        self._wake()
        until = time.monotonic() + min(timeout_s, _LONGEST_POLL_S)
        while True:
            if self._poller is not mine:
                raise ApiError(409, SECOND_POLLER)
            if request.transport is None or request.transport.is_closing():
                return []
            ready = [e for e in self._line if e.again or e.update["update_id"] >= offset][: max(1, min(limit, 100))]
            left = until - time.monotonic()
            if ready or left <= 0 or self._stopped:
                for entry in ready:
                    entry.handed, entry.again = True, False
                self._poller = None
                return [e.update for e in ready]
            try:
                await asyncio.wait_for(self._changed.wait(), min(left, 0.25))
            except TimeoutError:
                continue  # looks whether the client is still there

    def set_webhook(self, url: str, secret: str, connections: int) -> None:
        """Push from now on, beginning with what is in the line; without an address, stop that."""
        self.webhook = Webhook(url, secret, connections)
        self._poller = None if not url else object()
        self._wake()

    async def post(self, update: Json, *, secret: str | None = None, content_type: str = "application/json") -> int:
        """One push to the webhook; with `secret`, as a stranger who guesses it. Returns the HTTP status."""
        headers = {"Content-Type": content_type}
        sent = self.webhook.secret if secret is None else secret
        if sent:
            headers[SECRET_HEADER] = sent
        url = self.webhook.url
        for public, real in self.behind.items():
            if url.startswith(public):
                url = real + url.removeprefix(public)
        if self._session is None:
            self._session = aiohttp.ClientSession()
        timeout = aiohttp.ClientTimeout(total=60)
        async with self._session.post(url, data=json.dumps(update), headers=headers, timeout=timeout) as answer:
            await answer.read()
            return answer.status

    async def _push(self, chat: int) -> None:
        """Deliver a chat's updates one after the other, each again until it is taken."""
        delay = _FIRST_DELAY_S
        while entry := next((e for e in self._line if e.chat == chat), None):
            try:
                status = await self.post(entry.update)
                fault = "" if 200 <= status < 300 else f"Wrong response from the webhook: {status}"
            except (aiohttp.ClientError, TimeoutError) as error:
                fault = f"Connection failed: {type(error).__name__}"
            if not fault:
                self._line.remove(entry)
                self._touch()
                delay = _FIRST_DELAY_S
                continue
            self.webhook.last_error, self.webhook.last_error_at = fault, int(time.time())
            await asyncio.sleep(delay)
            delay = min(2 * delay, _LONGEST_DELAY_S)
        del self._pushers[chat]

    async def close(self) -> None:
        """Let a waiting poll go and push no more."""
        self._stopped = True
        self.webhook = Webhook()
        self._wake()
        pushers = list(self._pushers.values())
        for pusher in pushers:
            pusher.cancel()
        await asyncio.gather(*pushers, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
