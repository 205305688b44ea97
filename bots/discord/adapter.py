"""Discord: messages in direct messages, channels and threads; replies as native messages and voice messages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bots.adapter import Gone
from bots.budget import Rate
from bots.chat import Chat
from bots.delivery import CannotTell, Posting, Rejected, Why, token
from bots.desk import Desk, origin
from bots.discord.attachments import CdnAttachment
from bots.discord.catchup import CatchUp
from bots.discord.connection import Connection
from bots.discord.events import Events
from bots.discord.interactions import Interactions
from bots.discord.places import DIRECT, PLATFORM, Places, where
from bots.discord.sending import Sending, Sent, Wanted, note_of
from bots.layout import STOP, Limits
from bots.progress import PART
from bots.splitting import utf16
from core.errors import Broken
from core.messages import Attachment, ConversationKey, Source, Way
from core.settings import Settings

log = logging.getLogger("audiogpt.discord")

_TYPING_S = 8.0
_TYPING_LATER_S = 0.5
_EVERYTHING = Rate(per_s=30.0, burst=10, kept=4)
"""Discord takes 50 requests a second of a bot in all. The library learns of that only by being refused, and then all
that waits comes at once. On a busy machine requests are sent later than they were allowed, and in bunches: 40 in the
worst second leave room for that and for what is not counted here."""
_ALL = "everything"
_DIRECT_BYTES = 10 << 20
_PATIENCE_S = 5.0
_SYNC_WAITS_S = (1.0, 10.0, 60.0)


class DiscordAdapter(Chat):
    """One bot account on Discord."""

    platform = PLATFORM
    limits = Limits(
        text=2000,
        caption=2000,
        captioned=frozenset({Way.AUDIO, Way.VIDEO, Way.IMAGE, Way.FILE}),
        plays=frozenset(
            {"audio/mpeg", "audio/ogg", "audio/wav", "audio/flac", "audio/mp4", "video/mp4", "video/webm"}
            | {"video/quicktime", "image/png", "image/jpeg", "image/gif", "image/webp"}
        ),
        length=utf16,  # Discord does not say how it counts: this is never too little
    )
    edit_every_s = 1.5

    def __init__(self, desk: Desk, settings: Settings) -> None:
        super().__init__(desk, settings)
        self._connection = Connection(settings, self._dress, self._connected)
        self.sending = Sending(self._connection, desk.store)
        self.places = Places(lambda: self._connection.now)
        self.interactions = Interactions(self)
        self.events = Events(self)
        self._catch_up = CatchUp(self._connection, desk.store, self.events.found)
        self._session: aiohttp.ClientSession | None = None
        self._tree: app_commands.CommandTree[discord.Client] | None = None
        self._registered = False
        self._catching: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def me(self) -> int:
        """The bot's own id."""
        user = self._connection.now.user
        assert user is not None, "events come only after the login"
        return user.id

    async def start(self) -> None:
        """Connect."""
        self._session = aiohttp.ClientSession()
        self.events.reopen()
        try:
            await self._connection.open()
        except BaseException:
            await self.disconnect()
            raise

    async def stop(self) -> None:
        """Take no more events. Replies are delivered until `close`."""
        await self.events.close(_PATIENCE_S)

    async def disconnect(self) -> None:
        """Close the connection."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._connection.close()
        if self._session is not None:
            await self._session.close()

    def _dress(self, client: discord.Client) -> None:
        self.events.listen(client)
        self._tree = self.interactions.tree(client)

    def _connected(self) -> None:
        """A new session: what was said since the last one is looked up; commands are registered once."""
        if self._catching is not None:
            self._catching.cancel()  # each shard tells that it is connected
        self._catching = self._spawn(self._catch_up.run())
        if not self._registered:
            self._registered = True
            self._spawn(self._register())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _register(self) -> None:
        for wait in (*_SYNC_WAITS_S, None):
            try:
                assert self._tree is not None
                await self._tree.sync()
                return
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
                log.warning("the commands could not be registered: %s", type(error).__name__)
                if wait is not None:
                    await asyncio.sleep(wait)
        self._registered = False  # the next session tries again

    def open(self, source: Source) -> Attachment:
        """A file in a message, or in an option of a command."""
        return CdnAttachment(source, self._http, self._renewed)

    def _http(self) -> aiohttp.ClientSession:
        assert self._session is not None, "the adapter is not started"
        return self._session

    async def _renewed(self, source: Source) -> str | None:
        """A file's address, signed anew: the message that brought it is looked up."""
        if "message" not in source.where:
            return None
        client = await self._connection.client()
        place = client.get_partial_messageable(source.where["channel"])
        try:
            message = await place.fetch_message(source.where["message"])
        except (discord.NotFound, discord.Forbidden):
            return None
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Broken(f"a message cannot be looked up: {type(error).__name__}") from error
        files = [
            *message.attachments,
            *(file for snapshot in message.message_snapshots for file in snapshot.attachments),
        ]
        return next((file.url for file in files if file.id == source.where["id"]), None)

    def chat_of(self, key: ConversationKey) -> str:
        """Discord counts for each channel and each thread alone."""
        return f"{key.space}/{where(key)}"

    def rate(self, key: ConversationKey) -> Rate:
        """Five messages in five seconds."""
        return Rate(per_s=1.0, burst=5, kept=2)

    async def slot(self, key: ConversationKey) -> None:
        """Wait until the channel's budget and that of the whole bot let an answer through."""
        await super().slot(key)
        await self._budget.answer(_ALL, _EVERYTHING)

    def spare(self, key: ConversationKey) -> bool:
        """A place for a sign of life in the channel, and among all that the bot may send."""
        return self._budget.spare(_ALL, _EVERYTHING) and super().spare(key)

    async def max_bytes(self, key: ConversationKey) -> int:
        """What the server's boosts allow; 10 MiB elsewhere."""
        guild = None if key.space == DIRECT else (await self._connection.client()).get_guild(int(key.space))
        return guild.filesize_limit if guild else _DIRECT_BYTES

    async def post(self, posting: Posting) -> str:
        """Post one message of a reply. The person is notified of the first one, in channels."""
        if posting.media is not None:
            await posting.keep(note_of(posting.media))
        what = Sent(
            posting.text,
            posting.buttons,
            posting.media,
            reply_to=self._answered(posting.key, posting.outgoing.message_id),
            wake=posting.part == "0",
        )
        try:
            return await self.sending.send(where(posting.key), what, posting.token)
        except (Gone, Rejected) as fault:
            webhook = self.interactions.through(origin(posting.outgoing.message_id))
            if webhook is None or (isinstance(fault, Rejected) and fault.why is Why.TOO_LARGE):
                raise
            return await self.sending.send_through(webhook, what)

    async def find(self, posting: Posting, since: datetime) -> str | None:
        """Look for an unclear message."""
        answered = self._answered(posting.key, posting.outgoing.message_id)
        return await self.sending.find(posting.key, Wanted(posting.token, answered, posting.text, posting.note), since)

    def _answered(self, key: ConversationKey, message_id: str) -> int | None:
        """The message to reply to; in direct messages there is no doubt who is meant."""
        return None if key.space == DIRECT else self.interactions.shown_as(origin(message_id))

    async def hint(self, key: ConversationKey, message_id: str) -> None:
        """Type until cancelled."""
        while True:
            seen = self._budget.spare(_ALL, _EVERYTHING)
            if seen:
                await self.sending.typing(where(key))
            await asyncio.sleep(_TYPING_S if seen else _TYPING_LATER_S)

    async def post_status(self, key: ConversationKey, message_id: str, text: str) -> str:
        """Post the status line; it notifies nobody, and waits until the chat's budget has a place to spare."""
        if not self.spare(key):
            raise Broken("what may be sent here now is kept for answers")
        what = Sent(text[: self.limits.text], (STOP,), reply_to=self._answered(key, message_id), silent=True)
        return await self._plainly(where(key), what, _status_nonce(key, message_id))

    async def find_status(self, key: ConversationKey, message_id: str, since: datetime) -> str | None:
        """Look for a status line whose posting nobody noted."""
        try:
            wanted = Wanted(_status_nonce(key, message_id), self._answered(key, message_id))
            return await self.sending.find(key, wanted, since)
        except CannotTell:
            return None

    async def edit_status(self, key: ConversationKey, post: str, text: str) -> None:
        """Replace its text."""
        await self.sending.edit(where(key), int(post), text[: self.limits.text])

    async def clear_status(self, key: ConversationKey, post: str) -> None:
        """Take it away."""
        await self._budget.answer(_ALL, _EVERYTHING)
        await self.sending.delete(where(key), int(post))

    async def tell(self, key: ConversationKey, message_id: str, text: str) -> None:
        """Post a plain line."""
        await self._plainly(where(key), Sent(text, reply_to=self._answered(key, message_id)))

    async def _plainly(self, place: int, what: Sent, nonce: str = "") -> str:
        """Words alone: there is no other form to be had."""
        try:
            return await self.sending.send(place, what, nonce)
        except Rejected as rejected:
            raise Broken(f"words are not taken: {rejected.why}") from rejected

    async def say_quietly(self, key: ConversationKey, message_id: str, text: str) -> None:
        """`tell`, where a failure is only noted."""
        try:
            await self.tell(key, message_id, text)
        except (Broken, Gone) as fault:
            log.warning("a line could not be said: %s", fault)


def _status_nonce(key: ConversationKey, message_id: str) -> str:
    return token(f"{key}#{message_id}", PART)
