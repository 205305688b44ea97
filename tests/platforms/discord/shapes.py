"""The JSON of Discord's objects, as its API and its gateway send them."""

from __future__ import annotations

import re
from typing import Any

from platforms.discord.state import (
    ALL_PERMISSIONS,
    EPHEMERAL,
    THREADS,
    Channel,
    File,
    Guild,
    Interaction,
    Post,
    User,
    World,
    created,
    iso,
)

Json = dict[str, Any]

GATEWAY_MESSAGE_CONTENT = 1 << 18
GATEWAY_MESSAGE_CONTENT_LIMITED = 1 << 19


def user(who: User) -> Json:
    return {
        "id": who.id,
        "username": who.name.lower(),
        "discriminator": "0" if not who.bot else "0001",
        "global_name": None if who.bot else who.name,
        "avatar": None,
        "banner": None,
        "accent_color": None,
        "public_flags": 0,
        "flags": 0,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        **({"bot": True} if who.bot else {}),
    }


def me(world: World) -> Json:
    return {**user(world.bot), "mfa_enabled": True, "locale": "en-US", "verified": True, "email": None}


def member(guild: Guild, who: User, *, whole: bool = True, permissions: int | None = None) -> Json:
    made: Json = {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "flags": 0,
        "joined_at": created(who.id),
        "nick": None,
        "pending": False,
        "premium_since": None,
        "roles": [_bot_role(guild)] if who.bot else [],
        "mute": False,
        "deaf": False,
    }
    if whole:
        made["user"] = user(who)
    if permissions is not None:
        made["permissions"] = str(permissions)
    return made


def _bot_role(guild: Guild) -> str:
    return str(int(guild.id) + 1)


def _role(id: str, name: str, permissions: int, position: int) -> Json:
    return {
        "id": id,
        "name": name,
        "permissions": str(permissions),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": position > 0,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def channel(place: Channel) -> Json:
    last = next(reversed(place.posts), None)
    if place.recipient:
        return {
            "id": place.id,
            "type": place.kind,
            "flags": 0,
            "last_message_id": last,
            "recipients": [user(place.recipient)],
        }
    assert place.guild is not None
    common: Json = {
        "id": place.id,
        "type": place.kind,
        "flags": 0,
        "guild_id": place.guild.id,
        "name": place.name,
        "parent_id": place.parent.id if place.parent else None,
        "last_message_id": last,
        "rate_limit_per_user": 0,
    }
    if place.kind in THREADS:
        assert place.owner is not None
        return common | {
            "owner_id": place.owner.id,
            "thread_metadata": {
                "archived": place.archived,
                "archive_timestamp": created(place.id),
                "auto_archive_duration": 1440,
                "locked": place.locked,
                "create_timestamp": created(place.id),
            },
            "message_count": len(place.posts),
            "member_count": 1,
            "total_message_sent": len(place.posts),
        }
    role = _bot_role(place.guild)
    overwrite = {"id": role, "type": 0, "allow": "0", "deny": str(place.denied)}
    return common | {
        "position": 0,
        "topic": None,
        "nsfw": False,
        "permission_overwrites": [overwrite] if place.denied else [],
    }


def guild_create(world: World, guild: Guild) -> Json:
    living = [c for c in guild.channels if not c.gone]
    return {
        "id": guild.id,
        "name": guild.name,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "description": None,
        "banner": None,
        "owner_id": guild.owner.id,
        "application_id": None,
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [
            _role(guild.id, "@everyone", 0, 0),
            _role(_bot_role(guild), world.bot.name, guild.permissions, 1) | {"tags": {"bot_id": world.bot.id}},
        ],
        "emojis": [],
        "features": [],
        "mfa_level": 0,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "vanity_url_code": None,
        "premium_tier": guild.tier,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "public_updates_channel_id": None,
        "nsfw": False,
        "nsfw_level": 0,
        "stickers": [],
        "premium_progress_bar_enabled": False,
        "joined_at": created(guild.id),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members) + 1,
        "voice_states": [],
        "members": [member(guild, who) for who in (world.bot, *guild.members)],
        "channels": [channel(c) for c in living if c.kind not in THREADS],
        "threads": [channel(c) for c in living if c.kind in THREADS and not c.archived],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def attachment(world: World, file: File, folder: str, *, ephemeral: bool = False) -> Json:
    url = world.cdn_url(file, folder)
    made: Json = {
        "id": file.id,
        "filename": file.name,
        "size": len(file.content),
        "url": url,
        "proxy_url": url,
        "content_type": file.content_type,
        "flags": 0,
    }
    if file.title:
        made["title"] = file.title
    if file.duration is not None:
        made["duration_secs"] = file.duration
    if file.waveform is not None:
        made["waveform"] = file.waveform
    if ephemeral:
        made["ephemeral"] = True
    return made


def message(world: World, post: Post, *, deep: bool = True) -> Json:
    """A message as it is kept; `deep` carries the message that it replies to."""
    made: Json = {
        "id": post.id,
        "type": post.kind,
        "channel_id": post.channel.id,
        "author": user(post.author),
        "content": post.content,
        "timestamp": created(post.id),
        "edited_timestamp": iso(post.edited_at) if post.edited_at else None,
        "tts": False,
        "mention_everyone": post.everyone,
        "mentions": [user(who) for who in post.mentions],
        "mention_roles": list(dict.fromkeys(re.findall(r"<@&(\d+)>", post.content))) if post.channel.guild else [],
        "attachments": [
            attachment(world, f, post.channel.id, ephemeral=bool(post.flags & EPHEMERAL)) for f in post.files
        ],
        "embeds": post.embeds,
        "pinned": False,
        "flags": post.flags,
        "components": post.components,
    }
    if post.reactions:
        made["reactions"] = [_reaction(world, emoji, people) for emoji, people in post.reactions.items() if people]
    if post.thread:
        made["thread"] = channel(post.thread)
    if post.interaction:
        made |= {"webhook_id": world.bot.id, "application_id": world.bot.id}
        made["interaction_metadata"] = _metadata(post.interaction)
    if post.snapshot:
        made["message_snapshots"] = [{"message": _snapshot(world, post.snapshot)}]
    if post.reference:
        made["message_reference"] = post.reference
        origin = world.channels.get(str(post.reference["channel_id"]))
        target = origin.posts.get(str(post.reference.get("message_id", ""))) if origin else None
        if deep and post.snapshot is None and "message_id" in post.reference:
            there = target if target and not target.deleted else None
            made["referenced_message"] = message(world, there, deep=False) if there else None
    return made


def _snapshot(world: World, post: Post) -> Json:
    whole = message(world, post, deep=False)
    kept = ("type", "content", "embeds", "attachments", "timestamp", "edited_timestamp", "flags", "mentions")
    return {key: whole[key] for key in (*kept, "mention_roles", "components")}


def _reaction(world: World, emoji: str, people: list[User]) -> Json:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(people),
        "count_details": {"burst": 0, "normal": len(people)},
        "burst_colors": [],
        "me_burst": False,
        "me": world.bot in people,
    }


