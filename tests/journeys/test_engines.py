"""One settings, other engines: the whole system on PostgreSQL and Meilisearch, chosen by URL, through an outage."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.catalog.search import meilisearch_keys
from services.catalog.search.meilisearch_control import Control
from tests.support import records
from tests.support.faults import Way, breakable
from tests.support.meilisearch.http import listening
from tests.support.meilisearch.server import FakeServer
from tests.support.processes import SystemProcess

MASTER = "a master key of the tests, long enough"
SERVICES = ("catalog", "matching", "gateway")


@pytest.fixture
def way() -> Iterator[Way]:
    """A search server behind a way that can be broken."""
    with listening(FakeServer(MASTER)) as url, breakable(url) as way:
        yield way


@pytest.fixture
def system(postgresql_templates: Callable[[str], str], way: Way, tmp_path: Path) -> Iterator[SystemProcess]:
    state = tmp_path / "state"
    (state / "secrets").mkdir(parents=True)
    for name, value in meilisearch_keys.granted(Control(way.url, MASTER), "offerings").items():
        (state / "secrets" / name).write_text(value)
    databases = {service: postgresql_templates(service) for service in SERVICES}
    running = SystemProcess(state, databases, CATALOG_SEARCH_URL=way.url)
    running.start()
    try:
        yield running
    finally:
        assert running.stop() == 0


def test_the_whole_system_runs_on_other_engines_and_bears_an_outage(system: SystemProcess, way: Way) -> None:
    with system.client("admin") as admin, system.client("sme") as sme:
        provider = admin.post("/v1/providers", json=records.provider(1)).json()
        publish(admin, provider, "云仓一号")
        until(lambda: (names(sme), degraded(sme)) == ({"云仓一号"}, False))
        assert not list(system.state.glob("**/*.db")), "no SQLite file is made"
        assert not (system.state / "search").exists(), "nor an embedded index"
        way.become("refuse")
        assert degraded(sme)
        assert names(sme) == {"云仓一号"}
        publish(admin, provider, "云仓二号")
        answer = sme.post("/v1/needs", json=records.need())
        assert answer.status_code == 201
        assert sme.get("/readyz").status_code == 200
        way.become("none")
        until(lambda: (names(sme), degraded(sme)) == ({"云仓一号", "云仓二号"}, False))


def publish(admin: httpx2.Client, provider: dict[str, Any], name: str) -> None:
    made = admin.post("/v1/offerings", json=records.offering(provider["id"], name=name))
    assert made.status_code == 201, made.text
    path = f"/v1/offerings/{made.json()['id']}"
    for step in ("submit", "publish"):
        moved = admin.post(f"{path}/{step}", headers={"If-Match": admin.get(path).headers["ETag"]})
        assert moved.status_code == 200, moved.text


def search(sme: httpx2.Client) -> dict[str, Any]:
    answer = sme.get("/v1/offerings/search", params={"q": "云仓"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def names(sme: httpx2.Client) -> set[str]:
    return {item["name"] for item in search(sme)["items"]}


def degraded(sme: httpx2.Client) -> bool:
    return bool(search(sme)["degraded"])


def until(seen: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.1)
