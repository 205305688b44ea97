"""Whose voice is in a voice note, and who lets whom imitate theirs.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "voices",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("person", sa.String, nullable=False),
    )
    op.create_table(
        "consents",
        sa.Column("speaker", sa.String, primary_key=True),
        sa.Column("asker", sa.String, primary_key=True),
        sa.Column("place", sa.String, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("consents", "voices"):
        op.drop_table(table)
