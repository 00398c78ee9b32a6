"""The category tree of the reference catalogue, for a catalogue that has none yet."""

import sqlalchemy as sa
from alembic import op

from shared import codes

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CATEGORIES = sa.table("categories", *map(sa.column, ("code", "parent", "name_zh", "name_en", "place")))


def upgrade() -> None:
    """Apply."""
    if op.get_bind().scalar(sa.select(sa.func.count()).select_from(CATEGORIES)):
        return
    rows = [
        {
            "code": row["code"],
            "parent": row["parent"] or None,
            "name_zh": row["name_zh"],
            "name_en": row["name_en"],
            "place": place,
        }
        for place, row in enumerate(codes.rows("categories.csv"))
    ]
    op.bulk_insert(CATEGORIES, rows)


def downgrade() -> None:
    """Take back: the tree stays, for offerings may stand in it by now and a bureau may have replaced it."""
