"""Words between Slack and us: what a person wrote, as plain text; what the bot says, as blocks that mention nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bots.layout import Button, Verb

Json = dict[str, Any]
Names = Callable[[str], str]
"""A person's id to their name."""

ACTION = "audiogpt:"
"""What the ids of our buttons begin with; the verb follows."""

MOST = 3000
"""Characters of one message. Slack takes 4,000 of text, also after `&` has become `&amp;`, and 3,000 in a section."""
_FALLBACK = 3800

_MARKUP = re.compile(r"<([^<>]+)>")
_FENCE = re.compile(r"^[ \t]*```[^\n]*\n(.*?)(?:^[ \t]*```[ \t]*$\n?|\Z)", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(
    r"\*\*(?P<bold>[^\s*][^*\n]*)\*\*"
    r"|(?<!`)`(?P<code>[^`\n]+)`(?!`)"
    r"|\[(?P<label>[^\[\]\n]+)\]\((?P<target>https?://[^\s()]+)\)"
    r"|(?P<url>https?://[^\s<>()]*[^\s<>().,;:!?'\"])"
)


def escaped(text: str) -> str:
    """Text in which Slack finds no mention, link or channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """The three characters that Slack escapes."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mentioned(message: Json) -> set[str]:
    """Ids of the people whom a message mentions."""
    return set(re.findall(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>", str(message.get("text") or "")))


def plain(message: Json, bot: str, names: Names) -> str:
    """What a person wrote, without marks, without the mention of the bot.

    From the blocks of Slack's own composer where there are such: they tell marks from characters. Else from the text.
    """
    blocks = message.get("blocks") or []
    if blocks and all(block.get("type") == "rich_text" for block in blocks):
        words = "\n".join(_rich(block, bot, names) for block in blocks)
    else:
        words = _from_markup(str(message.get("text") or ""), bot, names)
    lines = (" ".join(part for part in line.split(" ") if part) for line in words.splitlines())
    return "\n".join(lines).strip()


def _from_markup(text: str, bot: str, names: Names) -> str:
    def meant(match: re.Match[str]) -> str:
        target, _, label = match.group(1).partition("|")
        if target.startswith("@"):
            return "" if target[1:] == bot else f"@{names(target[1:])}"
        if target.startswith("#"):
            return f"#{label}" if label else "#channel"
        if target.startswith("!"):
            said = label or target[1:].partition("^")[0]
            return said if said.startswith("@") or target.startswith("!date") else f"@{said}"
        return target.removeprefix("mailto:")

    return unescaped(_MARKUP.sub(meant, text))


def _rich(element: Json, bot: str, names: Names) -> str:
    kind = element.get("type")
    match kind:
        case "text":
            return str(element.get("text", ""))
        case "link":
            return str(element.get("url", ""))
        case "user":
            user = str(element.get("user_id", ""))
            return "" if user == bot else f"@{names(user)}"
        case "emoji":
            return _emoji(element)
        case "broadcast":
            return f"@{element.get('range', 'here')}"
        case "channel":
            return "#channel"
        case "usergroup":
            return "@group"
        case "date":
            return str(element.get("fallback", ""))
    inner = [_rich(e, bot, names) for e in element.get("elements", ())]
    return ("\n" if kind in ("rich_text", "rich_text_list") else "").join(inner)


def _emoji(element: Json) -> str:
    try:
        return "".join(chr(int(code, 16)) for code in str(element["unicode"]).split("-"))
    except (KeyError, ValueError, OverflowError):  # an emoji of the workspace's own has a name only
        return f":{element.get('name', '')}:"


def fallback(text: str) -> str:
    """What notifications and screen readers are given beside the blocks."""
    return re.sub(r"&[a-z]{0,3}$", "", escaped(text)[:_FALLBACK]) or "…"


def blocks_of(text: str, buttons: Sequence[Button] = ()) -> list[Json]:
    """A message: its words as rich text, in which Slack parses nothing, then its buttons."""
    blocks: list[Json] = []
    elements = list(_sections(text))
    if elements:
        blocks.append({"type": "rich_text", "elements": elements})
    if buttons:
        blocks.append({"type": "actions", "elements": [_button(b) for b in buttons]})
    return blocks


def _button(button: Button) -> Json:
    shape: Json = {
        "type": "button",
        "text": {"type": "plain_text", "text": button.label},
        "action_id": f"{ACTION}{button.verb}",
        "value": str(button.verb),
    }
    return shape | ({"style": "danger"} if button.verb in (Verb.STOP, Verb.FORGET) else {})


def _sections(text: str) -> Iterator[Json]:
    at = 0
    for fence in _FENCE.finditer(text):
        yield from _section(text[at : fence.start()].removesuffix("\n"))
        code = fence.group(1).removesuffix("\n")
        if code:
            yield {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": code}]}
        at = fence.end()
    yield from _section(text[at:])


def _section(text: str) -> Iterator[Json]:
    elements = list(_elements(text))
    if elements:
        yield {"type": "rich_text_section", "elements": elements}


def _elements(text: str) -> Iterator[Json]:
    at = 0
    for found in _INLINE.finditer(text):
        if text[at : found.start()]:
            yield {"type": "text", "text": text[at : found.start()]}
        if found["bold"]:
            yield {"type": "text", "text": found["bold"], "style": {"bold": True}}
        elif found["code"]:
            yield {"type": "text", "text": found["code"], "style": {"code": True}}
        elif found["target"]:
            yield {"type": "link", "url": found["target"], "text": found["label"]}
        else:
            yield {"type": "link", "url": found["url"]}
        at = found.end()
    if text[at:]:
        yield {"type": "text", "text": text[at:]}
