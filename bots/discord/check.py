"""Is the bot set up on Discord? Asked of Discord itself, for `audiogpt doctor`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord

from bots.discord.connection import intents, point
from bots.discord.manifest import NEEDED, invite, named
from bots.findings import Finding
from core.settings import Settings

_LIMIT_S = 20.0
_MOST_SERVERS = 200


async def examine(settings: Settings) -> list[Finding]:
    """The token, the intent to read messages, the servers with what the bot lacks there."""
    point(settings)
    try:
        async with asyncio.timeout(_LIMIT_S), _logged_in(settings) as client:
            return [_token(client), _content(client), *await _servers(client)]
    except discord.LoginFailure:
        page = "https://discord.com/developers/applications"
        return [Finding(False, f"Discord does not know this token; reset it at {page} and set AUDIOGPT_DISCORD_TOKEN")]
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        return [Finding(False, f"Discord cannot be reached: {type(error).__name__}")]


@asynccontextmanager
async def _logged_in(settings: Settings) -> AsyncIterator[discord.Client]:
    client = discord.Client(intents=intents(), max_messages=None)
    try:
        await client.login(settings.discord_token.get_secret_value())
        yield client
    finally:
        await client.close()


def _token(client: discord.Client) -> Finding:
    assert client.user is not None, "a client that is logged in knows who it is"
    return Finding(True, f"the token is {client.user.name}'s")


def _content(client: discord.Client) -> Finding:
    flags = client.application_flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return Finding(True, "it may read messages")
    page = f"https://discord.com/developers/applications/{client.application_id}/bot"
    return Finding(False, f"it may not read messages: switch on “Message Content Intent” at {page}")


async def _servers(client: discord.Client) -> list[Finding]:
    link = invite(str(client.application_id))
    guilds = await client.http.get_guilds(_MOST_SERVERS)
    if not guilds:
        return [Finding(False, f"it is in no server yet; invite it: {link}")]
    found = [Finding(True, f"it is in {len(guilds)} server{'s' if len(guilds) > 1 else ''}; invite it to more: {link}")]
    for guild in guilds:
        granted = discord.Permissions(int(guild["permissions"]))
        lacking = discord.Permissions(NEEDED.value & ~granted.value)
        if lacking.value and not granted.administrator:
            found.append(Finding(False, f"in {guild['name']!r} it lacks: {', '.join(named(lacking))}"))
    return found
