"""The part of `core.store` that remembers what was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import sqlalchemy as sa

from core._store_part import StorePart
from core.messages import ConversationKey, Turn
from core.migrations import tables
from core.wire import from_json, to_json


class MemoryStore(StorePart):
    """What `Store` inherits."""

    async def remember(self, key: ConversationKey, turn: Turn) -> None:
        """Add a turn to a conversation."""
        row = {"owner": str(key), "turn": to_json(turn), "at": turn.at.astimezone(UTC)}
        row["message_id"] = turn.message_id or None
        await self._write(lambda c: c.execute(sa.insert(tables.turns).values(row)).rowcount)

    async def turn(self, key: ConversationKey, message_id: str) -> Turn | None:
        """What a person said in one message, as far back as the conversation is remembered."""
        its = (tables.turns.c.owner == str(key)) & (tables.turns.c.message_id == message_id)
        rows = await self._read(sa.select(tables.turns.c.turn).where(its).limit(1))
        return from_json(Turn, rows[0].turn) if rows else None

    async def turns(self, key: ConversationKey, limit: int) -> list[Turn]:
        """The last turns of a conversation, oldest first."""
        query = (
            sa.select(tables.turns.c.turn)
            .where(tables.turns.c.owner == str(key))
            .order_by(tables.turns.c.n.desc())
            .limit(limit)
        )
        return [from_json(Turn, row.turn) for row in reversed(await self._read(query))]

    async def turns_beside(self, key: ConversationKey, limit: int) -> dict[ConversationKey, list[Turn]]:
        """The last turns of the other conversations in a channel, each one's oldest first."""
        its = tables.turns.c.owner.startswith(key.place, autoescape=True) & (tables.turns.c.owner != str(key))
        query = sa.select(tables.turns.c.owner, tables.turns.c.turn).where(its).order_by(tables.turns.c.n.desc())
        found: dict[ConversationKey, list[Turn]] = {}
        for row in reversed(await self._read(query.limit(limit))):
            beside = replace(key, thread=row.owner.removeprefix(key.place))
            found.setdefault(beside, []).append(from_json(Turn, row.turn))
        return found
