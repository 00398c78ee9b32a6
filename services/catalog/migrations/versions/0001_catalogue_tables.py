"""The record (categories, providers, offerings) and the feed of its changes."""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from shared.database import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON_DOCUMENT = sa.JSON().with_variant(JSONB(), "postgresql")
SEQUENTIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IDENTIFIER = sa.String(40)


def upgrade() -> None:
    """Apply."""
    _create_categories()
    _create_providers()
    _create_offerings()
    _create_feed()
    _create_idempotency_keys()


def downgrade() -> None:
    """Take back."""
    for table in (
        "idempotency_keys",
        "changes",
        "feed_state",
        "offering_codes",
        "offering_versions",
        "offerings",
        "providers",
        "categories",
        "category_tree",
    ):
        op.drop_table(table)


def _create_categories() -> None:
    tree = op.create_table(
        "category_tree",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_category_tree"),
    )
    op.bulk_insert(tree, [{"id": 1, "revision": 1}])
    op.create_table(
        "categories",
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("parent", sa.String(60)),
        sa.Column("name_zh", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_categories"),
    )


def _create_providers() -> None:
    op.create_table(
        "providers",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("external_id", sa.String(100)),
        sa.Column("uscc", sa.String(18), nullable=False),
        sa.Column("region", sa.String(6), nullable=False),
        sa.Column("standing", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("content", JSON_DOCUMENT, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_providers"),
        sa.UniqueConstraint("source", "external_id", name="uq_providers_source_external_id"),
        sa.UniqueConstraint("uscc", name="uq_providers_uscc"),
    )
    op.create_index("ix_providers_region", "providers", ["region"])


def _create_offerings() -> None:
    op.create_table(
        "offerings",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("provider_id", IDENTIFIER, nullable=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("external_id", sa.String(100)),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("published_version", sa.Integer),
        sa.Column("published_at", Instant),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offerings"),
        sa.ForeignKeyConstraint(["provider_id"], ["providers.id"], name="fk_offerings_provider_id"),
        sa.UniqueConstraint("source", "external_id", name="uq_offerings_source_external_id"),
    )
    op.create_index("ix_offerings_provider_id", "offerings", ["provider_id"])
    op.create_index("ix_offerings_state_id", "offerings", ["state", "id"])
    op.create_table(
        "offering_versions",
        sa.Column("offering_id", IDENTIFIER, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("content", JSON_DOCUMENT, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("offering_id", "version", name="pk_offering_versions"),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name="fk_offering_versions_offering_id"),
    )
    op.create_table(
        "offering_codes",
        sa.Column("offering_id", IDENTIFIER, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("axis", sa.String(10), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("offering_id", "version", "axis", "code", name="pk_offering_codes"),
        sa.ForeignKeyConstraint(["offering_id"], ["offerings.id"], name="fk_offering_codes_offering_id"),
    )
    op.create_index("ix_offering_codes_axis_code", "offering_codes", ["axis", "code"])


def _create_feed() -> None:
    state = op.create_table(
        "feed_state",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("epoch", sa.String(32), nullable=False),
        sa.Column("head", sa.BigInteger, nullable=False),
        sa.Column("floor", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed_state"),
    )
    op.bulk_insert(state, [{"id": 1, "epoch": secrets.token_hex(8), "head": 0, "floor": 0}])
    op.create_table(
        "changes",
        sa.Column("id", SEQUENTIAL, nullable=False),
        sa.Column("position", sa.BigInteger),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("entity", sa.String(20), nullable=False),
        sa.Column("entity_id", sa.String(60), nullable=False),
        sa.Column("record", JSON_DOCUMENT),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sa.UniqueConstraint("position", name="uq_changes_position"),
    )
    unnumbered = sa.text("position IS NULL")
    op.create_index("ix_changes_unnumbered", "changes", ["id"], sqlite_where=unnumbered, postgresql_where=unnumbered)


def _create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("scope", sa.String(64), nullable=False),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("status", sa.SmallInteger),
        sa.Column("headers", sa.JSON),
        sa.Column("body", sa.LargeBinary),
        sa.Column("claimed_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_claimed_at", "idempotency_keys", ["claimed_at"])
