"""What Discord demands beyond its schemas, as errors with its own codes."""

from __future__ import annotations

import base64
import binascii
import math
import mimetypes
from collections.abc import Iterator, Sequence
from typing import Any

from platforms.discord.ogg import read_opus
from platforms.discord.state import (
    ATTACH_FILES,
    COMPONENTS_V2,
    READ_HISTORY,
    SEND_IN_THREADS,
    SEND_MESSAGES,
    SEND_VOICE,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    THREADS,
    VIEW_CHANNEL,
    VOICE,
    Channel,
    Post,
    User,
)

CONTENT_LIMIT = 2000
FILES_LIMIT = 10
POINTS_LIMIT = 256
_POINTS_PER_S = 10
_DURATION_SLACK_S = 0.25
_SENDABLE_FLAGS = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | VOICE | COMPONENTS_V2


class ApiError(Exception):
    """An error answer. `breach`: the sender broke a rule that it could have known, so the test fails."""

    def __init__(self, status: int, code: int, message: str, *, errors: Any = None, breach: bool = False) -> None:
        super().__init__(f"{status} {code} {message} {errors or ''}")
        self.status = status
        self.breach = breach
        self.body = {"message": message, "code": code, **({"errors": errors} if errors else {})}


def unknown(what: str) -> ApiError:
    """404 of something that is gone or never was."""
    codes = {"Channel": 10003, "Message": 10008, "User": 10013, "Emoji": 10014, "Webhook": 10015, "Interaction": 10062}
    return ApiError(404, codes[what], f"Unknown {what}")


def invalid(field: str, code: str, message: str) -> ApiError:
    """50035, with the field that it is about."""
    errors: Any = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(field.split(".")):
        errors = {part: errors}
    return ApiError(400, 50035, "Invalid Form Body", errors=errors, breach=True)


class Upload:
    """A file part of a request."""

    def __init__(self, index: int, name: str, content: bytes, part_type: str) -> None:
        self.index = index
        self.name = name
        self.content = content
        self.part_type = part_type


def may_send(place: Channel, payload: dict[str, Any], uploads: Sequence[Upload]) -> None:
    """Whether the bot may post this here at all."""
    if place.recipient and place.recipient.dms_closed:
        raise ApiError(403, 50007, "Cannot send messages to this user")
    may = place.bot_permissions
    if not may & VIEW_CHANNEL:
        raise ApiError(403, 50001, "Missing Access")
    if not may & (SEND_IN_THREADS if place.kind in THREADS else SEND_MESSAGES):
        raise ApiError(403, 50013, "Missing Permissions")
    if place.locked:
        raise ApiError(403, 160005, "Thread is locked")
    if (payload.get("flags") or 0) & VOICE:
        if not may & SEND_VOICE:
            raise ApiError(403, 50173, "Cannot send voice messages in this channel")
    elif uploads and not may & ATTACH_FILES:
        raise ApiError(403, 50013, "Missing Permissions")
    if payload.get("message_reference") and not may & READ_HISTORY:
        raise ApiError(400, 160002, "Cannot reply without permission to read message history")


def message(payload: dict[str, Any], uploads: Sequence[Upload], limit: int) -> list[str]:
    """A new message, or a followup. Returns what Discord lets pass and its clients then play badly."""
    flags = payload.get("flags") or 0
    if flags & ~_SENDABLE_FLAGS & ~64:
        raise invalid("flags", "BASE_TYPE_BAD_FLAGS", f"{flags} has flags that cannot be set")
    _files(payload, uploads, limit)
    if flags & VOICE:
        return _voice(payload, uploads)
    _common(payload)
    nothing = not payload.get("content") and not payload.get("embeds") and not payload.get("components")
    if nothing and not uploads and not payload.get("attachments"):
        raise ApiError(400, 50006, "Cannot send an empty message", breach=True)
    return []


def edit(post: Post, payload: dict[str, Any], uploads: Sequence[Upload], editor: User) -> None:
    """An edit of a message."""
    if post.author is not editor:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user", breach=True)
    if post.voice:
        raise ApiError(400, 50162, "Voice messages cannot be edited", breach=True)
    if post.channel.archived:
        raise ApiError(400, 50083, "Thread is archived")
    _files(payload, uploads, post.channel.filesize_limit, kept={f.id for f in post.files})
    _common(payload)
    after = {
        "content": post.content,
        "embeds": post.embeds,
        "components": post.components,
        "attachments": post.files,
    } | payload
    if not any(after[key] for key in ("content", "embeds", "components", "attachments")) and not uploads:
        raise ApiError(400, 50006, "Cannot send an empty message", breach=True)


