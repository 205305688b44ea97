"""The tables as `core.store` uses them; the revisions beside this file make them.

Times are UTC. An `owner`, and a `room`, is `str(ConversationKey)`; a `person` is their platform and their id there. An
`n` only grows: it is the order of arrival.
JSON is stored as text, on Postgres too: nothing searches in it, and its JSONB takes no NUL, which a chat may send.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)
metadata = sa.MetaData()


def _number() -> sa.Column[int]:
    return sa.Column("n", _NUMBER, primary_key=True, autoincrement=True)


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False, **options)


inbox = sa.Table(
    "inbox",
    metadata,
    _number(),
    _text("platform"),
    _text("message_id"),
    _text("owner", index=True),
    sa.Column("payload", sa.JSON),
    sa.Column("received_at", _TIME, nullable=False),
    sa.Column("answered_at", _TIME),
    sa.UniqueConstraint("platform", "message_id"),
)
outbox = sa.Table(
    "outbox",
    metadata,
    _number(),
    _text("id", unique=True),
    _text("platform"),
    _text("owner", index=True),
    sa.Column("outgoing", sa.JSON, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("platform_ids", sa.JSON, nullable=False),
    sa.Column("posted_at", _TIME, nullable=False),
    sa.Column("delivered_at", _TIME),
)
for _index, _table, _unset in (("inbox_open", inbox, "answered_at"), ("outbox_waiting", outbox, "delivered_at")):
    _where = _table.c[_unset].is_(None)
    sa.Index(_index, _table.c.platform, _table.c.n, sqlite_where=_where, postgresql_where=_where)
turns = sa.Table(
    "turns",
    metadata,
    _number(),
    _text("owner"),
    sa.Column("turn", sa.JSON, nullable=False),
    sa.Column("at", _TIME, nullable=False),
    sa.Column("message_id", sa.String),
    sa.Index("turns_of", "owner", "n"),
    sa.Index("turns_as", "owner", "message_id"),
)
artifacts = sa.Table(
    "artifacts",
    metadata,
    _number(),
    _text("id"),
    _text("owner"),
    sa.Column("artifact", sa.JSON, nullable=False),
    sa.Column("kept_at", _TIME, nullable=False),
    sa.UniqueConstraint("id", "owner"),
    sa.Index("artifacts_of", "owner", "n"),
)
rooms = sa.Table("rooms", metadata, _text("room", primary_key=True), sa.Column("last", _NUMBER, nullable=False))
events = sa.Table(
    "events",
    metadata,
    _text("room", primary_key=True),
    sa.Column("n", _NUMBER, primary_key=True, autoincrement=False),
    _text("unique"),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("at", _TIME, nullable=False),
    sa.UniqueConstraint("room", "unique"),
)
posts = sa.Table(  # the ledger: each message of the platform that a reply became, or began to become
    "posts",
    metadata,
    _number(),
    _text("platform"),
    _text("owner", index=True),
    _text("outgoing"),
    _text("part"),
    _text("note"),
    sa.Column("post", sa.String),
    sa.Column("begun_at", _TIME, nullable=False),
    sa.UniqueConstraint("outgoing", "part"),
    sa.Index("posts_as", "platform", "post"),
)
voices = sa.Table(  # who speaks in a voice note
    "voices",
    metadata,
    _text("id", primary_key=True),
    _text("person"),
)
consents = sa.Table(  # who lets whom have their voice imitated, and where
    "consents",
    metadata,
    _text("speaker", primary_key=True),
    _text("asker", primary_key=True),
    _text("place", primary_key=True),
    sa.Column("at", _TIME, nullable=False),
)
people = sa.Table(
    "people",
    metadata,
    _text("person", primary_key=True),
    sa.Column("settings", sa.JSON, nullable=False),
)
