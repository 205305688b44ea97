"""Threads: how they come into being, by the bot or by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platforms.discord import posting, shapes
from platforms.discord.lookup import Answer, channel, message
from platforms.discord.rules import ApiError
from platforms.discord.state import (
    CREATE_PUBLIC_THREADS,
    GUILD_TEXT,
    HAS_THREAD,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    THREAD_CREATED,
    THREAD_STARTER,
    Channel,
    Post,
    User,
)

if TYPE_CHECKING:
    from platforms.discord.server import Call, DiscordServer


async def opened(
    server: DiscordServer,
    parent: Channel,
    name: str,
    owner: User,
    origin: Post | None = None,
    kind: int = PUBLIC_THREAD,
) -> Channel:
    """A new thread in a channel, from a message where there is one: it then has that message's id."""
    world = server.world
    thread_id = origin.id if origin else world.snowflake()
    thread = world.channel(Channel(thread_id, kind, name, parent.guild, parent, owner=owner))
    made = shapes.channel(thread) | {"newly_created": True}
    await server.gateway.emit("THREAD_CREATE", made, thread.guild)
    if origin:
        origin.thread, origin.flags = thread, origin.flags | HAS_THREAD
        await posting.updated(server, origin, edited=False)
        starter = Post(world.snowflake(), thread, owner, kind=THREAD_STARTER, reference=posting.reference_to(origin))
        await posting.publish(server, starter)
    elif kind == PUBLIC_THREAD:
        reference = {"type": 0, "channel_id": thread.id, "guild_id": parent.guild.id if parent.guild else ""}
        await posting.publish(
            server, Post(world.snowflake(), parent, owner, name, kind=THREAD_CREATED, reference=reference)
        )
    return thread


async def create(server: DiscordServer, call: Call, channel_id: str) -> Answer:
    kind = call.payload.get("type") or PRIVATE_THREAD
    return await _created(server, call, channel(server, channel_id), None, kind)


async def create_from_message(server: DiscordServer, call: Call, channel_id: str, message_id: str) -> Answer:
    origin = message(server, channel_id, message_id)
    if origin.thread:
        raise ApiError(400, 160004, "A thread has already been created for this message")
    return await _created(server, call, origin.channel, origin, PUBLIC_THREAD)


async def _created(server: DiscordServer, call: Call, parent: Channel, origin: Post | None, kind: int) -> Answer:
    if parent.kind != GUILD_TEXT:
        raise ApiError(400, 50024, "Cannot execute action on this channel type", breach=True)
    if not parent.bot_permissions & CREATE_PUBLIC_THREADS:
        raise ApiError(403, 50013, "Missing Permissions")
    thread = await opened(server, parent, call.payload["name"], server.world.bot, origin, kind)
    return 201, shapes.channel(thread)