def owners(place: Channel) -> dict[str, str]:
    return {"0": place.guild.id if place.guild else "0"}


def _metadata(asked: Interaction) -> Json:
    made: Json = {
        "id": asked.id,
        "type": asked.kind,
        "user": user(asked.person),
        "authorizing_integration_owners": owners(asked.channel),
    }
    if asked.source:
        made["interacted_message_id"] = asked.source.id
    return made


def fresh(world: World, post: Post) -> Json:
    """A message at its birth: only then its nonce is told."""
    return message(world, post) | ({"nonce": post.nonce} if post.nonce is not None else {})


def message_event(world: World, post: Post, *, new: bool = False) -> Json:
    """A message as the gateway sends it."""
    made = (fresh if new else message)(world, post) | {"channel_type": post.channel.kind}
    guild = post.channel.guild
    if guild:
        made |= {"guild_id": guild.id, "member": member(guild, post.author, whole=False)}
    return made


def interaction(world: World, asked: Interaction) -> Json:
    place = asked.channel
    made: Json = {
        "id": asked.id,
        "application_id": world.bot.id,
        "type": asked.kind,
        "token": asked.token,
        "version": 1,
        "data": asked.data,
        "channel": channel(place),
        "channel_id": place.id,
        "app_permissions": str(place.bot_permissions),
        "locale": asked.person.locale,
        "entitlements": [],
        "authorizing_integration_owners": owners(place),
        "context": 0 if place.guild else 1,
        "attachment_size_limit": place.filesize_limit,
    }
    if place.guild:
        everything = member(place.guild, asked.person, permissions=ALL_PERMISSIONS)
        made |= {"guild_id": place.guild.id, "guild_locale": "en-US", "member": everything}
        made["guild"] = {"id": place.guild.id, "features": [], "locale": "en-US"}
    else:
        made["user"] = user(asked.person)
    if asked.source:
        made["message"] = message(world, asked.source)
    return made


def application(world: World) -> Json:
    return {
        "id": world.bot.id,
        "name": "AudioGPT",
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(world.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "00" * 32,
        "flags": (flags := GATEWAY_MESSAGE_CONTENT_LIMITED if world.message_content else 0),
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(world.owner),
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "summary": "",
        "eligible_oauth2_scopes": [],
    }


def command(world: World, asked: Json) -> Json:
    """A registered command, from what was asked to be registered."""
    return {
        "default_member_permissions": None,
        "dm_permission": True,
        "nsfw": False,
        "description": "",
        "type": 1,
        **{key: value for key, value in asked.items() if value is not None},
        "id": world.snowflake(),
        "application_id": world.bot.id,
        "version": world.snowflake(),
    }
