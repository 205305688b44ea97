"""Text both ways: what a person wrote, as plain words; what the bot says, with Telegram's entities."""

from __future__ import annotations

import re
from collections.abc import Sequence

from telegram import MessageEntity, User

from bots.splitting import utf16

_MARKS = re.compile(
    r"```(?P<lang>[\w+-]*)\n(?P<pre>.*?)\n?```"
    r"|`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<bold>\S(?:[^*\n]*\S)?)\*\*"
    r"|\[(?P<label>[^\]\n]+)\]\((?P<url>https?://[^\s)]+)\)",
    re.DOTALL,
)
_PING = re.compile(r"(?<!\w)@(?=\w)")
_HUSHED = "@\u2060"
"""An @ with a word joiner behind it: it looks the same and calls nobody."""


def length(text: str) -> int:
    """The most units of UTF-16 that a text can become when `said` has made it ready."""
    return utf16(text) + len(_PING.findall(text))


def said(text: str, *, hushed: bool) -> tuple[str, list[MessageEntity]]:
    """A text of the bot ready to be sent: Markdown's commonest marks as entities.

    Entities rather than a parse mode: no text, however odd, can then be refused as badly marked up.

    Args:
        hushed: nobody is called by a name with @ in it, because others read along.
    """
    plain, entities, at = "", [], 0
    for found in _MARKS.finditer(text):
        plain += _quiet(text[at : found.start()], hushed)
        at = found.end()
        kind, inner = next((k, v) for k, v in found.groupdict().items() if v is not None and k in _KINDS)
        start = utf16(plain)
        plain += inner if kind in ("pre", "code") else _quiet(inner, hushed)
        long = utf16(plain) - start
        if long:
            entities.append(MessageEntity(_KINDS[kind], start, long, url=found["url"], language=found["lang"] or None))
    return plain + _quiet(text[at:], hushed), entities


_KINDS = {
    "pre": MessageEntity.PRE,
    "code": MessageEntity.CODE,
    "bold": MessageEntity.BOLD,
    "label": MessageEntity.TEXT_LINK,
}


def _quiet(text: str, hushed: bool) -> str:
    return _PING.sub(_HUSHED, text) if hushed else text


def heard(text: str, entities: Sequence[MessageEntity], me: User) -> tuple[str, bool]:
    """A person's words without the bot's own mention and with hidden links written out; whether it was mentioned."""
    mentioned = False
    units = text.encode("utf-16-le")
    for entity in sorted(entities, key=lambda e: e.offset, reverse=True):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        part = units[start:end].decode("utf-16-le", "replace")
        if entity.type == MessageEntity.MENTION and part.lower() == f"@{me.username}".lower():
            mentioned, part = True, ""
        elif entity.type == MessageEntity.TEXT_MENTION and entity.user is not None:
            mentioned = mentioned or entity.user.id == me.id
            part = "" if entity.user.id == me.id else f"@{part.removeprefix('@')}"
        elif entity.type == MessageEntity.TEXT_LINK and entity.url and entity.url != part:
            part = f"{part} ({entity.url})"
        else:
            continue
        units = units[:start] + part.encode("utf-16-le") + units[end:]
    plain = units.decode("utf-16-le", "replace")
    if mentioned:
        plain = re.sub(r"[ \t]{2,}", " ", plain).strip().lstrip(",:;").strip()
    return plain, mentioned
