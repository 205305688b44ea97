"""Names of Telegram's messages and places. A message's number counts within its chat, so its name has both."""

from __future__ import annotations

from core.messages import ConversationKey

PLATFORM = "telegram"
BUTTON = "audiogpt:"
"""Begins the data of every button of ours; the verb follows."""


def name_of(chat: int, number: int | str) -> str:
    """The name of a message."""
    return f"{chat}:{number}"


def number_of(name: str) -> int | None:
    """The number of a message within its chat; None for what is no message."""
    number = name.partition(":")[2]
    return int(number) if number.isdigit() else None


def key_of(chat: int, topic: int | None = None) -> ConversationKey:
    """The conversation of a chat, or of one topic of it."""
    return ConversationKey(PLATFORM, str(chat), str(chat), "" if topic is None else str(topic))


def is_group(key: ConversationKey) -> bool:
    """Whether others can read along: the ids of groups are negative."""
    return key.channel.startswith("-")


def key_from(text: str) -> ConversationKey:
    """A conversation by its name in the ledger."""
    platform, space, channel, thread = text.split("/")
    return ConversationKey(platform, space, channel, thread)
