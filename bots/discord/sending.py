"""Messages on their way to Discord: posted once, edited, taken away, looked for."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import discord
from discord.http import HTTPClient, handle_message_parameters

from bots.adapter import Gone
from bots.delivery import CannotTell, Rejected, Why
from bots.discord.connection import Connection
from bots.discord.faults import NO_HISTORY, UNKNOWN_MESSAGE, told
from bots.discord.places import where
from bots.discord.voice import voice_file
from bots.layout import Button, Verb
from bots.renditions import Rendition
from core.messages import ConversationKey, Way
from core.store import Store

log = logging.getLogger("audiogpt.discord")

PREFIX = "audiogpt:"
"""Before a button's verb in its `custom_id`."""

ANSWER_S = 60.0
"""How long Discord may take for a request with words alone; rate limits that the library waits for count too."""
_BYTES_PER_S = 100_000
_SKEW = timedelta(minutes=1)
_LOOK_BACK = 200
"""Messages that are looked at when an unclear one is searched."""
_MOST_NONCES = 1000

_STYLES = {Verb.STOP: discord.ButtonStyle.danger, Verb.FORGET: discord.ButtonStyle.danger}


@dataclass(frozen=True)
class Sent:
    """What goes into one message."""

    text: str = ""
    buttons: Sequence[Button] = ()
    media: Rendition | None = None
    reply_to: int | None = None
    wake: bool = False
    """Notify the person who is replied to; nobody else is ever notified."""
    silent: bool = False
    """Notify nobody, not even with a sound for a new message."""


@dataclass(frozen=True)
class Wanted:
    """How a message is known again that may have been posted."""

    nonce: str
    reply_to: int | None
    text: str | None = None
    """None: a status line, whose words change."""
    note: str = ""
    """What `note_of` said of its file."""

    def is_met_by(self, message: discord.Message) -> bool:
        """Whether it is this one."""
        answers = message.reference.message_id if message.reference else None
        if answers not in (None, self.reply_to):
            return False
        if self.text is None:
            rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
            return any(
                getattr(part, "custom_id", "") == f"{PREFIX}{Verb.STOP}" for row in rows for part in row.children
            )
        sizes = [str(file.size) for file in message.attachments]
        return message.content.strip() == self.text.strip() and sizes == ([self.note] if self.note else [])


