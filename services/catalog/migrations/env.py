"""Alembic's entry for the catalogue."""

from services.catalog.models import Table
from shared import migrations

migrations.run(Table.metadata)
