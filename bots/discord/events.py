"""What happens on Discord, handed to the desk: messages, edits, deletions, reactions."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import discord

from bots.admission import Heard, Mode, Verdict
from bots.discord.incoming import from_a_person, guild_of, heard, to_message
from bots.discord.places import DIRECT
from bots.layout import Verb
from bots.wording import NOT_FOR_YOU
from core.errors import StoreLost

if TYPE_CHECKING:
    from bots.discord.adapter import DiscordAdapter

log = logging.getLogger("audiogpt.discord")

_MOST_DELETED = 5000
_FRESH = timedelta(hours=1)
"""An edit is told within seconds, or after a reconnect."""
_CANCELS = frozenset({"", "stop", "cancel"})
_SKIN_TONES = "".join(chr(code) for code in range(0x1F3FB, 0x1F400))
_REACTIONS = {
    **dict.fromkeys("🛑❌✋👎", Verb.STOP),
    "🔁": Verb.AGAIN,
    **dict.fromkeys("❓❔🤔", Verb.WHY),
}


class Events:
    """Listens. What concerns one message is dealt with in the order in which it was told."""

    def __init__(self, chat: DiscordAdapter) -> None:
        self._chat = chat
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._deleted: OrderedDict[int, None] = OrderedDict()
        self._under_way: set[asyncio.Task[Any]] = set()
        self._open = True

    def listen(self, client: discord.Client) -> None:
        """Add what listens to a client."""

        async def on_message(message: discord.Message) -> None:
            await self.during(self._message, message)

        async def on_raw_message_edit(payload: discord.RawMessageUpdateEvent) -> None:
            await self.during(self._edit, payload)

        async def on_raw_message_delete(payload: discord.RawMessageDeleteEvent) -> None:
            await self.during(self._delete, payload.guild_id, payload.channel_id, payload.message_id)

        async def on_raw_bulk_message_delete(payload: discord.RawBulkMessageDeleteEvent) -> None:
            for message_id in payload.message_ids:
                await self.during(self._delete, payload.guild_id, payload.channel_id, message_id)

        async def on_raw_reaction_add(payload: discord.RawReactionActionEvent) -> None:
            await self.during(self._reaction, payload)

        async def on_interaction(interaction: discord.Interaction) -> None:
            await self.during(self._chat.interactions.press, interaction)

        for listener in (
            on_message,
            on_raw_message_edit,
            on_raw_message_delete,
            on_raw_bulk_message_delete,
            on_raw_reaction_add,
            on_interaction,
        ):
            client.event(listener)

    async def close(self, patience_s: float) -> None:
        """Take no more events; those that are being dealt with get a moment."""
        self._open = False
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=patience_s)

    @property
    def busy(self) -> bool:
        """Whether an event is being dealt with."""
        return bool(self._under_way)

    def reopen(self) -> None:
        """Take events again."""
        self._open = True

    async def during(self, deal: Callable[..., Awaitable[None]], *given: Any) -> None:
        """Deal with one event, unless no more are taken. A fault of ours is noted without what people wrote."""
        if not self._open:
            return
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            await deal(*given)
        except StoreLost as lost:
            log.error("an event is lost with the database: %s", lost)
        except Exception:
            log.exception("an event could not be dealt with")
        finally:
            self._under_way.discard(task)

    @asynccontextmanager
    async def _in_order(self, message_id: int) -> AsyncIterator[None]:
        lock = self._locks.setdefault(message_id, asyncio.Lock())
        async with lock:
            yield

    async def found(self, message: discord.Message, last: int) -> None:
        """Take a message found in the history of a conversation whose `last` message was dealt with."""
        await self.during(self._message, message, last)

    async def _message(self, message: discord.Message, last: int | None = None) -> None:
        """Take a message, told by the gateway or, with the id of the `last` one before, found late.

        One that is found late is refused to nobody, who may have been told already; and what was said without a
        mention before the bot had its part in a thread was not meant for it then.
        """
        me = self._chat.me
        if message.author.id == me:
            self._chat.sending.arrived(message)
        if not from_a_person(message):
            return
        async with self._in_order(message.id):
            if message.id in self._deleted:  # told of before the message itself
                return
            key = await self._chat.places.key(message.channel.id, guild_of(message), message.channel)
            how = heard(message, key, me)
            kept = not (how.private or how.addressed or self._chat.admission.mode(key) is Mode.ALL)
            if last is not None and kept and message.id <= last:
                return
            verdict = await self._chat.verdict(how)
            if verdict is Verdict.REFUSE and last is None:
                await self._chat.say_quietly(key, str(message.id), NOT_FOR_YOU)
            if verdict is Verdict.ANSWER:
                await self._chat.take(to_message(message, key, me, self._chat.open))

    async def _edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Previews and pins change a message too: without the moment of an edit, or with that of an old one."""
        message = payload.message
        if message.edited_at is None or discord.utils.utcnow() - message.edited_at > _FRESH:
            return
        if not from_a_person(message):
            return
        async with self._in_order(message.id):
            if message.id in self._deleted:
                return
            me = self._chat.me
            key = await self._chat.places.key(payload.channel_id, payload.guild_id, message.channel)
            verdict = await self._chat.verdict(heard(message, key, me))
            changed = to_message(message, key, me, self._chat.open)
            if verdict is not Verdict.ANSWER or changed.text.lower().strip(" .!") in _CANCELS:
                await self._chat.desk.withdraw(key, changed.id)
            else:
                await self._chat.take(changed, str(int(message.edited_at.timestamp() * 1000)))

    async def _delete(self, guild_id: int | None, channel_id: int, message_id: int) -> None:
        async with self._in_order(message_id):
            self._deleted[message_id] = None
            while len(self._deleted) > _MOST_DELETED:
                self._deleted.popitem(last=False)
            key = await self._chat.places.key(channel_id, guild_id)
            await self._chat.desk.withdraw(key, str(message_id))

    async def _reaction(self, payload: discord.RawReactionActionEvent) -> None:
        verb = _REACTIONS.get((payload.emoji.name or "").strip(_SKIN_TONES + "\ufe0f"))
        if verb is None or payload.user_id == self._chat.me:
            return
        key = await self._chat.places.key(payload.channel_id, payload.guild_id)
        who = Heard(key, str(payload.user_id), key.space == DIRECT, addressed=True)
        if await self._chat.verdict(who) is not Verdict.ANSWER:
            return
        async with self._in_order(payload.message_id):
            await self._chat.interactions.react(verb, key, payload)