def _common(payload: dict[str, Any]) -> None:
    content = payload.get("content") or ""
    if len(content) > CONTENT_LIMIT:
        raise invalid("content", "BASE_TYPE_MAX_LENGTH", f"Must be {CONTENT_LIMIT} or fewer in length.")
    texts = (t for e in payload.get("embeds") or [] for t in (e.get("title"), e.get("description")))
    if sum(len(t or "") for t in texts) > 6000:
        raise invalid("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
    nonce = payload.get("nonce")
    if isinstance(nonce, str) and len(nonce) > 25:
        raise invalid("nonce", "NONCE_TYPE_TOO_LONG", "Nonce must be no longer than 25 characters.")
    _components(payload.get("components") or [])


def _components(rows: list[dict[str, Any]]) -> None:
    if len(rows) > 5:
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    taken: set[str] = set()
    for n, row in enumerate(rows):
        where = f"components.{n}"
        if row.get("type") != 1:
            raise invalid(where, "UNION_TYPE_CHOICES", "Value of field type must be one of (1,).")
        if not 1 <= len(row.get("components") or []) <= 5:
            raise invalid(f"{where}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
        for m, part in enumerate(row["components"]):
            if part.get("type") == 2:
                _button(f"{where}.components.{m}", part, taken)


def _button(where: str, button: dict[str, Any], taken: set[str]) -> None:
    link = button.get("style") == 5
    name = button.get("url" if link else "custom_id") or ""
    if not name or (link and button.get("custom_id")) or (not link and button.get("url")):
        raise invalid(where, "BUTTON_COMPONENT_INVALID", "A link has a url, any other button a custom_id.")
    if not link and len(name) > 100:
        raise invalid(f"{where}.custom_id", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    if not link and name in taken:
        raise invalid(
            f"{where}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
        )
    if len(button.get("label") or "") > 80:
        raise invalid(f"{where}.label", "BASE_TYPE_BAD_LENGTH", "Must be 80 or fewer in length.")
    if not button.get("label") and not button.get("emoji"):
        raise invalid(where, "BUTTON_COMPONENT_INVALID", "A button must have a label or emoji")
    taken.add(name)


def _files(
    payload: dict[str, Any], uploads: Sequence[Upload], limit: int, kept: frozenset[str] | set[str] = frozenset()
) -> None:
    if len(uploads) > FILES_LIMIT:
        raise invalid("attachments", "BASE_TYPE_MAX_LENGTH", f"Must be {FILES_LIMIT} or fewer in length.")
    if any(len(u.content) > limit for u in uploads):
        raise ApiError(413, 40005, "Request entity too large", breach=True)
    if any(not u.content for u in uploads):
        raise ApiError(400, 50006, "Cannot send an empty message", breach=True)
    named = [str(a.get("id")) for a in payload.get("attachments") or []]
    parts = {str(u.index) for u in uploads}
    for n, attachment_id in enumerate(named):
        if attachment_id not in parts and attachment_id not in kept:
            raise invalid(f"attachments.{n}", "ATTACHMENT_NOT_FOUND", "The attachment does not exist")


def _voice(payload: dict[str, Any], uploads: Sequence[Upload]) -> list[str]:
    if any(payload.get(key) for key in ("content", "embeds", "components", "sticker_ids", "poll")):
        raise ApiError(400, 50159, "Voice messages do not support additional content.", breach=True)
    if len(uploads) != 1 or len(payload.get("attachments") or []) != 1:
        raise ApiError(400, 50160, "Voice messages must have a single audio attachment.", breach=True)
    file, described = uploads[0], payload["attachments"][0]
    if not is_audio(file):
        raise ApiError(400, 50160, "Voice messages must have a single audio attachment.", breach=True)
    duration, waveform = described.get("duration_secs"), described.get("waveform")
    if duration is None or waveform is None:
        raise ApiError(400, 50161, "Voice messages must have supporting metadata.", breach=True)
    try:
        points = len(base64.b64decode(waveform, validate=True))
    except (binascii.Error, TypeError, ValueError):
        points = 0
    if not 0 < points <= min(POINTS_LIMIT, max(1, math.ceil(duration * _POINTS_PER_S) + 1)):
        raise invalid("attachments.0", "ATTACHMENT_METADATA_INVALID", "Invalid attachment metadata.")
    return list(_unfit(file, duration))


def is_audio(file: Upload) -> bool:
    """Discord goes by the part's type, and by the name where the type says nothing."""
    named = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return (file.part_type if file.part_type != "application/octet-stream" else named).startswith("audio/")


def _unfit(file: Upload, duration: float) -> Iterator[str]:
    if not file.part_type.startswith("audio/"):
        yield f"a voice message's part has the type {file.part_type}"
    opus = read_opus(file.content)
    if opus is None or opus.channels != 1:
        yield "a voice message is not Ogg with one channel of Opus"
    elif abs(opus.duration_s - duration) > _DURATION_SLACK_S:
        yield f"a voice message says {duration} s and is {opus.duration_s:.2f} s long"
