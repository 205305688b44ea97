"""A message of Slack as one of ours: its words, its files, what it answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bots.adapter import Gone
from bots.slack.files import sources_of
from bots.slack.people import People
from bots.slack.places import key_of, message_id, thread_of
from bots.slack.texts import mentioned, plain
from bots.slack.workspaces import Workspace, Workspaces
from core.errors import Broken
from core.messages import Attachment, ConversationKey, Message, Source
from core.store import Store

log = logging.getLogger("audiogpt.slack")

Json = dict[str, Any]

_SPOKEN = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""Subtypes of messages that a person wrote; all others are notices of Slack or changes."""
_SLACKBOT = "USLACKBOT"
_LOOK_BACK = 100
"""Messages of a thread that are looked through for what "this" means."""


def from_a_person(message: Json, workspace: Workspace) -> bool:
    """Whether somebody wrote it: no bot, no notice."""
    user = message.get("user")
    return (
        str(message.get("subtype") or "") in _SPOKEN
        and bool(user)
        and user not in (workspace.bot_user, _SLACKBOT)
        and not message.get("bot_id")
    )


def by_bot(message: Json, workspace: Workspace) -> bool:
    """Whether the bot itself wrote it."""
    return message.get("user") == workspace.bot_user or bool(
        workspace.bot_id and message.get("bot_id") == workspace.bot_id
    )


def addresses(message: Json, workspace: Workspace) -> bool:
    """Whether it mentions the bot, or answers a message of the bot."""
    return workspace.bot_user in mentioned(message) or (
        bool(thread_of(message)) and message.get("parent_user_id") == workspace.bot_user
    )


def moment(ts: str) -> datetime:
    """When a message was written."""
    return datetime.fromtimestamp(float(ts), UTC)


@dataclass(frozen=True)
class Quoted:
    """What a message answers."""

    reply_to: str | None = None
    sources: tuple[Source, ...] = ()
    text: str = ""


class Reading:
    """Reads messages."""

    def __init__(
        self, workspaces: Workspaces, people: People, store: Store, open: Callable[[Source], Attachment]
    ) -> None:
        self._workspaces = workspaces
        self._people = people
        self._store = store
        self._open = open

    async def message(self, team: str, channel: str, said: Json) -> Message:
        """All of a message. `said` has `ts`, `user`, perhaps `text`, `blocks`, `files`, `attachments`, `thread_ts`."""
        workspace = await self._workspaces.of(team)
        key = key_of(team, channel, said)
        sources = sources_of(team, said.get("files") or [])
        meant = await self._shared(workspace, said)
        if meant is None and thread_of(said) and not sources:
            meant = await self._in_thread(workspace, key, said)
        meant = meant or Quoted()
        known = await self._people.who(team, str(said["user"]))
        return Message(
            key,
            message_id(channel, str(said["ts"])),
            known.person,
            await self.words(workspace, said),
            tuple(self._open(s) for s in sources),
            tuple(self._open(s) for s in meant.sources),
            meant.text,
            meant.reply_to,
            known.locale,
            sent_at=moment(str(said["ts"])),
        )

    async def words(self, workspace: Workspace, said: Json) -> str:
        """What a message says, as plain text."""
        others = mentioned(said) - {workspace.bot_user}
        names = await self._people.names(workspace.team, others)
        return plain(said, workspace.bot_user, lambda user: names.get(user, user))

    async def quoted(self, workspace: Workspace, channel: str, said: Json) -> Quoted:
        """A message as what another one answers. What the bot itself said and made is found in the ledger."""
        name = message_id(channel, str(said["ts"]))
        if by_bot(said, workspace):
            return Quoted(name)
        author = "" if said.get("bot_id") else str(said.get("user") or "")
        sources = sources_of(workspace.team, said.get("files") or [], quoted=True, author=author)
        return Quoted(name, sources, await self.words(workspace, said))

    async def _shared(self, workspace: Workspace, said: Json) -> Quoted | None:
        """What a person forwarded: Slack attaches the message to theirs."""
        for shared in said.get("attachments") or ():
            if not (shared.get("is_share") or shared.get("is_msg_unfurl")):
                continue
            channel, ts = shared.get("channel_id"), shared.get("ts")
            name = message_id(str(channel), str(ts)) if channel and ts else None
            if name and by_bot({"user": shared.get("author_id"), "bot_id": shared.get("bot_id")}, workspace):
                return Quoted(name)
            sources = sources_of(workspace.team, shared.get("files") or [], quoted=True)
            return Quoted(name, sources, await self.words(workspace, {"text": shared.get("text")}))
        return None

    async def _in_thread(self, workspace: Workspace, key: ConversationKey, said: Json) -> Quoted | None:
        """What an answer in a thread means, as long as the bot knows nothing of that thread.

        That is the last message with a file before it, else the thread's root. Later the memory knows better.
        """
        if await self._store.turns(key, 1):
            return None
        try:
            async with self._workspaces.calling(key.space) as known:
                answer = await known.client.conversations_replies(
                    channel=key.channel, ts=key.thread, latest=str(said["ts"]), limit=_LOOK_BACK
                )
        except (Broken, Gone) as fault:
            log.warning("what a message answers cannot be looked up: %s", fault)
            return None
        before = [m for m in answer.get("messages") or () if float(m["ts"]) < float(said["ts"])]
        with_files = [m for m in before if m.get("files")]
        meant = with_files[-1] if with_files else before[0] if before else None
        return await self.quoted(workspace, key.channel, meant) if meant is not None else None
