"""The gateway's tables: forward, back, forward again, and no drift from the models."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.gateway.models import Base
from shared import migrations
from shared.database import connect


def test_migrations_go_forward_and_back_without_drift(database_url):
    url = database_url("gateway")
    migrations.downgrade("gateway", url, "base")
    migrations.upgrade("gateway", url)
    engine = connect(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()
