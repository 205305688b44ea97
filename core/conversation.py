"""The memory of a conversation: what was said, and the media that "this", "it" and "my last one" can mean."""

from __future__ import annotations

from core.artifacts import Artifact, Kind
from core.messages import Incoming, Reply, Turn
from core.plans import Item, Line, Request
from core.store import Store

HISTORY = 20
"""Turns that a planner sees."""
EARLIER = 8
"""Earlier pieces of media that a planner sees."""


class Conversation:
    """Reads and writes the memory of conversations."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def request(self, incoming: Incoming, text: str, *, spoken: bool, served: frozenset[str]) -> Request:
        """What the planner is asked: the words, what is attached or replied to, and what came before."""
        turns = [t for t in await self._store.turns(incoming.key, HISTORY + 1) if t.message_id != incoming.id]
        current = [*incoming.artifacts, *incoming.quoted]
        for turn in turns:
            if incoming.reply_to and turn.message_id == incoming.reply_to:
                have = {a.id for a in current}
                current += await self._artifacts([i for i in turn.artifacts if i not in have])
        seen = {a.id for a in current}
        earlier: list[Artifact] = []
        for turn in reversed(turns):
            fresh = [i for i in turn.artifacts if i not in seen]
            seen.update(fresh)
            earlier += await self._artifacts(fresh)
            if len(earlier) >= EARLIER:
                break
        own_voice = {a.id for a in incoming.artifacts if a.voice}
        me = f"{incoming.key.platform}:{incoming.author.id}"
        items = [_item(a, me, current=True, voice=a.id in own_voice) for a in current]
        items += [_item(a, me, current=False, voice=False) for a in earlier[:EARLIER]]
        return Request(
            text=text,
            items=tuple(items),
            quoted=incoming.quoted_text,
            history=tuple(
                Line(t.who, t.text, t.person.name if t.person else "", t.artifacts) for t in turns[-HISTORY:]
            ),
            served=served,
            locale=incoming.locale,
            spoken=spoken,
            first=not any(t.who == "bot" for t in turns),
            person=incoming.author.id,
        )

    async def _artifacts(self, ids: tuple[str, ...] | list[str]) -> list[Artifact]:
        found = [await self._store.artifact(i) for i in ids]
        return [a for a in found if a is not None]

    async def heard(self, incoming: Incoming, text: str) -> None:
        """Remember what a person sent; a turn that a restart cut is remembered once."""
        if await self._store.turn(incoming.key, incoming.id) is not None:
            return
        artifacts = tuple(a.id for a in incoming.artifacts)
        quoted = tuple(a.id for a in incoming.quoted)
        turn = Turn("user", text, artifacts, incoming.author, incoming.id, incoming.sent_at, quoted=quoted)
        await self._store.remember(incoming.key, turn)

    async def said(self, incoming: Incoming, reply: Reply) -> None:
        """Remember what the bot answered."""
        shown = tuple(s.artifact.id for s in reply.shown)
        await self._store.remember(incoming.key, Turn("bot", reply.text, shown, answers=incoming.id))


def _item(artifact: Artifact, asker: str, *, current: bool, voice: bool) -> Item:
    """A video counts as audio too where it has sound: what people say about it is mostly about what is heard."""
    kind = Kind.AUDIO if artifact.kind is Kind.VIDEO and artifact.facts.has_audio else artifact.kind
    own = artifact.voice and not artifact.recipe.capability and artifact.recipe.person == asker
    return Item(
        artifact.id,
        kind,
        artifact.name,
        artifact.caption,
        artifact.facts.duration_s,
        current=current,
        voice=voice,
        own=own,
    )
