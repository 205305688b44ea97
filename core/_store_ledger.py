"""The part of `core.store` that knows which platform messages a reply became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from core._store_part import StorePart
from core.migrations import tables


@dataclass(frozen=True, slots=True)
class Post:
    """One row of the ledger."""

    outgoing: str
    """Id of the reply that it belongs to."""
    part: str
    """Which message of the reply: `0`, `1`, ...; `status` for the line that is shown while the turn runs."""
    id: str | None
    """The platform's id. None: it was begun, and nobody knows whether it arrived."""
    note: str
    """What the adapter wants to find again: an upload's id, a nonce."""
    begun_at: datetime


class LedgerStore(StorePart):
    """What `Store` inherits."""

    async def begin_post(self, platform: str, owner: str, outgoing: str, part: str, note: str = "") -> None:
        """Write down that a message is about to be posted. Once more replaces its note and its time."""
        row = {"platform": platform, "owner": owner, "outgoing": outgoing, "part": part, "note": note}
        await self._write(partial(_begin, row={**row, "begun_at": datetime.now(UTC)}))

    async def end_post(self, outgoing: str, part: str, post: str) -> None:
        """A message arrived, under this id of the platform."""
        its = (tables.posts.c.outgoing == outgoing) & (tables.posts.c.part == part)
        await self._write(lambda c: c.execute(sa.update(tables.posts).where(its).values(post=post)).rowcount)

    async def drop_post(self, outgoing: str, part: str) -> None:
        """A message was surely not posted, or is no longer there."""
        its = (tables.posts.c.outgoing == outgoing) & (tables.posts.c.part == part)
        await self._write(lambda c: c.execute(sa.delete(tables.posts).where(its)).rowcount)

    async def posts_of(self, outgoing: str) -> list[Post]:
        """Every message that a reply became or began to become, in order."""
        rows = await self._read(
            sa.select(tables.posts).where(tables.posts.c.outgoing == outgoing).order_by(tables.posts.c.n)
        )
        return [_as_post(row) for row in rows]

    async def post_as(self, platform: str, post: str) -> Post | None:
        """The ledger's row of a platform message; None when the bot did not post it."""
        its = (tables.posts.c.platform == platform) & (tables.posts.c.post == post)
        rows = await self._read(sa.select(tables.posts).where(its).order_by(tables.posts.c.n.desc()).limit(1))
        return _as_post(rows[0]) if rows else None

    async def open_statuses(self, platform: str) -> list[Post]:
        """Status lines whose turns are over or were cut: what a start clears away."""
        its = (tables.posts.c.platform == platform) & (tables.posts.c.part == "status")
        return [_as_post(row) for row in await self._read(sa.select(tables.posts).where(its))]


def _as_post(row: sa.Row[Any]) -> Post:
    begun = row.begun_at if row.begun_at.tzinfo else row.begun_at.replace(tzinfo=UTC)  # SQLite keeps no zone
    return Post(row.outgoing, row.part, row.post, row.note, begun)


def _insert(connection: Connection, table: sa.Table) -> Any:
    return (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(table)


def _begin(connection: Connection, row: dict[str, Any]) -> None:
    fresh = _insert(connection, tables.posts).values(row)
    again = {"note": row["note"], "begun_at": row["begun_at"], "post": None}
    connection.execute(fresh.on_conflict_do_update(index_elements=["outgoing", "part"], set_=again))
