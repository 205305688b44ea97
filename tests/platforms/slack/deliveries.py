"""How Slack brings events and interactions to an app: by Socket Mode or by signed HTTP requests, with its retries."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from platforms.slack.sockets import Sockets
from platforms.slack.state import new_id
from slack_sdk.signature import SignatureVerifier

Json = dict[str, Any]


@dataclass
class Delivery:
    """One event, command or interaction on its way to the app."""

    kind: str
    """`events_api`, `slash_commands` or `interactive`."""
    payload: Json
    attempts: int = 0
    acknowledged: bool = False
    answer: Json = field(default_factory=dict)
    """What the app put into its acknowledgement."""
    seconds: float = 0.0
    """How long the acknowledgement took."""
    faults: list[str] = field(default_factory=list)
    """Why attempts failed: `http_timeout`, `http_error`, `connection_failed`."""
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def name(self) -> str:
        """What it is, for a dump."""
        event = self.payload.get("event", self.payload)
        return f"{self.kind} {event.get('subtype') or event.get('type') or event.get('command')}"


class Deliveries:
    """Sends what happens in the workspaces to the app."""

    def __init__(self, sockets: Sockets, secret: str, changed: Callable[[], None]) -> None:
        self.sockets = sockets
        self.request_url = ""
        """Where events go by HTTP; empty: by Socket Mode."""
        self.timeout_s = 3.0
        """Seconds within which an event must be acknowledged."""
        self.interaction_timeout_s = 15.0
        """The same for what a person waits for. Slack gives 3; a busy machine of tests is given more."""
        self.retry_waits_s: tuple[float, ...] = (0.0, 0.3, 2.0)
        """Slack's own are at once, a minute, five minutes."""
        self.all: list[Delivery] = []
        self._held: list[Delivery] | None = None
        self._changed = changed
        self._signer = SignatureVerifier(secret)
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def reachable(self) -> bool:
        """Whether the app can be told anything now."""
        return bool(self.request_url or self.sockets.count)

    @property
    def holding(self) -> bool:
        """Whether deliveries are kept back now."""
        return self._held is not None

    def push(self, delivery: Delivery) -> Delivery:
        """Send it, or keep it while deliveries are held."""
        self.all.append(delivery)
        if self._held is not None:
            self._held.append(delivery)
        else:
            self.send(delivery)
        return delivery

    def send(self, delivery: Delivery) -> None:
        """Send it now, in the background."""
        task = asyncio.create_task(self._run(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[list[Delivery]]:
        """Keep back what happens meanwhile; it goes out at the end in the order of the list, which may be changed."""
        assert self._held is None, "already held"
        self._held = []
        held = self._held
        try:
            yield held
        finally:
            self._held = None
            for delivery in held:
                self.send(delivery)
                await asyncio.wait_for(delivery.done.wait(), 60)

    async def again(self, delivery: Delivery, reason: str = "http_timeout") -> None:
        """Bring an event once more, as Slack does when an acknowledgement got lost on the way."""
        assert delivery.kind == "events_api", "only events are retried"
        delivery.attempts += 1
        await self._attempt(delivery, delivery.attempts - 1, reason)

    def events(self, name: str = "") -> list[Delivery]:
        """The events so far, all or those of a type or subtype."""
        found = [d for d in self.all if d.kind == "events_api"]
        return [d for d in found if not name or name in (d.payload["event"]["type"], d.payload["event"].get("subtype"))]

    async def quiet(self) -> None:
        """Wait until everything has been acknowledged or given up."""
        await asyncio.gather(*(asyncio.wait_for(d.done.wait(), 60) for d in self.all if d not in (self._held or ())))

    async def verify_url(self) -> bool:
        """The handshake by which Slack makes sure of a request URL."""
        challenge = new_id("challenge")
        body = json.dumps({"type": "url_verification", "token": "x", "challenge": challenge})
        status, answer = await self._post(body, "application/json")
        return status == 200 and challenge in (answer if isinstance(answer, str) else answer.get("challenge", ""))

    async def stop(self) -> None:
        """Send nothing more."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _run(self, delivery: Delivery) -> None:
        waits: Iterable[float] = (0.0, *self.retry_waits_s) if delivery.kind == "events_api" else (0.0,)
        reason = ""
        try:
            for wait in waits:
                await asyncio.sleep(wait)
                if not self.request_url and not await self.sockets.some(60):
                    delivery.faults.append("connection_failed")
                    return
                delivery.attempts += 1
                reason = await self._attempt(delivery, delivery.attempts - 1, reason)
                if not reason:
                    return
                delivery.faults.append(reason)
        finally:
            delivery.done.set()
            self._changed()

    async def _attempt(self, delivery: Delivery, number: int, reason: str) -> str:
        """Bring it once; why it failed, or nothing."""
        began = time.monotonic()
        timeout = self.timeout_s if delivery.kind == "events_api" else self.interaction_timeout_s
        try:
            async with asyncio.timeout(timeout):
                answer = await (self._by_http if self.request_url else self._by_socket)(delivery, number, reason)
        except TimeoutError:
            return "http_timeout"
        except (aiohttp.ClientError, OSError):
            return "connection_failed"
        if answer is None:
            return "http_error"
        delivery.seconds = time.monotonic() - began
        delivery.acknowledged = True
        delivery.answer = answer
        return ""

    async def _by_socket(self, delivery: Delivery, number: int, reason: str) -> Json | None:
        envelope: Json = {
            "type": delivery.kind,
            "envelope_id": new_id("env-"),
            "payload": delivery.payload,
            "accepts_response_payload": delivery.kind == "slash_commands",
        }
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": number, "retry_reason": reason.removeprefix("http_")}
        return await self.sockets.ask(envelope)

    async def _by_http(self, delivery: Delivery, number: int, reason: str) -> Json | None:
        headers = {}
        if delivery.kind == "events_api":
            body, content_type = json.dumps(delivery.payload), "application/json"
            if number:
                headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        else:
            form = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
            fields = {k: str(v).lower() if isinstance(v, bool) else v for k, v in form.items() if v is not None}
            body, content_type = urlencode(fields), "application/x-www-form-urlencoded"
        status, answer = await self._post(body, content_type, headers)
        if status != 200:
            return None
        return answer if isinstance(answer, dict) else {"text": answer} if answer else {}

    async def _post(self, body: str, content_type: str, headers: Json | None = None) -> tuple[int, str | Json]:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        stamp = str(int(time.time()))
        sent = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": str(self._signer.generate_signature(timestamp=stamp, body=body)),
            **(headers or {}),
        }
        async with self._session.post(self.request_url, data=body.encode(), headers=sent) as response:
            text = await response.text()
            if response.content_type == "application/json" and text:
                return response.status, json.loads(text)
            return response.status, text
