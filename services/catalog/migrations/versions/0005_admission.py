"""Applications, the journal of steps, a provider's appeal and re-entry, and the review of a revision."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.database import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

IDENTIFIER = sa.String(40)
SEQUENTIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "applications",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("provider_id", IDENTIFIER, nullable=False),
        sa.Column("uscc", sa.String(18), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("content", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("notice_id", IDENTIFIER),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("submitted_at", Instant),
        sa.Column("closed_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_applications"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_applications_provider_id"),
        sa.ForeignKeyConstraint(["notice_id"], ["public_notices.id"], name="fk_applications_notice_id"),
    )
    for name in ("provider_id", "region", "state"):
        op.create_index(f"ix_applications_{name}", "applications", [name])
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_applications_open",
        "applications",
        ["uscc"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "steps",
        sa.Column("id", SEQUENTIAL, nullable=False),
        sa.Column("entity", sa.String(20), nullable=False),
        sa.Column("entity_id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("target", sa.String(20), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(60)),
        sa.Column("note", sa.Text),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_steps"),
    )
    op.create_index("ix_steps_entity_entity_id_id", "steps", ["entity", "entity_id", "id"])
    op.add_column("providers", sa.Column("appealed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("providers", sa.Column("reentry_after", sa.Date))
    op.add_column("offerings", sa.Column("in_review", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take back. Applicants become suspended: the standing that keeps them out in the form before."""
    op.execute("UPDATE providers SET standing = 'suspended' WHERE standing = 'applicant'")
    op.drop_column("offerings", "in_review")
    op.drop_column("providers", "reentry_after")
    op.drop_column("providers", "appealed")
    op.drop_table("steps")
    op.drop_table("applications")