class Sending:
    """Posts to channels, threads and direct messages by their ids."""

    def __init__(self, connection: Connection, store: Store) -> None:
        self._connection = connection
        self._store = store
        self._arrived: OrderedDict[str, str] = OrderedDict()

    def arrived(self, message: discord.Message) -> None:
        """The gateway told of a message of ours: it is there, whatever became of the request."""
        if message.nonce is not None:
            self._arrived[str(message.nonce)] = str(message.id)
            while len(self._arrived) > _MOST_NONCES:
                self._arrived.popitem(last=False)

    async def send(self, place: int, what: Sent, nonce: str = "") -> str:
        """Post; returns the message's id. With the same `nonce` within minutes, Discord posts once.

        Raises:
            Rejected, Broken, Unclear, Gone: see `faults.told`.
        """
        with told(media=what.media is not None):
            try:
                return await self._send(place, what, nonce)
            except discord.HTTPException as error:
                if error.code != NO_HISTORY:
                    raise
                return await self._send(place, Sent(what.text, what.buttons, what.media, silent=what.silent), nonce)

    async def _send(self, place: int, what: Sent, nonce: str) -> str:
        async with self._parameters(place, what, nonce) as (http, made), asyncio.timeout(_limit_s(what)):
            return str((await http.send_message(place, params=made))["id"])

    async def send_through(self, webhook: discord.Webhook, what: Sent) -> str:
        """Post as a further answer to a command, which wants no permission in the channel. Errors as `send`."""
        if what.media is not None and what.media.way is Way.VOICE:
            raise Rejected(Why.FORM)  # the library sets no such flag here
        more: dict[str, Any] = {"file": await _file(what.media)} if what.media else {}
        if what.buttons:
            more["view"] = view(what.buttons)
        nobody = discord.AllowedMentions.none()
        with told(media=what.media is not None):
            async with asyncio.timeout(_limit_s(what)):
                return str((await webhook.send(what.text, wait=True, allowed_mentions=nobody, **more)).id)

    @asynccontextmanager
    async def _parameters(self, place: int, what: Sent, nonce: str) -> AsyncIterator[tuple[HTTPClient, Any]]:
        """The library's own form of a message. Its `send` has no way to set the flag of a voice message."""
        http = await self._connection.http()
        more: dict[str, Any] = {}
        if what.media is not None:
            more["file"] = await _file(what.media)
        if what.text:
            more["content"] = what.text
        if what.buttons:
            more["view"] = view(what.buttons)
        if nonce:
            more["nonce"] = nonce
        if what.reply_to is not None:
            more["message_reference"] = {
                "message_id": what.reply_to,
                "channel_id": place,
                "fail_if_not_exists": False,
            }
        flags = discord.MessageFlags()
        flags.voice = what.media is not None and what.media.way is Way.VOICE
        flags.suppress_notifications = what.silent
        nobody = discord.AllowedMentions(everyone=False, users=False, roles=False, replied_user=what.wake)
        with handle_message_parameters(flags=flags, allowed_mentions=nobody, **more) as made:
            if what.media is not None:
                assert made.multipart is not None
                made.multipart[1]["content_type"] = what.media.media_type
            yield http, made

    async def edit(self, place: int, message: int, text: str) -> None:
        """Replace a message's words; its buttons stay.

        Raises:
            Broken, Gone: it did not work.
        """
        http = await self._connection.http()
        with told(), handle_message_parameters(text, allowed_mentions=discord.AllowedMentions.none()) as made:
            async with asyncio.timeout(ANSWER_S):
                try:
                    await http.edit_message(place, message, params=made)
                except discord.NotFound as error:
                    raise Gone("the message is no longer there") from error

    async def delete(self, place: int, message: int) -> None:
        """Take a message away; one that is away already is no fault. Errors as `edit`."""
        http = await self._connection.http()
        with told():
            async with asyncio.timeout(ANSWER_S):
                try:
                    await http.delete_message(place, message)
                except discord.NotFound as error:
                    if error.code != UNKNOWN_MESSAGE:
                        raise

    async def typing(self, place: int) -> None:
        """Say that an answer is being made; shown for 10 s. Errors as `edit`."""
        http = await self._connection.http()
        with told():
            await http.send_typing(place)

    async def find(self, key: ConversationKey, wanted: Wanted, since: datetime) -> str | None:
        """Look for a message whose sending was unclear. A message that the ledger knows is another one.

        Raises:
            CannotTell: the history may not be read.
            Broken, Gone: as `send`.
        """
        if wanted.nonce in self._arrived:
            return self._arrived[wanted.nonce]
        self._readable(key)
        client = await self._connection.client()
        place = client.get_partial_messageable(where(key))
        with told():
            async with asyncio.timeout(ANSWER_S):
                async for message in place.history(after=since - _SKEW, limit=_LOOK_BACK, oldest_first=True):
                    same = message.author == client.user and wanted.is_met_by(message)
                    if same and await self._store.post_as(key.platform, str(message.id)) is None:
                        return str(message.id)
        return None

    def _readable(self, key: ConversationKey) -> None:
        """Without the permission to read it, the history looks empty."""
        channel = self._connection.now.get_channel(int(key.channel))
        if not isinstance(channel, discord.abc.GuildChannel) or channel.guild.me is None:
            return
        if not channel.permissions_for(channel.guild.me).read_message_history:
            raise CannotTell


def _limit_s(what: Sent) -> float:
    return ANSWER_S + (what.media.size / _BYTES_PER_S if what.media else 0)


def note_of(media: Rendition) -> str:
    """What the ledger notes of a file, so that `find` knows it again. Discord changes names, never sizes."""
    return str(media.size)


async def _file(media: Rendition) -> discord.File:
    if media.way is Way.VOICE:
        return await voice_file(media)
    return discord.File(media.path, media.name)


def view(buttons: Sequence[Button]) -> discord.ui.View:
    """Buttons as Discord's component. Presses come as interactions with `PREFIX` and the verb, also after a restart."""
    made = discord.ui.View(timeout=None)
    for button in buttons:
        style = _STYLES.get(button.verb, discord.ButtonStyle.secondary)
        made.add_item(discord.ui.Button(label=button.label, style=style, custom_id=f"{PREFIX}{button.verb}"))
    made.stop()  # the library need not wait for presses of its own account
    return made
