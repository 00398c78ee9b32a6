"""The indexer with each engine: killed, asked to rebuild, and confronted with what is broken."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from services.catalog import indexer
from services.catalog.changes import OwnFeed
from services.catalog.indexer import SearchCopy
from services.catalog.models import OfferingVersion
from services.catalog.search import engines
from services.catalog.search.meilisearch_control import Control
from shared.feed import catch_up
from tests.catalog.search.conftest import MASTER
from tests.catalog.search.searched import Searched


def test_a_damaged_or_lost_index_is_built_again(searched, catalog):
    searched.published("仓库一号", catalog.provider())
    searched.catch_up()
    spoil(searched)
    searched.published("仓库二号", catalog.provider())
    assert searched.search(q="仓库")["degraded"]
    for _ in range(2):
        searched.catch_up()
    answer = searched.search(q="仓库")
    assert (answer["total"], answer["degraded"]) == (2, False)


def spoil(searched: Searched) -> None:
    searched.index.close()
    if searched.settings.search_url:
        Control(searched.settings.search_url, MASTER).delete(searched.settings.search_index)
    else:
        version = next((searched.settings.state_dir / "search").glob("idx_*"))
        (version / "meta.json").write_text("{")
    searched.open()


class Dying:
    """An index whose writer dies at the n-th step, as a killed process would."""

    def __init__(self, target: Any, steps: Iterator[int]) -> None:
        self._target = target
        self._steps = steps

    def __getattr__(self, name: str) -> Any:
        if name in ("put", "remove", "confirm", "swap") and next(self._steps) < 0:
            raise KeyboardInterrupt
        return getattr(self._target, name)

    def beside(self) -> Any:
        return Dying(self._target.beside(), self._steps)

    def drop(self) -> None:
        """Who dies does not tidy up."""


def test_dying_at_any_step_loses_nothing(searched, catalog):
    provider = catalog.provider()
    searched.catch_up()
    searched.index.close()
    for number in range(8):
        searched.published(f"仓库{number}号", provider)
        catalog.changes()
        index = engines.to_index(searched.settings)
        if number % 2:
            index.ask_anew()
        dying = SearchCopy(catalog.database, Dying(index, iter(range(number // 2, -100, -1))))
        with suppress(KeyboardInterrupt):
            while catch_up(dying, OwnFeed(catalog.database)):
                pass
        index.close()
    searched.open()
    searched.catch_up()
    assert len(searched.names(q="仓库", limit=50)) == 8


def test_an_offering_that_cannot_be_read_does_not_keep_the_others_out(searched, catalog):
    provider = catalog.provider()
    spoilt = searched.published("仓库一号", provider)
    with catalog.database.write.begin() as session:
        session.get_one(OfferingVersion, (spoilt["id"], 1)).content = {"name": "仓库", "kind": "of another time"}
    searched.published("仓库二号", provider)
    searched.catch_up()
    assert searched.names(q="仓库") == ["仓库二号"]


class Watched:
    """An index that calls back before each step of a rebuild."""

    def __init__(self, target: Any, look: Callable[[str], None]) -> None:
        self._target = target
        self._look = look

    def __getattr__(self, name: str) -> Any:
        if name in ("put", "confirm", "swap"):
            self._look(name)
        return getattr(self._target, name)

    def beside(self) -> Any:
        return Watched(self._target.beside(), self._look)


def test_searching_and_following_go_on_during_a_rebuild(searched, catalog, monkeypatch):
    monkeypatch.setattr(indexer, "BATCH", 2)
    provider = catalog.provider()
    for number in range(5):
        searched.published(f"仓库{number}号", provider)
    searched.catch_up()
    seen = []

    def look(step: str) -> None:
        before = set(searched.names(q="仓库", limit=50))
        if len(seen) in (1, 3):
            searched.published(f"仓库新{len(seen)}号", provider)
            catalog.changes()
        seen.append((step, before))

    searched.index.ask_anew()
    watched = SearchCopy(catalog.database, Watched(searched.index, look))
    while catch_up(watched, OwnFeed(catalog.database)):
        pass
    old = {f"仓库{number}号" for number in range(5)}
    assert all(before >= old for _, before in seen), "what was there is there throughout"
    sizes = [len(before) for _, before in seen]
    assert sizes == sorted(sizes), "the searched index is never older than it was"
    assert [step for step, _ in seen].count("swap") == 1
    after = searched.search(q="仓库", limit=50)
    assert {item["name"] for item in after["items"]} == old | {"仓库新1号", "仓库新3号"}
    assert not after["degraded"]
