"""A message of Discord as one of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import discord

from bots.admission import Heard
from bots.discord.attachments import source
from bots.discord.markup import plain
from bots.discord.places import DIRECT
from core.messages import Attachment, ConversationKey, Message, Person, Source

_SPOKEN = (discord.MessageType.default, discord.MessageType.reply)

Open = Callable[[Source], Attachment]


def from_a_person(message: discord.Message) -> bool:
    """Whether somebody wrote it: no bot, no webhook, no notice of the system."""
    return message.type in _SPOKEN and not message.author.bot and message.webhook_id is None


def guild_of(message: discord.Message) -> int | None:
    """The server that it was written in, also where the library does not know that server yet."""
    return message.guild.id if message.guild else getattr(message.channel, "guild_id", None)


def heard(message: discord.Message, key: ConversationKey, me: int) -> Heard:
    """What decides whether it is for the bot. A mention of the role that Discord made for the bot is one of the bot."""
    role = message.guild.self_role if message.guild else None
    replied = replied_to(message)
    addressed = (
        any(who.id == me for who in message.mentions)
        or (role is not None and role in message.role_mentions)
        or (replied is not None and replied.author.id == me)
    )
    return Heard(key, str(message.author.id), key.space == DIRECT, addressed)


def replied_to(message: discord.Message) -> discord.Message | None:
    """The message that it answers, as it came along; None where it answers none, or one that is deleted."""
    reference = message.reference
    if reference is None or reference.type is discord.MessageReferenceType.forward:
        return None
    return reference.resolved if isinstance(reference.resolved, discord.Message) else None


def to_message(message: discord.Message, key: ConversationKey, me: int, open: Open) -> Message:
    """All of it. What was forwarded comes as files and quoted words."""
    replied = replied_to(message)
    own = replied is not None and replied.author.id == me
    answered, said = quoted(replied, me, open) if replied is not None and not own else ((), "")
    files = _sources(message, message.attachments, voice=message.flags.voice)
    return Message(
        key,
        str(message.id),
        person(message.author),
        plain(message, me),
        tuple(open(s) for s in (*files, *_forwarded(message))),
        answered,
        said or _forwarded_words(message, me),
        str(replied.id) if replied else None,
        sent_at=message.created_at,
    )


def quoted(message: discord.Message, me: int, open: Open) -> tuple[tuple[Attachment, ...], str]:
    """Files and words of a message that another one, or a command, is about: with who speaks in a voice message."""
    sources = _sources(message, message.attachments)
    if from_a_person(message):
        author = str(message.author.id)
        sources = [replace(s, sender=author, speaker=author if message.flags.voice else "") for s in sources]
    words = plain(message, me) or _forwarded_words(message, me)
    return tuple(open(s) for s in (*sources, *_forwarded(message))), words


def _forwarded(message: discord.Message) -> list[Source]:
    return [s for snapshot in message.message_snapshots for s in _sources(message, snapshot.attachments)]


def _forwarded_words(message: discord.Message, me: int) -> str:
    said = (plain(message, me, content=snapshot.content) for snapshot in message.message_snapshots)
    return "\n".join(words for words in said if words)


def _sources(message: discord.Message, files: Iterable[discord.Attachment], *, voice: bool = False) -> list[Source]:
    return [
        source(f, channel=message.channel.id, message=message.id, voice=voice and f.is_voice_message()) for f in files
    ]


def person(who: discord.abc.User) -> Person:
    """Who it is."""
    return Person(str(who.id), who.display_name)
