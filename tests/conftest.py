"""Fixtures for all: real databases, migrated, one per test; principals and tokens."""

import gc
import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import text

from shared import logs, migrations
from shared.database import connect
from shared.principal import GATEWAY, Principal, Role, Signer
from tests.support import order, postgresql, spawned

_numbers = itertools.count()
SEED = b"11" * 32

logs.configure()  # as the services do; what structlog does by itself takes a tenth of a second for every traceback

# How long an example takes, to draw or to run, says how busy the machine is.
_present = settings()  # which is another one where CI is set
settings.register_profile("duijie", _present, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("duijie")


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgresql.Cluster]:
    """A PostgreSQL server of this pytest process."""
    running = postgresql.start()
    yield running
    running.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    """Runs a test on both kinds of database."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Gives the URL of a fresh, migrated database of a service: `database_url("catalog")`."""
    if backend == "sqlite":
        templates = request.getfixturevalue("sqlite_templates")
        yield lambda service: templates(service, tmp_path / f"{service}-{next(_numbers)}.db")
        return
    copies: Copies = request.getfixturevalue("postgresql_templates")
    yield copies
    copies.drop()


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Path], str]:
    """Copies a migrated SQLite file, migrating once per service."""
    folder = tmp_path_factory.mktemp("templates")

    def copy(service: str, target: Path) -> str:
        template = folder / f"{service}.db"
        if not template.exists():
            migrations.upgrade(service, f"sqlite:///{template}")
        shutil.copy(template, target)
        return f"sqlite:///{target}"

    return copy


class Copies:
    """Copies a migrated PostgreSQL database, migrating once per service, and drops the copies."""

    def __init__(self, cluster: postgresql.Cluster) -> None:
        self._cluster = cluster
        self._engine = connect(cluster.url).execution_options(isolation_level="AUTOCOMMIT")
        self._templates: set[str] = set()
        self._made: list[str] = []

    def __call__(self, service: str) -> str:
        """The URL of a new copy."""
        if service not in self._templates:
            self._do(f"CREATE DATABASE template_{service}")
            migrations.upgrade(service, self._url(f"template_{service}"))
            self._templates.add(service)
        name = f"{service}_{next(_numbers)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE template_{service} STRATEGY file_copy")
        self._made.append(name)
        return self._url(name)

    def drop(self) -> None:
        """Drop the copies, whoever still uses them: they stand in memory."""
        while self._made:
            self._do(f"DROP DATABASE {self._made.pop()} WITH (FORCE)")

    def close(self) -> None:
        self._engine.dispose()

    def _url(self, database: str) -> str:
        return self._cluster.url.replace("/postgres", f"/{database}")

    def _do(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def postgresql_templates(cluster: postgresql.Cluster) -> Iterator[Copies]:
    """The migrated databases of this pytest process."""
    copies = Copies(cluster)
    yield copies
    copies.close()


@pytest.fixture(scope="session")
def signer() -> Signer:
    """The gateway's signer in tests; services trust `signer.public_key()`."""
    return Signer(GATEWAY, SEED)


@pytest.fixture(scope="session")
def bearer(signer: Signer) -> Callable[..., dict[str, str]]:
    """Headers of a caller: `bearer("catalog", "provider", uscc=…)`."""

    def headers(
        audience: str, role: Role, organisation: str = "org_test", uscc: str | None = None, region: str = "000000"
    ) -> dict[str, str]:
        caller = Principal(organisation, role, region, uscc)
        return {"Authorization": f"Bearer {signer.token(caller, audience)}"}

    return headers


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first, each with what shares its system."""
    items[:] = order.spread(items, lambda item: item.nodeid)


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: the collector of garbage need not look at them again after every test."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Leave no process behind, not even of a fixture that failed."""
    spawned.end_all()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests recorded with `record_property("figures", …)`, also from parallel workers."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, ())]
    told = [(report.nodeid, value) for report in reports for name, value in report.user_properties if name == "figures"]
    for nodeid, figures in sorted(set(told)):
        terminalreporter.write_line(f"{nodeid.rpartition('/')[2]}: {figures}")
