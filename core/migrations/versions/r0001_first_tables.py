"""The first tables: inbox, outbox, turns, artifacts, rooms, events.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("n", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False, index=True),
        sa.Column("payload", sa.JSON),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("answered_at", TIME),
        sa.UniqueConstraint("platform", "message_id"),
    )
    open_mail = sa.text("answered_at IS NULL")
    op.create_index("inbox_open", "inbox", ["platform", "n"], sqlite_where=open_mail, postgresql_where=open_mail)
    op.create_table(
        "outbox",
        sa.Column("n", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False, index=True),
        sa.Column("outgoing", sa.JSON, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("platform_ids", sa.JSON, nullable=False),
        sa.Column("posted_at", TIME, nullable=False),
        sa.Column("delivered_at", TIME),
    )
    waiting = sa.text("delivered_at IS NULL")
    op.create_index("outbox_waiting", "outbox", ["platform", "n"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "turns",
        sa.Column("n", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("turn", sa.JSON, nullable=False),
        sa.Column("at", TIME, nullable=False),
    )
    op.create_index("turns_of", "turns", ["owner", "n"])
    op.create_table(
        "artifacts",
        sa.Column("n", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False),
        sa.Column("artifact", sa.JSON, nullable=False),
        sa.Column("kept_at", TIME, nullable=False),
        sa.UniqueConstraint("id", "owner"),
    )
    op.create_index("artifacts_of", "artifacts", ["owner", "n"])
    op.create_table(
        "rooms",
        sa.Column("room", sa.String, primary_key=True),
        sa.Column("last", NUMBER, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("room", sa.String, primary_key=True),
        sa.Column("n", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("unique", sa.String, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.UniqueConstraint("room", "unique"),
    )


def downgrade() -> None:
    for table in ("events", "rooms", "artifacts", "turns", "outbox", "inbox"):
        op.drop_table(table)
