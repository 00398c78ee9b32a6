"""Alembic's entry for matching."""

from services.matching.models import Model
from shared import migrations

migrations.run(Model.metadata)
