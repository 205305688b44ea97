"""The memory of a conversation: what was said, and the media that "this", "her voice" and "what I hummed" can mean."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.artifacts import Artifact, Kind
from core.embedded.recall import recalled
from core.embedded.replies import asked_in
from core.errors import StoreLost
from core.messages import ConversationKey, Incoming, Message, Reply, Turn
from core.plans import Item, Line, Request
from core.settings import MEMORY_TOKENS
from core.store import Store

REMEMBERED = 200
"""Turns in which media are looked for, of the conversation and, of who asks, of the channel's other threads."""
EARLIER = 40
"""Earlier pieces of media that a planner is given."""
_LATELY = 20
"""Turns in which the language of a conversation is looked for."""
_MEANT = 8
"""Of the pieces that the words may mean."""
_KNOWN_CHARS = 400
"""Of what is known to be in a piece."""
_WISHED = ("text", "description", "lyrics", "target")
"""Arguments that say what is in what they made."""
_MOST_BETWEEN = 4
"""Steps of one turn between a piece that was shown and what it was made from."""
_NO_CHANGE = {"gain_db": 0.0, "semitones": 0.0, "factor": 1.0}
"""Arguments of edits that can go either way, and where they do neither."""
_CHARS_OF_A_TOKEN = 4
_DENSE = 0x2E80
"""From here on a character of a text is a token of its own: ideographs, kana, hangul."""


