"""What Telegram knows: people, chats with their topics, messages and files. Pure state, no protocol."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

GENERAL = 1
"""The id of a forum's General topic. Never sent and never accepted: messages there carry no thread id."""

SAYS = {
    "text": "can_send_messages",
    "voice": "can_send_voice_notes",
    "audio": "can_send_audios",
    "video": "can_send_videos",
    "video_note": "can_send_video_notes",
    "photo": "can_send_photos",
    "document": "can_send_documents",
    "animation": "can_send_other_messages",
}
"""Kinds of messages and the permission of a group that each needs."""


@dataclass
class User:
    """A person or a bot."""

    id: int
    first_name: str
    username: str = ""
    is_bot: bool = False
    language_code: str = "en"
    voice_forbidden: bool = False
    """Their privacy settings let no voice and no video notes through."""
    started: bool = True
    """Whether they ever wrote to the bot; before that it may not write to them."""
    blocked: bool = False
    """They blocked the bot."""


@dataclass
class StoredFile:
    """A file on Telegram's servers."""

    file_id: str
    unique_id: str
    path: str
    content: bytes
    kind: str
    name: str = ""
    mime: str = ""
    duration: int = 0
    """Whole seconds."""
    width: int = 0
    height: int = 0
    title: str = ""
    performer: str = ""
    claimed_size: int | None = None
    """The size that Telegram tells, where a test wants it to differ from the bytes that it keeps."""
    expired: bool = False

    @property
    def size(self) -> int:
        return len(self.content) if self.claimed_size is None else self.claimed_size


@dataclass
class Msg:
    """One message as it stands."""

    id: int
    chat: Chat
    sender: User
    date: int
    kind: str = "text"
    text: str = ""
    """The text, or the caption of a medium."""
    entities: list[Json] = field(default_factory=list)
    file: StoredFile | None = None
    buttons: list[list[Json]] = field(default_factory=list)
    thread: int | None = None
    """The topic, or the root of a thread of replies in a supergroup without topics."""
    reply_to: int | None = None
    album: str = ""
    service: Json = field(default_factory=dict)
    """Instead of content: something that happened, as its one field of `Message`."""
    forwarded_from: User | None = None
    reactions: dict[int, str] = field(default_factory=dict)
    """Emoji by user id."""
    edit_date: int = 0
    edits: int = 0


@dataclass
class Topic:
    """A topic of a forum."""

    id: int
    name: str
    closed: bool = False


@dataclass
class Chat:
    """A private chat, a group or a supergroup."""

    id: int
    type: str
    title: str = ""
    is_forum: bool = False
    members: list[User] = field(default_factory=list)
    """Without the bot. In a private chat: the one person."""
    bot: str = "member"
    """The bot's own status there: `member`, `administrator`, `kicked` or `left`."""
    forbidden: set[str] = field(default_factory=set)
    """Permissions (see `SAYS`) that members do not have; administrators have all."""
    migrated_to: int | None = None
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Msg] = field(default_factory=dict)
    actions: list[tuple[float, str]] = field(default_factory=list)
    """Chat actions of the bot: monotonic time in seconds, and which."""
    own_ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    """Supergroups count their messages by themselves."""

    @property
    def person(self) -> User:
        """Who it is, in a private chat."""
        return self.members[0]


@dataclass(frozen=True)
class Place:
    """Where somebody writes: a chat, and a topic of it if it has topics (None is General)."""

    chat: int
    thread: int | None = None


@dataclass
class World:
    """Everything, with the counters that make ids."""

    bot: User
    privacy: bool = True
    """Privacy mode: in groups the bot gets only what is meant for it, unless it is an administrator."""
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    """By file id."""
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _message_ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def number(self) -> int:
        """A number that was never given before."""
        return next(self._numbers)

    def person(self, name: str, *, language: str = "en", started: bool = True) -> User:
        """Somebody new."""
        number = self.number()
        user = User(770_000_000 + number, name, f"{name.lower()}{number}", False, language, started=started)
        self.users[user.id] = user
        return user

    def private(self, user: User) -> Chat:
        """Somebody's private chat with the bot."""
        if user.id not in self.chats:
            self.chats[user.id] = Chat(user.id, "private", user.first_name, members=[user])
        return self.chats[user.id]

    def group(self, title: str, members: list[User], *, kind: str = "supergroup", forum: bool = False) -> Chat:
        """A new group (`group`, the small old kind) or supergroup, with the bot in it."""
        number = self.number()
        chat_id = -(4_000_000 + number) if kind == "group" else -(1_000_000_000_000 + 2_000_000 + number)
        self.chats[chat_id] = Chat(chat_id, kind, title, forum, list(members))
        return self.chats[chat_id]

    def next_id(self, chat: Chat) -> int:
        """The id of the next message: private chats and small groups share one count, a supergroup has its own."""
        return next(chat.own_ids if chat.type == "supergroup" else self._message_ids)

    def keep(self, content: bytes, kind: str, extension: str, **facts: Any) -> StoredFile:
        """Store a file under the path that Telegram gives files of its kind."""
        number = self.number()
        folder = {
            "voice": "voice",
            "audio": "music",
            "video": "videos",
            "video_note": "video_notes",
            "photo": "photos",
            "animation": "animations",
        }.get(kind, "documents")
        file = StoredFile(
            f"AwACAgIAAxkBAAI{number:06d}{kind.title().replace('_', '')}",
            f"AgAD{number:06d}",
            f"{folder}/file_{number}{extension}",
            content,
            kind,
            **facts,
        )
        self.files[file.file_id] = file
        return file

    def add(self, message: Msg) -> Msg:
        """Put a message into its chat. In a supergroup without topics an answer continues its thread."""
        chat = message.chat
        parent = chat.messages.get(message.reply_to) if message.reply_to is not None else None
        if chat.type == "supergroup" and not chat.is_forum and parent is not None:
            message.thread = parent.thread or parent.id
        chat.messages[message.id] = message
        return message


def now() -> int:
    """The time as Telegram writes it: whole seconds since 1970."""
    return int(time.time())
