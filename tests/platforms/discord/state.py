"""What the played Discord knows: people, guilds, channels, threads, messages, files, interactions."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from platforms.seen import Seen, SeenButton, SeenFile

EPOCH_MS = 1_420_070_400_000

GUILD_TEXT, DM, NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 10, 11, 12
THREADS = (NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)

DEFAULT, THREAD_CREATED, REPLY, CHAT_COMMAND, THREAD_STARTER, CONTEXT_COMMAND = 0, 18, 19, 20, 21, 23
SPOKEN_KINDS = (DEFAULT, REPLY, CHAT_COMMAND, CONTEXT_COMMAND)

SUPPRESS_EMBEDS, HAS_THREAD, EPHEMERAL, LOADING = 1 << 2, 1 << 5, 1 << 6, 1 << 7
SUPPRESS_NOTIFICATIONS, VOICE, COMPONENTS_V2 = 1 << 12, 1 << 13, 1 << 15

ADD_REACTIONS, VIEW_CHANNEL, SEND_MESSAGES, EMBED_LINKS = 1 << 6, 1 << 10, 1 << 11, 1 << 14
ATTACH_FILES, READ_HISTORY, CREATE_PUBLIC_THREADS, SEND_IN_THREADS = 1 << 15, 1 << 16, 1 << 35, 1 << 38
SEND_VOICE = 1 << 46
MANAGE_MESSAGES = 1 << 13
BOT_PERMISSIONS = (
    ADD_REACTIONS | VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES | READ_HISTORY
    | CREATE_PUBLIC_THREADS | SEND_IN_THREADS | SEND_VOICE
)  # fmt: skip
ALL_PERMISSIONS = (1 << 53) - 1

THINKING = "(thinking)"
"""What is seen of an interaction that was deferred and not answered yet."""

_TIERS = (10 << 20, 10 << 20, 50 << 20, 100 << 20)


@dataclass(eq=False)
class User:
    id: str
    name: str
    bot: bool = False
    ours: bool = False
    """The bot that is tested."""
    locale: str = "en-US"
    dms_closed: bool = False


@dataclass(eq=False)
class Guild:
    id: str
    name: str
    owner: User
    tier: int = 0
    members: list[User] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    permissions: int = BOT_PERMISSIONS
    """Of the bot's role."""
    bot_in: bool = True

    @property
    def filesize_limit(self) -> int:
        return _TIERS[self.tier]


@dataclass(eq=False)
class Channel:
    """A text channel, a thread or a direct message."""

    id: str
    kind: int
    name: str = ""
    guild: Guild | None = None
    parent: Channel | None = None
    recipient: User | None = None
    owner: User | None = None
    denied: int = 0
    """Permissions taken from the bot here."""
    archived: bool = False
    locked: bool = False
    gone: bool = False
    posts: dict[str, Post] = field(default_factory=dict)

    @property
    def bot_permissions(self) -> int:
        if self.guild is None:
            return ALL_PERMISSIONS & ~self.denied
        taken = self.denied | (self.parent.denied if self.parent else 0)
        return self.guild.permissions & ~taken if self.guild.bot_in else 0

    @property
    def filesize_limit(self) -> int:
        return self.guild.filesize_limit if self.guild else _TIERS[0]

    def __str__(self) -> str:
        return f"@{self.recipient.name}" if self.recipient else f"#{self.name}"


@dataclass(eq=False)
class File:
    id: str
    name: str
    content: bytes
    content_type: str
    title: str = ""
    duration: float | None = None
    waveform: str | None = None
    part_type: str = ""
    """Content-Type of the part that it came in, for what the bot uploaded."""


@dataclass(eq=False)
class Post:
    """One message, with its past."""

    id: str
    channel: Channel
    author: User
    content: str = ""
    files: list[File] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    embeds: list[dict[str, Any]] = field(default_factory=list)
    flags: int = 0
    kind: int = DEFAULT
    reference: dict[str, Any] | None = None
    snapshot: Post | None = None
    mentions: list[User] = field(default_factory=list)
    everyone: bool = False
    nonce: str | None = None
    reactions: dict[str, list[User]] = field(default_factory=dict)
    edits: int = 0
    edited_at: datetime | None = None
    deleted: bool = False
    thread: Channel | None = None
    interaction: Interaction | None = None
    only_for: User | None = None
    """Who alone sees an ephemeral message."""

    @property
    def voice(self) -> bool:
        return bool(self.flags & VOICE)

    def seen(self) -> Seen:
        loading = bool(self.flags & LOADING)
        return Seen(
            self.id,
            self.author.ours,
            THINKING if loading else self.content,
            [SeenFile(f.name, f.content, self._shown_as(f)) for f in self.files],
            [SeenButton(b.get("custom_id", ""), b.get("label", ""), b.get("url", "")) for b in self.buttons()],
            str((self.reference or {}).get("message_id", "")),
            self.edits,
        )

    def _shown_as(self, file: File) -> str:
        kind = file.content_type.split("/")[0]
        return "voice" if self.voice else kind if kind in ("audio", "video", "image") else "file"

    def buttons(self) -> Iterator[dict[str, Any]]:
        rows = (row for row in self.components if row["type"] == 1)
        return (part for row in rows for part in row["components"] if part["type"] == 2)


