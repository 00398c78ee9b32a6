"""R16: every service's history goes up, down a step and up again with data in it, and ends where its models stand."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from importlib import import_module, util
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from shared import migrations
from shared.database import connect

SERVICES = [name for name in ("catalog", "matching", "gateway") if util.find_spec(f"services.{name}.migrations")]
VALUES: dict[type, Any] = {
    bool: True,
    int: 7,
    str: "x",
    bytes: b"x",
    object: {"名": "值"},  # JSON
    date: date(2026, 11, 22),
    datetime: datetime(2026, 11, 22, 2, 30, tzinfo=UTC),
}
"""One value a type: so a row that refers to another finds it."""
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def url(service: str, database_url: Callable[[str], str]) -> str:
    """A database at the newest revision."""
    return database_url(service)


@pytest.fixture
def engine(url: str) -> Iterator[sa.Engine]:
    engine = connect(url)
    yield engine
    engine.dispose()


def declared(service: str) -> sa.MetaData:
    """The tables as the service's models declare them."""
    models = import_module(f"services.{service}.models")
    found = [
        item.metadata for item in vars(models).values() if isinstance(getattr(item, "metadata", None), sa.MetaData)
    ]
    assert len({id(metadata) for metadata in found}) == 1
    return found[0]


def drift(engine: sa.Engine, service: str) -> list[Any]:
    """What differs between the database and the models."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, declared(service)))


def fill(engine: sa.Engine, service: str) -> None:
    """Put a row into every table."""
    with engine.begin() as connection:
        for table in declared(service).sorted_tables:
            types = {column.name: getattr(column.type, "impl_instance", column.type) for column in table.columns}
            connection.execute(
                sa.insert(table).values({name: VALUES[kind.python_type] for name, kind in types.items()})
            )


def stored(engine: sa.Engine) -> Rows:
    """Everything in the database, by table."""
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in tables.sorted_tables
        }


def like(rows: Rows, model: Rows) -> Rows:
    """The rows without the tables and columns that the model does not have."""
    return {
        table: [{name: value for name, value in row.items() if name in model[table][0]} for row in rows[table]]
        for table in rows
        if model.get(table)
    }


def revisions(service: str) -> list[str]:
    """The history, newest first."""
    script = ScriptDirectory.from_config(migrations.configuration(service, "sqlite://"))
    return [step.revision for step in script.walk_revisions()]


def test_the_models_stand_where_the_history_ends(engine, service):
    assert drift(engine, service) == []


def test_there_is_one_history_without_branches(service):
    numbers = revisions(service)
    assert numbers == [f"{number:04d}" for number in range(len(numbers), 0, -1)]


def test_a_step_back_and_forward_keeps_the_data(engine, url, service):
    fill(engine, service)
    before = stored(engine)
    migrations.downgrade(service, url, "-1")
    kept = stored(engine)
    del kept["alembic_version"]
    assert like(kept, before) == like(before, kept)
    migrations.upgrade(service, url)
    assert drift(engine, service) == []
    assert like(stored(engine), kept) == kept


def test_all_the_way_back_and_forward(engine, url, service):
    fill(engine, service)
    migrations.downgrade(service, url, "base")
    assert stored(engine).keys() == {"alembic_version"}
    migrations.upgrade(service, url)
    assert drift(engine, service) == []
