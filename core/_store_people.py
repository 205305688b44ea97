"""The part of `core.store` that knows what people set for themselves, and how to forget a person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from core._store_part import StorePart
from core.artifacts import Artifact
from core.messages import Turn
from core.migrations import tables
from core.wire import from_json, to_json


@dataclass(frozen=True, slots=True)
class PersonSettings:
    """What a person chose for themselves."""

    voice: str = "auto"
    """Answers in speech: `on`, `off`, or `auto`, which is to who spoke."""


class PeopleStore(StorePart):
    """What `Store` inherits."""

    async def person_settings(self, person: str) -> PersonSettings:
        """What a person (`platform:id`) chose; the defaults when nothing."""
        rows = await self._read(sa.select(tables.people.c.settings).where(tables.people.c.person == person))
        return from_json(PersonSettings, rows[0].settings) if rows else PersonSettings()

    async def set_person(self, person: str, settings: PersonSettings) -> None:
        """Keep what a person chose."""
        await self._write(partial(_set_person, person=person, settings=to_json(settings)))

    async def forget_person(self, person: str) -> None:
        """Nothing is kept of what a person chose."""
        await self._write(
            lambda c: c.execute(sa.delete(tables.people).where(tables.people.c.person == person)).rowcount
        )

    async def conversations(self, prefix: str) -> list[str]:
        """Owners that begin so and hold anything: a channel with its threads."""
        found: set[str] = set()
        for table in (tables.inbox, tables.turns, tables.artifacts):
            query = sa.select(table.c.owner).where(table.c.owner.startswith(prefix, autoescape=True)).distinct()
            found.update(row.owner for row in await self._read(query))
        return sorted(found)

    async def forget_person_in(self, owner: str, platform: str, person: str) -> list[str]:
        """Erase what one person said, sent and got in a conversation. `person` is their id on the platform.

        Returns the ids of the artifacts that nobody keeps now: the caller deletes their bytes.
        """
        return await self._write(partial(_forget_person, owner=owner, platform=platform, person=person))


def _insert(connection: Connection, table: sa.Table) -> Any:
    return (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(table)


def _set_person(connection: Connection, person: str, settings: dict[str, Any]) -> None:
    fresh = _insert(connection, tables.people).values(person=person, settings=settings)
    connection.execute(fresh.on_conflict_do_update(index_elements=["person"], set_={"settings": settings}))


def _forget_person(connection: Connection, owner: str, platform: str, person: str) -> list[str]:
    rows = connection.execute(
        sa.select(tables.turns.c.n, tables.turns.c.turn).where(tables.turns.c.owner == owner)
    ).all()
    turns = [(row.n, from_json(Turn, row.turn)) for row in rows]
    theirs = {t.message_id for _, t in turns if t.person is not None and t.person.id == person}
    gone = [n for n, t in turns if (t.message_id or t.answers) in theirs]
    connection.execute(sa.delete(tables.turns).where(tables.turns.c.n.in_(gone)))
    for table in (tables.inbox, tables.outbox):
        column = table.c.message_id if table is tables.inbox else table.c.id
        named = theirs if table is tables.inbox else {f"{owner}#{m}" for m in theirs}
        connection.execute(sa.delete(table).where((table.c.owner == owner) & column.in_(named)))
    _forget_events(connection, owner, person, theirs)
    outgoing = tables.posts.c.outgoing.in_({f"{owner}#{m}" for m in theirs})
    connection.execute(sa.delete(tables.posts).where((tables.posts.c.owner == owner) & outgoing))
    kept = connection.execute(sa.select(tables.artifacts.c.artifact).where(tables.artifacts.c.owner == owner)).scalars()
    made_for = f"{platform}:{person}"
    ids = [a.id for a in (from_json(Artifact, data) for data in kept) if a.recipe.person == made_for]
    return release(connection, ids, owner)


def _forget_events(connection: Connection, room: str, person: str, theirs: set[str]) -> None:
    """Out of a room's timeline goes what a person wrote, commands too, and what answered it."""
    its = tables.events.c.room == room
    wrote = tables.events.c.data["author"]["id"].as_string() == person
    data = connection.execute(sa.select(tables.events.c.data).where(its & wrote)).scalars()
    ids = theirs | {str(event["message_id"]) for event in data}
    told = {*(f"message {m}" for m in ids), *(f"reply {room}#{m}" for m in ids)}
    connection.execute(sa.delete(tables.events).where(its & tables.events.c.unique.in_(told)))


def release(connection: Connection, ids: list[str], owner: str) -> list[str]:
    """Which of the ids nobody keeps now, of those that the owner kept until now."""
    its = (tables.artifacts.c.owner == owner) & tables.artifacts.c.id.in_(ids)
    gone = set(connection.execute(sa.delete(tables.artifacts).where(its).returning(tables.artifacts.c.id)).scalars())
    kept = connection.execute(sa.select(tables.artifacts.c.id).where(tables.artifacts.c.id.in_(gone))).scalars()
    dropped = sorted(gone - set(kept))
    connection.execute(sa.delete(tables.voices).where(tables.voices.c.id.in_(dropped)))
    return dropped
