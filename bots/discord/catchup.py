"""What was said while no session listened: looked up where the bot is in conversation, and answered late.

Discord tells a new session nothing of the past: after a restart, or when it ends a session (INVALID_SESSION), messages
would be lost. Those of known conversations are read from their history; what is known already the inbox drops.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import discord

from bots.desk import origin
from bots.discord.connection import Connection
from bots.discord.places import DIRECT, PLATFORM, where
from core.errors import Broken
from core.messages import ConversationKey
from core.store import Store

log = logging.getLogger("audiogpt.discord")

_REACH = timedelta(hours=6)
"""Nobody wants an answer to what was said longer ago."""
_LIVELY = timedelta(days=30)
_MOST_PLACES = 200
_MOST_MESSAGES = 500
_OVERLAP = timedelta(minutes=2)


class CatchUp:
    """Reads the recent history of conversations that go on."""

    def __init__(
        self, connection: Connection, store: Store, take: Callable[[discord.Message, int], Awaitable[None]]
    ) -> None:
        self._connection = connection
        self._store = store
        self._take = take

    async def run(self) -> None:
        """Look through the newest conversations."""
        try:
            client = await self._connection.client()
            await client.wait_until_ready()
            for key, last in await self._lively():
                await self._read(key, last)
        except Broken as broken:
            log.warning("what was said meanwhile could not be looked up: %s", broken)

    async def _lively(self) -> list[tuple[ConversationKey, int]]:
        """Conversations with the last message that was dealt with there, the newest first. Ids tell Discord's time."""
        oldest = discord.utils.time_snowflake(datetime.now(UTC) - _LIVELY)
        found: dict[ConversationKey, int] = {}
        for owner in await self._store.conversations(f"{PLATFORM}/"):
            _, space, channel, thread = owner.split("/")
            key = ConversationKey(PLATFORM, space, channel, thread)
            for turn in await self._store.turns(key, 1):
                last = int(origin(turn.message_id or turn.answers) or 0)
                if last > oldest:
                    found[key] = last
        return sorted(found.items(), key=lambda pair: pair[1], reverse=True)[:_MOST_PLACES]

    async def _read(self, key: ConversationKey, last: int) -> None:
        after = max(discord.utils.snowflake_time(last) - _OVERLAP, datetime.now(UTC) - _REACH)
        client = await self._connection.client()
        place = client.get_channel(where(key)) or client.get_partial_messageable(
            where(key), guild_id=None if key.space == DIRECT else int(key.space)
        )
        if not isinstance(place, discord.abc.Messageable):
            return
        try:
            async for message in place.history(after=after, limit=_MOST_MESSAGES, oldest_first=True):
                await self._take(message, last)
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.info("a conversation's history cannot be read: %s", type(error).__name__)
