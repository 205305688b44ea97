"""The part of `core.store` that knows whose voice is in a recording, and who lets whom imitate theirs."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from core._store_part import StorePart
from core.artifacts import Artifact
from core.migrations import tables


class ConsentStore(StorePart):
    """What `Store` inherits. People are `platform:id`."""

    async def heard_voice(self, artifact: str, person: str) -> None:
        """These bytes are a voice note of a person. The first who is said to speak in it is: a copy changes nothing."""
        await self._write(partial(note_voice, artifact=artifact, person=person))

    async def speaker(self, artifact: str) -> str | None:
        """Who speaks in these bytes; None when they never came as a voice note."""
        rows = await self._read(sa.select(tables.voices.c.person).where(tables.voices.c.id == artifact))
        return rows[0].person if rows else None

    async def allow(self, speaker: str, asker: str, place: str) -> None:
        """A speaker lets another have their voice imitated in a place (`ConversationKey.place`), until revoked."""
        row = {"speaker": speaker, "asker": asker, "place": place, "at": datetime.now(UTC)}
        await self._write(
            lambda c: c.execute(_insert(c, tables.consents).values(row).on_conflict_do_nothing()).rowcount
        )

    async def allowed(self, asker: str, place: str) -> frozenset[str]:
        """Who lets a person have their voice imitated in a place."""
        its = (tables.consents.c.asker == asker) & (tables.consents.c.place == place)
        return frozenset(row.speaker for row in await self._read(sa.select(tables.consents.c.speaker).where(its)))

    async def revoke(self, person: str, place: str = "") -> None:
        """Forget what a person allowed and was allowed, in a place, or everywhere on their platform."""
        await self._write(partial(_revoke, person=person, place=place))


def note_voice(connection: Connection, artifact: str, person: str) -> None:
    """Remember who speaks, unless somebody else was heard to speak these bytes before."""
    row = {"id": artifact, "person": person}
    connection.execute(_insert(connection, tables.voices).values(row).on_conflict_do_nothing())


def note_voice_of(connection: Connection, artifact: Artifact) -> None:
    """The same, of what was sent as a voice note."""
    if artifact.voice and not artifact.recipe.capability and artifact.recipe.person:
        note_voice(connection, artifact.id, artifact.recipe.person)


def _revoke(connection: Connection, person: str, place: str) -> None:
    its = (tables.consents.c.speaker == person) | (tables.consents.c.asker == person)
    its = its & (tables.consents.c.place == place) if place else its
    connection.execute(sa.delete(tables.consents).where(its))


def _insert(connection: Connection, table: sa.Table) -> Any:
    return (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(table)
