"""Alembic's entry for the catalogue."""

from services.catalog import models as _  # noqa: F401 - all tables, not only the root
from services.catalog.tables import Table
from shared import migrations

migrations.run(Table.metadata)