def tokens(text: str) -> int:
    """About how many tokens a language model counts in a text; rather too many than too few."""
    dense = sum(ord(c) >= _DENSE for c in text)
    return dense + -(-(len(text) - dense) // _CHARS_OF_A_TOKEN)


class Conversation:
    """Reads and writes the memory of conversations."""

    def __init__(self, store: Store, memory_tokens: int = MEMORY_TOKENS) -> None:
        self._store = store
        self._budget = memory_tokens

    async def request(self, incoming: Incoming, text: str, *, spoken: bool, served: frozenset[str]) -> Request:
        """What the planner is asked: the words, what is attached or replied to, and what came before."""
        turns = [t for t in await self._store.turns(incoming.key, REMEMBERED + 1) if t.message_id != incoming.id]
        me = f"{incoming.key.platform}:{incoming.author.id}"
        current = [*incoming.artifacts, *incoming.quoted]
        answered = [t for t in turns if incoming.reply_to and t.message_id == incoming.reply_to]
        have = {a.id for a in current}
        current += await self._artifacts(incoming.key, [i for t in answered for i in t.artifacts if i not in have])
        own_voice = {a.id for a in incoming.artifacts if a.voice}
        items = [_item(a, me, current=True, voice=a.id in own_voice) for a in current]
        items += await self._earlier(incoming.key, turns, {a.id for a in current}, me)
        if incoming.key.thread:
            items += await self._elsewhere(incoming, {i.id for i in items}, me)
        earlier = [i for i in items if not i.current]
        meant = await asyncio.to_thread(recalled, earlier, text, incoming.sent_at) if earlier else None
        return Request(
            text=text,
            items=tuple(items),
            meant=frozenset(i.id for i in meant.items[:_MEANT]) if meant and meant.named else frozenset(),
            quoted=incoming.quoted_text,
            history=tuple(_recent(turns, self._budget)),
            served=served,
            locale=incoming.locale,
            spoken=spoken,
            first=not any(t.who == "bot" for t in turns),
            person=incoming.author.id,
            at=incoming.sent_at,
        )

    async def language(self, asked: Incoming | Message, heard: str = "") -> str:
        """The language to answer a message in, in which `heard` was said, before there is a request."""
        text = "\n".join(part for part in (asked.text, heard) if part)
        try:
            turns = await self._store.turns(asked.key, _LATELY)
        except StoreLost:  # the language of the words themselves is better than no answer
            turns = []
        said = [t.text for t in turns if t.who == "user" and t.text and t.message_id != asked.id]
        return asked_in(text, said[-1] if said else "", asked.locale)

    async def _earlier(self, key: ConversationKey, turns: Sequence[Turn], seen: set[str], me: str) -> list[Item]:
        """Media of the conversation that are not attached, the newest first."""
        where = {i: turn for turn in turns for i in turn.artifacts if i not in seen}
        for turn in turns:  # a voice note that somebody answered, and that was not sent to us
            where |= {i: turn for i in turn.quoted if turn.who == "user" and i not in seen and i not in where}
        newest = [i for turn in reversed(turns) for i in (*turn.artifacts, *turn.quoted) if where.get(i) is turn]
        kept = await self._artifacts(key, list(dict.fromkeys(newest))[:EARLIER])
        known, parents = _Known(turns), await self._parents(key, kept)
        items = [known.described(_item(a, me, current=False, voice=False), a, where[a.id]) for a in kept]
        return [replace(i, parents=parents[i.id], given=a.recipe.parents) for i, a in zip(items, kept, strict=True)]

    async def _parents(self, key: ConversationKey, kept: Sequence[Artifact]) -> dict[str, tuple[str, ...]]:
        """What each piece was made from, of those that were shown: past what came between in one turn."""
        shown = {a.id for a in kept}
        parents = {a.id: a.recipe.parents for a in kept}
        for _ in range(_MOST_BETWEEN):
            hidden = {p for above in parents.values() for p in above} - shown
            between = {a.id: a.recipe.parents for a in await self._artifacts(key, sorted(hidden)) if a.recipe.parents}
            if not between:
                break
            parents = {i: tuple(g for p in above for g in between.get(p, (p,))) for i, above in parents.items()}
        return parents

    async def _elsewhere(self, incoming: Incoming, seen: set[str], me: str) -> list[Item]:
        """What the person sent, and was sent, in the channel's other threads: their own, and nobody else's."""
        items: list[Item] = []
        for owner, turns in (await self._store.turns_beside(incoming.key, REMEMBERED)).items():
            asked = {t.message_id for t in turns if t.person is not None and t.person.id == incoming.author.id}
            own = [t for t in turns if (t.message_id or t.answers) in asked]
            items += await self._earlier(owner, own, seen, me)
        items.sort(key=lambda i: i.at.timestamp() if i.at else 0.0, reverse=True)
        return [replace(i, elsewhere=True) for i in items[:EARLIER]]

    async def _artifacts(self, key: ConversationKey, ids: Sequence[str]) -> list[Artifact]:
        """Those that are kept there still, in the order that is asked for."""
        found = await self._store.described(ids, str(key))
        return [found[i] for i in ids if i in found]

    async def heard(self, incoming: Incoming, text: str) -> None:
        """Remember what a person sent; a turn that a restart cut is remembered once."""
        if await self._store.turn(incoming.key, incoming.id) is not None:
            return
        artifacts = tuple(a.id for a in incoming.artifacts)
        quoted = tuple(a.id for a in incoming.quoted)
        turn = Turn("user", text, artifacts, incoming.author, incoming.id, incoming.sent_at, quoted=quoted)
        await self._store.remember(incoming.key, turn)

    async def said(self, incoming: Incoming, reply: Reply) -> None:
        """Remember what the bot answered, and what that was about."""
        shown = tuple(s.artifact.id for s in reply.shown)
        given = [value for ran in reply.plan for value in ran.args.values()]
        about = dict.fromkeys(i for value in given for i in _ids(value))
        turn = Turn("bot", reply.text, shown, answers=incoming.id, quoted=tuple(about))
        await self._store.remember(incoming.key, turn)


class _Known:
    """What a conversation told of the media in it."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._asked = {t.message_id: t for t in turns if t.message_id}
        self._told: dict[str, list[str]] = {}
        for turn in turns:
            if turn.who == "bot":
                asked = self._asked.get(turn.answers)
                for about in {*turn.quoted, *(asked.artifacts if asked else ())}:
                    self._told.setdefault(about, []).append(turn.text)

    def described(self, item: Item, artifact: Artifact, turn: Turn) -> Item:
        """With whose it is, from when, and what is in it."""
        asked = self._asked.get(turn.answers, turn)
        made = artifact.recipe.capability
        wished = [str(artifact.recipe.args[name]) for name in _WISHED if artifact.recipe.args.get(name)]
        words = [asked.text, *wished, *self._told.get(item.id, ())]
        theirs = turn.person is not None and artifact.recipe.person.endswith(f":{turn.person.id}")
        own = turn.person is not None and (item.id in turn.artifacts or theirs)  # and not another's that they answered
        who = turn.person.name if own and not made and turn.person is not None else ""
        had = asked.person.name if made and asked.person is not None else ""
        known = "\n".join(dict.fromkeys(w.strip() for w in words if w.strip()))
        how = _edit(artifact.recipe.args)
        item = replace(item, who=who, asked_by=had, made=made, how=how, at=turn.at)
        return replace(item, text=known[:_KNOWN_CHARS])


def _edit(args: Mapping[str, Any]) -> str:
    """The operation of an edit, and whether it made more or less of something."""
    directed = (args[name] >= none for name, none in _NO_CHANGE.items() if isinstance(args.get(name), int | float))
    sign = next(("+" if more else "-" for more in directed), "")
    return f"{args['operation']}{sign}" if args.get("operation") else ""


def _recent(turns: Sequence[Turn], budget: int) -> Iterator[Line]:
    """The newest turns that fit into so many tokens, oldest first; of one that does not fit alone, its beginning."""
    kept: list[Turn] = []
    for turn in reversed(turns):
        needed = tokens(turn.text)
        if needed > budget:
            if not any(k.text for k in kept):
                kept.append(replace(turn, text=turn.text[: len(turn.text) * budget // needed] + " …"))
            break
        budget -= needed
        kept.append(turn)
    for turn in reversed(kept):
        yield Line(turn.who, turn.text, turn.person.name if turn.person else "", turn.artifacts)


def _ids(value: Any) -> list[str]:
    """Artifact ids in an argument of a step."""
    return [v for v in (value if isinstance(value, list | tuple) else [value]) if isinstance(v, str)]


def _item(artifact: Artifact, asker: str, *, current: bool, voice: bool) -> Item:
    """A video counts as audio too where it has sound: what people say about it is mostly about what is heard."""
    kind = Kind.AUDIO if artifact.kind is Kind.VIDEO and artifact.facts.has_audio else artifact.kind
    mine = artifact.recipe.person == asker
    return Item(
        artifact.id,
        kind,
        artifact.name,
        artifact.caption,
        artifact.facts.duration_s,
        current=current,
        voice=voice,
        own=artifact.voice and mine and not artifact.recipe.capability,
        mine=mine,
    )
