"""How often each provider was shown, and the ledgers made of it."""

import sqlalchemy as sa
from alembic import op

from shared.database import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "exposures",
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("provider_id", sa.String(length=100), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["match_runs.id"], name="fk_exposures_run_id"),
        sa.PrimaryKeyConstraint("run_id", "provider_id", name="pk_exposures"),
    )
    op.create_table(
        "exposure_ledgers",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("counted_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_exposure_ledgers"),
    )
    op.create_index("ix_exposure_ledgers_counted_until", "exposure_ledgers", ["counted_until"], unique=False)
    op.add_column("match_runs", sa.Column("ledger_version", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("match_runs", "ledger_version")
    op.drop_table("exposure_ledgers")
    op.drop_table("exposures")
