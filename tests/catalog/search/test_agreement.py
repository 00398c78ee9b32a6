"""Random catalogues and queries: each engine finds exactly what the plain meaning of a query finds."""

import random
from datetime import date, timedelta
from typing import Any

from services.catalog.search import queries
from services.catalog.search.plain import PlainIndex
from services.catalog.search.port import MAX_HITS, Document, Index, Query
from tests.catalog.search.conftest import PATIENCE
from tests.catalog.search.factories import document

WORDS = (
    *("仓库", "管理", "小程序", "程序", "微信", "冷链", "冷库", "运输", "增值税", "税务", "发票", "等保", "测评"),
    *("等保测评", "等级保护", "大模型", "模型", "处理", "云栈", "栈道", "云仓", "erp", "mes", "crm"),
    *("客户管理", "数字化转型", "转型", "数字化", "财务软件", "财务", "软件", "5g", "c++", "设备联网", "报关", "海运"),
    *("服务", "我们"),
)
PLACES = ("330106", "330100", "330000", "340000", "000000")
DAY = date(2026, 11, 27)
CATALOGUES, OFFERINGS, QUERIES = 4, 40, 40


def test_every_engine_finds_what_a_query_means(index: Index) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    choose = random.Random(seed)
    for round_ in range(CATALOGUES):
        found = [_offering(choose, f"off_{round_}_{number}", number % 60) for number in range(OFFERINGS)]
        index.remove(index.search(Query(limit=MAX_HITS)).ids)
        index.put(found)
        index.confirm(str(round_))
        plain = PlainIndex(found)
        for _ in range(QUERIES):
            query = _query(choose)
            meant, got = (queries.search(where, query, long=PATIENCE) for where in (plain, index))
            told = (seed, round_, query)
            assert set(got.ids) == set(meant.ids), told
            assert (got.total, dict(got.categories)) == (meant.total, dict(meant.categories)), told


def _offering(choose: random.Random, identifier: str, minute: int) -> Document:
    said: dict[str, Any] = {
        "name": _text(choose, 3),
        "summary": _text(choose, 4),
        "description": _text(choose, 6),
        "categories": choose.sample(("erp", "crm", "mes", "cold-chain", "warehouse-management"), choose.randint(1, 2)),
    }
    if choose.random() < 0.6:
        said["regions"] = choose.sample(PLACES, choose.randint(1, 2))
    if choose.random() < 0.5:
        said["industries"] = choose.sample(("C", "33", "3351", "F"), 1)
    if choose.random() < 0.5:
        said["enterprise_sizes"] = choose.sample(("micro", "small", "medium"), 2)
    if choose.random() < 0.5:
        said["price"] = {"model": "one-off", "min": choose.randint(1, 9) * 100, "per": "project"}
    if choose.random() < 0.3:
        said["valid_until"] = (DAY + timedelta(days=choose.randint(-2, 2))).isoformat()
    return document(identifier, minute=minute, **said)


def _text(choose: random.Random, words: int) -> str:
    """Some words, run together or not. Latin ones stand apart: a server also joins and splits those, we do not."""
    chosen = choose.choices(WORDS, k=choose.randint(1, words))
    return choose.choice(("", " ", "，")).join(f" {word} " if word.isascii() else word for word in chosen)


def _query(choose: random.Random) -> Query:
    conditions: list[queries.Condition] = []
    if choose.random() < 0.3:
        conditions.append(queries.in_category(choose.choice(("erp", "production", "digital-logistics"))))
    if choose.random() < 0.3:
        conditions.append(queries.in_region(choose.choice(PLACES)))
    if choose.random() < 0.2:
        conditions.append(queries.for_industry(choose.choice(("C", "3351", "F"))))
    if choose.random() < 0.2:
        conditions.append(queries.for_size(choose.choice(("micro", "small"))))
    words = queries.words(_text(choose, 4)) if choose.random() < 0.8 else ()
    price_max = choose.choice((None, None, 300, 600))
    return Query(words, tuple(conditions), price_max, DAY, limit=MAX_HITS)
