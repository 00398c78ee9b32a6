"""The category tree: seeded once, read as a list, replaced as a whole."""

import pytest

from shared import codes

SMALL = [
    {"code": "operations-management", "parent": None, "name_zh": "经营管理", "name_en": "Operations"},
    {"code": "erp", "parent": "operations-management", "name_zh": "企业资源计划", "name_en": "ERP"},
]
NEW = {"code": "robotics", "parent": "operations-management", "name_zh": "机器人", "name_en": "Robotics"}


def put(catalog, items, role="admin", tag=None):
    return catalog.call("PUT", "/v1/categories", role, tag or catalog.tag("/v1/categories"), json={"items": items})


def test_the_tree_is_seeded_from_the_code_table(catalog):
    answer = catalog.get("/v1/categories", "sme")
    table = codes.rows("categories.csv")
    assert [item["code"] for item in answer.json()["items"]] == [row["code"] for row in table]
    assert answer.headers["ETag"] == '"1"'


def test_a_tree_is_replaced_as_a_whole_and_the_feed_tells(catalog):
    head = catalog.head()
    answer = put(catalog, [*SMALL, NEW], "bureau")
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"items": [*SMALL, NEW]} == catalog.get("/v1/categories").json()
    assert answer.headers["ETag"] == '"2"'
    changes = {change["entity_id"]: change for change in catalog.changes(head)}
    assert changes["robotics"]["record"]["name_zh"] == "机器人"
    assert changes["plm"]["record"] is None
    assert changes["plm"]["type"] == "category.removed"
    assert catalog.get("/v1/changes/snapshot").json()["records"][-1]["id"] == "robotics"


def test_the_same_tree_again_changes_nothing(catalog):
    head = catalog.head()
    assert put(catalog, catalog.get("/v1/categories").json()["items"]).status_code == 200
    assert catalog.changes(head) == []


@pytest.mark.parametrize(
    ("items", "pointer", "code"),
    [
        ([*SMALL, SMALL[1]], "/items/2/code", "doubled-category"),
        ([*SMALL, NEW | {"parent": "nowhere"}], "/items/2/parent", "unknown-parent"),
        ([*SMALL, NEW | {"parent": "erp"}], "/items/2/parent", "unknown-parent"),
        ([*SMALL, NEW | {"parent": "robotics"}], "/items/2/parent", "unknown-parent"),
        ([*SMALL, NEW | {"code": "Big Code"}], "/items/2/code", "string-pattern-mismatch"),
        ([*SMALL, NEW | {"name_zh": " "}], "/items/2/name_zh", "blank"),
        ([], "/items", "too-short"),
        ([SMALL[0] | {"code": f"family-{place}"} for place in range(65)], "/items", "too-many-families"),
    ],
)
def test_what_is_not_a_tree_of_two_levels_is_refused(catalog, items, pointer, code):
    before = catalog.get("/v1/categories").json()
    answer = put(catalog, items)
    assert answer.status_code == 422
    assert (pointer, code) in {(item["pointer"], item["code"]) for item in answer.json()["errors"]}
    assert catalog.get("/v1/categories").json() == before


@pytest.mark.parametrize(
    ("steps", "status"),
    [((), 200), (("submit",), 200), (("submit", "publish"), 422), (("submit", "publish", "suspend"), 422),
     (("submit", "publish", "withdraw"), 200)],
)  # fmt: skip
def test_a_code_that_published_offerings_use_stays(catalog, steps, status):
    offering = catalog.offering(catalog.provider()["id"], *steps, categories=["plm", "erp"])
    for tree in (SMALL, [*SMALL, NEW | {"code": "plm", "parent": None}]):
        answer = put(catalog, tree)
        assert answer.status_code == status
        if status == 422:
            [item] = answer.json()["errors"]
            assert (item["pointer"], item["code"]) == ("/items", "category-in-use")
            assert "plm" in item["text"]["zh"]
            assert "plm" in item["text"]["en"]
    assert catalog.get(f"/v1/offerings/{offering['id']}").status_code == 200


def test_the_tree_is_replaced_under_its_tag_and_by_offices_only(catalog):
    assert catalog.call("PUT", "/v1/categories", json={"items": SMALL}).status_code == 428
    assert put(catalog, SMALL, tag='"7"').status_code == 412
    assert put(catalog, SMALL, "provider").status_code == 403
    assert put(catalog, SMALL, "sme").status_code == 403
