"""What an operator pastes into https://api.slack.com/apps to make the app: its manifest."""

from __future__ import annotations

import json
from typing import Any

from bots.commands import COMMANDS, SHORTCUTS
from core.settings import Settings

Json = dict[str, Any]

SCOPES = {
    "app_mentions:read": "hear a mention",
    "channels:history": "hear messages in channels that it is in",
    "chat:write": "answer",
    "commands": "slash commands and shortcuts",
    "files:read": "fetch what people send",
    "files:write": "send what it makes",
    "groups:history": "hear messages in private channels that it is in",
    "im:history": "hear direct messages",
    "mpim:history": "hear direct messages of several people",
    "reactions:read": "be stopped by an emoji",
    "users:read": "know people's names and languages",
}
"""What the app asks for, and for what."""

EVENTS = (
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "tokens_revoked",
)

_NAME = "AudioGPT"
_SHORT = "Understands and makes speech, music and sound"
_LONG = (
    "Say or type what you want, and get text, audio, a picture or an edited clip back. Send an audio clip to speak to "
    "it, or a recording to work on. In channels, mention it; the answer comes into the thread, where no further "
    "mention is needed. What it makes is made by AI. /privacy tells what is kept, /forget erases it."
)
_HINTS = {
    "ask": "read this aloud: The train leaves at nine.",
    "voice": "on, off, auto, or words to read aloud",
    "again": "slower, in French, in a woman's voice, 20 seconds long",
}
_YOURS = "https://YOUR-HOST"


def redirect_url(settings: Settings) -> str:
    """Where Slack sends people back after an installation; empty when our own address is not known."""
    return f"{settings.public_url.rstrip('/')}/slack/oauth_redirect" if settings.public_url else ""


def manifest(settings: Settings) -> str:
    """The manifest for the mode that is set: Socket Mode with an app token, or without any secret yet; else HTTP."""
    secret = settings.slack_signing_secret.get_secret_value()
    by_http = bool(secret) and not settings.slack_app_token.get_secret_value()
    address = f"{settings.public_url.rstrip('/') or _YOURS}/slack/events"
    return json.dumps(_manifest(settings, address if by_http else ""), indent=2, ensure_ascii=False)


def _manifest(settings: Settings, address: str) -> Json:
    at = {"request_url": address} if address else {}
    oauth: Json = {"scopes": {"bot": list(SCOPES)}}
    if settings.slack_client_id:
        oauth["redirect_urls"] = [redirect_url(settings) or f"{_YOURS}/slack/oauth_redirect"]
    return {
        "display_information": {"name": _NAME, "description": _SHORT, "long_description": _LONG},
        "features": {
            "app_home": {
                "home_tab_enabled": False,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": _NAME, "always_online": True},
            "shortcuts": [_shortcut(name) for name in SHORTCUTS],
            "slash_commands": [_command(name, address) for name in COMMANDS],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {**at, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **at},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }


def _command(name: str, address: str) -> Json:
    shape: Json = {"command": f"/{name}", "description": COMMANDS[name], "should_escape": False}
    shape |= {"usage_hint": _HINTS[name]} if name in _HINTS else {}
    return shape | ({"url": address} if address else {})


def _shortcut(name: str) -> Json:
    callback = name.lower().replace(" ", "_")
    return {"name": name, "type": "message", "callback_id": callback, "description": f"{SHORTCUTS[name]} with {_NAME}"}
