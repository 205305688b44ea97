"""What a request must be like, by hand: what Slack's documentation and recorded errors say of each method."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

Json = dict[str, Any]

_TS = re.compile(r"\d{10}\.\d{6}")
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{5,}")
_USER = re.compile(r"[UW][A-Z0-9]{5,}")
_FILE = re.compile(r"F[A-Z0-9]{5,}")
_NAME = re.compile(r"[a-z0-9_+'-]+")
_EVENT_TYPE = re.compile(r"[a-z0-9_]{1,255}")

MOST_TEXT = 4000
"""Characters of a message: more is split where it happens to break, and `chat.update` refuses it."""
MOST_BLOCKS_TEXT = 10_000
"""Characters in all the blocks together: 9,597 were taken, 11,341 were not (slackapi/bolt-js issue 2867)."""


@dataclass(frozen=True)
class Method:
    """A method of the Web API: what it takes, which scope it asks for, how often it may be called."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    scope: str = ""
    tier: int = 3
    """Requests a minute: 1 is 1+, 2 is 20+, 3 is 50+, 4 is 100+; 0 is not limited here."""


_MESSAGE = ("text", "blocks", "thread_ts", "metadata", "unfurl_links", "unfurl_media", "mrkdwn", "parse", "link_names")
_PAGE = ("cursor", "limit", "latest", "oldest", "inclusive", "include_all_metadata")

METHODS: dict[str, Method] = {
    "api.test": Method((), ("foo", "error"), tier=4),
    "auth.test": Method(tier=0),
    "auth.revoke": Method((), ("test",)),
    "apps.connections.open": Method(tier=1),
    "apps.uninstall": Method(("client_id", "client_secret"), tier=1),
    "bots.info": Method((), ("bot",), "users:read"),
    "chat.delete": Method(("channel", "ts"), (), "chat:write"),
    "chat.getPermalink": Method(("channel", "message_ts"), tier=0),
    "chat.postEphemeral": Method(("channel", "user"), _MESSAGE, "chat:write", 4),
    "chat.postMessage": Method(("channel",), (*_MESSAGE, "reply_broadcast"), "chat:write", 0),
    "chat.update": Method(("channel", "ts"), (*_MESSAGE[:2], "metadata", "parse", "link_names"), "chat:write"),
    "conversations.history": Method(("channel",), _PAGE, "history"),
    "conversations.info": Method(("channel",), ("include_locale", "include_num_members"), "read"),
    "conversations.open": Method((), ("users", "channel", "return_im", "prevent_creation"), "im:write"),
    "conversations.replies": Method(("channel", "ts"), _PAGE, "history"),
    "files.completeUploadExternal": Method(
        ("files",), ("channel_id", "channels", "initial_comment", "thread_ts", "blocks"), "files:write", 4
    ),
    "files.delete": Method(("file",), (), "files:write"),
    "files.getUploadURLExternal": Method(("filename", "length"), ("alt_txt", "snippet_type"), "files:write", 4),
    "files.info": Method(("file",), ("cursor", "limit"), "files:read", 4),
    "oauth.v2.access": Method((), ("code", "redirect_uri", "grant_type", "refresh_token"), tier=4),
    "reactions.add": Method(("channel", "name", "timestamp"), (), "reactions:write"),
    "reactions.remove": Method(("channel", "name", "timestamp"), (), "reactions:write", 2),
    "team.info": Method((), ("team",), "team:read"),
    "users.info": Method(("user",), ("include_locale",), "users:read", 4),
    "views.open": Method(("trigger_id", "view"), (), "", 4),
    "views.update": Method(("view",), ("view_id", "external_id", "hash"), "", 4),
}

_MATCHES = {
    "ts": _TS,
    "thread_ts": _TS,
    "message_ts": _TS,
    "timestamp": _TS,
    "oldest": re.compile(r"\d+(\.\d+)?"),
    "latest": re.compile(r"\d+(\.\d+)?"),
    "channel": _CHANNEL,
    "channel_id": _CHANNEL,
    "user": _USER,
    "file": _FILE,
    "name": _NAME,
    "length": re.compile(r"[1-9]\d*"),
}


def faults_of_call(method: str, args: Json) -> Iterator[str]:
    """What is wrong with a call, whatever the workspace holds."""
    rule = METHODS.get(method)
    if rule is None:
        yield "unknown method"
        return
    known = {*rule.required, *rule.optional, "team_id"}
    yield from (f"unknown argument {name}" for name in args if name not in known)
    yield from (f"{name} is missing" for name in rule.required if args.get(name) in (None, ""))
    for name, pattern in _MATCHES.items():
        if name in args and not pattern.fullmatch(str(args[name])):
            yield f"{name} is malformed: {args[name]!r}"
    if method in ("chat.postMessage", "chat.update", "chat.postEphemeral"):
        yield from _faults_of_message(args)
    elif method == "files.completeUploadExternal":
        yield from _faults_of_completion(args)
    elif method == "files.getUploadURLExternal":
        name = str(args.get("filename", ""))
        if "/" in name or "." not in name.strip("."):
            yield f"filename has no extension or has a folder: {name!r}"
    elif method == "views.open":
        yield from _faults_of_view(decoded(args.get("view")))
    if "metadata" in args:
        yield from _faults_of_metadata(decoded(args["metadata"]))


