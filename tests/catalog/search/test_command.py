"""`duijie search`: keys, preparing a server, a rebuild while it is searched, and how far the index is."""

import stat
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services import cli
from services.catalog import indexer
from services.catalog.search import engines
from services.catalog.settings import CatalogSettings
from tests.catalog.search.conftest import MASTER
from tests.catalog.search.loops import looping
from tests.catalog.search.test_outage import until

Duijie = Callable[..., Result]


def told(monkeypatch: pytest.MonkeyPatch, settings: CatalogSettings) -> Duijie:
    """Runs the command with these settings, as the environment gives them."""
    given = {
        "SECRETS_DIR": settings.secrets_dir,
        "STATE_DIR": settings.state_dir,
        "CATALOG_DATABASE_URL": settings.database_url,
        "CATALOG_SEARCH_URL": settings.search_url,
        "CATALOG_SEARCH_INDEX": settings.search_index,
        "CATALOG_SEARCH_SECONDS": settings.search_seconds,
    }
    for name, value in given.items():
        monkeypatch.setenv(f"DUIJIE_{name}", str(value))
    return lambda *arguments: CliRunner().invoke(cli.app, ["search", *arguments])


@pytest.fixture
def duijie(settings: CatalogSettings, monkeypatch: pytest.MonkeyPatch) -> Duijie:
    return told(monkeypatch, settings)


@pytest.fixture
def running(catalog: Any, settings: CatalogSettings) -> Iterator[None]:
    """Relay and indexer at work."""
    with looping(settings):
        yield


def test_a_rebuild_under_traffic_answers_the_same_before_and_after(catalog, running, duijie, record_property):
    provider = catalog.provider()
    for number in range(6):
        catalog.offering(provider["id"], "submit", "publish", name=f"仓库{number}号")
    names = {f"仓库{number}号" for number in range(6)}
    until(catalog, names)
    seen: list[Any] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            answer = catalog.get("/v1/offerings/search", params={"q": "仓库", "limit": 50})
            seen.append((answer.status_code, answer.json()["degraded"], {i["name"] for i in answer.json()["items"]}))
            time.sleep(0.01)

    searching = threading.Thread(target=search)
    searching.start()
    got = duijie("rebuild")
    stop.set()
    searching.join()
    assert (got.exit_code, got.output.endswith("已重建 / built anew\n")) == (0, True), got.output
    assert {(status, degraded, frozenset(found)) for status, degraded, found in seen} == {
        (200, False, frozenset(names))
    }
    record_property("figures", f"{len(seen)} searches during the rebuild, all the same")
    until(catalog, names)
    assert "'built': True, 'behind': 0" in duijie("status").stdout


def test_without_an_indexer_or_an_index_a_rebuild_says_so(catalog, duijie, settings):
    got = duijie("rebuild", "--wait", "0")
    assert "cannot be rebuilt" in str(got.exception)
    index = engines.to_index(settings)
    indexer.SearchCopy(catalog.database, index).rebuild((), catalog.head())
    index.close()
    got = duijie("rebuild", "--wait", "0")
    assert "does the indexer run" in str(got.exception)


def test_keys_are_made_once_and_a_server_is_prepared_with_them(fake_url, tmp_path, monkeypatch):
    settings = CatalogSettings(secrets_dir=tmp_path, search_url=fake_url, search_index="prepared", search_seconds=10)
    duijie = told(monkeypatch, settings)
    (tmp_path / "meili-master-key").write_text(MASTER)
    for _ in range(2):
        assert duijie("keys", str(tmp_path)).exit_code == 0
    made = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert made.keys() == {"meili-master-key", engines.SEARCH_KEY, engines.INDEXER_KEY}
    assert stat.S_IMODE((tmp_path / engines.SEARCH_KEY).stat().st_mode) == 0o444
    for _ in range(2):
        got = duijie("prepare")
        assert got.exit_code == 0, got.output
        assert not [secret for secret in made.values() if secret in got.output]
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == made
    index = engines.to_search(settings)
    assert index.mark() is None
    index.close()
    (tmp_path / engines.SEARCH_KEY).chmod(0o600)
    (tmp_path / engines.SEARCH_KEY).write_text("0" * 64)
    assert duijie("prepare").exit_code != 0


def test_the_embedded_engine_needs_no_preparation(tmp_path, monkeypatch):
    got = told(monkeypatch, CatalogSettings(secrets_dir=tmp_path))("prepare")
    assert (got.exit_code, "no preparation" in got.output) == (0, True)
