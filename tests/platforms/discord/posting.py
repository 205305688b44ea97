"""How a message comes into being, is changed and is removed, whoever does it; and what the gateway tells of it."""

from __future__ import annotations

import itertools
import mimetypes
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from platforms.discord import shapes
from platforms.discord.rules import ApiError, Upload, invalid
from platforms.discord.state import (
    EPHEMERAL,
    REPLY,
    SUPPRESS_EMBEDS,
    VOICE,
    Channel,
    File,
    Interaction,
    Post,
    User,
)

if TYPE_CHECKING:
    from platforms.discord.server import DiscordServer

Json = dict[str, Any]


async def publish(server: DiscordServer, post: Post) -> Post:
    """Put a message where it belongs and tell the gateway, unless only one person sees it."""
    post.channel.posts[post.id] = post
    if post.only_for is None:
        if post.channel.archived and not post.channel.locked:
            post.channel.archived = False
            await server.gateway.emit("THREAD_UPDATE", shapes.channel(post.channel), post.channel.guild)
        event = shapes.message_event(server.world, post, new=True)
        await server.gateway.emit("MESSAGE_CREATE", event, post.channel.guild)
    server.changed()
    return post


async def updated(server: DiscordServer, post: Post, *, edited: bool = True) -> Post:
    """Tell of a change; `edited` counts it as one that the author made."""
    if edited:
        post.edits += 1
        post.edited_at = datetime.now(UTC)
    if post.only_for is None:
        await server.gateway.emit("MESSAGE_UPDATE", shapes.message_event(server.world, post), post.channel.guild)
    server.changed()
    return post


async def removed(server: DiscordServer, post: Post) -> None:
    post.deleted = True
    guild = post.channel.guild
    gone = {"id": post.id, "channel_id": post.channel.id, **({"guild_id": guild.id} if guild else {})}
    if post.only_for is None:
        await server.gateway.emit("MESSAGE_DELETE", gone, guild)
    server.changed()


def from_bot(
    server: DiscordServer, place: Channel, payload: Json, uploads: Sequence[Upload], asked: Interaction | None = None
) -> Post:
    """A message of the bot from its request, not yet published."""
    world = server.world
    flags = payload.get("flags") or 0
    post = Post(world.snowflake(), place, world.bot, payload.get("content") or "", flags=flags, interaction=asked)
    post.files = stored(server, payload, uploads)
    post.components = numbered(payload.get("components") or [])
    post.embeds = [{"type": "rich", **e} for e in payload.get("embeds") or []]
    post.nonce = str(payload["nonce"]) if payload.get("nonce") is not None else None
    post.only_for = asked.person if asked and flags & EPHEMERAL else None
    _woken(server, post, payload)
    if reference := payload.get("message_reference"):
        _referenced(server, post, reference, payload)
    return post


def apply_edit(server: DiscordServer, post: Post, payload: Json, uploads: Sequence[Upload]) -> None:
    """Change a message as an edit asks."""
    if "content" in payload:
        post.content = payload["content"] or ""
    if "embeds" in payload:
        post.embeds = [{"type": "rich", **e} for e in payload["embeds"] or []]
    if "components" in payload:
        post.components = numbered(payload["components"] or [])
    if "flags" in payload and payload["flags"] is not None:
        post.flags = (post.flags & ~SUPPRESS_EMBEDS) | (payload["flags"] & SUPPRESS_EMBEDS)
    if "attachments" in payload:
        named = {str(a["id"]) for a in payload["attachments"] or []}
        post.files = [f for f in post.files if f.id in named]
    post.files += stored(server, payload, uploads)


def stored(server: DiscordServer, payload: Json, uploads: Sequence[Upload]) -> list[File]:
    """Uploaded files with what the request says of them."""
    described = {str(a.get("id")): a for a in payload.get("attachments") or []}
    voice = (payload.get("flags") or 0) & VOICE
    kept = []
    for upload in uploads:
        about = described.get(str(upload.index), {})
        kept.append(
            server.world.keep(
                about.get("filename") or upload.name,
                upload.content,
                _shown_type(upload),
                title=about.get("title") or "",
                duration=about.get("duration_secs") if voice else None,
                waveform=about.get("waveform") if voice else None,
                part_type=upload.part_type,
            )
        )
    return kept


def _shown_type(upload: Upload) -> str:
    said = upload.part_type
    return said if said != "application/octet-stream" else mimetypes.guess_type(upload.name)[0] or said


def numbered(rows: list[Json]) -> list[Json]:
    """Components with the numbers that Discord gives them."""
    count = itertools.count(1)
    return [
        row | {"id": next(count), "components": [{**part, "id": next(count)} for part in row["components"]]}
        for row in rows
    ]


def mentioned(server: DiscordServer, text: str) -> list[User]:
    found = (server.world.users.get(i) for i in re.findall(r"<@!?(\d+)>", text))
    return [who for who in dict.fromkeys(found) if who]


def _woken(server: DiscordServer, post: Post, payload: Json) -> None:
    """Whom a message of the bot notifies: everything in it, or what `allowed_mentions` lets through."""
    allowed = payload.get("allowed_mentions")
    kinds = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse") or []
    post.mentions = mentioned(server, post.content)
    woken = {who.id for who in post.mentions} if "users" in kinds else set(map(str, (allowed or {}).get("users") or []))
    server.world.pings += [f"user {who.id}" for who in post.mentions if who.id in woken]
    if "everyone" in kinds and re.search(r"@(everyone|here)", post.content):
        post.everyone = True
        server.world.pings.append("everyone")
    if "roles" in kinds:
        server.world.pings += [f"role {r}" for r in re.findall(r"<@&(\d+)>", post.content)]


def _referenced(server: DiscordServer, post: Post, reference: Json, payload: Json) -> None:
    world = server.world
    if str(reference.get("channel_id", post.channel.id)) != post.channel.id:
        raise invalid("message_reference", "REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL", "Cannot reply across channels")
    target = world.post(post.channel, str(reference["message_id"]))
    if target is None:
        if reference.get("fail_if_not_exists") is False:
            return
        error = {"code": "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "message": "Unknown message"}
        raise ApiError(400, 50035, "Invalid Form Body", errors={"message_reference": {"_errors": [error]}})
    if target.kind not in (0, 19, 20, 23):
        error = {"code": "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", "message": "Cannot reply to a system message"}
        raise ApiError(400, 50035, "Invalid Form Body", errors={"message_reference": {"_errors": [error]}})
    post.kind = REPLY
    post.reference = reference_to(target)
    if (payload.get("allowed_mentions") or {}).get("replied_user", payload.get("allowed_mentions") is None):
        post.mentions = list(dict.fromkeys([*post.mentions, target.author]))


def reference_to(target: Post, kind: int = 0) -> Json:
    guild = target.channel.guild
    made = {"type": kind, "channel_id": target.channel.id, "message_id": target.id}
    return made | ({"guild_id": guild.id} if guild else {})