def decoded(value: Any) -> Any:
    """An argument that may come as JSON text, as forms carry it."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _faults_of_message(args: Json) -> Iterator[str]:
    blocks = decoded(args["blocks"]) if "blocks" in args else []
    text = args.get("text")
    if not text and not blocks:
        yield "no_text: neither text nor blocks"
    if not text and blocks:
        yield "blocks without text: notifications and screen readers have nothing to show"
    if isinstance(text, str) and len(text) > MOST_TEXT:
        yield f"msg_too_long: text has {len(text)} characters"
    if blocks is None or not isinstance(blocks, list):
        yield "invalid_blocks_format"
    else:
        yield from faults_of_blocks(blocks)


def _faults_of_completion(args: Json) -> Iterator[str]:
    files = decoded(args.get("files"))
    if not isinstance(files, list) or not files or not all(isinstance(f, dict) and "id" in f for f in files):
        yield "files is not a list of {id, title}"
    if "channel_id" not in args:
        yield "no channel_id: the file would be seen by nobody"
    if "channels" in args:
        yield "channels and thread_ts do not go together: give one channel_id"
    if len(str(args.get("initial_comment", ""))) > MOST_TEXT:
        yield "initial_comment is too long"
    blocks = decoded(args.get("blocks")) or []
    if any(b.get("type") == "markdown" for b in blocks):
        yield "a markdown block here is answered with internal_error"


def _faults_of_metadata(metadata: Any) -> Iterator[str]:
    if not isinstance(metadata, dict):
        yield "metadata is not an object"
        return
    if metadata == {}:
        return
    if not _EVENT_TYPE.fullmatch(str(metadata.get("event_type", ""))):
        yield "metadata.event_type is malformed"
    if not isinstance(metadata.get("event_payload"), dict):
        yield "metadata.event_payload is not an object"
    if len(json.dumps(metadata)) > 16_000:
        yield "metadata_too_large"


def _faults_of_view(view: Any) -> Iterator[str]:
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        yield "view is not a modal"
        return
    if not 1 <= len(str(view.get("title", {}).get("text", ""))) <= 24:
        yield "the title of a view has 1 to 24 characters"
    yield from faults_of_blocks(view.get("blocks", []))


def faults_of_blocks(blocks: list[Json]) -> Iterator[str]:
    """What Slack would refuse in blocks; checked by hand and by Slack's own models."""
    if len(blocks) > 50:
        yield f"{len(blocks)} blocks, 50 are allowed"
    ids = [b["block_id"] for b in blocks if "block_id" in b]
    if len(ids) != len(set(ids)) or any(len(i) > 255 for i in ids):
        yield "block_id is not unique or has over 255 characters"
    total = sum(len(text) for text in _texts(blocks))
    if total > MOST_BLOCKS_TEXT:
        yield f"msg_blocks_too_long: {total} characters"
    for block in blocks:
        yield from _faults_of_block(block)
        try:
            model = Block.parse(block)
            if model is None:
                yield f"unknown block {block.get('type')!r}"
            else:
                model.validate_json()
        except (SlackObjectFormationError, TypeError, KeyError, AttributeError) as error:
            yield f"{block.get('type')}: {error}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _faults_of_block(block: Json) -> Iterator[str]:
    kind = block.get("type")
    if kind == "section":
        text = block.get("text")
        if text is None and not block.get("fields"):
            yield "a section without text"
        if text is not None:
            yield from _faults_of_text(text, 3000)
        if len(block.get("fields", ())) > 10:
            yield "a section with over 10 fields"
    elif kind == "header":
        yield from _faults_of_text(block.get("text"), 150, plain=True)
    elif kind == "context":
        if not 1 <= len(block.get("elements", ())) <= 10:
            yield "a context has 1 to 10 elements"
        for element in block.get("elements", ()):
            if element.get("type") != "image":
                yield from _faults_of_text(element, 2000)
    elif kind == "markdown" and not 1 <= len(block.get("text", "")) <= 12_000:
        yield "a markdown block has 1 to 12,000 characters"
    elif kind == "actions":
        elements = block.get("elements", [])
        if not 1 <= len(elements) <= 25:
            yield "actions have 1 to 25 elements"
        ids = [e.get("action_id") for e in elements]
        if len(ids) != len(set(ids)):
            yield "action_id is not unique in its block"
        for element in elements:
            if element.get("type") == "button":
                yield from _faults_of_button(element)


def _faults_of_button(button: Json) -> Iterator[str]:
    yield from _faults_of_text(button.get("text"), 75, plain=True)
    if not 1 <= len(str(button.get("action_id", ""))) <= 255:
        yield "action_id has 1 to 255 characters"
    if len(button.get("value", "")) > 2000:
        yield "value of a button has over 2000 characters"
    if "url" in button and not re.fullmatch(r"https?://\S{1,2990}", button["url"]):
        yield "url of a button is malformed"
    if button.get("style", "primary") not in ("primary", "danger"):
        yield f"unknown style {button['style']!r}"


def _faults_of_text(text: Any, most: int, *, plain: bool = False) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in ("plain_text", "mrkdwn"):
        yield "text is not a text object"
    elif plain and text["type"] != "plain_text":
        yield "only plain_text is allowed here"
    elif not 1 <= len(text.get("text", "")) <= most:
        yield f"text has {len(text.get('text', ''))} characters, 1 to {most} are allowed"
