"""What Slack makes of an app manifest: the rules of its schema (slackapi/manifest-schema), and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from platforms.slack.state import ALL_SCOPES
from platforms.slack.world import World

Json = dict[str, Any]

_NEEDS = {
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "app_mention": "app_mentions:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "file_shared": "files:read",
    "file_deleted": "files:read",
}
_TOP = {"_metadata", "display_information", "features", "oauth_config", "settings"}


def faults_of_manifest(manifest: Json) -> Iterator[str]:
    """What Slack would refuse."""
    yield from (f"unknown key {k}" for k in set(manifest) - _TOP)
    about = manifest.get("display_information", {})
    yield from _length("name", about.get("name"), 1, 35)
    yield from _length("description", about.get("description", "x"), 1, 140)
    yield from _length("long_description", about.get("long_description", "x" * 175), 175, 4000)
    features = manifest.get("features", {})
    yield from _length("bot_user.display_name", features.get("bot_user", {}).get("display_name"), 1, 80)
    for command in features.get("slash_commands", ()):
        yield from _length("command", command.get("command"), 2, 32)
        yield from _length("description of a command", command.get("description"), 1, 2000)
        yield from _length("usage_hint", command.get("usage_hint", "x"), 1, 1000)
        if not str(command.get("command")).startswith("/"):
            yield f"{command.get('command')} does not begin with a slash"
    shortcuts = features.get("shortcuts", [])
    if len(shortcuts) > 10:
        yield "over 10 shortcuts"
    for shortcut in shortcuts:
        yield from _length("name of a shortcut", shortcut.get("name"), 1, 24)
        yield from _length("description of a shortcut", shortcut.get("description"), 1, 150)
        if shortcut.get("type") not in ("message", "global"):
            yield f"unknown kind of shortcut {shortcut.get('type')}"
    scopes = set(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", ()))
    yield from (f"unknown scope {s}" for s in scopes - ALL_SCOPES)
    settings = manifest.get("settings", {})
    events = settings.get("event_subscriptions", {})
    for event in events.get("bot_events", ()):
        if event in _NEEDS and _NEEDS[event] not in scopes:
            yield f"{event} needs the scope {_NEEDS[event]}"
    if features.get("slash_commands") and "commands" not in scopes:
        yield "slash commands need the scope commands"
    if not settings.get("socket_mode_enabled"):
        if events and not events.get("request_url"):
            yield "events without Socket Mode need a request_url"
        if settings.get("interactivity", {}).get("is_enabled") and not settings["interactivity"].get("request_url"):
            yield "interactivity without Socket Mode needs a request_url"
        yield from (f"{c['command']} needs a url" for c in features.get("slash_commands", ()) if not c.get("url"))


def _length(what: str, text: Any, least: int, most: int) -> Iterator[str]:
    if not isinstance(text, str) or not least <= len(text) <= most:
        yield f"{what} has {least} to {most} characters, not {text!r:.60}"


def apply_manifest(manifest: Json, world: World, violate: Callable[[str], None]) -> None:
    """Let the app be what its manifest says.

    Raises:
        ValueError: Slack would not take it.
    """
    faults = list(faults_of_manifest(manifest))
    if faults:
        raise ValueError("; ".join(faults))
    features, settings = manifest["features"], manifest["settings"]
    world.subscribed = set(settings["event_subscriptions"]["bot_events"])
    world.commands = {c["command"] for c in features.get("slash_commands", ())}
    world.shortcuts = {s["callback_id"] for s in features.get("shortcuts", ())}
    for team in world.teams.values():
        team.scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    if world.shortcuts and not settings.get("interactivity", {}).get("is_enabled"):
        violate("manifest: shortcuts and buttons need interactivity")
