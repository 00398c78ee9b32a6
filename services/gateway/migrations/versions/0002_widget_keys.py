"""What widget keys are bound to."""

import sqlalchemy as sa
from alembic import op

from shared.database import JSONDocument

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "widget_terms",
        sa.Column("key_id", sa.String(40), sa.ForeignKey("keys.id"), primary_key=True),
        sa.Column("label", sa.String(100), nullable=False),
        sa.Column("narrowing", JSONDocument, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_table(
        "widget_origins",
        sa.Column("key_id", sa.String(40), sa.ForeignKey("keys.id"), primary_key=True),
        sa.Column("origin", sa.String(300), primary_key=True, index=True),
    )


def downgrade() -> None:
    """Drop them, and end the keys that would be left without bounds."""
    op.execute(sa.text("UPDATE keys SET revoked_at = created_at WHERE role = 'widget' AND revoked_at IS NULL"))
    for table in ("widget_origins", "widget_terms"):
        op.drop_table(table)
