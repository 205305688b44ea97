"""What a person sees of a message: its blocks where it has any, else its text; mrkdwn as it looks when rendered."""

from __future__ import annotations

import re
from typing import Any

from platforms.seen import Seen, SeenButton, SeenFile
from platforms.slack.sniff import sniffed
from platforms.slack.state import Channel, File, Post, Team

_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_MENTION = re.compile(r"(<@[UW][A-Z0-9]+>)")
_ADDRESS = re.compile(r"https?://[^\s<>]+")
_MARKS = (
    re.compile(r"(?<![\w*])\*(?=\S)([^*\n]*?\S)\*(?![\w*])"),
    re.compile(r"(?<![\w_])_(?=\S)([^_\n]*?\S)_(?![\w_])"),
    re.compile(r"(?<![\w~])~(?=\S)([^~\n]*?\S)~(?![\w~])"),
    re.compile(r"(?<!`)`([^`\n]+)`(?!`)"),
)


def unescaped(text: str) -> str:
    """The three characters that Slack escapes, as a person sees them."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escaped(text: str) -> str:
    """What Slack's own composer makes of what is typed: the three characters escaped, addresses in angle brackets."""

    def part(piece: str) -> str:
        if _MENTION.fullmatch(piece):
            return piece
        safe = piece.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return _ADDRESS.sub(r"<\g<0>>", safe)

    return "".join(part(piece) for piece in _MENTION.split(text))


def rendered(team: Team, text: str) -> str:
    """Text as mrkdwn shows it: marks vanish, links and mentions have their names."""

    def link(match: re.Match[str]) -> str:
        target, label = match.groups()
        if target.startswith("@"):
            member = team.members.get(target[1:])
            return f"@{member.name if member else target[1:]}"
        if target.startswith(("!", "#")):
            return label or target
        return label or target.removeprefix("mailto:")

    shown = _LINK.sub(link, text)
    for mark in _MARKS:
        shown = mark.sub(r"\1", shown)
    return unescaped(shown)


def _composed(team: Team, text: Any) -> str:
    if not isinstance(text, dict):
        return ""
    content = str(text.get("text", ""))
    return rendered(team, content) if text.get("type") == "mrkdwn" and not text.get("verbatim") else unescaped(content)


def _rich(team: Team, element: dict[str, Any]) -> str:
    kind = element.get("type")
    if kind == "text":
        return str(element.get("text", ""))
    if kind == "link":
        return str(element.get("text") or element.get("url", ""))
    if kind == "user":
        member = team.members.get(str(element.get("user_id")))
        return f"@{member.name}" if member else "@?"
    if kind == "emoji":
        return f":{element.get('name')}:"
    return ("\n" if kind == "rich_text_list" else "").join(_rich(team, e) for e in element.get("elements", ()))


def _block_text(team: Team, block: dict[str, Any]) -> str:
    kind = block.get("type")
    if kind in ("section", "header"):
        fields = [_composed(team, f) for f in block.get("fields", ())]
        return "\n".join(t for t in (_composed(team, block.get("text")), *fields) if t)
    if kind == "context":
        return " ".join(_composed(team, e) for e in block.get("elements", ()))
    if kind == "rich_text":
        return "\n".join(_rich(team, e) for e in block.get("elements", ()))
    if kind == "markdown":
        return str(block.get("text", ""))
    return ""


def shown_text(team: Team, post: Post) -> str:
    """The words of a message as a person sees them."""
    if post.tombstone:
        return "This message was deleted."
    if post.blocks:
        return "\n".join(t for t in (_block_text(team, b) for b in post.blocks) if t)
    return rendered(team, post.text) if post.mrkdwn else unescaped(post.text)


def shown_buttons(post: Post) -> list[SeenButton]:
    """The buttons under a message, in their order."""
    elements = [e for b in post.blocks if b.get("type") == "actions" for e in b.get("elements", ())]
    elements += [b["accessory"] for b in post.blocks if b.get("type") == "section" and "accessory" in b]
    return [
        SeenButton(str(e.get("action_id", "")), _button_label(e), str(e.get("url", "")))
        for e in elements
        if e.get("type") == "button"
    ]


def _button_label(element: dict[str, Any]) -> str:
    return str(element.get("text", {}).get("text", ""))


def shown_as(file: File) -> str:
    """How the client shows a file: only MP3 and AAC in MP4 have the player for sound, only MP4 the one for video."""
    if file.clip == "slack_audio":
        return "voice"
    kind = sniffed(file.content)
    if kind in ("mp3", "m4a") and file.name.lower().endswith((".mp3", ".m4a")):
        return "audio"
    if kind == "mp4" and file.name.lower().endswith(".mp4"):
        return "video"
    return "image" if kind in ("png", "jpg", "gif", "webp") else "file"


def seen(team: Team, channel: Channel, thread: str = "") -> list[Seen]:
    """What is to be seen in a conversation, or with `thread` in that thread, its root first."""
    found = []
    for post in sorted(channel.posts.values(), key=lambda p: p.ts):
        inside = thread in (post.ts, post.thread_ts) if thread else post.thread_ts in ("", post.ts)
        broadcast = not thread and post.subtype == "thread_broadcast"
        if not (inside or broadcast):
            continue
        files = [team.files[f] for f in post.files if not team.files[f].deleted]
        found.append(
            Seen(
                post.ts,
                post.by_bot,
                shown_text(team, post),
                [SeenFile(f.name, f.content, shown_as(f)) for f in files],
                shown_buttons(post),
                post.thread_ts if post.thread_ts != post.ts else "",
                post.edits,
            )
        )
    return found
