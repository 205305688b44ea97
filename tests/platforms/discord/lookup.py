"""Channels and messages as the bot can see them; Discord's errors where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from platforms.discord.rules import ApiError, unknown
from platforms.discord.state import VIEW_CHANNEL, Channel, Post

if TYPE_CHECKING:
    from platforms.discord.server import DiscordServer

Answer = tuple[int, Any]
"""Status and body."""


def channel(server: DiscordServer, channel_id: str) -> Channel:
    """A channel that the bot can see."""
    found = server.world.channels.get(channel_id)
    if found is None or found.gone or (found.parent and found.parent.gone):
        raise unknown("Channel")
    if not found.bot_permissions & VIEW_CHANNEL:
        raise ApiError(403, 50001, "Missing Access")
    return found


def message(server: DiscordServer, channel_id: str, message_id: str) -> Post:
    found = server.world.post(channel(server, channel_id), message_id)
    if found is None or found.only_for is not None:
        raise unknown("Message")
    return found
