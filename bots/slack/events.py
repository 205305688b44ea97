"""What happens in Slack, handed to the desk: messages, edits, deletions, reactions."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from bots.adapter import Gone
from bots.admission import Heard, Verdict
from bots.commands import Call
from bots.desk import origin
from bots.layout import Verb
from bots.slack.places import PLATFORM, is_private, key_from, key_of, message_id
from bots.slack.reading import addresses, by_bot, from_a_person
from bots.wording import NOT_FOR_YOU
from core.errors import Broken
from core.messages import ConversationKey

if TYPE_CHECKING:
    from bots.slack.adapter import SlackAdapter
    from bots.slack.workspaces import Workspace

log = logging.getLogger("audiogpt.slack")

Json = dict[str, Any]

_CANCELS = frozenset({"", "stop", "cancel"})
_EMOJI = {
    **dict.fromkeys(("octagonal_sign", "x", "hand", "raised_hand", "-1", "thumbsdown"), Verb.STOP),
    **dict.fromkeys(("repeat", "arrows_counterclockwise"), Verb.AGAIN),
    **dict.fromkeys(("question", "grey_question", "thinking_face"), Verb.WHY),
}
_MOST_KEPT = 10_000


class Once:
    """Remembers names for a while: whether one comes for the first time."""

    def __init__(self, most: int = _MOST_KEPT) -> None:
        self._most = most
        self._names: OrderedDict[str, None] = OrderedDict()

    def first(self, name: str) -> bool:
        """Whether this name is new; it is not any more."""
        new = name not in self._names
        self._names[name] = None
        while len(self._names) > self._most:
            self._names.popitem(last=False)
        return new

    def __contains__(self, name: str) -> bool:
        return name in self._names


class Events:
    """Deals with events. Slack tells some twice, and some in another order than they happened in."""

    def __init__(self, chat: SlackAdapter) -> None:
        self._chat = chat
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._taken = Once()
        self._deleted = Once()
        self._vanished = Once()
        self._refused = Once()

    async def message(self, team: str, event: Json) -> None:
        """A new message, or the news of a change."""
        match event.get("subtype"):
            case "message_changed":
                await self._changed(team, event)
            case "message_deleted":
                channel, ts = str(event["channel"]), str(event["deleted_ts"])
                self._vanished.first(message_id(channel, ts))
                await self._gone(team, channel, event.get("previous_message") or {}, ts)
            case _:
                await self._said(team, event)

    async def _said(self, team: str, event: Json) -> None:
        workspace = await self._chat.workspaces.of(team)
        channel = str(event["channel"])
        name = message_id(channel, str(event["ts"]))
        if not from_a_person(event, workspace):
            return
        async with self._in_order(name):  # a mention is told twice, as a message and as a mention
            if name in self._deleted or name in self._taken:
                return
            if await self._admitted(workspace, channel, event) is Verdict.ANSWER:
                await self._chat.take(await self._chat.reading.message(team, channel, event))
                self._taken.first(name)

    @asynccontextmanager
    async def _in_order(self, name: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(name, asyncio.Lock())
        async with lock:
            yield

    async def _admitted(self, workspace: Workspace, channel: str, said: Json) -> Verdict:
        key = key_of(workspace.team, channel, said)
        private = is_private(channel)
        verdict = await self._chat.verdict(Heard(key, str(said["user"]), private, addresses(said, workspace)))
        name = message_id(channel, str(said["ts"]))
        if verdict is Verdict.REFUSE and self._refused.first(name):
            await self._chat.say_quietly(key, name, NOT_FOR_YOU)
        return verdict

    async def _changed(self, team: str, event: Json) -> None:
        """Links unfurl, clips are transcribed, replies are counted: only what its author edited is a change."""
        workspace = await self._chat.workspaces.of(team)
        channel, now, before = str(event["channel"]), event["message"], event.get("previous_message") or {}
        if now.get("subtype") == "tombstone":  # it is deleted, but the thread under it is still there
            await self._gone(team, channel, before, str(now["ts"]))
            return
        stamp = str((now.get("edited") or {}).get("ts") or "")
        if not stamp or stamp == (before.get("edited") or {}).get("ts") or not from_a_person(now, workspace):
            return
        if now.get("text") == before.get("text"):
            return
        name = message_id(channel, str(now["ts"]))
        async with self._in_order(name):
            if name in self._deleted or f"{name}~{stamp}" in self._taken:
                return
            words = (await self._chat.reading.words(workspace, now)).lower().strip(" .!")
            verdict = await self._admitted(workspace, channel, now)
            if verdict is Verdict.ANSWER and (words not in _CANCELS or now.get("files")):
                await self._chat.take(await self._chat.reading.message(team, channel, now), stamp)
            else:
                await self._chat.desk.withdraw(key_of(team, channel, now), name)
            self._taken.first(f"{name}~{stamp}")

    async def _gone(self, team: str, channel: str, before: Json, ts: str) -> None:
        name = message_id(channel, ts)
        self._deleted.first(name)
        async with self._in_order(name):
            await self._chat.desk.withdraw(key_of(team, channel, before | {"ts": ts}), name)

    def vanished(self, channel: str, ts: str) -> bool:
        """Whether Slack told that a message is gone, and with it the thread that it could have had."""
        return message_id(channel, ts) in self._vanished

    async def reaction(self, team: str, event: Json) -> None:
        """An emoji of who asked, on their request, on its status line or on its answer."""
        item = event.get("item") or {}
        verb = _EMOJI.get(str(event.get("reaction")).partition("::")[0])
        if verb is None or item.get("type") != "message" or event.get("user") is None:
            return
        user, about = str(event["user"]), message_id(str(item["channel"]), str(item["ts"]))
        found = await self._turn_of(team, item)
        if found is None:
            return
        key, asked = found
        if verb is Verb.STOP:
            for name in self._chat.desk.under_way(key, user):
                if origin(name) == origin(asked):
                    await self._chat.desk.stop_turn(key, name)
            return
        turn = await self._chat.desk.store.turn(key, asked)
        if turn is None or turn.person is None or turn.person.id != user:
            return
        if not self._taken.first(f"{about}/{verb}/{event.get('event_ts')}"):
            return
        again = f"{about}/{event.get('event_ts')}"
        call = Call(key, turn.person, again, private=is_private(key.channel), about=about)
        said = await self._chat.interactions.carried_out(lambda c: self._chat.commands.press(verb, c), call)
        await self._chat.interactions.whisper(key, user, said)

    async def _turn_of(self, team: str, item: Json) -> tuple[ConversationKey, str] | None:
        """The conversation and the request that a message belongs to: one of ours by the ledger, else itself."""
        about = message_id(str(item["channel"]), str(item["ts"]))
        post = await self._chat.desk.store.post_as(PLATFORM, about)
        if post is not None:
            return key_from(post.outgoing), post.outgoing.partition("#")[2]
        try:
            async with self._chat.workspaces.calling(team) as workspace:
                answer = await workspace.brisk.conversations_replies(
                    channel=item["channel"], ts=item["ts"], oldest=item["ts"], latest=item["ts"], inclusive=True
                )
        except (Broken, Gone) as fault:
            log.warning("the message of a reaction cannot be looked up: %s", fault)
            return None
        said = next((m for m in answer.get("messages") or () if m.get("ts") == item["ts"]), None)
        if said is None:
            return None
        if by_bot(said, workspace):
            post = await self._chat.ledger(about)
            return (key_from(post.outgoing), post.outgoing.partition("#")[2]) if post is not None else None
        return key_of(team, str(item["channel"]), said), about

    async def removed(self, team: str, event: Json) -> None:
        """The app was removed from a workspace, or its token revoked. With the app goes what is kept of it."""
        bots = (event.get("tokens") or {}).get("bot")
        if event["type"] == "tokens_revoked" and not bots:
            return  # a person's token, of which we have none
        if event["type"] == "app_uninstalled":
            for owner in await self._chat.desk.store.conversations(f"{PLATFORM}/{team}/"):
                await self._chat.desk.library.forget(owner)
        await self._chat.workspaces.forget(team)
