"""The search engine down, slow or talking garbage: every search is answered, soon and honestly (R9)."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.catalog.search import breaker, engines
from services.catalog.search.port import Unreachable
from services.catalog.settings import CatalogSettings
from shared.database import CONNECTIONS
from tests.catalog.search.conftest import on_server
from tests.catalog.search.loops import looping
from tests.catalog.search.searched import Searched
from tests.support.faults import FAULTS, Way, breakable
from tests.support.promises import allowed

BOUND_SECONDS = 2.0
AT_ONCE = CONNECTIONS
"""Each finds a connection to the database: who waits for one in vain is another promise (R10)."""


@pytest.fixture
def way(fake_url: str) -> Iterator[Way]:
    with breakable(fake_url) as way:
        yield way


@pytest.fixture
def settings(
    plain_settings: CatalogSettings, fake_url: str, way: Way, monkeypatch: pytest.MonkeyPatch
) -> CatalogSettings:
    """A server behind a way that can be broken, with the waiting time of production and a breaker that rests less."""
    monkeypatch.setattr(breaker, "REST_SECONDS", 0.3)
    there = on_server(plain_settings, fake_url)
    return there.model_copy(update={"search_url": way.url, "search_seconds": 0.8})


def asked(catalog: Any, **query: str) -> tuple[float, dict[str, Any]]:
    began = time.monotonic()
    answer = catalog.get("/v1/offerings/search", role="sme", params=query)
    assert answer.status_code == 200, answer.text
    return time.monotonic() - began, dict(answer.json())


def test_every_search_is_answered_whatever_the_engine_does(searched, catalog, way, record_property):
    searched.published("云仓管理", catalog.provider())
    searched.catch_up()
    waits = []
    for fault in FAULTS:
        recovered(catalog, way)
        way.become(fault)
        with ThreadPoolExecutor(AT_ONCE) as callers:
            answers = list(callers.map(lambda _: asked(catalog, q="云仓"), range(AT_ONCE)))
        answers += [asked(catalog, q="云仓") for _ in range(3)]
        for waited, answer in answers:
            assert (answer["degraded"], [item["name"] for item in answer["items"]]) == (True, ["云仓管理"]), fault
            assert answer["degraded_reason"]["zh"]
            waits.append(waited)
        assert catalog.client.get("/readyz").json()["search"] == {"reachable": False}, fault
    record_property("figures", f"{len(waits)} searches, 100 % answered, slowest {max(waits):.2f} s")
    assert max(waits) < allowed(BOUND_SECONDS)
    recovered(catalog, way)


def recovered(catalog: Any, way: Way) -> None:
    """The engine is back: within the rest of the breaker it is used again."""
    way.become("none")
    deadline = time.monotonic() + breaker.LONGEST_REST_SECONDS + 15
    while asked(catalog, q="云仓")[1]["degraded"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("fault", ["refuse", "error", "garbage"])
def test_the_indexer_keeps_its_place_and_catches_up(searched, catalog, way, settings, fault):
    provider = catalog.provider()
    with looping(settings):
        searched.published("仓库一号", provider)
        until(catalog, {"仓库一号"})
        way.become(fault)
        gone = searched.published("仓库二号", provider)
        searched.published("仓库三号", provider)
        catalog.act(f"/v1/offerings/{gone['id']}", "withdraw")
        time.sleep(1.5)
        way.become("none")
        until(catalog, {"仓库一号", "仓库三号"})


def until(catalog: Any, names: set[str]) -> None:
    deadline = time.monotonic() + 30
    while True:
        _, answer = asked(catalog, q="仓库")
        if not answer["degraded"] and {item["name"] for item in answer["items"]} == names:
            assert answer["total"] == len(names)
            return
        assert time.monotonic() < deadline, answer
        time.sleep(0.05)


def test_a_refused_key_degrades_too_and_the_index_is_left_alone(searched, catalog, settings):
    searched.published("云仓管理", catalog.provider())
    searched.catch_up()
    (settings.secrets_dir / engines.INDEXER_KEY).write_text("0" * 64)
    stranger = Searched(catalog, settings)
    with pytest.raises(Unreachable):
        stranger.copy.cursor()
    stranger.index.close()
    assert searched.names(q="云仓") == ["云仓管理"]
