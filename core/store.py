"""The database: inbox, outbox, memory, who keeps which artifact, the web page's timeline. The only module with SQL.

SQLite in WAL mode by default, Postgres by URL; both through SQLAlchemy's asyncio engine, with Alembic's migrations
applied when it opens. Concurrent writes share one commit: what waits is written in one transaction, and each caller
awaits that commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core._store_consents import ConsentStore, note_voice_of
from core._store_faults import mapped, unreachable
from core._store_ledger import LedgerStore, Post
from core._store_memory import MemoryStore
from core._store_people import PeopleStore, PersonSettings, release
from core.artifacts import Artifact
from core.errors import StoreLost, WrongUse
from core.messages import ConversationKey, Outgoing
from core.migrations import tables
from core.wire import from_json, to_json

__all__ = ["PersonSettings", "Post", "Store"]

T = TypeVar("T")
Operation = Callable[[Connection], T]

HEAD = "0003"
"""The newest revision in `core/migrations`. A database that is there already needs no Alembic to open."""

MOST_AT_ONCE = 256
"""Writes in one transaction."""
_BUSY_S = 15.0
_MIGRATION_LOCK = 0x61756469  # any number, the same in every process


@dataclass(slots=True)
class _Pending:
    """A write that waits for its commit."""

    operation: Operation[Any]
    done: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Store(LedgerStore, MemoryStore, PeopleStore, ConsentStore):
    """The database. Make one with `await Store.open(url)`. Every method raises `StoreLost` when it cannot be reached.

    A write has been committed when its call returns; when the caller is cancelled, it may be committed all the same.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._writes = engine.execution_options(writes=True)
        postgres = engine.dialect.name == "postgresql"
        self._reads = engine.execution_options(isolation_level="AUTOCOMMIT") if postgres else engine
        self._queue: asyncio.Queue[_Pending | None] = asyncio.Queue()
        self._closed = False
        self._writer: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, url: str) -> Store:
        """Connect and bring the schema up to date. Several processes may open the same database at once.

        Raises:
            WrongUse: the URL is none of SQLite's or Postgres's, or a newer version of this program made the database.
            StoreLost: the database cannot be reached.
        """
        engine = _engine(url)
        store = cls(engine)
        try:
            with mapped():
                await _migrate(store._writes)
        except BaseException:
            await engine.dispose()
            raise
        store._writer = asyncio.create_task(store._write_all(), name="store-writer")
        return store

    async def close(self) -> None:
        """Commit what waits and disconnect. Twice does no harm."""
        self._closed = True
        if self._writer is not None:
            self._queue.put_nowait(None)
            await self._writer
            self._writer = None
        await self._writes.dispose()

    # Inbox

    async def accept(self, platform: str, message_id: str, key: ConversationKey, payload: dict[str, Any]) -> bool:
        """Remember that a message came in; False when it is known already, so that it is served once."""
        row = {"platform": platform, "message_id": message_id, "owner": str(key), "payload": payload}
        return await self._write(lambda c: _insert_new(c, tables.inbox, {**row, "received_at": _now()}))

    async def unanswered(self, platform: str) -> list[dict[str, Any]]:
        """Payloads that were accepted and not answered, oldest first."""
        open_rows = (tables.inbox.c.platform == platform) & tables.inbox.c.answered_at.is_(None)
        rows = await self._read(sa.select(tables.inbox.c.payload).where(open_rows).order_by(tables.inbox.c.n))
        return [row.payload for row in rows]

    async def update_inbox(self, platform: str, message_id: str, payload: dict[str, Any]) -> None:
        """Keep more of an accepted message: what its files turned out to be."""
        its = (tables.inbox.c.platform == platform) & (tables.inbox.c.message_id == message_id)
        its &= tables.inbox.c.answered_at.is_(None)
        await self._write(lambda c: c.execute(sa.update(tables.inbox).where(its).values(payload=payload)).rowcount)

    async def accepted(self, platform: str, message_id: str) -> bool:
        """Whether a message came in before."""
        its = (tables.inbox.c.platform == platform) & (tables.inbox.c.message_id == message_id)
        return bool(await self._read(sa.select(tables.inbox.c.n).where(its)))

    async def withdraw(self, platform: str, message_id: str) -> None:
        """A message wants no answer any more: its person took it back."""
        its = (tables.inbox.c.platform == platform) & (tables.inbox.c.message_id == message_id)
        change = sa.update(tables.inbox).where(its & tables.inbox.c.answered_at.is_(None))
        await self._write(lambda c: c.execute(change.values(answered_at=_now(), payload=sa.null())).rowcount)

    async def forget_inbox(self, platform: str, message_id: str) -> None:
        """Forget a message that could not even be started, so that the platform may hand it in again."""
        its = (tables.inbox.c.platform == platform) & (tables.inbox.c.message_id == message_id)
        await self._write(lambda c: c.execute(sa.delete(tables.inbox).where(its)).rowcount)

    # Outbox

    async def post(self, outgoing: Outgoing) -> None:
        """Write a reply before it is delivered, and mark its message as answered, in one transaction.

        The same id twice is one row: the first stands. What the answered message said is no longer kept in the inbox.
        """
        await self._write(partial(_post, outgoing=outgoing))

    async def attempted(self, id: str) -> None:
        """Count one attempt to deliver."""
        change = sa.update(tables.outbox).where(tables.outbox.c.id == id).values(attempts=tables.outbox.c.attempts + 1)
        await self._write(lambda c: c.execute(change).rowcount)

    async def delivered(self, id: str, platform_ids: tuple[str, ...]) -> None:
        """A reply arrived, as these messages of the platform."""
        values = {"platform_ids": list(platform_ids), "delivered_at": _now()}
        await self._write(
            lambda c: c.execute(sa.update(tables.outbox).where(tables.outbox.c.id == id).values(values)).rowcount
        )

    async def undelivered(self, platform: str) -> list[Outgoing]:
        """Replies that were posted and did not arrive yet, oldest first."""
        waiting = (tables.outbox.c.platform == platform) & tables.outbox.c.delivered_at.is_(None)
        return [
            _outgoing(row)
            for row in await self._read(sa.select(tables.outbox).where(waiting).order_by(tables.outbox.c.n))
        ]

    async def outgoing(self, id: str) -> Outgoing | None:
        """One reply, with its attempts and the platform's ids."""
        rows = await self._read(sa.select(tables.outbox).where(tables.outbox.c.id == id))
        return _outgoing(rows[0]) if rows else None

    async def last_outgoing(self, owner: str, *, threads: bool = False) -> Outgoing | None:
        """The newest reply of a conversation that came of a plan, else the newest; with `threads` those inside it too.

        The owner is then that of a channel's main line, which is what its threads' begin with.
        """
        column = tables.outbox.c.owner
        its = column.startswith(owner, autoescape=True) if threads else column == owner
        query = sa.select(tables.outbox).where(its).order_by(tables.outbox.c.n.desc())
        recent = [_outgoing(row) for row in await self._read(query.limit(20))]
        return next((o for o in recent if o.reply.plan), recent[0] if recent else None)

    # Artifacts

    async def keep(self, artifact: Artifact, owner: str) -> None:
        """Let an owner (`str(ConversationKey)`) keep an artifact; once more makes it the owner's newest.

        Each owner keeps a description of their own: the same bytes sent by somebody else, under another name, tell
        neither anything of the other. A recipe names its parents by id and does not keep them: what is erased is gone.
        """
        await self._write(partial(_keep, artifact=artifact, owner=owner))

    async def artifact(self, id: str, owner: str | None = None) -> Artifact | None:
        """An artifact as `owner` keeps it; with no owner, as it was kept last by anyone. None when nobody does."""
        query = sa.select(tables.artifacts.c.artifact).where(tables.artifacts.c.id == id)
        query = query if owner is None else query.where(tables.artifacts.c.owner == owner)
        rows = await self._read(query.order_by(tables.artifacts.c.n.desc()).limit(1))
        return from_json(Artifact, rows[0].artifact) if rows else None

    async def described(self, ids: Sequence[str], owner: str) -> dict[str, Artifact]:
        """Those of the artifacts that an owner keeps, as that owner does, by their ids."""
        its = tables.artifacts.c.id.in_(ids) & (tables.artifacts.c.owner == owner)
        rows = await self._read(sa.select(tables.artifacts.c.artifact).where(its))
        return {a.id: a for a in (from_json(Artifact, row.artifact) for row in rows)}

    async def artifacts(self, owner: str, limit: int) -> list[Artifact]:
        """What an owner keeps, newest first."""
        query = sa.select(tables.artifacts.c.artifact).where(tables.artifacts.c.owner == owner)
        rows = await self._read(query.order_by(tables.artifacts.c.n.desc()).limit(limit))
        return [from_json(Artifact, row.artifact) for row in rows]

    async def kept(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that anybody keeps."""
        found: set[str] = set()
        for start in range(0, len(ids), MOST_AT_ONCE):
            query = sa.select(tables.artifacts.c.id).where(tables.artifacts.c.id.in_(ids[start : start + MOST_AT_ONCE]))
            found.update(row.id for row in await self._read(query))
        return found

    async def release(self, id: str, owner: str) -> bool:
        """An owner keeps an artifact no more. True when nobody does now: the caller deletes the bytes."""
        return bool(await self._write(partial(release, ids=[id], owner=owner)))

    # The web page's timeline

    async def append_event(self, room: str, unique: str, data: dict[str, Any]) -> int | None:
        """Append to a room's timeline; returns its number there, or None when `unique` is in it already.

        Numbers of a room only grow, perhaps with gaps, in the order of commit: who has read up to n misses nothing by
        asking for what is after n. `room` is `str(ConversationKey)`: forgetting the conversation takes its timeline
        along.
        """
        return await self._write(partial(_append_event, room=room, unique=unique, data=data))

    async def events(self, room: str, after: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
        """Events with a number greater than `after`, in order."""
        query = sa.select(tables.events.c.n, tables.events.c.data).where(
            (tables.events.c.room == room) & (tables.events.c.n > after)
        )
        return [(row.n, row.data) for row in await self._read(query.order_by(tables.events.c.n).limit(limit))]

    async def last_event(self, room: str) -> int:
        """The highest number that the room has given out; 0 before the first event."""
        rows = await self._read(sa.select(tables.rooms.c.last).where(tables.rooms.c.room == room))
        return int(rows[0].last) if rows else 0

    # Erasure

    async def forget_conversation(self, owner: str) -> list[str]:
        """Erase a conversation: messages, replies, turns, events, what it keeps.

        Returns the ids of the artifacts that nobody keeps now: the caller deletes their bytes. A room's counter stays,
        so that a page which is still open does not take the next events for old ones.
        """
        return await self._write(partial(_forget, owner=owner))

    # How it works

    @contextmanager
    def lent(self) -> Iterator[AsyncEngine]:
        """The connections, for a library that brings tables of its own; in this block its faults are `StoreLost`."""
        with mapped():
            yield self._writes

    async def _read(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        if self._closed:
            raise StoreLost("the database is closed")
        with mapped():
            async with self._reads.connect() as connection:
                return list((await connection.execute(query)).all())

    async def _write(self, operation: Operation[T]) -> T:
        if self._closed:
            raise StoreLost("the database is closed")
        pending = _Pending(operation)
        self._queue.put_nowait(pending)
        with mapped():
            result: T = await pending.done
        return result

    async def _write_all(self) -> None:
        """The one writer: takes all that waits, commits it together, and so on until `close`."""
        closing = False
        while not closing:
            batch = [await self._queue.get()]
            while not self._queue.empty() and len(batch) < MOST_AT_ONCE:
                batch.append(self._queue.get_nowait())
            closing = None in batch
            await self._commit([p for p in batch if p is not None and not p.done.done()])

    async def _commit(self, batch: list[_Pending]) -> None:
        """One transaction for all. When one operation spoils it, each gets a transaction of its own."""
        if not batch:
            return
        try:
            async with self._writes.begin() as connection:
                results = await connection.run_sync(lambda c: [p.operation(c) for p in batch])
        except Exception as error:  # whatever it is, it belongs to the callers, and the writer must live on
            if len(batch) == 1 or unreachable(error):
                for pending in batch:
                    if not pending.done.done():
                        pending.done.set_exception(error)
                return
            for pending in batch:
                await self._commit([pending])
            return
        for pending, result in zip(batch, results, strict=True):
            if not pending.done.done():
                pending.done.set_result(result)


def _now() -> datetime:
    return datetime.now(UTC)


def _engine(url: str) -> AsyncEngine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite_engine(parsed)
        if parsed.get_backend_name() == "postgresql":
            return create_async_engine(parsed, pool_pre_ping=True, pool_size=10)
    except (ArgumentError, NoSuchModuleError, SQLAlchemyError, ImportError) as error:
        raise WrongUse(f"AUDIOGPT_DATABASE_URL cannot be used: {type(error).__name__}") from error
    raise WrongUse("AUDIOGPT_DATABASE_URL is neither sqlite+aiosqlite:///... nor postgresql+asyncpg://...")


def _sqlite_engine(url: URL) -> AsyncEngine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, connect_args={"timeout": _BUSY_S})

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `_began` does
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _began(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):  # IMMEDIATE: wait for the lock now, not half way through
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


_migrating = asyncio.Lock()
"""Alembic keeps its context in a global."""


async def _migrate(engine: AsyncEngine) -> None:
    async with _migrating, engine.begin() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    """Bring the schema to `HEAD`. The transaction's lock makes other processes wait until it is done."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
    if sa.inspect(connection).has_table("alembic_version"):
        current = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        if current == HEAD:
            return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise WrongUse("The database was made by a newer version of this program. Please update it.") from error


def _insert_new(connection: Connection, table: sa.Table, row: dict[str, Any]) -> bool:
    """Insert unless a unique key is taken; whether it was."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return connection.execute(make(table).values(row).on_conflict_do_nothing()).rowcount > 0


def _post(connection: Connection, outgoing: Outgoing) -> None:
    row = {"id": outgoing.id, "platform": outgoing.key.platform, "owner": str(outgoing.key), "posted_at": _now()}
    row |= {"outgoing": to_json(outgoing), "attempts": outgoing.attempts, "platform_ids": list(outgoing.platform_ids)}
    _insert_new(connection, tables.outbox, row)
    its = (tables.inbox.c.platform == outgoing.key.platform) & (tables.inbox.c.message_id == outgoing.message_id)
    connection.execute(sa.update(tables.inbox).where(its).values(answered_at=_now(), payload=sa.null()))


def _outgoing(row: sa.Row[Any]) -> Outgoing:
    return replace(from_json(Outgoing, row.outgoing), attempts=row.attempts, platform_ids=tuple(row.platform_ids))


def _keep(connection: Connection, artifact: Artifact, owner: str) -> None:
    its = (tables.artifacts.c.id == artifact.id) & (tables.artifacts.c.owner == owner)
    connection.execute(sa.delete(tables.artifacts).where(its))
    row = {"id": artifact.id, "owner": owner, "artifact": to_json(artifact), "kept_at": _now()}
    connection.execute(sa.insert(tables.artifacts).values(row))
    note_voice_of(connection, artifact)


def _append_event(connection: Connection, room: str, unique: str, data: dict[str, Any]) -> int | None:
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    count = make(tables.rooms).values(room=room, last=1)  # the row's lock orders a room's writers until they commit
    grow = count.on_conflict_do_update(index_elements=["room"], set_={"last": tables.rooms.c.last + 1})
    number: int = connection.execute(grow.returning(tables.rooms.c.last)).scalar_one()
    row = {"room": room, "n": number, "unique": unique, "data": data, "at": _now()}
    return number if _insert_new(connection, tables.events, row) else None


def _forget(connection: Connection, owner: str) -> list[str]:
    for column in (
        tables.inbox.c.owner,
        tables.outbox.c.owner,
        tables.turns.c.owner,
        tables.events.c.room,
        tables.posts.c.owner,
    ):
        connection.execute(sa.delete(column.table).where(column == owner))
    ids = connection.execute(sa.select(tables.artifacts.c.id).where(tables.artifacts.c.owner == owner)).scalars()
    return release(connection, list(ids), owner)
