"""Telegram's messages read: whose, where, what words, which files, whether the bot is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from telegram import Message, MessageOriginUser, User

from bots.commands import COMMANDS
from bots.telegram.files import sources_of
from bots.telegram.names import key_of, name_of
from bots.telegram.words import heard
from core.messages import ConversationKey, Person, Source

_COMMAND = re.compile(r"/(?P<name>\w{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<rest>.*))?$", re.DOTALL)


@dataclass(frozen=True)
class Read:
    """One message, or the several messages of an album, in our words."""

    key: ConversationKey
    id: str
    author: Person
    text: str
    sources: tuple[Source, ...]
    quoted: tuple[Source, ...]
    quoted_text: str
    reply_to: str | None
    locale: str
    private: bool
    addressed: bool
    command: str
    """The command's name without its slash; empty for none, and for one that is another bot's."""
    for_another: bool
    """A command to another bot."""
    sent_at: datetime


def key_for(message: Message) -> ConversationKey:
    """The conversation of a message. A thread of replies in a group without topics is none of its own."""
    return key_of(message.chat.id, message.message_thread_id if message.is_topic_message else None)


def read(messages: Sequence[Message], me: User) -> Read | None:
    """Read a message, or an album in order; None for what no person said."""
    first = messages[0]
    author = _author(first)
    if author is None or not any(_content(m) for m in messages):
        return None
    words = [heard(m.text or m.caption or "", m.entities or m.caption_entities, me) for m in messages]
    text = "\n".join(plain for plain, _ in words if plain)
    command, rest, for_another = _command(first, text, me)
    answered = first.reply_to_message
    if answered is not None and answered.forum_topic_created is not None:
        answered = None  # how Telegram says that a message is in a topic
    mine = answered is not None and answered.from_user is not None and answered.from_user.id == me.id
    quoted, quoted_text = _quoted(first, answered, mine, me)
    return Read(
        key=key_for(first),
        id=name_of(first.chat.id, first.message_id),
        author=author,
        text=rest if command else text,
        sources=tuple(s for m in messages for s in sources_of(m, voice=_own_voice(m))),
        quoted=quoted,
        quoted_text=quoted_text,
        reply_to=name_of(answered.chat.id, answered.message_id) if answered else None,
        locale=(first.from_user.language_code or "") if first.from_user else "",
        private=first.chat.type == "private",
        addressed=bool(command) or mine or any(mentioned for _, mentioned in words),
        command=command,
        for_another=for_another,
        sent_at=first.date,
    )


def unreadable(message: Message) -> bool:
    """Whether a person sent something that the bot cannot use: a sticker, a place, a poll, a contact."""
    found = (
        message.sticker,
        message.location,
        message.contact,
        message.poll,
        message.dice,
        message.story,
        message.game,
    )
    return any(found) and _author(message) is not None


def _author(message: Message) -> Person | None:
    """Who wrote it: a person, or a group or channel in whose name somebody writes; None for bots and Telegram."""
    user, chat = message.from_user, message.sender_chat
    if message.is_automatic_forward or (user is None and chat is None):
        return None
    if chat is not None and (user is None or user.is_bot):
        return Person(str(chat.id), chat.title or chat.username or "")
    if user is None or user.is_bot:
        return None
    return Person(str(user.id), user.full_name)


def _content(message: Message) -> bool:
    return bool(message.text or message.caption or sources_of(message))


def _own_voice(message: Message) -> bool:
    """A forwarded voice message is a clip, not what its sender says; unless they forward themselves."""
    origin = message.forward_origin
    if origin is None:
        return True
    mine = isinstance(origin, MessageOriginUser) and message.from_user is not None
    return mine and isinstance(origin, MessageOriginUser) and origin.sender_user == message.from_user


def _command(message: Message, text: str, me: User) -> tuple[str, str, bool]:
    """The command that a message begins with, its words, and whether it is another bot's."""
    said = message.text or message.caption or ""
    entities = message.entities or message.caption_entities
    begins = any(e.type == "bot_command" and e.offset == 0 for e in entities)
    found = _COMMAND.match(said) if begins else None
    if found is None:
        return "", text, False
    bot = (found["bot"] or "").lower()
    if bot and bot != (me.username or "").lower():
        return "", text, True
    name = {"start": "help"}.get(found["name"].lower(), found["name"].lower())
    if name not in COMMANDS and message.chat.type != "private" and not bot:
        return "", text, True  # in a group, a command that is not ours and names nobody is somebody else's
    _, _, rest = text.partition(found["name"])
    return name, rest.removeprefix(f"@{found['bot']}" if bot else "").strip(), False


def _quoted(message: Message, answered: Message | None, mine: bool, me: User) -> tuple[tuple[Source, ...], str]:
    """The files and words that a message answers, unless they are the bot's own, which it knows better."""
    if mine:
        return (), ""
    picked = message.quote.text if message.quote else ""
    if answered is not None:
        said, _ = heard(answered.text or answered.caption or "", answered.entities or answered.caption_entities, me)
        author = _author(answered)
        speaker = author if answered.voice and _own_voice(answered) else None
        by, heard_in = (who.id if who else "" for who in (author, speaker))
        return tuple(replace(s, sender=by, speaker=heard_in) for s in sources_of(answered)), picked or said
    if message.external_reply is not None:
        return sources_of(message.external_reply), picked
    return (), picked
