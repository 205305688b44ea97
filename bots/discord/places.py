"""Which conversation a channel is. A thread's key has its parent, which an event does not always name."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import aiohttp
import discord

from core.messages import ConversationKey

log = logging.getLogger("audiogpt.discord")

PLATFORM = "discord"
DIRECT = "dm"
"""The space of direct messages."""
_MOST_PARENTS = 10_000


class Places:
    """Keys of channels, threads and direct messages."""

    def __init__(self, client: Callable[[], discord.Client]) -> None:
        self._client = client
        self._parents: OrderedDict[int, int | None] = OrderedDict()

    async def key(self, channel_id: int, guild_id: int | None, known: Any = None) -> ConversationKey:
        """The key of a channel; `known` is the library's object for it where there is one."""
        if guild_id is None:
            return ConversationKey(PLATFORM, DIRECT, str(channel_id))
        parent = await self._parent(channel_id, known)
        if parent is None:
            return ConversationKey(PLATFORM, str(guild_id), str(channel_id))
        return ConversationKey(PLATFORM, str(guild_id), str(parent), str(channel_id))

    async def _parent(self, channel_id: int, known: Any) -> int | None:
        """The parent of a thread; None for a channel."""
        found = known if isinstance(known, discord.Thread) else self._client().get_channel(channel_id)
        if isinstance(found, discord.Thread):
            return found.parent_id
        if found is not None:
            return None
        if channel_id not in self._parents:
            try:
                fetched = await self._client().fetch_channel(channel_id)
            except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError) as error:
                log.warning("a channel cannot be looked up: %s", type(error).__name__)
                return None
            self._parents[channel_id] = fetched.parent_id if isinstance(fetched, discord.Thread) else None
            while len(self._parents) > _MOST_PARENTS:
                self._parents.popitem(last=False)
        return self._parents[channel_id]


def where(key: ConversationKey) -> int:
    """The id of the channel that a conversation is posted to."""
    return int(key.thread or key.channel)
