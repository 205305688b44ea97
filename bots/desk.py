"""The desk between platforms and the router: nothing that comes in is lost, nothing that goes out is posted twice.

In: attachments are downloaded at once, the message is written to the inbox, then worked on; the same message again is
dropped. Out: the reply is written to the outbox, delivered, then completed with the platform's ids. After a restart,
what was accepted but not answered is worked on again, and what was answered but not delivered is delivered.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import replace

from bots.adapter import Adapter
from core import logs, wire
from core.app import App
from core.artifacts import Artifact, ArtifactStore
from core.errors import Broken, Cancelled, ModelFailed, OverLimit, Refusal, Refused
from core.ingest import ingest
from core.messages import Attachment, ConversationKey, Incoming, Message, Outgoing, Reply, Stage, Status
from core.store import Store

log = logging.getLogger("audiogpt.desk")

_DELIVERY_WAITS_S = (0.5, 2.0, 8.0, 30.0)


class Desk:
    """Takes messages from adapters and hands replies to them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._adapters: dict[str, Adapter] = {}
        self._turns: dict[tuple[ConversationKey, str], asyncio.Task[None]] = {}
        self._stopped: set[tuple[ConversationKey, str]] = set()

    @property
    def store(self) -> Store:
        """The database."""
        return self._app.store

    @property
    def bytes(self) -> ArtifactStore:
        """The artifacts' bytes."""
        return self._app.bytes

    async def served(self) -> frozenset[str]:
        """Ids of the capabilities that can be asked for now."""
        return await self._app.steps.served()

    async def start(self, adapters: Sequence[Adapter]) -> None:
        """Start the adapters, then take up what an earlier run left."""
        self._app.steps.handing_over = False
        for adapter in adapters:
            self._adapters[adapter.platform] = adapter
            await adapter.start()
        for adapter in adapters:
            for outgoing in await self.store.undelivered(adapter.platform):
                self._spawn(outgoing.key, outgoing.message_id, self._deliver(outgoing))
            for payload in await self.store.unanswered(adapter.platform):
                incoming = wire.from_json(Incoming, payload)
                self._spawn(incoming.key, incoming.id, self._turn(incoming))

    async def stop(self) -> None:
        """Stop the adapters. Turns that are under way are left to the next start: the inbox has them."""
        for adapter in self._adapters.values():
            await adapter.stop()
        self._app.steps.handing_over = True
        tasks = list(self._turns.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def receive(self, message: Message) -> bool:
        """Accept a message; False when it was accepted before. The answer comes through the adapter."""
        with logs.turn(correlation_id(message.key, message.id)):
            if (message.key, message.id) in self._turns:
                return False
            incoming = await self._taken(message)
            for artifact in incoming.artifacts:  # first, so that a crash in between leaves nothing that is not found
                await self._app.library.keep(artifact, str(message.key))
            if not await self.store.accept(message.key.platform, message.id, message.key, wire.to_json(incoming)):
                return False
            log.info("received on %s: %d attachments", message.key.platform, len(message.attachments))
            self._spawn(message.key, message.id, self._turn(incoming))
            return True

    async def _taken(self, message: Message) -> Incoming:
        """The message with its attachments kept, or with the reason why one of them cannot be."""
        artifacts: tuple[Artifact, ...] = ()
        fault: Refusal | None = None
        most = self._app.settings.max_attachments
        if len(message.attachments) > most:
            fault = OverLimit(f"I can take {most} files in one message. Please send fewer.").refusal
        else:
            found = await asyncio.gather(*(self._ingest(a, message) for a in message.attachments))
            artifacts = tuple(a for a in found if isinstance(a, Artifact))
            fault = next((f for f in found if isinstance(f, Refusal)), None)
        return Incoming(
            message.key,
            message.id,
            message.author,
            message.text,
            artifacts,
            fault,
            message.reply_to,
            message.locale,
            message.speak,
            message.sent_at,
        )

    async def _ingest(self, attachment: Attachment, message: Message) -> Artifact | Refusal:
        try:
            return await ingest(
                attachment, self._app.settings, self.bytes, person=f"{message.key.platform}:{message.author.id}"
            )
        except Refused as refused:
            return refused.refusal
        except Broken as broken:
            log.error("an attachment could not be kept: %s", broken)
            return ModelFailed("I could not keep that file just now. Please send it again in a moment.").refusal

    def _spawn(self, key: ConversationKey, message_id: str, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._turns[key, message_id] = task
        task.add_done_callback(lambda _: self._turns.pop((key, message_id), None))

    async def stop_turn(self, key: ConversationKey, message_id: str) -> bool:
        """Stop a turn because its person asks for it; False when it is not under way."""
        task = self._turns.get((key, message_id))
        if task is None:
            return False
        self._stopped.add((key, message_id))
        task.cancel()
        return True

    async def _turn(self, incoming: Incoming) -> None:
        with logs.turn(correlation_id(incoming.key, incoming.id)):
            adapter = self._adapters[incoming.key.platform]

            async def show(status: Status) -> None:
                await adapter.show(incoming.key, incoming.id, status)

            try:
                await show(Status(Stage.RECEIVED))
                reply = await self._app.router.answer(incoming, show)
            except asyncio.CancelledError:
                if (incoming.key, incoming.id) not in self._stopped:
                    raise
                self._stopped.discard((incoming.key, incoming.id))
                cancelled = Cancelled("Stopped.")
                reply = Reply(cancelled.message, refusal=cancelled.refusal)
            except Exception:
                log.exception("the turn broke")
                failed = ModelFailed("Something on my side broke, and I have noted it. Please try again.")
                reply = Reply(failed.message, refusal=failed.refusal)
            if reply.refusal is not None:
                log.info("refused: %s", reply.refusal.kind)
            outgoing = Outgoing(f"{incoming.key}#{incoming.id}", incoming.key, incoming.id, reply)
            await self.store.post(outgoing)
            await self._deliver(outgoing)

    async def _deliver(self, outgoing: Outgoing) -> None:
        adapter = self._adapters[outgoing.key.platform]
        for wait in (*_DELIVERY_WAITS_S, None):
            try:
                ids = await adapter.deliver(outgoing)
            except Broken as broken:
                await self.store.attempted(outgoing.id)
                outgoing = replace(outgoing, attempts=outgoing.attempts + 1)
                log.warning("delivery attempt %d failed: %s", outgoing.attempts, broken)
                if wait is None:
                    log.error("not delivered; the next start tries again")
                    return
                await asyncio.sleep(wait)
            else:
                await self.store.delivered(outgoing.id, ids)
                log.info("answered in %.0f ms", outgoing.reply.ms)
                return


def correlation_id(key: ConversationKey, message_id: str) -> str:
    """Names a turn in the logs without telling who or where."""
    return hashlib.sha256(f"{key}#{message_id}".encode()).hexdigest()[:10]
