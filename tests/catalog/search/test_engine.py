"""What every search engine behind the port must do: one suite for tantivy, Meilisearch's stand-in and a real server.

It holds them to sets, filters, counts and visibility, never to scores or to an order among partial matches.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from services.catalog.search import queries
from services.catalog.search.port import MAX_HITS, Index, Query, Unsearchable
from tests.catalog.search.cases import FILTERS, HOSTILE, PRICES, RECALL
from tests.catalog.search.conftest import PATIENCE, Engine
from tests.catalog.search.factories import build, document


def found(index: Index, q: str = "", **members: Any) -> set[str]:
    words = queries.words(q)
    return set(queries.search(index, Query(words, **members), long=PATIENCE).ids) if words or not q else set()


@pytest.mark.parametrize(("text", "typed", "hit"), RECALL, ids=[f"{t}-{q}" for t, q, _ in RECALL])
def test_recall(index: Index, text: str, typed: str, hit: bool) -> None:
    index.put([document("off_1", description=text), document("off_2", description="无关的文字")])
    index.confirm("1")
    assert ("off_1" in found(index, typed)) is hit
    assert "off_2" not in found(index, typed)


@pytest.mark.parametrize("place", ["name", "summary", "description", "features", "provider", "category"])
def test_every_text_is_searched(index: Index, place: str) -> None:
    filled: dict[str, dict[str, Any]] = {
        "features": {"features": ["扫码报工"]},
        "category": {"categories": ["cold-chain"]},
    }
    index.put([document("off_1", **filled.get(place, {place: "扫码报工"})), document("off_2")])
    index.confirm("1")
    assert found(index, "冷链物流" if place == "category" else "报工") == {"off_1"}


def test_the_rarest_known_word_is_required_and_unknown_words_do_no_harm(index: Index) -> None:
    index.put(
        [document("both", name="仓库管理系统"), document("common", name="管理系统"), document("none", name="其他")]
    )
    index.put([document(f"more_{n}", name="管理系统") for n in range(5)])
    index.confirm("1")
    assert found(index, "仓库管理") == {"both"}
    assert found(index, "仓库管理 zzz龘靐") == {"both"}
    assert found(index, "zzz龘靐") == set()


@pytest.mark.parametrize("typed", HOSTILE, ids=[text[:10] for text in HOSTILE])
def test_operators_mean_nothing(index: Index, typed: str) -> None:
    index.put([document("off_1", name="仓库管理")])
    index.confirm("1")
    hits = found(index, typed)
    assert hits == ({"off_1"} if "仓库" in typed else set())


def test_an_edition_holds_what_it_lists_and_nothing_else(index: Index) -> None:
    index.put([document("both", editions=("edt_1", "edt_2")), document("one", editions=("edt_1",)), document("none")])
    index.confirm("1")
    for edition, listed in (("edt_1", {"both", "one"}), ("edt_2", {"both"}), ("edt_3", set())):
        assert found(index, conditions=(queries.in_edition(edition),)) == listed
    index.put([document("both", editions=("edt_2",))])
    index.confirm("2")
    assert found(index, conditions=(queries.in_edition("edt_1"),)) == {"one"}


@pytest.mark.parametrize(("says", "condition", "stays"), FILTERS)
def test_filters(index: Index, says: dict[str, Any], condition: queries.Condition, stays: bool) -> None:
    index.put([document("off_1", name="仓库", **says)])
    index.confirm("1")
    assert found(index, conditions=(condition,)) == ({"off_1"} if stays else set())
    assert found(index, "仓库", conditions=(condition,)) == ({"off_1"} if stays else set())


@pytest.mark.parametrize(("price", "bound", "stays"), PRICES)
def test_price_bound(index: Index, price: Any, bound: int, stays: bool) -> None:
    index.put([document("off_1", price=price)])
    index.confirm("1")
    assert bool(found(index, price_max=bound)) is stays


def test_the_discount_counts(index: Index) -> None:
    index.put([document("off_1", price={"model": "one-off", "min": 1000, "per": "project"}, discount_bp=2000)])
    index.confirm("1")
    assert found(index, price_max=800)
    assert not found(index, price_max=799)


def test_the_last_day_still_counts(index: Index) -> None:
    index.put([document("off_1", valid_until="2026-11-22"), document("off_2")])
    index.confirm("1")
    assert found(index, as_of=date(2026, 11, 22)) == {"off_1", "off_2"}
    assert found(index, as_of=date(2026, 11, 23)) == {"off_2"}


def test_counts_by_category_add_up_over_both_levels(index: Index) -> None:
    filed = [["erp"], ["erp", "crm"], ["crm"], ["mes"], ["erp", "inventory-sales"]]
    index.put([document(f"off_{n}", categories=codes) for n, codes in enumerate(filed)])
    index.confirm("1")
    hits = index.search(Query(limit=1))
    assert (len(hits.ids), hits.total) == (1, 5)
    assert hits.categories == {
        "erp": 3,
        "crm": 2,
        "mes": 1,
        "inventory-sales": 1,
        "operations-management": 3,
        "marketing-sales": 2,
        "production": 1,
    }


def test_without_words_the_newest_come_first_and_pages_join(index: Index) -> None:
    index.put([document(f"off_{n}", minute=n) for n in range(7)])
    index.confirm("1")
    pages = [index.search(Query(limit=3, offset=offset)).ids for offset in (0, 3, 6, 9)]
    assert sum(pages, ()) == tuple(f"off_{n}" for n in reversed(range(7)))


def test_limits_are_kept_inside_what_the_engine_bears(index: Index) -> None:
    index.put([document("off_1")])
    index.confirm("1")
    assert len(index.search(Query(limit=0)).ids) == 1
    assert index.search(Query(limit=10**9, offset=MAX_HITS)).ids == ()
    assert len(queries.words("甲乙丙 " + " ".join(f"word{n}" for n in range(99)))) == queries.MAX_WORDS


def test_nothing_shows_before_it_is_confirmed_and_everything_after(index: Index, engine: Engine) -> None:
    reader = engine.open()
    index.put([document("off_1", name="仓库")])
    if engine.kind == "tantivy":  # a server may work at once
        assert found(reader, "仓库") == set()
    index.confirm("1")
    assert found(reader, "仓库") == {"off_1"}
    index.put([document("off_1", name="财务")])
    index.confirm("2")
    assert (found(reader, "仓库"), found(reader, "财务")) == (set(), {"off_1"})
    index.remove(["off_1", "off_unknown"])
    index.confirm("3")
    assert found(reader) == set()
    assert (index.mark(), reader.mark(), reader.search(Query()).mark) == ("3", "3", "3")


def test_the_same_page_twice_is_once(index: Index) -> None:
    for _ in range(2):
        index.put([document("off_1"), document("off_1"), document("off_2")])
        index.confirm("1")
    assert index.search(Query()).total == 2


def test_a_rebuild_swaps_and_a_failed_one_leaves_the_old(index: Index, engine: Engine) -> None:
    reader = engine.open()
    build(index, [document("off_1")], "5")
    assert found(reader) == {"off_1"}

    def broken() -> Iterator[Any]:
        yield document("off_2")
        raise LookupError

    with pytest.raises(LookupError):
        build(index, broken(), "6")
    assert (found(reader), reader.mark()) == ({"off_1"}, "5")
    build(index, [document("off_3")], "7")
    assert (found(reader), reader.mark()) == ({"off_3"}, "7")
    index.put([document("off_4")])
    index.confirm("8")
    assert found(reader) == {"off_3", "off_4"}
    assert len(engine.versions()) == 1, "nothing is left behind"


def test_the_present_index_can_be_written_while_another_is_built(index: Index, engine: Engine) -> None:
    reader = engine.open()
    building = index.beside()
    building.put([document("off_new")])
    index.put([document("off_present")])
    index.confirm("1")
    building.confirm("2")
    assert (found(reader), reader.mark()) == ({"off_present"}, "1")
    building.swap()
    assert (found(reader), reader.mark()) == ({"off_new"}, "2")


def test_anyone_may_ask_for_a_rebuild_which_answers_it(index: Index, engine: Engine) -> None:
    other = engine.open()
    assert not index.asked_anew()
    other.ask_anew()
    assert index.asked_anew()
    assert (other.search(Query()).total, index.mark()) == (0, "0"), "the request is no offering, the index stays"
    build(index, [], "1")
    assert not index.asked_anew()


def test_it_goes_on_after_it_was_closed(engine: Engine) -> None:
    first = engine.open()
    build(first, [document("off_1")], "1")
    first.close()
    second = engine.open()
    assert second.mark() == "1"
    second.put([document("off_2")])
    second.confirm("2")
    assert found(second) == {"off_1", "off_2"}


def test_where_there_is_no_index_there_is_no_mark_and_no_search(engine: Engine) -> None:
    missing = engine.open()
    assert missing.mark() is None
    for refused in (lambda: missing.search(Query()), missing.ask_anew):
        with pytest.raises(Unsearchable):
            refused()


def test_an_index_of_another_form_is_none(index: Index, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.catalog.search.documents.form", lambda: "of another lexicon")
    reader = engine.open()
    assert reader.mark() is None
    with pytest.raises(Unsearchable):
        reader.search(Query())
