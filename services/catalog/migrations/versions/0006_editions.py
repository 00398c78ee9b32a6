"""Editions of recommended catalogues."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.database import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

IDENTIFIER = sa.String(40)
DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "editions",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("organisation", sa.String(60), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("content", DOCUMENT, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("head", DOCUMENT),
        sa.Column("content_hash", sa.String(64)),
        sa.Column("announced_at", Instant),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
        sa.UniqueConstraint("organisation", "title", "number", name="uq_editions_organisation_title_number"),
    )
    op.create_index("ix_editions_state", "editions", ["state"])
    op.create_table(
        "edition_items",
        sa.Column("edition_id", IDENTIFIER, nullable=False),
        sa.Column("offering_id", IDENTIFIER, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("place", sa.Integer),
        sa.Column("row", DOCUMENT),
        sa.PrimaryKeyConstraint("edition_id", "offering_id", name="pk_edition_items"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_edition_items_edition_id"),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name="fk_edition_items_offering_id"),
    )
    op.create_index("ix_edition_items_offering_id", "edition_items", ["offering_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("edition_items")
    op.drop_table("editions")