@dataclass(eq=False)
class Interaction:
    id: str
    token: str
    kind: int
    """2 a command, 3 a component."""
    person: User
    channel: Channel
    data: dict[str, Any]
    at: float
    """Monotonic seconds."""
    source: Post | None = None
    """The message under which a button was pressed."""
    answered: int | None = None
    """Type of the first answer."""
    answered_after_s: float | None = None
    original: Post | None = None
    expired: bool = False
    posts: list[Post] = field(default_factory=list)


Emit = Callable[[str, dict[str, Any], Guild | None], Awaitable[None]]


class World:
    """Everything there is, and how its parts are found."""

    def __init__(self) -> None:
        self._last_ms = 0
        self._secret = b"cdn"
        self._era = 0
        self.base = ""
        """http://127.0.0.1:PORT, once served."""
        self.message_content = True
        """Whether the operator switched the privileged intent on."""
        self.bot = User(self.snowflake(), "audiogpt", bot=True, ours=True)
        self.owner = User(self.snowflake(), "operator")
        self.token = f"{base64.urlsafe_b64encode(self.bot.id.encode()).decode().rstrip('=')}.GtEsT0.{'t' * 38}"
        self.users: dict[str, User] = {u.id: u for u in (self.bot, self.owner)}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.commands: list[dict[str, Any]] = []
        self.interactions: dict[str, Interaction] = {}
        self.pings: list[str] = []
        """Whom the bot's messages would have woken, beside the person it replies to."""

    def snowflake(self) -> str:
        """An id; each has a millisecond of its own, so that they sort and spread over shards."""
        self._last_ms = max(self._last_ms + 1, time.time_ns() // 1_000_000 - EPOCH_MS)
        return str(self._last_ms << 22)

    def user(self, name: str, **facts: Any) -> User:
        made = User(self.snowflake(), name, **facts)
        self.users[made.id] = made
        return made

    def channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        if channel.guild:
            channel.guild.channels.append(channel)
        return channel

    def dm(self, person: User) -> Channel:
        """The direct messages of a person and the bot, opened where they are not."""
        found = next((c for c in self.channels.values() if c.recipient is person), None)
        return found or self.channel(Channel(self.snowflake(), DM, recipient=person))

    def post(self, channel: Channel, post_id: str) -> Post | None:
        found = channel.posts.get(post_id)
        return None if found is None or found.deleted else found

    def keep(self, name: str, content: bytes, content_type: str, **facts: Any) -> File:
        file = File(self.snowflake(), name, content, content_type, **facts)
        self.files[file.id] = file
        return file

    def cdn_url(self, file: File, folder: str) -> str:
        """A signed address, good for a day."""
        now = int(time.time())
        path = f"/attachments/{folder}/{file.id}/{quote(file.name)}"
        until = f"{now + 86_400:x}"
        return f"{self.base}{path}?ex={until}&is={now:x}&hm={self._sign(path, until)}&"

    def cdn_valid(self, path: str, query: dict[str, str]) -> bool:
        until = query.get("ex", "0")
        return hmac.compare_digest(query.get("hm", ""), self._sign(path, until)) and int(until, 16) > time.time()

    def expire_urls(self) -> None:
        """No address given out so far works any more."""
        self._era += 1

    def forget_nonces(self) -> None:
        """The minutes are over in which a nonce keeps a message from being posted twice."""
        for channel in self.channels.values():
            for post in channel.posts.values():
                post.nonce = None

    def _sign(self, path: str, until: str) -> str:
        return hmac.new(self._secret, f"{self._era}{path}{until}".encode(), hashlib.sha256).hexdigest()

    def seen(self, place: Channel, to: User | None = None) -> list[Seen]:
        """What is in a place now; ephemeral messages only of `to`, or of everybody without it."""
        return [
            post.seen()
            for post in place.posts.values()
            if not post.deleted
            and post.kind in SPOKEN_KINDS
            and (to is None or post.only_for is None or post.only_for is to)
        ]


def iso(moment: datetime | None = None) -> str:
    return (moment or datetime.now(UTC)).isoformat()


def created(snowflake: str) -> str:
    """When an id was made, ISO 8601."""
    return iso(datetime.fromtimestamp(((int(snowflake) >> 22) + EPOCH_MS) / 1000, UTC))
