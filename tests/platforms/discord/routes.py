"""Discord's API: what its routes do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from platforms.discord import callbacks, posting, rules, shapes, threads
from platforms.discord.lookup import Answer, channel, message
from platforms.discord.rules import ApiError, unknown
from platforms.discord.state import ADD_REACTIONS, MANAGE_MESSAGES, READ_HISTORY

if TYPE_CHECKING:
    from platforms.discord.server import Call, DiscordServer

Handler = Callable[..., Awaitable[Answer]]


async def nowhere(server: DiscordServer, call: Call) -> Answer:
    raise ApiError(404, 0, "404: Not Found")


async def get_me(server: DiscordServer, call: Call) -> Answer:
    return 200, shapes.me(server.world)


async def get_application(server: DiscordServer, call: Call) -> Answer:
    return 200, shapes.application(server.world)


async def get_gateway(server: DiscordServer, call: Call) -> Answer:
    return 200, {"url": server.gateway.url}


async def get_gateway_bot(server: DiscordServer, call: Call) -> Answer:
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    return 200, {"url": server.gateway.url, "shards": server.gateway.shards, "session_start_limit": limit}


async def get_guilds(server: DiscordServer, call: Call) -> Answer:
    return 200, [
        {
            "id": guild.id,
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(guild.permissions),
            "features": [],
        }
        for guild in server.world.guilds.values()
        if guild.bot_in
    ]


async def put_commands(server: DiscordServer, call: Call, application_id: str) -> Answer:
    names = [(c.get("type", 1), c["name"]) for c in call.payload]
    if len(set(names)) != len(names):
        raise rules.invalid("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Names must be unique")
    for kind, name in names:
        if kind == 1 and name != name.lower():
            raise rules.invalid("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    if sum(kind == 1 for kind, _ in names) > 100 or sum(kind == 3 for kind, _ in names) > 15:
        raise ApiError(400, 30032, "Maximum number of application commands reached", breach=True)
    server.world.commands = [shapes.command(server.world, c) for c in call.payload]
    return 200, server.world.commands


async def get_commands(server: DiscordServer, call: Call, application_id: str) -> Answer:
    return 200, server.world.commands


async def open_dm(server: DiscordServer, call: Call) -> Answer:
    who = server.world.users.get(str(call.payload["recipient_id"]))
    if who is None or who is server.world.bot:
        raise ApiError(400, 50033, "Invalid Recipient(s)", breach=True)
    return 200, shapes.channel(server.world.dm(who))


async def get_user(server: DiscordServer, call: Call, user_id: str) -> Answer:
    who = server.world.users.get(user_id)
    if who is None:
        raise unknown("User")
    return 200, shapes.user(who)


async def get_channel(server: DiscordServer, call: Call, channel_id: str) -> Answer:
    return 200, shapes.channel(channel(server, channel_id))


async def list_messages(server: DiscordServer, call: Call, channel_id: str) -> Answer:
    place = channel(server, channel_id)
    limit = int(call.query.get("limit", "50"))
    if not 1 <= limit <= 100:
        raise rules.invalid("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
    posts = [p for p in place.posts.values() if not p.deleted and p.only_for is None]
    if not place.bot_permissions & READ_HISTORY:
        posts = []
    if "after" in call.query:
        posts = [p for p in posts if int(p.id) > int(call.query["after"])][:limit]
    if "before" in call.query:
        posts = [p for p in posts if int(p.id) < int(call.query["before"])]
    return 200, [shapes.message(server.world, p) for p in reversed(posts[-limit:])]


async def get_message(server: DiscordServer, call: Call, channel_id: str, message_id: str) -> Answer:
    found = message(server, channel_id, message_id)
    if not found.channel.bot_permissions & READ_HISTORY:
        raise ApiError(403, 50013, "Missing Permissions")
    return 200, shapes.message(server.world, found)


async def create_message(server: DiscordServer, call: Call, channel_id: str) -> Answer:
    place = channel(server, channel_id)
    payload = call.payload or {}
    rules.may_send(place, payload, call.uploads)
    nonce = payload.get("nonce")
    if payload.get("enforce_nonce") and nonce is not None:
        twin = next((p for p in place.posts.values() if p.nonce == str(nonce) and p.author.bot), None)
        if twin:
            return 200, shapes.fresh(server.world, twin)
    for note in rules.message(payload, call.uploads, place.filesize_limit):
        server.breach(note)
    post = posting.from_bot(server, place, payload, call.uploads)
    await posting.publish(server, post)
    return 200, shapes.fresh(server.world, post)


async def edit_message(server: DiscordServer, call: Call, channel_id: str, message_id: str) -> Answer:
    post = message(server, channel_id, message_id)
    rules.edit(post, call.payload or {}, call.uploads, server.world.bot)
    posting.apply_edit(server, post, call.payload or {}, call.uploads)
    await posting.updated(server, post)
    return 200, shapes.message(server.world, post)


async def delete_message(server: DiscordServer, call: Call, channel_id: str, message_id: str) -> Answer:
    post = message(server, channel_id, message_id)
    others = post.author is not server.world.bot
    if others and (post.channel.guild is None or not post.channel.bot_permissions & MANAGE_MESSAGES):
        code = 50013 if post.channel.guild else 50003
        raise ApiError(403, code, "Missing Permissions")
    if post.channel.archived:
        raise ApiError(400, 50083, "Thread is archived")
    await posting.removed(server, post)
    return 204, None


async def trigger_typing(server: DiscordServer, call: Call, channel_id: str) -> Answer:
    place = channel(server, channel_id)
    rules.may_send(place, {}, ())
    server.typing.setdefault(place.id, []).append(call.at)
    return 204, None


async def add_reaction(server: DiscordServer, call: Call, channel_id: str, message_id: str, emoji_name: str) -> Answer:
    post = message(server, channel_id, message_id)
    emoji = unquote(emoji_name)
    if emoji.isascii():
        raise unknown("Emoji")
    if not post.channel.bot_permissions & ADD_REACTIONS:
        raise ApiError(403, 50013, "Missing Permissions")
    people = post.reactions.setdefault(emoji, [])
    if server.world.bot not in people:
        people.append(server.world.bot)
    return 204, None


async def remove_reaction(
    server: DiscordServer, call: Call, channel_id: str, message_id: str, emoji_name: str
) -> Answer:
    people = message(server, channel_id, message_id).reactions.get(unquote(emoji_name), [])
    if server.world.bot in people:
        people.remove(server.world.bot)
    return 204, None


_MESSAGES = "/channels/{channel_id}/messages"
_MESSAGE = _MESSAGES + "/{message_id}"
_REACTION = _MESSAGE + "/reactions/{emoji_name}/@me"
_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"

TABLE: list[tuple[str, str, Handler]] = [
    ("GET", "/users/@me", get_me),
    ("GET", "/users/@me/guilds", get_guilds),
    ("GET", "/users/{user_id}", get_user),
    ("POST", "/users/@me/channels", open_dm),
    ("GET", "/applications/@me", get_application),
    ("GET", "/oauth2/applications/@me", get_application),
    ("GET", "/applications/{application_id}/commands", get_commands),
    ("PUT", "/applications/{application_id}/commands", put_commands),
    ("GET", "/gateway", get_gateway),
    ("GET", "/gateway/bot", get_gateway_bot),
    ("GET", "/channels/{channel_id}", get_channel),
    ("GET", _MESSAGES, list_messages),
    ("POST", _MESSAGES, create_message),
    ("GET", _MESSAGE, get_message),
    ("PATCH", _MESSAGE, edit_message),
    ("DELETE", _MESSAGE, delete_message),
    ("POST", "/channels/{channel_id}/typing", trigger_typing),
    ("PUT", _REACTION, add_reaction),
    ("DELETE", _REACTION, remove_reaction),
    ("POST", "/channels/{channel_id}/threads", threads.create),
    ("POST", _MESSAGE + "/threads", threads.create_from_message),
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", callbacks.respond),
    ("POST", _WEBHOOK, callbacks.follow_up),
    ("GET", _WEBHOOK + "/messages/@original", callbacks.get_original),
    ("PATCH", _WEBHOOK + "/messages/@original", callbacks.edit_original),
    ("DELETE", _WEBHOOK + "/messages/@original", callbacks.delete_original),
    ("GET", _WEBHOOK + "/messages/{message_id}", callbacks.get_followup),
    ("PATCH", _WEBHOOK + "/messages/{message_id}", callbacks.edit_followup),
    ("DELETE", _WEBHOOK + "/messages/{message_id}", callbacks.delete_followup),
]
