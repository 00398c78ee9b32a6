"""What every search engine behind the port must do. Today that is tantivy."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.catalog.search import queries
from services.catalog.search.port import MAX_HITS, Index, Query, Unsearchable
from services.catalog.search.tantivy import Busy, TantivyIndex
from tests.catalog.search.factories import document


@pytest.fixture
def index(tmp_path: Path) -> Iterator[TantivyIndex]:
    engine = TantivyIndex(tmp_path / "search")
    engine.rebuild([], "0")
    yield engine
    engine.close()


def found(index: Index, q: str = "", **members: Any) -> set[str]:
    words = queries.words(q)
    return set(index.search(Query(words, **members)).ids) if words or not q else set()


RECALL = [
    # the text, what is typed, whether it must be found
    ("微信小程序商城", "小程序", True),
    ("微信小程序商城", "程序", True),
    ("微信小程序商城", "微信商城", True),
    ("待处理工单", "处理", True),
    ("全程冷链运输", "冷链", True),
    ("增值税专用发票管理", "增值税", True),
    ("增值税专用发票管理", "发票", True),
    ("增值税专用发票管理", "税", False),
    ("税务风险体检", "税", True),
    ("国际货运代理", "货运", True),
    ("国际货运代理", "国际货代", True),
    ("等保测评一站式服务", "等保", True),
    ("等保测评一站式服务", "测评", True),
    ("二级等保的测评", "等保测评", True),
    ("基于大模型的知识库", "大模型", True),
    ("ＭＥＳ系统", "mes", True),
    ("MES 系统", "ＭＥＳ", True),
    ("mes系统", "MES系统", True),
    ("C++ 开发培训", "c++", True),
    ("5G+边缘计算", "5g", True),
    ("产品和服务目录", "和服", False),
    ("中国产业目录", "国产", False),
    ("财务软件", "仓储", False),
    ("merp 平台", "erp", False),
    ("浙江云栈数字科技", "云栈", True),
    ("浙江云天栈道旅游", "云栈", False),
    ("仓库管理", "我们想要一个仓库管理", True),
    ("仓库管理", "😀仓库！！", True),
    ("仓库管理", "服务", False),
]


@pytest.mark.parametrize(("text", "typed", "hit"), RECALL, ids=[f"{t}-{q}" for t, q, _ in RECALL])
def test_recall(index: TantivyIndex, text: str, typed: str, hit: bool) -> None:
    index.put([document("off_1", description=text), document("off_2", description="无关的文字")])
    index.confirm("1")
    assert ("off_1" in found(index, typed)) is hit
    assert "off_2" not in found(index, typed)


@pytest.mark.parametrize("place", ["name", "summary", "description", "features", "provider", "category"])
def test_every_text_is_searched(index: TantivyIndex, place: str) -> None:
    filled: dict[str, dict[str, Any]] = {
        "features": {"features": ["扫码报工"]},
        "category": {"categories": ["cold-chain"]},
    }
    index.put([document("off_1", **filled.get(place, {place: "扫码报工"})), document("off_2")])
    index.confirm("1")
    assert found(index, "冷链物流" if place == "category" else "报工") == {"off_1"}


def test_the_rarest_known_word_is_required_and_unknown_words_do_no_harm(index: TantivyIndex) -> None:
    index.put(
        [document("both", name="仓库管理系统"), document("common", name="管理系统"), document("none", name="其他")]
    )
    index.put([document(f"more_{n}", name="管理系统") for n in range(5)])
    index.confirm("1")
    assert found(index, "仓库管理") == {"both"}
    assert found(index, "仓库管理 zzz龘靐") == {"both"}
    assert found(index, "zzz龘靐") == set()


HOSTILE = [
    '"',
    '" 仓库',
    "-仓库",
    "仓库 -管理",
    "AND (",
    "仓库 OR",
    "name:仓库",
    "仓库*",
    "\\",
    "[* TO *]",
    "仓" * 5000,
    "a" * 9999,
]


@pytest.mark.parametrize("typed", HOSTILE, ids=[text[:10] for text in HOSTILE])
def test_operators_mean_nothing(index: TantivyIndex, typed: str) -> None:
    index.put([document("off_1", name="仓库管理")])
    index.confirm("1")
    hits = found(index, typed)
    assert hits == ({"off_1"} if "仓库" in typed else set())


FILTERS = [
    # what the offering says, the condition, whether it stays
    ({"categories": ["erp"]}, queries.in_category("erp"), True),
    ({"categories": ["erp"]}, queries.in_category("operations-management"), True),
    ({"categories": ["erp"]}, queries.in_category("mes"), False),
    ({"categories": ["erp", "mes"]}, queries.in_category("production"), True),
    ({}, queries.in_region("330106"), True),
    ({"regions": ["000000"]}, queries.in_region("330106"), True),
    ({"regions": ["330000"]}, queries.in_region("330106"), True),
    ({"regions": ["330106"]}, queries.in_region("330106"), True),
    ({"regions": ["330105"]}, queries.in_region("330106"), False),
    ({"regions": ["340000"]}, queries.in_region("330106"), False),
    ({"regions": ["330106"]}, queries.in_region("330000"), True),
    ({"regions": ["330106"]}, queries.in_region("000000"), True),
    ({"regions": ["340000", "330100"]}, queries.in_region("330106"), True),
    ({}, queries.for_industry("3351"), True),
    ({"industries": []}, queries.for_industry("3351"), True),
    ({"industries": ["C"]}, queries.for_industry("3351"), True),
    ({"industries": ["33"]}, queries.for_industry("3351"), True),
    ({"industries": ["3351"]}, queries.for_industry("C"), True),
    ({"industries": ["34"]}, queries.for_industry("3351"), False),
    ({"industries": ["F"]}, queries.for_industry("3351"), False),
    ({}, queries.for_size("micro"), True),
    ({"enterprise_sizes": ["micro", "small"]}, queries.for_size("micro"), True),
    ({"enterprise_sizes": ["small"]}, queries.for_size("micro"), False),
]


@pytest.mark.parametrize(("says", "condition", "stays"), FILTERS)
def test_filters(index: TantivyIndex, says: dict[str, Any], condition: queries.Condition, stays: bool) -> None:
    index.put([document("off_1", name="仓库", **says)])
    index.confirm("1")
    assert found(index, conditions=(condition,)) == ({"off_1"} if stays else set())
    assert found(index, "仓库", conditions=(condition,)) == ({"off_1"} if stays else set())


PRICES = [
    # the price, the bound in fen, whether it stays
    (None, 0, True),
    ({"model": "quote"}, 0, True),
    ({"model": "free"}, 0, True),
    ({"model": "one-off", "min": 100, "per": "project"}, 100, True),
    ({"model": "one-off", "min": 101, "per": "project"}, 100, False),
    ({"model": "subscription", "min": 100, "per": "month"}, 1199, False),
    ({"model": "subscription", "min": 100, "max": 900, "per": "month"}, 1200, True),
    ({"model": "rate", "min": 500, "per": "use"}, 0, True),
]


@pytest.mark.parametrize(("price", "bound", "stays"), PRICES)
def test_price_bound(index: TantivyIndex, price: Any, bound: int, stays: bool) -> None:
    index.put([document("off_1", price=price)])
    index.confirm("1")
    assert bool(found(index, price_max=bound)) is stays


def test_the_discount_counts(index: TantivyIndex) -> None:
    index.put([document("off_1", price={"model": "one-off", "min": 1000, "per": "project"}, discount_bp=2000)])
    index.confirm("1")
    assert found(index, price_max=800)
    assert not found(index, price_max=799)


def test_the_last_day_still_counts(index: TantivyIndex) -> None:
    index.put([document("off_1", valid_until="2026-11-22"), document("off_2")])
    index.confirm("1")
    assert found(index, as_of=date(2026, 11, 22)) == {"off_1", "off_2"}
    assert found(index, as_of=date(2026, 11, 23)) == {"off_2"}


def test_counts_by_category_add_up_over_both_levels(index: TantivyIndex) -> None:
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


def test_without_words_the_newest_come_first_and_pages_join(index: TantivyIndex) -> None:
    index.put([document(f"off_{n}", minute=n) for n in range(7)])
    index.confirm("1")
    pages = [index.search(Query(limit=3, offset=offset)).ids for offset in (0, 3, 6, 9)]
    assert sum(pages, ()) == tuple(f"off_{n}" for n in reversed(range(7)))


def test_limits_are_kept_inside_what_the_engine_bears(index: TantivyIndex) -> None:
    index.put([document("off_1")])
    index.confirm("1")
    assert len(index.search(Query(limit=0)).ids) == 1
    assert index.search(Query(limit=10**9, offset=MAX_HITS)).ids == ()
    assert len(queries.words("甲乙丙 " + " ".join(f"word{n}" for n in range(99)))) == queries.MAX_WORDS


def test_nothing_shows_before_it_is_confirmed_and_everything_after(index: TantivyIndex, tmp_path: Path) -> None:
    reader = TantivyIndex(tmp_path / "search")
    index.put([document("off_1", name="仓库")])
    assert found(reader, "仓库") == set()
    index.confirm("1")
    assert found(reader, "仓库") == {"off_1"}
    index.put([document("off_1", name="财务")])
    index.confirm("2")
    assert (found(reader, "仓库"), found(reader, "财务")) == (set(), {"off_1"})
    index.remove(["off_1", "off_unknown"])
    index.confirm("3")
    assert found(reader) == set()
    assert (index.mark(), reader.mark()) == ("3", "3")


def test_the_same_page_twice_is_once(index: TantivyIndex) -> None:
    for _ in range(2):
        index.put([document("off_1"), document("off_1"), document("off_2")])
        index.confirm("1")
    assert index.search(Query()).total == 2


def test_a_rebuild_swaps_and_a_failed_one_leaves_the_old(index: TantivyIndex, tmp_path: Path) -> None:
    reader = TantivyIndex(tmp_path / "search")
    index.rebuild([document("off_1")], "5")
    assert found(reader) == {"off_1"}

    def broken() -> Iterator[Any]:
        yield document("off_2")
        raise LookupError

    with pytest.raises(LookupError):
        index.rebuild(broken(), "6")
    assert (found(reader), reader.mark()) == ({"off_1"}, "5")
    index.rebuild([document("off_3")], "7")
    assert (found(reader), reader.mark()) == ({"off_3"}, "7")
    index.put([document("off_4")])
    index.confirm("8")
    assert found(reader) == {"off_3", "off_4"}
    assert len(list((tmp_path / "search").glob("idx_*"))) == 1


def test_it_goes_on_after_it_was_closed(tmp_path: Path) -> None:
    first = TantivyIndex(tmp_path)
    first.rebuild([document("off_1")], "1")
    first.put([document("off_lost")])
    first.close()
    second = TantivyIndex(tmp_path)
    assert second.mark() == "1"
    second.put([document("off_2")])
    second.confirm("2")
    assert found(second) == {"off_1", "off_2"}
    second.close()


def test_one_writes_at_a_time(index: TantivyIndex, tmp_path: Path) -> None:
    other = TantivyIndex(tmp_path / "search")
    with pytest.raises(Busy):
        other.put([document("off_1")])
    with pytest.raises(Busy):
        other.rebuild([], "9")
    assert other.mark() == "0"


def test_an_index_of_another_form_is_none(index: TantivyIndex, tmp_path: Path) -> None:
    mark = next((tmp_path / "search").glob("idx_*/mark.json"))
    mark.write_text('{"form": "of another lexicon", "mark": "1"}')
    assert index.mark() is None


def test_no_index_and_a_damaged_index_say_so(index: TantivyIndex, tmp_path: Path) -> None:
    missing = TantivyIndex(tmp_path / "nowhere")
    assert missing.mark() is None
    with pytest.raises(Unsearchable):
        missing.search(Query())
    for part in next((tmp_path / "search").glob("idx_*")).iterdir():
        part.write_bytes(b"garbage")
    reader = TantivyIndex(tmp_path / "search")
    assert reader.mark() is None
    with pytest.raises(Unsearchable):
        reader.search(Query())
