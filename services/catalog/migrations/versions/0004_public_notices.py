"""Public notices and the objections to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.database import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IDENTIFIER = sa.String(40)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "public_notices",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("subject_kind", sa.String(20), nullable=False),
        sa.Column("subject_id", IDENTIFIER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("uscc", sa.String(18)),
        sa.Column("opens_at", Instant, nullable=False),
        sa.Column("closes_at", Instant, nullable=False),
        sa.Column("called_off_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_public_notices"),
    )
    op.create_index("ix_public_notices_subject_kind_subject_id", "public_notices", ["subject_kind", "subject_id"])
    op.create_index("ix_public_notices_closes_at", "public_notices", ["closes_at"])
    op.create_table(
        "objections",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("notice_id", IDENTIFIER, nullable=False),
        sa.Column("organisation", sa.String(60), nullable=False),
        sa.Column("ground", sa.String(60), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(60)),
        sa.Column("note", sa.Text),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("resolved_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_objections"),
        sa.ForeignKeyConstraint(["notice_id"], ["public_notices.id"], name="fk_objections_notice_id"),
        sa.UniqueConstraint("notice_id", "organisation", name="uq_objections_notice_id_organisation"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("objections")
    op.drop_table("public_notices")
