"""Pull requests that never wait: what there is now, at most a batch."""

from __future__ import annotations

import asyncio
import json

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js.api import Header

_ANSWER_S = 2.0


class Puller:
    """Pulls from one durable consumer. nats-py's own `fetch` lingers, which would hoard jobs."""

    def __init__(self, client: Client, stream: str, consumer: str) -> None:
        self._client = client
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._inbox = client.new_inbox()
        self._inbound: Subscription | None = None
        self._lock = asyncio.Lock()

    async def pull(self, batch: int) -> list[Msg]:
        """Up to `batch` messages, without waiting for more to be published."""
        async with self._lock:
            if self._inbound is None:
                self._inbound = await self._client.subscribe(self._inbox)
            request = json.dumps({"batch": batch, "no_wait": True}).encode()
            await self._client.publish(self._next, request, reply=self._inbox)
            found: list[Msg] = []
            while len(found) < batch:
                try:
                    message = await self._inbound.next_msg(timeout=_ANSWER_S)
                except TimeoutError:
                    break  # a reconnect ate the answer; what was leased in it comes back when its lease expires
                if message.headers and message.headers.get(Header.STATUS):
                    break
                found.append(message)
            return found
