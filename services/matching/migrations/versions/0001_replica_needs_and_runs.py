"""The replica of the catalogue in generations, and the needs, runs and policies that rest on it."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from shared.database import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _create_replica()
    _create_parking()
    _create_needs()
    _create_runs()
    leases = sa.table("leases", sa.column("work"), sa.column("holder"), sa.column("until", Instant()))
    op.execute(leases.insert().values(work="follower", holder="", until=datetime(2000, 1, 1, tzinfo=UTC)))


def downgrade() -> None:
    """Take back."""
    for table in [
        "match_runs",
        "needs",
        "policies",
        "idempotency_keys",
        "spans",
        "parked_changes",
        "text_models",
        "leases",
        "records",
        "generations",
    ]:
        op.drop_table(table)


def _create_replica() -> None:
    op.create_table(
        "generations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("text_model_version", sa.String(length=40), nullable=False),
        sa.Column("learned_at", sa.BigInteger(), nullable=False),
        sa.Column("unlearned", sa.Integer(), nullable=False),
        sa.Column("followed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_generations"),
    )
    op.create_index("ix_generations_state", "generations", ["state"], unique=False)
    op.create_table(
        "records",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_records"),
    )
    op.create_table(
        "spans",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("entity", sa.String(length=16), nullable=False),
        sa.Column("entity_id", sa.String(length=100), nullable=False),
        sa.Column("from_position", sa.BigInteger(), nullable=False),
        sa.Column("to_position", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["records.digest"], name="fk_spans_digest"),
        sa.ForeignKeyConstraint(["generation"], ["generations.id"], name="fk_spans_generation"),
        sa.PrimaryKeyConstraint("generation", "entity", "entity_id", "from_position", name="pk_spans"),
    )
    op.create_index("ix_spans_generation_from_position", "spans", ["generation", "from_position"], unique=False)
    op.create_index("ix_spans_generation_to_position", "spans", ["generation", "to_position"], unique=False)


def _create_parking() -> None:
    op.create_table(
        "parked_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("parked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["generation"], ["generations.id"], name="fk_parked_changes_generation"),
        sa.PrimaryKeyConstraint("id", name="pk_parked_changes"),
    )
    op.create_index("ix_parked_changes_generation", "parked_changes", ["generation"], unique=False)
    op.create_table(
        "text_models",
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("learned_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_text_models"),
    )
    op.create_table(
        "leases",
        sa.Column("work", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("work", name="pk_leases"),
    )


def _create_needs() -> None:
    op.create_table(
        "policies",
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("adopted_at", Instant(), nullable=False),
        sa.Column("adopted_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_policies"),
    )
    op.create_index("ix_policies_version", "policies", ["version"], unique=False)
    op.create_table(
        "needs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("organisation", sa.String(length=100), nullable=False),
        sa.Column("region", sa.String(length=6), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("withdrawn_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_needs"),
    )
    op.create_index("ix_needs_organisation_id", "needs", ["organisation", "id"], unique=False)
    op.create_index("ix_needs_region_id", "needs", ["region", "id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("claimed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_claimed_at", "idempotency_keys", ["claimed_at"], unique=False)


def _create_runs() -> None:
    op.create_table(
        "match_runs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("need_id", sa.String(length=40), nullable=False),
        sa.Column("need_digest", sa.String(length=64), nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.Column("profile_digest", sa.String(length=64), nullable=False),
        sa.Column("policy_revision", sa.Integer(), nullable=False),
        sa.Column("policy_digest", sa.String(length=64), nullable=False),
        sa.Column("text_model_version", sa.String(length=40), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("answer_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["generation"], ["generations.id"], name="fk_match_runs_generation"),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name="fk_match_runs_need_id"),
        sa.ForeignKeyConstraint(["policy_revision"], ["policies.revision"], name="fk_match_runs_policy_revision"),
        sa.ForeignKeyConstraint(
            ["text_model_version"], ["text_models.version"], name="fk_match_runs_text_model_version"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_match_runs"),
    )
    op.create_index("ix_match_runs_need_id", "match_runs", ["need_id"], unique=False)
