"""Discord's markup as plain words: what a person meant to say, without the bot's own name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import discord

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_CHANNEL = re.compile(r"<#(\d+)>")
_EMOJI = re.compile(r"<a?:(\w+):\d+>")
_TIME = re.compile(r"<t:(-?\d+)(?::[a-zA-Z])?>")
_COMMAND = re.compile(r"</([^:>]+):\d+>")
_LINK = re.compile(r"<(https?://[^\s<>]+)>")


def plain(message: discord.Message, me: int, *, content: str | None = None) -> str:
    """The words of a message, or other `content` of the same. Mentions become names, the bot's own goes."""
    own_role = message.guild.self_role if message.guild else None

    def user(id: int) -> str:
        found = next((who for who in message.mentions if who.id == id), None)
        return "" if id == me else f"@{found.display_name}" if found else "@somebody"

    def role(id: int) -> str:
        found = message.guild.get_role(id) if message.guild else None
        return "" if own_role and id == own_role.id else f"@{found.name}" if found else "@some role"

    def channel(id: int) -> str:
        found = message.guild.get_channel_or_thread(id) if message.guild else None
        return f"#{found.name}" if found else "#some channel"

    text = message.content if content is None else content
    for pattern, named in ((_USER, user), (_ROLE, role), (_CHANNEL, channel)):
        text = pattern.sub(_by_id(named), text)
    text = _EMOJI.sub(r":\1:", text)
    text = _COMMAND.sub(r"/\1", text)
    text = _LINK.sub(r"\1", text)
    text = _TIME.sub(_moment, text)
    return re.sub(r"[ \t]{2,}", " ", text).strip()


def _by_id(named: Callable[[int], str]) -> Callable[[re.Match[str]], str]:
    return lambda found: named(int(found[1]))


def _moment(found: re.Match[str]) -> str:
    try:
        return f"{datetime.fromtimestamp(int(found[1]), UTC):%Y-%m-%d %H:%M} UTC"
    except (OverflowError, OSError, ValueError):
        return found[0]  # no moment that a calendar knows
