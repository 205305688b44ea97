"""Where things are in Slack, in the terms of the rest: keys of conversations, ids of messages."""

from __future__ import annotations

from typing import Any

from core.messages import ConversationKey

Json = dict[str, Any]

PLATFORM = "slack"


def message_id(channel: str, ts: str) -> str:
    """A message's id: Slack counts in each channel."""
    return f"{channel}:{ts}"


def is_private(channel: str) -> bool:
    """Direct messages of one person with the bot."""
    return channel.startswith("D")


def thread_of(message: Json) -> str:
    """The root of the thread that a message is in; empty in a conversation's main line."""
    thread = str(message.get("thread_ts") or "")
    return thread if thread != message.get("ts") else ""


def key_of(team: str, channel: str, message: Json) -> ConversationKey:
    """The conversation that a message belongs to. What is asked in a channel's main line is answered in its thread."""
    thread = thread_of(message)
    if not thread and not is_private(channel):
        thread = str(message["ts"])
    return ConversationKey(PLATFORM, team, channel, thread)


def key_from(name: str) -> ConversationKey:
    """The conversation of a row of the ledger, by its reply's id: `slack/T1/C1/1.2#C1:1.2`."""
    platform, space, channel, thread = name.partition("#")[0].split("/", 3)
    return ConversationKey(platform, space, channel, thread)
