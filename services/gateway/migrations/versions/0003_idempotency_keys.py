"""Requests for keys that were carried out, so that repeating one makes no second key."""

import sqlalchemy as sa
from alembic import op

from shared.database import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "idempotency_keys",
        sa.Column("scope", sa.String(64), primary_key=True),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("status", sa.SmallInteger),
        sa.Column("headers", sa.JSON),
        sa.Column("body", sa.LargeBinary),
        sa.Column("claimed_at", Instant, nullable=False, index=True),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("idempotency_keys")
