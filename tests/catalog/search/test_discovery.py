"""Search through the API, and the indexer that feeds it, on both databases and both engines."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import update

from services.catalog import discovery
from services.catalog.models import ChangeRow
from shared import clock
from shared.database import CONNECTIONS
from tests.catalog.search.loops import looping


def test_what_is_published_is_found_and_what_leaves_is_not(searched, catalog):
    provider = catalog.provider(name="浙江云栈数字科技有限公司")
    offering = searched.published("云仓管理", provider)
    catalog.offering(provider["id"], name="草稿仓库管理")
    searched.catch_up()
    assert searched.names(q="云仓") == ["云仓管理"]
    assert searched.names(q="云栈") == ["云仓管理"]
    assert searched.names(q="草稿") == []
    path = f"/v1/offerings/{offering['id']}"
    for step, there in (("suspend", False), ("reinstate", True), ("withdraw", False)):
        catalog.act(path, step)
        assert bool(searched.names(q="云仓")) <= there, "the database has the last word, before the index follows"
        searched.catch_up()
        found = searched.search(q="云仓")
        assert (len(found["items"]), found["total"]) == (int(there), int(there))


def test_offerings_follow_their_provider(searched, catalog):
    provider = catalog.provider(name="甲公司")
    searched.published("云仓管理", provider)
    searched.catch_up()
    path = f"/v1/providers/{provider['id']}"
    catalog.act(path, "suspend")
    assert searched.names(q="云仓") == []
    searched.catch_up()
    assert searched.search(q="云仓")["total"] == 0
    catalog.act(path, "reinstate")
    catalog.patch(path, {"name": "龙门仓储科技"}, tag=catalog.tag(path))
    searched.catch_up()
    assert searched.names(q="龙门") == ["云仓管理"]
    assert searched.search(q="龙门")["items"][0]["provider_name"] == "龙门仓储科技"


def test_a_revision_is_found_by_its_new_words_once_it_is_published(searched, catalog):
    offering = searched.published("云仓管理", catalog.provider())
    path = f"/v1/offerings/{offering['id']}"
    catalog.patch(path, {"name": "冷链管理"}, tag=catalog.tag(path))
    searched.catch_up()
    assert (searched.names(q="云仓"), searched.names(q="冷链")) == (["云仓管理"], [])
    catalog.act(path, "publish")
    searched.catch_up()
    assert (searched.names(q="云仓"), searched.names(q="冷链")) == ([], ["冷链管理"])


def test_the_answer_counts_marks_and_pages(searched, catalog):
    provider = catalog.provider()
    for number in range(5):
        searched.published(f"ＥＲＰ仓库{number}", provider, categories=["erp"])
    searched.published("仓库温控", provider, categories=["cold-chain"], summary="产品和服务，含erp对接。")
    searched.catch_up()
    first = searched.search(q="erp 仓库", limit=4)
    assert first["total"] == 6
    counts = {item["code"]: item["count"] for item in first["categories"]}
    assert counts == {"erp": 5, "operations-management": 5, "cold-chain": 1, "digital-logistics": 1}
    second = searched.search(q="erp 仓库", limit=4, cursor=first["next"])
    assert second["next"] is None
    assert len({item["offering_id"] for item in first["items"] + second["items"]}) == 6
    marked = [piece["text"] for piece in first["items"][0]["name_fragments"] if piece["matched"]]
    assert marked in (["ＥＲＰ仓库"], ["仓库"])
    for item in first["items"]:
        assert "".join(piece["text"] for piece in item["name_fragments"]) == item["name"]
        assert "".join(piece["text"] for piece in item["summary_fragments"]) == item["summary"]
    assert searched.search(q="erp", category="digital-logistics")["total"] == 1
    answer = catalog.get("/v1/offerings/search", params={"q": "erp", "cursor": first["next"]})
    assert answer.status_code == 400, "a cursor belongs to its search"


def test_a_new_category_name_is_searched(searched, catalog):
    searched.published("某某", catalog.provider(), categories=["erp"])
    searched.catch_up()
    tree = catalog.get("/v1/categories")
    items = [item | ({"name_zh": "鲁班套件"} if item["code"] == "erp" else {}) for item in tree.json()["items"]]
    answer = catalog.call("PUT", "/v1/categories", json={"items": items}, tag=tree.headers["ETag"])
    assert answer.status_code == 200, answer.text
    searched.catch_up()
    assert searched.names(q="鲁班套件") == ["某某"]


def test_without_an_index_the_newest_offerings_are_searched_and_the_answer_says_so(searched, catalog):
    provider = catalog.provider(region="330106")
    searched.published("云仓管理", provider, regions=["330000"], categories=["warehouse-management"])
    searched.published("冷链运输", provider, regions=["340000"], valid_until="2020-01-01")
    catalog.offering(provider["id"], name="云仓草稿")
    for query, names in (
        ({}, ["云仓管理"]),
        ({"q": "云仓"}, ["云仓管理"]),
        ({"q": "帮我找个云仓管理的"}, ["云仓管理"]),
        ({"q": "财务"}, []),
        ({"region": "330106"}, ["云仓管理"]),
        ({"region": "340100"}, []),
        ({"category": "digital-logistics"}, ["云仓管理"]),
        ({"category": "erp"}, []),
    ):
        answer = searched.search(**query)
        assert [item["name"] for item in answer["items"]] == names, query
        assert (answer["degraded"], answer["total"]) == (True, len(names))
        assert answer["degraded_reason"]["zh"]
        assert (answer["empty_reason"] is None) is bool(names)
    assert catalog.client.get("/readyz").json()["search"] == {"built": False}
    searched.catch_up()
    answer = searched.search(q="云仓")
    assert (answer["degraded"], answer["degraded_reason"], answer["empty_reason"]) == (False, None, None)
    assert catalog.client.get("/readyz").json()["search"] == {"built": True, "behind": 0}


def test_a_slow_engine_keeps_no_place_at_the_database(searched, catalog, monkeypatch):
    searched.catch_up()
    state, free = catalog.client.app.state, []
    ask = discovery.ask
    monkeypatch.setattr(discovery, "ask", lambda *given: (free.append(state.database.places.value), ask(*given))[1])
    assert searched.names(q="云仓") == []
    assert free == [CONNECTIONS]


@pytest.mark.parametrize("numbered", [True, False])
def test_an_index_that_is_far_behind_says_so(searched, catalog, numbered):
    searched.catch_up()
    searched.published("云仓管理", catalog.provider())
    if numbered:
        catalog.changes()
    assert not searched.search()["degraded"], "for a moment it may be behind"
    assert (catalog.client.get("/readyz").json()["search"]["behind"] > 0) is numbered
    with catalog.database.write.begin() as session:
        session.execute(update(ChangeRow).values(recorded_at=clock.now() - timedelta(minutes=1)))
    assert searched.search()["degraded"]


def test_what_is_published_is_searched_within_a_second(catalog, settings, backend):
    provider = catalog.provider()
    with looping(settings):
        waits = []
        for name in ("甲乙丙云仓", "冷链一号", "报关助手"):
            catalog.offering(provider["id"], "submit", "publish", name=name)
            started = time.monotonic()
            params = {"q": name[-2:]}
            while not catalog.get("/v1/offerings/search", params=params).json()["items"]:
                assert time.monotonic() - started < 10
                time.sleep(0.02)
            waits.append(time.monotonic() - started)
    assert sorted(waits)[1] < 1, waits
