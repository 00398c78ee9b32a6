"""Alembic, once for all services: each has its own history under `services/<name>/migrations`."""

from logging import getLogger

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text

from shared.database import connect


def configuration(service: str, url: str) -> Config:
    """The Alembic configuration of one service on one database."""
    config = Config()
    config.set_main_option("script_location", f"services.{service}:migrations")
    config.attributes["url"] = url
    return config


def upgrade(service: str, url: str, revision: str = "head") -> None:
    """Bring a database to a revision, the newest by default."""
    command.upgrade(configuration(service, url), revision)


def downgrade(service: str, url: str, revision: str) -> None:
    """Bring a database back to an older revision."""
    command.downgrade(configuration(service, url), revision)


def present(url: str) -> str | None:
    """The revision that a database is at; null when it was never migrated."""
    engine = connect(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def run(metadata: MetaData) -> None:
    """The body of every `migrations/env.py`."""
    getLogger("alembic").setLevel("WARNING")
    engine = connect(context.config.attributes["url"])
    try:
        with engine.connect() as connection:
            context.configure(connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
            with context.begin_transaction():
                _wait_for_others(connection)
                context.run_migrations()
    finally:
        engine.dispose()


def _wait_for_others(connection: Connection) -> None:
    """Two that migrate at once would both see the old revision: the second waits, and then finds nothing to do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('duijie.migrations'))"))
