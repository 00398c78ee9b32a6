"""Alembic's entry for the gateway."""

from services.gateway.models import Base
from shared import migrations

migrations.run(Base.metadata)
