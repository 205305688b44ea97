"""The desk between platforms and the router: nothing that comes in is lost, nothing that goes out is posted twice.

In: the message is written to the inbox, its attachments are downloaded, then it is worked on; the same message again is
dropped. Out: the reply is written to the outbox, delivered, then completed with the platform's ids. After a restart,
what was accepted but not answered is worked on again, and what was answered but not delivered is delivered.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bots.adapter import Adapter, Gone
from bots.explaining import Explaining
from bots.intake import sketch_of, taken_in
from core import logs, wire
from core.app import App
from core.artifacts import ArtifactStore
from core.errors import Broken, Cancelled, ModelFailed, Refused
from core.library import Library
from core.messages import ConversationKey, Incoming, Message, Outgoing, Person, Reply, Sketch, Stage, Status
from core.plans import Planner
from core.policy import Granted
from core.repeating import AGAIN, Repeating
from core.sayings import saying
from core.settings import Settings
from core.store import Store

log = logging.getLogger("audiogpt.desk")

_DELIVERY_WAITS_S = (0.5, 2.0, 8.0, 30.0, 60.0, 120.0, *(300.0,) * 70)
"""Some six hours in all: a platform that is down for a while loses no answer, and nobody wants one from yesterday."""
_SKETCH = "sketch"
"""Marks an inbox row whose files are not fetched yet."""


@dataclass
class _Under:
    """A turn that is under way."""

    author: str
    task: asyncio.Task[None]
    stopped: bool = False
    delivering: bool = False


class Desk:
    """Takes messages from adapters and hands replies to them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._adapters: dict[str, Adapter] = {}
        self._turns: dict[tuple[ConversationKey, str], _Under] = {}
        self._stopping = False

    @property
    def settings(self) -> Settings:
        """The operator's settings."""
        return self._app.settings

    @property
    def store(self) -> Store:
        """The database."""
        return self._app.store

    @property
    def bytes(self) -> ArtifactStore:
        """The artifacts' bytes."""
        return self._app.bytes

    @property
    def library(self) -> Library:
        """Artifacts with their bytes."""
        return self._app.library

    async def granted(self, person: str, place: str) -> Granted:
        """What a person (`platform:id`) may ask for now in a place (`ConversationKey.place`)."""
        return await self._app.steps.granted(person, place)

    async def start(self, adapters: Sequence[Adapter]) -> None:
        """Start the adapters, then take up what an earlier run left."""
        self._app.steps.handing_over = self._stopping = False
        for adapter in adapters:
            self._adapters[adapter.platform] = adapter
            undelivered = await self.store.undelivered(adapter.platform)  # before anything new can come in
            unanswered = await self.store.unanswered(adapter.platform)
            await adapter.start()
            for outgoing in undelivered:
                self._spawn(outgoing.key, outgoing.message_id, "", self._deliver(outgoing)).delivering = True
            for payload in unanswered:
                try:
                    self._take_up(adapter, payload)
                except (Broken, Refused) as fault:  # one row must not keep the bot from starting
                    log.error("a message of an earlier run cannot be taken up: %s", fault)

    def _take_up(self, adapter: Adapter, payload: dict[str, Any]) -> None:
        if _SKETCH not in payload:
            incoming = wire.from_json(Incoming, payload)
            self._spawn(incoming.key, incoming.id, incoming.author.id, self._turn(incoming))
            return
        sketch = wire.from_json(Sketch, payload[_SKETCH])
        message = Message(
            key=sketch.key,
            id=sketch.id,
            author=sketch.author,
            text=sketch.text,
            attachments=tuple(adapter.open(s) for s in sketch.sources),
            quoted=tuple(adapter.open(s) for s in sketch.quoted),
            quoted_text=sketch.quoted_text,
            reply_to=sketch.reply_to,
            locale=sketch.locale,
            speak=sketch.speak,
            sent_at=sketch.sent_at,
        )
        self._spawn(message.key, message.id, message.author.id, self._fetch_and_turn(message))

    async def stop(self) -> None:
        """Take no more messages and let turns finish for a moment. The next start takes up the rest from the inbox."""
        for adapter in self._adapters.values():
            await adapter.stop()
        self._stopping = True
        tasks = [under.task for under in self._turns.values()]
        if tasks and self.settings.goodbye_s:
            await asyncio.wait(tasks, timeout=self.settings.goodbye_s)
        self._app.steps.handing_over = True
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for adapter in self._adapters.values():
            await adapter.close()

    async def receive(self, message: Message) -> bool:
        """Accept a message; False when it was accepted before. The answer comes through the adapter.

        Raises:
            StoreLost: it could not be kept; the adapter hands it in again or tells its person.
        """
        with logs.turn(correlation_id(message.key, message.id)):
            if (message.key, message.id) in self._turns:
                return False
            sketch = sketch_of(message)
            if sketch is not None:
                return await self._accept(message, {_SKETCH: wire.to_json(sketch)}, self._fetch_and_turn(message))
            incoming = await self._kept(message)
            return await self._accept(message, wire.to_json(incoming), self._turn(incoming))

    async def _accept(self, message: Message, payload: dict[str, Any], work: Coroutine[None, None, None]) -> bool:
        try:
            fresh = await self.store.accept(message.key.platform, message.id, message.key, payload)
        except BaseException:
            work.close()
            raise
        if not fresh:
            work.close()
            return False
        log.info("received on %s: %d attachments", message.key.platform, len(message.attachments))
        if self._stopping:  # an event that an adapter was still reading: it is kept, and the next start takes it up
            work.close()
        else:
            self._spawn(message.key, message.id, message.author.id, work)
        return True

    async def _kept(self, message: Message) -> Incoming:
        """Taken in, and what it brought kept: first, so that a crash in between leaves nothing that is not found."""
        incoming = await taken_in(self._app, message)
        for artifact in (*incoming.artifacts, *incoming.quoted):
            await self._app.library.keep(artifact, str(message.key))
        return incoming

    async def edited(self, message: Message, stamp: str) -> bool:
        """A person changed their message: the old request is dropped, the new one worked on; whether there is one.

        `stamp` tells this version of the message from the others.

        Raises:
            StoreLost: as `receive`.
        """
        version = f"{message.id}{VERSION}{stamp}"
        if not await self.store.accepted(message.key.platform, message.id):
            return await self.receive(message)
        if await self.store.accepted(message.key.platform, version):
            return False  # told twice: what is worked on is this very version
        before = await self.store.turn(message.key, message.id)
        if before is not None and before.text.strip() == message.text.strip():
            return False
        await self.withdraw(message.key, message.id)
        return await self.receive(replace(message, id=version))

    async def withdraw(self, key: ConversationKey, message_id: str) -> bool:
        """A person took their message back: it is not answered any more; whether it was under way, in any version."""
        found = False
        for (where, name), under in list(self._turns.items()):
            if where == key and origin(name) == message_id and not under.delivering:
                found = True
                under.task.cancel()
                await asyncio.gather(under.task, return_exceptions=True)
                await self.store.withdraw(key.platform, name)
                await self._adapters[key.platform].withdrawn(key, name)
        return found

    def _spawn(self, key: ConversationKey, message_id: str, author: str, work: Coroutine[None, None, None]) -> _Under:
        task = asyncio.create_task(work)
        self._turns[key, message_id] = under = _Under(author, task)
        task.add_done_callback(lambda _: self._turns.pop((key, message_id), None))
        return under

    def under_way(self, key: ConversationKey, person: str = "") -> list[str]:
        """Ids of the messages that are worked on in a conversation, of one person where one is given."""
        return [i for (where, i), u in self._turns.items() if where == key and (not person or u.author == person)]

    @property
    def busy(self) -> bool:
        """Whether any turn is under way."""
        return bool(self._turns)

    def at_work(self, platform: str, person: str) -> set[ConversationKey]:
        """The conversations in which something of a person is worked on."""
        return {key for (key, _), under in self._turns.items() if key.platform == platform and under.author == person}

    def author_of(self, key: ConversationKey, message_id: str) -> str | None:
        """Whose message is worked on; None when it is not under way."""
        under = self._turns.get((key, message_id))
        return under.author if under else None

    async def stop_turn(self, key: ConversationKey, message_id: str) -> bool:
        """Stop a turn because its person asks for it; False when it is not under way, or its answer is on its way."""
        under = self._turns.get((key, message_id))
        if under is None or under.delivering:
            return False
        under.stopped = True
        under.task.cancel()
        return True

    async def again(self, outgoing: Outgoing, id: str, person: Person, changes: str = "") -> bool:
        """Ask once more for what a reply answered, or for what it did with `changes`; False when it is not remembered.

        Raises:
            StoreLost: the database cannot be reached.
        """
        turn = await self.store.turn(outgoing.key, outgoing.message_id)
        if turn is None:
            return False
        found = [await self.library.artifact(i, str(outgoing.key)) for i in turn.artifacts]
        answered = [await self.library.artifact(i, str(outgoing.key)) for i in turn.quoted]
        given = [a for a in found if a is not None]
        spoken = any(a.voice for a in given) or None  # its words are in the text already
        quoted = tuple(replace(a, voice=False) for a in answered if a is not None)
        own = tuple(a for a in given if not a.voice)
        incoming = Incoming(outgoing.key, id, person, turn.text, own, quoted, speak=spoken)
        if changes:
            words = f"{AGAIN}, {changes}"
            incoming = Incoming(outgoing.key, id, person, words, reply_to=outgoing.message_id, speak=spoken)
        payload = wire.to_json(incoming)
        if await self.store.accept(outgoing.key.platform, id, outgoing.key, payload) and not self._stopping:
            self._spawn(outgoing.key, id, person.id, self._turn(incoming))
        return True

    async def _fetch_and_turn(self, message: Message) -> None:
        with logs.turn(correlation_id(message.key, message.id)):
            adapter = self._adapters[message.key.platform]
            await adapter.show(message.key, message.id, Status(Stage.RECEIVED))
            try:
                incoming = await self._kept(message)
                await self.store.update_inbox(message.key.platform, message.id, wire.to_json(incoming))
            except asyncio.CancelledError:
                await self._unless_stopped(message)
                return
            except Broken as broken:
                log.error("a message could not be taken in: %s", broken)
                reply = await self._app.router.refusal(ModelFailed(saying("file_not_kept")), message)
                await self._answer(message.key, message.id, reply)
                return
            await self._turn(incoming)

    async def _unless_stopped(self, asked: Message | Incoming) -> None:
        """A turn that is cancelled is answered where its person stopped it; else the cancellation goes on."""
        under = self._turns.get((asked.key, asked.id))
        if under is None or not under.stopped:
            raise asyncio.CancelledError
        reply = await self._app.router.refusal(Cancelled(saying("stopped")), asked)
        await self._answer(asked.key, asked.id, reply)

    async def _turn(self, incoming: Incoming) -> None:
        with logs.turn(correlation_id(incoming.key, incoming.id)):
            adapter = self._adapters[incoming.key.platform]

            async def show(status: Status) -> None:
                await adapter.show(incoming.key, incoming.id, status)

            try:
                await show(Status(Stage.RECEIVED))
                router = self._app.router.planned_by(partial(self._planner, incoming))
                reply = await router.answer(incoming, show)
            except asyncio.CancelledError:
                await self._unless_stopped(incoming)
                return
            except Exception:
                log.exception("the turn broke")
                reply = await self._app.router.refusal(ModelFailed(saying("broke")), incoming)
            await self._answer(incoming.key, incoming.id, reply)

    def _planner(self, incoming: Incoming, planner: Planner) -> Explaining:
        """The planner of one turn: a language model knows how to change what the rules for it do not."""
        known = self._app.registry
        again = Repeating(planner, incoming, self.store, known, firm=not self.settings.llm_base_url)
        return Explaining(again, incoming, self.store, known)

    async def _answer(self, key: ConversationKey, message_id: str, reply: Reply) -> None:
        if reply.refusal is not None:
            log.info("refused: %s", reply.refusal.kind)
        if (under := self._turns.get((key, message_id))) is not None:
            under.delivering = True
        outgoing = Outgoing(f"{key}#{message_id}", key, message_id, reply)
        await self.store.post(outgoing)
        await self._deliver(outgoing)

    async def _deliver(self, outgoing: Outgoing) -> None:
        adapter = self._adapters[outgoing.key.platform]
        for wait in (*_DELIVERY_WAITS_S, None):
            try:
                ids = await adapter.deliver(outgoing)
            except Gone as gone:
                log.warning("nobody is there to read an answer: %s", gone)
                ids = ()
            except Broken as broken:
                await self.store.attempted(outgoing.id)
                outgoing = replace(outgoing, attempts=outgoing.attempts + 1)
                log.warning("delivery attempt %d failed: %s", outgoing.attempts, broken)
                if wait is None:
                    log.error("not delivered; the next start tries again")
                    return
                await asyncio.sleep(wait)
                continue
            await self.store.delivered(outgoing.id, ids)
            log.info("answered in %.0f ms", outgoing.reply.ms)
            return


VERSION = "~"
"""Between a message's id and the stamp of an edited version."""


def origin(message_id: str) -> str:
    """The platform's own id of a message, whichever version or button of it is meant."""
    return message_id.partition(VERSION)[0]


def correlation_id(key: ConversationKey, message_id: str) -> str:
    """Names a turn in the logs without telling who or where."""
    return hashlib.sha256(f"{key}#{message_id}".encode()).hexdigest()[:10]
