"""Text as Telegram reads it: entities of what people type, and HTML mode of what bots send. Units: UTF-16."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from platforms.telegram.errors import ApiError

Entities = list[dict[str, Any]]

_TYPED = re.compile(r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,32}(@\w+)?)|(?P<mention>(?<!\w)@\w{3,32})")
_TAG = re.compile(r"<(/?)([a-zA-Z0-9-]+)([^<>]*)>")
_NAMES = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    **{tag: tag for tag in ("code", "pre", "blockquote")},
    "a": "text_link",
}


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def typed(text: str) -> Entities:
    """The entities that a client finds in typed text."""
    return [
        {"type": str(found.lastgroup), "offset": units(text[: found.start()]), "length": units(found[0])}
        for found in _TYPED.finditer(text)
    ]


def parsed(text: str, parse_mode: str, entities: str) -> tuple[str, Entities]:
    """Plain text and entities of what a bot sends.

    Raises:
        ApiError: as Telegram refuses what it cannot parse.
    """
    if parse_mode.lower() == "html":
        return _html(text)
    if parse_mode:
        raise ApiError(400, f"Bad Request: parse mode {parse_mode} is not played by this server")
    found: Entities = json.loads(entities) if entities else []
    whole = units(text)
    for entity in found:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > whole:
            raise ApiError(400, "Bad Request: entity lies outside of the text")
    return text, found


def _html(text: str) -> tuple[str, Entities]:
    plain = ""
    done: Entities = []
    open_tags: list[tuple[str, dict[str, Any]]] = []
    at = 0
    for tag in _TAG.finditer(text):
        plain += _unescaped(text[at : tag.start()])
        at = tag.end()
        name = tag[2].lower()
        if name not in _NAMES:
            raise ApiError(
                400,
                f'Bad Request: can\'t parse entities: Unsupported start tag "{name}" at byte offset {tag.start()}',
            )
        if tag[1]:
            if not open_tags or open_tags[-1][0] != name:
                raise ApiError(
                    400, f"Bad Request: can't parse entities: Unexpected end tag at byte offset {tag.start()}"
                )
            entity = open_tags.pop()[1]
            entity["length"] = units(plain) - entity["offset"]
            if entity["length"]:
                done.append(entity)
        else:
            opened: dict[str, Any] = {"type": _NAMES[name], "offset": units(plain)}
            link = re.search(r'href="([^"]*)"', tag[3])
            if link:
                opened["url"] = html.unescape(link[1])
            open_tags.append((name, opened))
    if open_tags:
        raise ApiError(
            400,
            f"Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1][0]}\"",
        )
    plain += _unescaped(text[at:])
    return plain, sorted(done, key=lambda e: (e["offset"], -e["length"]))


def _unescaped(text: str) -> str:
    if "<" in text:
        raise ApiError(400, "Bad Request: can't parse entities: Unsupported start tag at byte offset 0")
    return html.unescape(text)
