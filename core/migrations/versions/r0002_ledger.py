"""The ledger of platform messages, and what people set for themselves.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "posts",
        sa.Column("n", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("owner", sa.String, nullable=False, index=True),
        sa.Column("outgoing", sa.String, nullable=False),
        sa.Column("part", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("post", sa.String),
        sa.Column("begun_at", TIME, nullable=False),
        sa.UniqueConstraint("outgoing", "part"),
    )
    op.create_index("posts_as", "posts", ["platform", "post"])
    op.create_table(
        "people",
        sa.Column("person", sa.String, primary_key=True),
        sa.Column("settings", sa.JSON, nullable=False),
    )
    op.add_column("turns", sa.Column("message_id", sa.String))
    op.create_index("turns_as", "turns", ["owner", "message_id"])


def downgrade() -> None:
    op.drop_index("turns_as", "turns")
    op.drop_column("turns", "message_id")
    for table in ("people", "posts"):
        op.drop_table(table)
