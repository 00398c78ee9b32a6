"""Composing an edition: who may, what may be listed, batches, and the reconciliation, which always adds up."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.catalog.editions import reconciliation
from services.catalog.editions.reconciliation import Listed, Scope
from services.catalog.editions.shapes import MOST_AT_ONCE, MOST_ITEMS
from services.catalog.editions.tables import EditionItem
from services.catalog.models import Offering
from services.catalog.resources import Category
from shared import codes, identifiers
from tests.catalog.editions.conftest import OFFICE, described

TREE = {
    row["code"]: Category(
        code=row["code"], parent=row["parent"] or None, name_zh=row["name_zh"], name_en=row["name_en"]
    )
    for row in codes.rows("categories.csv")
}
MAIN = [code for code, category in TREE.items() if category.parent]


def test_an_edition_is_composed_in_batches(office, offers):
    path = office.composed(offers[0], offers[1])
    again = office.act(path, "add", {"offerings": [offers[1]["id"], offers[2]["id"]]})
    assert (again.status_code, again.json()["items"], again.json()["providers"]) == (200, 3, 2)
    tag = again.headers["ETag"]
    same = office.act(path, "add", {"offerings": [offers[1]["id"]]})
    assert same.headers["ETag"] == tag, "adding what is there changes nothing"
    fewer = office.act(path, "remove", {"offerings": [offers[0]["id"], "off_nowhere"]})
    assert (fewer.json()["items"], fewer.json()["providers"]) == (2, 2)
    listed = office.read(path, "/items")["items"]
    assert [item["id"] for item in listed] == sorted([offers[1]["id"], offers[2]["id"]])
    assert {item["name"]: item["category"] for item in listed} == {"企业资源": "erp", "云设计": "cad-cae"}


def test_what_may_not_be_listed_is_named_and_nothing_of_the_batch_is_taken(catalog, office, offers):
    elsewhere = catalog.offering(offers[0]["provider_id"], "submit", "publish", regions=["440000"])
    draft = catalog.offering(offers[0]["provider_id"])
    suspended = catalog.offering(offers[0]["provider_id"], "submit", "publish", "suspend")
    path = office.composed(categories=["erp", "inventory-sales"])
    ids = [offers[0], elsewhere, draft, suspended, offers[2], offers[0]]
    answer = office.act(path, "add", {"offerings": [*(one["id"] for one in ids), "off_nowhere"]})
    assert answer.status_code == 422
    assert [(item["pointer"], item["code"]) for item in answer.json()["errors"]] == [
        ("/offerings/1", "outside-region"),
        ("/offerings/2", "not-published"),
        ("/offerings/3", "not-published"),
        ("/offerings/4", "outside-categories"),
        ("/offerings/5", "doubled-offering"),
        ("/offerings/6", "not-published"),
    ]
    assert office.read(path)["items"] == 0


def test_a_scope_of_a_level_1_category_holds_its_children(office, offers):
    path = office.composed(offers[1], categories=[TREE["erp"].parent])
    assert office.read(path)["items"] == 1


def test_a_region_lists_what_reaches_it_wherever_its_provider_sits(catalog, office, offers):
    """Nationwide, provincial, of one of its cities, or without saying: of a provider in Beijing too."""
    path = office.composed(*offers)
    assert office.read(path, "/reconciliation")["outside"] == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ({"organisation": "org_other"}, 404),
        ({"organisation": "org_other", "region": "000000"}, 404),
        ({"role": "admin"}, 200),
        ({"role": "provider", "uscc": "91330106MA9999999X"}, 403),
        ({"role": "sme"}, 403),
    ],
)
def test_who_acts_on_an_edition(office, offers, who, status):
    path = office.composed(offers[0])
    assert office.act(path, "add", {"offerings": [offers[1]["id"]]}, **who).status_code == status
    assert office.act(path, "evaluate", **who).status_code == status
    reading = 404 if status == 403 else status
    assert office.catalog.get(path, **(OFFICE | who)).status_code == reading
    assert office.catalog.get(f"{path}/items", **(OFFICE | who)).status_code == reading
    seen = {item["id"] for item in office.read("/v1/editions", **who)["items"]}
    assert (path.rpartition("/")[2] in seen) == (status == 200)


def test_a_number_is_given_once_a_title_and_office(office, catalog):
    path = office.planned()
    office.planned(number=2)
    again = catalog.post("/v1/editions", described(), **OFFICE)
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (409, "/number")
    assert catalog.patch(path, {"number": 2}, tag="*", **OFFICE).status_code == 409
    assert catalog.patch(path, {"number": 3}, tag="*", **OFFICE).json()["label"]["zh"] == "《浙江省推荐目录（第3期）》"
    other = {**OFFICE, "organisation": "org_other"}
    assert catalog.post("/v1/editions", described(), **other).status_code == 201


WRONG = [
    ({"number": 0}, "/number"),
    ({"number": True}, "/number"),
    ({"title": {"zh": "目录", "en": None}}, "/title/en"),
    ({"title": {"zh": "目\u202e录", "en": "x"}}, "/title/zh"),
    ({"issuer": {"zh": " ", "en": "x"}}, "/issuer/zh"),
    ({"categories": ["erp", "nowhere"]}, "/categories/1"),
    ({"valid_from": "2027-01-02", "valid_until": "2027-01-01"}, ""),
    ({"state": "live"}, "/state"),
    ({"content_hash": "0" * 64}, "/content_hash"),
    ({"region": "000000"}, "/region"),
    ({"organisation": "org_x"}, "/organisation"),
    ({"announced_at": "2026-01-01T00:00:00Z"}, "/announced_at"),
]


@pytest.mark.parametrize(("members", "pointer"), WRONG)
def test_what_makes_no_sense_or_is_not_the_bureaus_to_say_is_refused(catalog, office, members, pointer):
    answer = catalog.post("/v1/editions", described(**members), **OFFICE)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text
    patched = catalog.patch(office.planned(), members, tag="*", **OFFICE)
    assert (patched.status_code, patched.json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize("ids", [[], ["off_x"] * (MOST_AT_ONCE + 1), [1], "off_x", None])
def test_a_batch_that_is_none_is_refused(office, ids):
    assert office.act(office.composed(), "add", {"offerings": ids}).status_code == 422


def test_an_edition_has_a_most(catalog, office, offers):
    path = office.composed(offers[0])
    filler = catalog.offering(offers[0]["provider_id"], "submit", "publish")
    with catalog.database.write.begin() as session:
        for _ in range(MOST_ITEMS - 1):
            copied = catalog_copy(session, filler["id"])
            session.add(EditionItem(edition_id=path.rpartition("/")[2], offering_id=copied))
    full = office.act(path, "add", {"offerings": [offers[1]["id"]]})
    assert (full.status_code, full.json()["errors"][0]["code"]) == (422, "too-many-items")
    assert office.read(path)["items"] == MOST_ITEMS


def catalog_copy(session, offering_id):
    """A bare row like another offering."""
    model = session.get_one(Offering, offering_id)
    columns = {column.name: getattr(model, column.name) for column in Offering.__table__.columns}
    copied = Offering(**columns | {"id": identifiers.new("off")})
    session.add(copied)
    session.flush()
    return copied.id


def test_the_reconciliation_tells_what_is_amiss_and_stands_in_the_way(catalog, office, offers):
    twin = catalog.offering(offers[0]["provider_id"], "submit", "publish", name="进 销 存", categories=["erp"])
    path = office.composed(*offers, twin)
    first = office.read(path, "/reconciliation")
    assert (first["items"], first["providers"], first["ready"]) == (5, 2, True)
    assert [(found["code"], set(found["offerings"])) for found in first["doubles"]] == [
        ("same-name", {offers[0]["id"], twin["id"]})
    ]
    assert {one["code"]: (one["items"], one["providers"]) for one in first["categories"]} == {
        "inventory-sales": (1, 1),
        "erp": (3, 2),
        "cad-cae": (1, 1),
    }
    catalog.act(f"/v1/offerings/{offers[0]['id']}", "withdraw")
    catalog.act(f"/v1/providers/{offers[2]['provider_id']}", "suspend")
    catalog.patch(path, {"categories": ["erp"]}, tag="*", **OFFICE)
    later = office.read(path, "/reconciliation")
    assert {found["code"]: set(found["offerings"]) for found in later["gone"]} == {
        "not-published": {offers[0]["id"]},
        "provider-not-in-standing": {offers[2]["id"], offers[3]["id"]},
    }
    assert {found["code"]: set(found["offerings"]) for found in later["outside"]} == {
        "outside-categories": {offers[0]["id"], offers[2]["id"]}
    }
    assert sum(one["items"] for one in later["categories"]) == later["items"] == 5
    assert later["ready"] is False
    assert office.act(path, "evaluate").status_code == 200
    assert office.act(path, "publicize").status_code == 409
    office.act(path, "remove", {"offerings": [offers[0]["id"], offers[2]["id"], offers[3]["id"]]})
    assert office.act(path, "publicize").status_code == 200


def drawn(dice: random.Random) -> list[Listed]:
    return [
        Listed(
            offering_id=f"off_{number}",
            provider_id=f"prv_{dice.randrange(8)}",
            provider_name="某某",
            name=dice.choice(("甲", "乙", " 甲 ", f"名{number}")),
            categories=(dice.choice([*MAIN[:6], "gone-from-the-tree"]), *dice.sample(MAIN, dice.randrange(3))),
            regions=tuple(dice.sample(["000000", "330000", "330106", "440000"], dice.randrange(3))),
            version=1,
            content_hash=dice.choice(("0" * 64, f"{number:064d}")),
            gone=dice.choice((None, None, "not-published", "provider-not-in-standing")),
        )
        for number in range(dice.randrange(60))
    ]


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_counts_always_add_up(seed):
    dice = random.Random(seed)
    listed = drawn(dice)
    scope = Scope("330000", tuple(dice.sample(MAIN[:6], dice.randrange(4))))
    found = reconciliation.of(listed, scope, TREE)
    assert found.items == sum(one.items for one in found.categories) == len(listed)
    owners = {one.provider_id for one in listed}
    assert found.providers == len(owners) <= sum(one.providers for one in found.categories)
    assert {one.code: one.items for one in found.categories} == Counter(one.category for one in listed)
    for one in found.categories:
        assert one.providers == len({item.provider_id for item in listed if item.category == one.code})
    told = [name for finding in found.gone for name in finding.offerings]
    assert sorted(told) == sorted(one.offering_id for one in listed if one.gone)
    amiss = {name for finding in (*found.gone, *found.outside) for name in finding.offerings}
    assert found.ready == (bool(listed) and not amiss)
    kept = [one for one in listed if one.offering_id not in amiss]
    assert reconciliation.of(kept, scope, TREE).ready == bool(kept)
    assert sorted(one.offering_id for one in reconciliation.in_order(listed, TREE)) == sorted(
        one.offering_id for one in listed
    )
    shuffled = dice.sample(listed, len(listed))
    assert reconciliation.of(shuffled, scope, TREE) == found
