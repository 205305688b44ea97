"""What a Slack workspace holds: people, channels, messages, files. Only data and the ways it changes."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

APP_ID = "A0BOTS0001"

ALL_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "users:read",
    }
)

_ticks = itertools.count()
_last_us = 0


def timestamp() -> str:
    """A `ts` as Slack makes them, later than every one before it."""
    global _last_us
    _last_us = max(_last_us + 1, int(time.time() * 1e6))
    return f"{_last_us // 1_000_000}.{_last_us % 1_000_000:06}"


def new_id(letter: str) -> str:
    """An id of a kind of thing: `U`, `C`, `D`, `G`, `F`, `B`, `Ev`."""
    return f"{letter}{next(_ticks):09X}"


@dataclass
class Member:
    """A person of a workspace, or the bot."""

    id: str
    name: str
    team: str
    is_bot: bool = False


@dataclass
class File:
    """A file of a workspace."""

    id: str
    name: str
    title: str
    user: str
    content: bytes = b""
    length: int = 0
    """What the upload was announced with, in bytes."""
    mimetype: str = ""
    filetype: str = ""
    clip: str = ""
    """`slack_audio` or `slack_video` for what a person recorded in Slack; empty for a file."""
    duration_ms: int = 0
    waveform: list[int] = field(default_factory=list)
    shares: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Channel id to (ts, thread_ts) of the messages that show it."""
    uploaded: bool = False
    completed: bool = False
    ready: bool = False
    """Whether Slack has looked at it: type and shares are known and its message is there."""
    external: bool = False
    """From another organisation: its message tells the id only, `files.info` the rest."""
    deleted: bool = False
    polls: int = 0
    created: int = field(default_factory=lambda: int(time.time()))


def with_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Blocks as Slack keeps them: each has an id."""
    for number, block in enumerate(blocks):
        block.setdefault("block_id", f"b{number}")
    return blocks


@dataclass
class Post:
    """A message, as it stands now."""

    ts: str
    user: str
    text: str = ""
    by_bot: bool = False
    thread_ts: str = ""
    files: list[str] = field(default_factory=list)
    blocks: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    mrkdwn: bool = True
    subtype: str = ""
    edited_ts: str = ""
    edits: int = 0
    reactions: dict[str, list[str]] = field(default_factory=dict)
    ephemeral_to: str = ""
    """The only person who sees it; empty for everybody."""
    client_msg_id: str = ""
    shared: dict[str, Any] = field(default_factory=dict)
    """A forwarded message, as it is attached to this one."""
    tombstone: bool = False

    def __post_init__(self) -> None:
        with_ids(self.blocks)


@dataclass
class Channel:
    """A conversation. `kind` is `im`, `mpim`, `channel` or `group` (a private channel)."""

    id: str
    kind: str
    name: str
    members: set[str]
    posts: dict[str, Post] = field(default_factory=dict)
    archived: bool = False

    def replies(self, root: str) -> list[Post]:
        """What was answered in a thread, without its root."""
        return [p for p in self.posts.values() if p.thread_ts == root and p.ts != root]


@dataclass
class Team:
    """A workspace with the app installed in it."""

    id: str
    domain: str
    bot: Member
    bot_id: str
    token: str
    scopes: set[str] = field(default_factory=lambda: set(ALL_SCOPES))
    installed: bool = True
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)

    @classmethod
    def make(cls, number: int) -> Team:
        """A workspace with nobody in it but the bot."""
        team = f"T{number:010}"
        bot = Member(new_id("U"), "audiogpt", team, is_bot=True)
        made = cls(team, f"team{number}", bot, new_id("B"), f"xoxb-{number}-{new_id('K')}")
        made.members[bot.id] = bot
        return made

    def add_member(self, name: str) -> Member:
        """Let a person join."""
        member = Member(new_id("U"), name, self.id)
        self.members[member.id] = member
        return member

    def add_channel(self, kind: str, name: str, members: set[str]) -> Channel:
        """Open a conversation."""
        letter = {"im": "D", "mpim": "G", "group": "G", "channel": "C"}[kind]
        made = Channel(new_id(letter), kind, name, members)
        self.channels[made.id] = made
        return made

    def posts(self) -> Iterator[tuple[Channel, Post]]:
        """Every message of every conversation."""
        for channel in self.channels.values():
            for post in channel.posts.values():
                yield channel, post


@dataclass(frozen=True)
class Place:
    """Where somebody writes or looks: a conversation, or a thread in it."""

    team: str
    channel: str
    thread: str = ""
    """`ts` of the thread's root; empty for the conversation itself."""

    def in_thread(self, root: str) -> Place:
        """A thread of the same conversation."""
        return Place(self.team, self.channel, root)
