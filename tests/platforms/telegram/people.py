"""The people's side: what they do in their clients, and the updates that Telegram makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from platforms.telegram import shapes, spec
from platforms.telegram.state import GENERAL, Chat, Json, Msg, Place, StoredFile, Topic, User, World, now
from platforms.telegram.textparse import typed
from platforms.telegram.updates import Updates
from platforms.telegram.uploads import probe

_KINDS = {
    **dict.fromkeys((".mp3", ".m4a", ".flac"), "audio"),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".webp"), "photo"),
    **dict.fromkeys((".mp4", ".mov"), "video"),
    ".gif": "animation",
}
_TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".flac": "audio/flac",
    ".wav": "audio/x-wav",
    ".ogg": "audio/ogg",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".gif": "video/mp4",
    ".mid": "audio/midi",
    ".txt": "text/plain",
}


@dataclass(frozen=True)
class Upload:
    """A file that a person sends."""

    name: str
    content: bytes
    kind: str = ""
    """How: `voice`, `audio`, `video`, `video_note`, `photo`, `document`; empty: as clients do by the extension."""
    size: int | None = None
    """The size that Telegram tells of it, where that shall not be the bytes' own."""
    title: str = ""
    performer: str = ""


@dataclass
class Press:
    """A press of a button."""

    id: str
    by: User
    answer: str | None = None
    """The words of the bot's answer, perhaps none; None while there is no answer."""
    alert: bool = False


