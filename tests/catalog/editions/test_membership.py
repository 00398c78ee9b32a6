"""入选第N期: offerings say which live editions list them, and lists and searches narrow to one."""

import pytest

from services.catalog import indexer
from services.catalog.changes import OwnFeed
from services.catalog.indexer import SearchCopy
from services.catalog.search.tantivy import TantivyIndex
from shared.feed import catch_up


@pytest.fixture
def searched(catalog, settings):
    """Brings the index up to date and searches it."""
    index = TantivyIndex(settings.state_dir / "search")
    copy = SearchCopy(catalog.database, index)

    def search(**query):
        catalog.changes()
        feed = OwnFeed(catalog.database)
        while copy.cursor() is None or catch_up(copy, feed):
            if copy.cursor() is None:
                catch_up(copy, feed)
        answer = catalog.get("/v1/offerings/search", "sme", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    yield search
    index.close()


def listed(catalog, path, **query):
    answer = catalog.get("/v1/offerings", "sme", params={"edition": path.rpartition("/")[2]} | query)
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()["items"]}


def named(offers):
    return {offer["id"] for offer in offers}


def test_an_offering_says_where_it_is_listed_as_long_as_that_is_live(office, offers, catalog):
    path = office.announced(*offers[:2])
    other = office.announced(offers[1], number=2)
    edition = office.read(path)

    def told(offer):
        return catalog.get(f"/v1/offerings/{offer['id']}", "sme").json()["editions"]

    assert told(offers[0]) == [
        {
            "id": edition["id"],
            "number": 1,
            "title": edition["title"],
            "version": 1,
            "text": {
                "zh": "入选《浙江省推荐目录》第1期",
                "en": "listed in Zhejiang recommended catalogue, edition 1",
            },
        }
    ]
    assert [one["number"] for one in told(offers[1])] == [1, 2]
    assert told(offers[2]) == []
    page = {item["id"]: item["editions"] for item in catalog.get("/v1/offerings", "sme").json()["items"]}
    assert {name: [one["number"] for one in found] for name, found in page.items() if found} == {
        offers[0]["id"]: [1],
        offers[1]["id"]: [1, 2],
    }
    catalog.patch(f"/v1/offerings/{offers[0]['id']}", {"name": "新名"}, tag="*")
    catalog.act(f"/v1/offerings/{offers[0]['id']}", "publish")
    assert told(offers[0])[0]["version"] == 1, "the version that was announced, not the present one"
    office.act(path, "end")
    assert told(offers[0]) == []
    assert [one["number"] for one in told(offers[1])] == [2]
    assert other


def test_a_list_narrows_to_a_live_edition(office, offers, catalog):
    path = office.announced(*offers[:3])
    assert listed(catalog, path) == named(offers[:3])
    assert listed(catalog, path, category="erp") == named(offers[:2])
    assert listed(catalog, path, region="330100") == named(offers[:3])
    catalog.act(f"/v1/offerings/{offers[1]['id']}", "suspend")
    assert listed(catalog, path) == named([offers[0], offers[2]])
    first = catalog.get("/v1/offerings", "sme", params={"edition": path.rpartition("/")[2], "limit": 1}).json()
    assert catalog.get("/v1/offerings", "sme", params={"cursor": first["next"]}).status_code == 400, (
        "a cursor belongs to its edition"
    )


def test_a_search_narrows_to_a_live_edition_and_shows_it(office, offers, catalog, searched):
    path = office.announced(*offers[:2])
    name = path.rpartition("/")[2]
    found = searched(edition=name)
    assert ({item["offering_id"] for item in found["items"]}, found["total"]) == (named(offers[:2]), 2)
    assert {one["id"] for item in found["items"] for one in item["editions"]} == {name}
    assert [item["name"] for item in searched(edition=name, q="进销存")["items"]] == ["进销存"]
    assert searched(edition=name, q="云设计")["total"] == 0
    assert searched(edition=name, category="inventory-sales")["total"] == 1
    catalog.act(f"/v1/offerings/{offers[0]['id']}", "suspend")
    assert searched(edition=name)["total"] == 1
    catalog.act(f"/v1/offerings/{offers[0]['id']}", "reinstate")
    assert searched(edition=name)["total"] == 2
    later = office.announced(offers[2], number=2).rpartition("/")[2]
    office.act(path, "end")
    assert {item["offering_id"] for item in searched(edition=later)["items"]} == {offers[2]["id"]}
    with catalog.database.read.begin() as session:
        documents = {document.id: document.codes["editions"] for document in indexer._published(session)}
    assert documents == {offer["id"]: (later,) if offer is offers[2] else () for offer in offers}


def test_without_an_index_it_narrows_too_and_says_what_it_lacks(office, offers, catalog):
    path = office.announced(*offers[:2])
    found = catalog.get("/v1/offerings/search", "sme", params={"edition": path.rpartition("/")[2]}).json()
    assert ({item["offering_id"] for item in found["items"]}, found["degraded"]) == (named(offers[:2]), True)


def test_only_a_live_edition_can_be_narrowed_to(office, offers, catalog):
    notice, ended = office.publicized(offers[0]), office.announced(offers[1], number=2)
    office.act(ended, "end")
    for name in (notice.rpartition("/")[2], ended.rpartition("/")[2], "edt_nowhere", "x" * 41):
        for way in ("/v1/offerings", "/v1/offerings/search"):
            answer = catalog.get(way, "sme", params={"edition": name})
            assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "edition")
