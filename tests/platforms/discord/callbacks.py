"""Answers to interactions: the first one, followups, and what becomes of the original."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from platforms.discord import posting, rules, shapes
from platforms.discord.lookup import Answer
from platforms.discord.rules import ApiError, unknown
from platforms.discord.state import (
    CHAT_COMMAND,
    CONTEXT_COMMAND,
    DEFAULT,
    EPHEMERAL,
    LOADING,
    VOICE,
    Interaction,
    Post,
)

if TYPE_CHECKING:
    from platforms.discord.server import Call, DiscordServer

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL = 4, 5, 6, 7, 9
TOKEN_S = 15 * 60


async def respond(server: DiscordServer, call: Call, interaction_id: str, interaction_token: str) -> Answer:
    """The first answer."""
    asked = server.world.interactions.get(interaction_token)
    if asked is None or asked.id != interaction_id or asked.expired:
        raise unknown("Interaction")
    if asked.answered is None and time.monotonic() - asked.at > server.interaction_limit_s:
        raise unknown("Interaction")
    if asked.answered is not None:
        raise ApiError(400, 40060, "Interaction has already been acknowledged.")
    kind, data = call.payload["type"], call.payload.get("data") or {}
    if kind in (DEFERRED_UPDATE, UPDATE) and asked.source is None:
        raise rules.invalid("type", "INTERACTION_TYPE_INVALID", "only a component's message can be updated")
    post = _first(server, call, asked, kind, data)
    asked.answered, asked.answered_after_s = kind, time.monotonic() - asked.at
    if post is not None and kind in (MESSAGE, DEFERRED):
        asked.original = post
        asked.posts.append(post)
        await posting.publish(server, post)
    elif kind == UPDATE:
        assert asked.source is not None
        await posting.updated(server, asked.source)
    server.changed()
    if call.query.get("with_response") not in ("1", "true"):
        return 204, None
    return 200, _resource(server, asked, kind)


def _first(server: DiscordServer, call: Call, asked: Interaction, kind: int, data: dict[str, Any]) -> Post | None:
    if kind == MODAL:
        return None
    if kind == DEFERRED and (data.get("flags") or 0) & ~EPHEMERAL:
        raise rules.invalid("data.flags", "BASE_TYPE_BAD_FLAGS", "a deferral can only be ephemeral")
    if kind in (DEFERRED_UPDATE, UPDATE):
        asked.original = asked.source
        if kind == UPDATE:
            assert asked.source is not None
            rules.edit(asked.source, data, call.uploads, server.world.bot)
            posting.apply_edit(server, asked.source, data, call.uploads)
        return None
    if kind == MESSAGE:
        _check(server, asked, data, call)
    post = posting.from_bot(server, asked.channel, data, call.uploads, asked)
    post.kind = {2: CONTEXT_COMMAND if "target_id" in asked.data else CHAT_COMMAND}.get(asked.kind, DEFAULT)
    if kind == DEFERRED:
        post.flags |= LOADING
    return post


def _check(server: DiscordServer, asked: Interaction, payload: dict[str, Any], call: Call) -> None:
    for note in rules.message(payload, call.uploads, asked.channel.filesize_limit):
        server.breach(note)


def _resource(server: DiscordServer, asked: Interaction, kind: int) -> dict[str, Any]:
    made: dict[str, Any] = {"interaction": {"id": asked.id, "type": asked.kind, "channel_id": asked.channel.id}}
    if asked.original:
        flags = asked.original.flags
        made["interaction"] |= {
            "response_message_id": asked.original.id,
            "response_message_loading": bool(flags & LOADING),
            "response_message_ephemeral": bool(flags & EPHEMERAL),
        }
        if kind in (MESSAGE, UPDATE):
            made["resource"] = {"type": kind, "message": shapes.message(server.world, asked.original)}
    return made


async def follow_up(server: DiscordServer, call: Call, webhook_id: str, webhook_token: str) -> Answer:
    """A further message; after a deferral the first one takes the deferral's place."""
    asked = _alive(server, webhook_id, webhook_token)
    payload = call.payload or {}
    waiting = asked.original if asked.answered == DEFERRED else None
    if waiting and waiting.flags & LOADING:
        if (payload.get("flags") or 0) & VOICE:
            server.breach("a voice message as the first followup of a deferral: not known to be accepted")
        _check(server, asked, payload, call)
        _fill(server, waiting, payload, call)
        await posting.updated(server, waiting, edited=False)
        return 200, shapes.message(server.world, waiting)
    _check(server, asked, payload, call)
    post = posting.from_bot(server, asked.channel, payload, call.uploads, asked)
    asked.posts.append(post)
    await posting.publish(server, post)
    return 200, shapes.message(server.world, post)


def _fill(server: DiscordServer, waiting: Post, payload: dict[str, Any], call: Call) -> None:
    """Put the first content into a deferral's message. It stays as ephemeral as the deferral was."""
    posting.apply_edit(server, waiting, payload, call.uploads)
    waiting.flags = (waiting.flags & EPHEMERAL) | ((payload.get("flags") or 0) & ~EPHEMERAL)


def _alive(server: DiscordServer, webhook_id: str, token: str) -> Interaction:
    asked = server.world.interactions.get(token)
    if asked is None or webhook_id != server.world.bot.id:
        raise unknown("Webhook")
    if asked.expired or time.monotonic() - asked.at > TOKEN_S:
        raise ApiError(401, 50027, "Invalid Webhook Token")
    if asked.answered is None:
        raise unknown("Webhook")
    return asked


def _one(server: DiscordServer, webhook_id: str, token: str, message_id: str = "") -> Post:
    asked = _alive(server, webhook_id, token)
    found = next((p for p in asked.posts if p.id == message_id), None) if message_id else asked.original
    if found is None or found.deleted:
        raise unknown("Message")
    return found


async def get_original(server: DiscordServer, call: Call, webhook_id: str, webhook_token: str) -> Answer:
    return 200, shapes.message(server.world, _one(server, webhook_id, webhook_token))


async def edit_original(server: DiscordServer, call: Call, webhook_id: str, webhook_token: str) -> Answer:
    return await _edited(server, call, _one(server, webhook_id, webhook_token))


async def delete_original(server: DiscordServer, call: Call, webhook_id: str, webhook_token: str) -> Answer:
    await posting.removed(server, _one(server, webhook_id, webhook_token))
    return 204, None


async def get_followup(
    server: DiscordServer, call: Call, webhook_id: str, webhook_token: str, message_id: str
) -> Answer:
    return 200, shapes.message(server.world, _one(server, webhook_id, webhook_token, message_id))


async def edit_followup(
    server: DiscordServer, call: Call, webhook_id: str, webhook_token: str, message_id: str
) -> Answer:
    return await _edited(server, call, _one(server, webhook_id, webhook_token, message_id))


async def delete_followup(
    server: DiscordServer, call: Call, webhook_id: str, webhook_token: str, message_id: str
) -> Answer:
    await posting.removed(server, _one(server, webhook_id, webhook_token, message_id))
    return 204, None


async def _edited(server: DiscordServer, call: Call, post: Post) -> Answer:
    payload = call.payload or {}
    rules.edit(post, payload, call.uploads, server.world.bot)
    if post.flags & LOADING:
        _fill(server, post, payload, call)
        await posting.updated(server, post, edited=False)
    else:
        posting.apply_edit(server, post, payload, call.uploads)
        await posting.updated(server, post)
    return 200, shapes.message(server.world, post)