class People:
    """What people do. Every method returns when Telegram has it; the updates are then on their way."""

    world: World
    updates: Updates
    presses: dict[str, Press]
    administrators: set[int]
    """Ids of people who are administrators wherever they are."""
    private_topics: bool

    def touch(self) -> None:
        """Something changed."""
        raise NotImplementedError

    def violate(self, *faults: str) -> None:
        """Record what is wrong."""
        raise NotImplementedError

    # places

    def person(self, name: str, *, language: str = "en", started: bool = True) -> User:
        """Somebody new, who has written to the bot before unless told otherwise."""
        return self.world.person(name, language=language, started=started)

    def dm(self, user: User) -> Place:
        """Their private chat with the bot."""
        return Place(self.world.private(user).id)

    def group(self, title: str, *members: User, kind: str = "supergroup", admin: bool = False) -> Place:
        """A group with the bot in it; `kind="group"` is the small old kind."""
        chat = self.world.group(title, list(members), kind=kind)
        chat.bot = "administrator" if admin else "member"
        return Place(chat.id)

    def forum(self, title: str, *members: User, admin: bool = False) -> Place:
        """A supergroup with topics; the place is its General topic."""
        chat = self.world.group(title, list(members), forum=True)
        chat.bot = "administrator" if admin else "member"
        assert next(chat.own_ids) == GENERAL  # a number that no topic has in `topics`: nobody may name it
        return Place(chat.id)

    async def topic(self, where: Place, name: str) -> Place:
        """A new topic in a forum, or in a private chat when the bot has topics there."""
        chat = self.chat(where)
        if chat.type == "private":
            self.private_topics = chat.is_forum = True
        number = self.world.next_id(chat)
        chat.topics[number] = Topic(number, name)
        service = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        self._told(Msg(number, chat, chat.members[0], now(), thread=number, service=service))
        return Place(chat.id, number)

    def chat(self, place: Place) -> Chat:
        """The chat of a place."""
        return self.world.chats[place.chat]

    def message(self, place: Place, number: str | int) -> Msg:
        """A message as it stands."""
        return self.chat(place).messages[int(number)]

    # what they say

    async def say(
        self,
        place: Place,
        text: str = "",
        *,
        by: User | None = None,
        voice: bytes | None = None,
        files: Sequence[Upload | tuple[str, bytes]] = (),
        reply_to: str | int | None = None,
        forwarded_from: User | None = None,
    ) -> str:
        """Send a message; several files of a kind make an album, with the text under the first. Returns its (first) id.

        Args:
            voice: OGG/Opus bytes of a voice note.
        """
        chat = self.chat(place)
        sender = by or chat.members[0]
        sent = [f if isinstance(f, Upload) else Upload(*f) for f in files]
        if voice is not None:
            sent.append(Upload("", voice, "voice"))
        stored = [await self._stored(one) for one in sent]
        kinds = {f.kind for f in stored}
        together = len(stored) > 1 and (len(kinds) == 1 or kinds == {"photo", "video"}) and "voice" not in kinds
        album = str(13_900_000_000_000_000 + self.world.number()) if together else ""
        first = ""
        for number, file in enumerate(stored or [None]):
            said = text if number == 0 else ""
            message = Msg(
                self.world.next_id(chat),
                chat,
                sender,
                now(),
                "text" if file is None else file.kind,
                said,
                typed(said),
                file,
                thread=place.thread,
                reply_to=None if reply_to is None else int(reply_to),
                album=album,
                forwarded_from=forwarded_from,
            )
            self._told(message)
            first = first or str(message.id)
        return first

    async def command(self, place: Place, name: str, rest: str = "", *, by: User | None = None) -> str:
        """Send a slash command; in groups as clients complete it, with the bot's name."""
        at = "" if self.chat(place).type == "private" else f"@{self.world.bot.username}"
        return await self.say(place, f"/{name}{at} {rest}".strip(), by=by)

    def mention(self, text: str) -> str:
        """Words to the bot by its name."""
        return f"@{self.world.bot.username} {text}"

    async def edit(self, place: Place, number: str | int, text: str) -> None:
        """Change the words of a message (or the caption of a medium)."""
        message = self.message(place, number)
        message.text, message.entities, message.edit_date = text, typed(text), now()
        message.edits += 1
        if self._reaches(message):
            self._emit("edited_message", shapes.message(self.world, message), message.chat)

    async def delete(self, place: Place, number: str | int) -> None:
        """Remove a message. Telegram tells bots nothing of it."""
        del self.chat(place).messages[int(number)]
        self.touch()

    async def react(self, place: Place, number: str | int, emoji: str, *, by: User | None = None) -> None:
        """Set a reaction, or take it away with an empty one. In groups only an administrator bot hears of it."""
        message = self.message(place, number)
        who = by or message.chat.members[0]
        old = message.reactions.pop(who.id, "")
        if emoji:
            message.reactions[who.id] = emoji
        told: Json = {
            "chat": shapes.chat(message.chat),
            "message_id": message.id,
            "user": shapes.user(who),
            "date": now(),
            "old_reaction": [{"type": "emoji", "emoji": e} for e in (old,) if e],
            "new_reaction": [{"type": "emoji", "emoji": e} for e in (emoji,) if e],
        }
        if message.chat.type == "private" or message.chat.bot == "administrator":
            self._emit("message_reaction", told, message.chat)

    async def press(self, place: Place, number: str | int, button: str, *, by: User | None = None) -> Press:
        """Press a button by its label or its data."""
        message = self.message(place, number)
        found = next(
            (b for row in message.buttons for b in row if button in (b["text"], b.get("callback_data"))),
            None,
        )
        assert found is not None, f"no button {button!r} under message {number}: {message.buttons}"
        press = Press(str(4_000_000_000_000_000_000 + self.world.number()), by or message.chat.members[0])
        self.presses[press.id] = press
        told = {
            "id": press.id,
            "from": shapes.user(press.by),
            "message": shapes.message(self.world, message),
            "chat_instance": str(-7_000_000_000 - abs(message.chat.id)),
            "data": found["callback_data"],
        }
        self._emit("callback_query", told, message.chat)
        return press

    # what they do with the bot

    async def kick(self, place: Place) -> None:
        """Remove the bot from a group."""
        self._membership(self.chat(place), "kicked")

    async def invite(self, place: Place, *, admin: bool = False) -> None:
        """Let the bot in (again), or change what it is."""
        self._membership(self.chat(place), "administrator" if admin else "member")

    async def block(self, user: User) -> None:
        """Block the bot."""
        user.blocked = True
        self._membership(self.world.private(user), "kicked")

    async def unblock(self, user: User) -> None:
        """Let the bot write again."""
        user.blocked = False
        self._membership(self.world.private(user), "member")

    async def close_topic(self, place: Place) -> None:
        """Close a topic: only administrators may write there."""
        assert place.thread is not None
        chat = self.chat(place)
        chat.topics[place.thread].closed = True
        message = Msg(self.world.next_id(chat), chat, chat.members[0], now(), thread=place.thread)
        message.service = {"forum_topic_closed": {}}
        self._told(message)

    async def delete_topic(self, place: Place) -> None:
        """Delete a topic with its messages. Telegram tells bots nothing of it."""
        assert place.thread is not None
        chat = self.chat(place)
        del chat.topics[place.thread]
        chat.messages = {n: m for n, m in chat.messages.items() if m.thread != place.thread}
        self.touch()

    async def upgrade(self, place: Place) -> Place:
        """Turn a small group into a supergroup: a new chat with a new id."""
        old = self.chat(place)
        new = self.world.group(old.title, old.members)
        new.bot = old.bot
        old.migrated_to = new.id
        service = {"migrate_to_chat_id": new.id}
        self._told(Msg(self.world.next_id(old), old, old.members[0], now(), service=service))
        service = {"migrate_from_chat_id": old.id}
        self._told(Msg(self.world.next_id(new), new, old.members[0], now(), service=service))
        return Place(new.id)

    # how it becomes updates

    def _emit(self, kind: str, payload: Json, chat: Chat) -> None:
        made = self.updates.emit(kind, payload, chat.id)
        if made is not None:
            self.violate(*(f"this server itself: {f}" for f in spec.update_faults(made)))
        self.touch()

    def _told(self, message: Msg) -> None:
        self.world.add(message)
        if self._reaches(message):
            self._emit("message", shapes.message(self.world, message), message.chat)
        self.touch()

    def _reaches(self, message: Msg) -> bool:
        """Whether the bot gets a message: privacy mode in groups keeps back what is not meant for it."""
        chat, bot = message.chat, self.world.bot
        if chat.bot in ("kicked", "left"):
            return False
        if chat.type == "private" or chat.bot == "administrator" or not self.world.privacy or message.service:
            return True
        parent = chat.messages.get(message.reply_to or 0)
        if parent is not None and parent.sender is bot:
            return True
        names = [
            (e["type"], message.text[e["offset"] : e["offset"] + e["length"]].partition("@")[2])
            for e in message.entities
        ]
        return any(name == bot.username or (kind == "bot_command" and not name) for kind, name in names)

    def _membership(self, chat: Chat, status: str) -> None:
        told: Json = {
            "chat": shapes.chat(chat),
            "from": shapes.user(chat.members[0]),
            "date": now(),
            "old_chat_member": shapes.member(self.world.bot, chat.bot),
            "new_chat_member": shapes.member(self.world.bot, status),
        }
        chat.bot = status
        self._emit("my_chat_member", told, chat)

    async def _stored(self, upload: Upload) -> StoredFile:
        extension = PurePosixPath(upload.name).suffix.lower()
        kind = upload.kind or _KINDS.get(extension, "document")
        found = await probe(upload.content)
        facts: dict[str, Any] = {"name": upload.name, "mime": _TYPES.get(extension, "application/octet-stream")}
        if kind == "voice":
            extension, facts = ".oga", {"mime": "audio/ogg"}
        elif kind == "video_note":
            extension, facts = ".mp4", {}
        elif kind == "photo":
            extension, facts = ".jpg", {}
        if kind not in ("photo", "document"):
            facts["duration"] = round(found.seconds)
        return self.world.keep(
            upload.content,
            kind,
            extension,
            width=found.width,
            height=found.height,
            claimed_size=upload.size,
            title=upload.title,
            performer=upload.performer,
            **facts,
        )
