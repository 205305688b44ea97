"""Commands that are typed into a room, as on the chat platforms: "/why", "/again slower", "/forget"."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime

from bots.commands import COMMANDS, Call, Said
from bots.layout import Verb
from bots.web.context import Context
from bots.web.schemas import ReplyEvent
from core.messages import Message
from core.repeating import AGAIN

_TYPED = re.compile(r"^\s*/(?P<name>[A-Za-z]+)(?:\s+(?P<rest>.*))?$", re.DOTALL)
_VOICE_WISHES = frozenset(["", "on", "off", "auto"])
_YES = frozenset(["yes", "y"])
_SURE = " Write /forget yes if you are sure."


def typed(text: str) -> tuple[str, str] | None:
    """The command that a message is, and what stands behind it."""
    match = _TYPED.match(text)
    name = match["name"].lower() if match else ""
    return (name, (match["rest"] or "").strip()) if match and name in COMMANDS else None


def in_words(message: Message) -> Message:
    """The message with a command that asks for something put as a request; any other is as it was."""
    name, rest = typed(message.text) or ("", "")
    if name == "ask" and (rest or message.attachments):
        return replace(message, text=rest)
    if name == "again":
        return replace(message, text=f"{AGAIN}, {rest}" if rest else AGAIN)
    if name == "voice" and rest.lower() not in _VOICE_WISHES:
        return replace(message, text=f"Read this aloud: {rest}")
    return message


async def carry_out(context: Context, message: Message) -> None:
    """Answer a command in its room. Everybody there sees that, as everything in a room.

    Raises:
        StoreLost: the database cannot be reached.
    """
    started = time.monotonic()
    name, rest = typed(message.text) or ("help", "")
    call = Call(message.key, message.author, message.id, rest, locale=message.locale)
    if name == "forget" and rest.lower() in _YES:
        said = await context.commands.press(Verb.FORGET, call)
    else:
        said = await context.commands.run(name, call)
    sure = _SURE if said.buttons else ""
    room, ms = str(message.key), (time.monotonic() - started) * 1000
    event = ReplyEvent(
        message_id=message.id,
        text=said.text + sure,
        heard="",
        shown=[],
        refusal=None,
        plan=[],
        pictured=_pictured(said),
        ms=round(ms, 1),
        at=datetime.now(UTC),
    )
    await context.desk.store.append_event(room, f"reply {room}#{message.id}", event.model_dump(mode="json"))
    context.rooms.wake(room)


def _pictured(said: Said) -> str:
    return said.drawing.message_id if said.drawing else ""
