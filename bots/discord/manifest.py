"""What an operator needs to set the bot up on Discord: the invite link and two switches."""

from __future__ import annotations

import base64
import binascii

import discord

from core.settings import Settings

NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    read_message_history=True,
    send_voice_messages=True,
)
"""What the bot does in a server, and nothing more."""
_NAMES = {"read_messages": "View Channels"}
SCOPES = ("bot", "applications.commands")
_PORTAL = "https://discord.com/developers/applications"


def manifest(settings: Settings) -> str:
    """Steps in words, with the invite link of this very bot where the token is set."""
    token = settings.discord_token.get_secret_value()
    known = application_of(token)
    page = f"{_PORTAL}/{known}" if known else _PORTAL
    first = (
        f"1. The application is {page}"
        if known
        else f"1. Make an application at {page}; under Bot, reset the token and set AUDIOGPT_DISCORD_TOKEN to it."
    )
    return "\n".join(
        (
            first,
            f"2. Under Bot, switch on “Message Content Intent”: {page}{'/bot' if known else ''}",
            "3. Invite it to a server with this link:",
            f"   {invite(known or 'YOUR_APPLICATION_ID')}",
            f"   It asks for: {', '.join(named(NEEDED))}.",
            "4. Start it; `audiogpt doctor` tells what is still missing.",
        )
    )


def invite(application: str) -> str:
    """The link by which a server's administrator adds the bot."""
    scopes = "+".join(SCOPES)
    query = f"client_id={application}&scope={scopes}&permissions={NEEDED.value}"
    return f"https://discord.com/oauth2/authorize?{query}"


def named(permissions: discord.Permissions) -> list[str]:
    """Permissions as Discord's settings call them."""
    return [_NAMES.get(name) or name.replace("_", " ").title() for name, granted in permissions if granted]


def application_of(token: str) -> str:
    """The application's id, which the first part of a token spells in Base64; empty where it does not."""
    first = token.partition(".")[0]
    try:
        said = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
    return said if said.isdigit() else ""
