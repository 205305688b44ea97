"""Methods that post messages."""

from __future__ import annotations

import json
import time
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from platforms.telegram import rules, shapes
from platforms.telegram.call import Call
from platforms.telegram.errors import bad
from platforms.telegram.methods import Method, may_say, method, open_chat, reply_of, thread_of, words
from platforms.telegram.state import Chat, Msg, StoredFile, now
from platforms.telegram.textparse import parsed, typed

if TYPE_CHECKING:
    from platforms.telegram.server import TelegramServer

_ACTION_S = 5.0
"""How long clients show a chat action."""


async def stored(server: TelegramServer, call: Call, kind: str, given: str, told: dict[str, Any]) -> StoredFile:
    """The file that a parameter means: an upload, or one that Telegram has.

    Args:
        given: the parameter: `attach://` and the name of a part, or a file id; empty is the part named as the kind.
        told: title, performer, duration, width and height as the bot tells them.
    """
    name = given.removeprefix("attach://") if given.startswith("attach://") else kind
    part = call.files.get(name)
    if part is None:
        if given.startswith(("http://", "https://")):
            server.violate(f"{call.method}: sent by URL, which this server does not fetch")
            raise bad("wrong HTTP URL specified")
        if given not in server.world.files:
            raise bad("wrong file_id or the file is temporarily unavailable" if given else f"there is no {kind} in it")
        return server.world.files[given]
    claims = Call(call.method, {k: str(v) for k, v in told.items() if v is not None})
    found, faults = await rules.upload(kind, part, claims)
    server.violate(*faults)
    if "thumbnail" in told:
        cover = call.files.get(str(told["thumbnail"]).removeprefix("attach://"))
        server.violate(*(f"{call.method}: {f}" for f in (await rules.thumbnail(cover) if cover else ["no thumbnail"])))
    return server.world.keep(
        part.content,
        kind,
        PurePosixPath(part.filename).suffix,
        name=part.filename,
        mime=part.content_type,
        duration=int(claims.number("duration") or found.seconds),
        width=found.width,
        height=found.height,
        title=str(told.get("title") or ""),
        performer=str(told.get("performer") or ""),
    )


def post(
    server: TelegramServer,
    call: Call,
    chat: Chat,
    kind: str,
    *,
    text: str = "",
    entities: list[dict[str, Any]] | None = None,
    file: StoredFile | None = None,
    album: str = "",
) -> Msg:
    """Put the bot's message into the chat."""
    thread = thread_of(server, call, chat)
    parent = reply_of(call, chat)
    if parent is not None and chat.is_forum:
        if thread is None:
            thread = parent.thread  # an answer goes where its question is
        elif thread != parent.thread:
            server.violate(f"{call.method}: answers message {parent.id}, which is in another topic")
    _pings(server, call, chat, text, entities or [])
    message = Msg(
        server.world.next_id(chat),
        chat,
        server.world.bot,
        now(),
        kind,
        text,
        entities or [],
        file,
        rules.buttons(call.json("reply_markup")),
        thread,
        parent.id if parent else None,
        album,
    )
    chat.actions.clear()  # a message ends the sign that something is coming
    return server.world.add(message)


def _pings(server: TelegramServer, call: Call, chat: Chat, text: str, entities: list[dict[str, Any]]) -> None:
    """Words of the bot that would call somebody in a group, as Telegram finds names outside of code."""
    code = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in ("code", "pre")]
    for found in typed(text) if chat.type != "private" else []:
        if found["type"] == "mention" and not any(start <= found["offset"] < end for start, end in code):
            server.violate(f"{call.method}: calls somebody by name in a group: {text[:80]!r}")


def _limited(server: TelegramServer, chat: Chat, messages: int = 1) -> None:
    for _ in range(messages):
        if error := server.limits.check(chat.id, time.monotonic()):
            raise error


@method("sendMessage")
async def _send_message(server: TelegramServer, call: Call) -> Any:
    chat = open_chat(server, call)
    may_say(server, chat, "text")
    text, entities = words(server, call, "text")
    _limited(server, chat)
    return shapes.message(server.world, post(server, call, chat, "text", text=text, entities=entities))


def _medium(kind: str) -> Method:
    async def send(server: TelegramServer, call: Call) -> Any:
        chat = open_chat(server, call)
        may_say(server, chat, kind)
        thread_of(server, call, chat)
        text, entities = words(server, call, "caption")
        file = await stored(server, call, kind, call.text(kind), dict(call.params))
        _limited(server, chat)
        message = post(server, call, chat, kind, text=text, entities=entities, file=file)
        return shapes.message(server.world, message)

    return send


for _kind, _name in {
    "voice": "sendVoice",
    "audio": "sendAudio",
    "video": "sendVideo",
    "video_note": "sendVideoNote",
    "photo": "sendPhoto",
    "document": "sendDocument",
    "animation": "sendAnimation",
}.items():
    method(_name)(_medium(_kind))


@method("sendMediaGroup")
async def _send_media_group(server: TelegramServer, call: Call) -> Any:
    chat = open_chat(server, call)
    items = call.json("media")
    kinds = {item["type"] for item in items}
    if not 2 <= len(items) <= 10:
        raise bad("Wrong number of media in the album: 2 to 10 are taken")
    if len(kinds) > 1 and kinds != {"photo", "video"}:
        raise bad("Can't use the media of the specified type in the album")
    files = []
    for item in items:
        may_say(server, chat, item["type"])
        files.append(await stored(server, call, item["type"], item["media"], item))
    _limited(server, chat, len(items))
    album = str(server.world.number() + 13_000_000_000_000_000)
    posted = []
    for item, file in zip(items, files, strict=True):
        raw = _as_text(item.get("caption_entities"))
        text, entities = parsed(item.get("caption", ""), item.get("parse_mode", ""), raw)
        server.violate(*(f"{call.method}: {f}" for f in rules.text(text, caption=True)))
        posted.append(post(server, call, chat, item["type"], text=text, entities=entities, file=file, album=album))
    return [shapes.message(server.world, m) for m in posted]


def _as_text(value: Any) -> str:
    """JSON inside JSON back as the text that a parameter would be."""
    return "" if value is None else json.dumps(value)


@method("sendChatAction")
async def _send_chat_action(server: TelegramServer, call: Call) -> Any:
    chat = open_chat(server, call)
    thread_of(server, call, chat)
    action = call.text("action")
    if action not in rules.ACTIONS:
        raise bad("wrong parameter action in request")
    chat.actions.append((time.monotonic(), action))
    return True


def acting(chat: Chat) -> str:
    """The chat action that clients show now, or nothing."""
    at, action = chat.actions[-1] if chat.actions else (0.0, "")
    return action if time.monotonic() - at < _ACTION_S else ""
