"""What a caller may see and act on: what is foreign answers exactly like what does not exist."""

import pytest

from services.catalog.ownership import prefix
from tests.catalog.conftest import credit_code, offering_content, provider_content

MISSING = {"offerings": "off_0199b1c2d3e47f60a1b2c3d4e5f60719", "providers": "prv_0199b1c2d3e47f60a1b2c3d4e5f60718"}


def plain(answer):
    return answer.status_code, {name: value for name, value in answer.json().items() if name != "request_id"}


@pytest.fixture
def shop(catalog):
    """A provider in Hangzhou with a draft, a published offering and a pending revision of it."""
    provider = catalog.provider(region="330106")
    draft = catalog.offering(provider["id"], name="草稿")
    public = catalog.offering(provider["id"], "submit", "publish", name="公开")
    path = f"/v1/offerings/{public['id']}"
    assert catalog.patch(path, {"name": "修订"}, tag=catalog.tag(path)).status_code == 200
    return {"provider": provider, "draft": draft, "public": public}


VIEWS = [
    ({"role": "sme"}, None, "公开"),
    ({"role": "provider", "uscc": "91330106MA9999999X"}, None, "公开"),
    ({"role": "provider", "uscc": "own"}, "草稿", "修订"),
    ({"role": "bureau", "region": "330100"}, "草稿", "修订"),
    ({"role": "bureau", "region": "000000"}, "草稿", "修订"),
    ({"role": "bureau", "region": "330200"}, None, "公开"),
    ({"role": "admin"}, "草稿", "修订"),
]


@pytest.mark.parametrize(("who", "draft", "public"), VIEWS)
def test_who_sees_what(catalog, shop, who, draft, public):
    who = who | ({"uscc": shop["provider"]["uscc"]} if who.get("uscc") == "own" else {})
    answer = catalog.get(f"/v1/offerings/{shop['draft']['id']}", **who)
    assert answer.json().get("name") == draft
    if draft is None:
        assert plain(answer) == plain(catalog.get(f"/v1/offerings/{MISSING['offerings']}", **who))
    assert catalog.get(f"/v1/offerings/{shop['public']['id']}", **who).json()["name"] == public
    listed = {item["name"] for item in catalog.get("/v1/offerings", **who).json()["items"]}
    assert listed == {name for name in (draft, public) if name}


FOREIGN = [{"role": "provider", "uscc": "91330106MA9999999X"}, {"role": "bureau", "region": "110000"}]


@pytest.mark.parametrize("who", FOREIGN, ids=["provider", "bureau"])
def test_acting_on_a_foreign_record_is_like_acting_on_a_missing_one(catalog, shop, who):
    for kind, foreign in (("offerings", shop["public"]), ("providers", shop["provider"])):
        for identifier in (foreign["id"], MISSING[kind]):
            answer = catalog.patch(f"/v1/{kind}/{identifier}", {"name": "改名"}, tag="*", **who)
            assert plain(answer) == plain(catalog.get(f"/v1/{kind}/{MISSING[kind]}", **who))
    answers = [catalog.get(f"/v1/offerings/{identifier}/versions", **who) for identifier in (shop["public"]["id"], "x")]
    assert plain(answers[0]) == plain(answers[1])
    bodies = [offering_content() | {"provider_id": identifier} for identifier in (shop["provider"]["id"], "prv_none")]
    answers = [catalog.post("/v1/offerings", body, **who) for body in bodies]
    assert plain(answers[0]) == plain(answers[1])
    assert answers[0].json()["errors"][0]["pointer"] == "/provider_id"


@pytest.mark.parametrize("standing", ["active", "suspended"])
def test_who_was_admitted_does_not_change_what_was_examined(catalog, shop, standing):
    path, own = f"/v1/providers/{shop['provider']['id']}", {"role": "provider", "uscc": shop["provider"]["uscc"]}
    if standing == "suspended":
        catalog.act(path, "suspend")
    changes = {"region": "440106", "name": "换名公司", "certificates": ["iso27001"]}
    for member, value in changes.items():
        answer = catalog.patch(path, {member: value}, tag="*", **own)
        assert answer.status_code == 403, member
        (item,) = answer.json()["errors"]
        assert (item["pointer"], item["code"]) == (f"/{member}", "examined")
    assert catalog.patch(path, {"employees": 61}, tag="*", **own).status_code == 200
    office = {"role": "bureau", "region": "330000"}
    assert catalog.patch(path, {"name": "换名公司", "region": "330200"}, tag="*", **office).status_code == 200


def test_a_suspended_provider_and_its_offerings_are_seen_by_who_may_act_on_them_only(catalog, shop):
    path = f"/v1/providers/{shop['provider']['id']}"
    catalog.act(path, "suspend")
    for who, status in (({"role": "sme"}, 404), ({"role": "provider", "uscc": shop["provider"]["uscc"]}, 200)):
        assert catalog.get(path, **who).status_code == status
        assert catalog.get(f"/v1/offerings/{shop['public']['id']}", **who).status_code == status


OWN = credit_code(9_000_000)
REGISTRATIONS = [
    ({"role": "provider", "uscc": OWN}, {"uscc": OWN}, 201),
    ({"role": "provider", "uscc": OWN}, {"uscc": credit_code(9_000_001)}, 403),
    ({"role": "provider", "uscc": None}, {"uscc": OWN}, 403),
    ({"role": "provider", "uscc": OWN}, {"uscc": OWN, "credit_grade": "A"}, 403),
    ({"role": "bureau", "region": "330000"}, {"region": "330106", "credit_grade": "A"}, 201),
    ({"role": "bureau", "region": "330000"}, {"region": "110101"}, 403),
    ({"role": "admin"}, {"region": "110101"}, 201),
    ({"role": "sme"}, {}, 403),
]


@pytest.mark.parametrize(("who", "members", "status"), REGISTRATIONS)
def test_who_may_register_which_provider(catalog, who, members, status):
    assert catalog.post("/v1/providers", provider_content(**members), **who).status_code == status


def test_a_provider_changes_neither_its_grade_nor_whose_it_is(catalog):
    provider = catalog.provider(credit_grade="B")
    own = {"role": "provider", "uscc": provider["uscc"]}
    path = f"/v1/providers/{provider['id']}"
    for patch, status in (
        ({"credit_grade": "A"}, 403),
        ({"credit_grade": None}, 403),
        ({"uscc": credit_code()}, 403),
        ({"employees": 58}, 200),
    ):
        assert catalog.patch(path, patch, tag=catalog.tag(path), **own).status_code == status
    bureau = {"role": "bureau", "region": "330000"}
    assert catalog.patch(path, {"region": "110101"}, tag="*", **bureau).status_code == 403
    assert catalog.patch(path, {"credit_grade": "A"}, tag="*", **bureau).json()["credit_grade"] == "A"


@pytest.mark.parametrize(
    ("region", "digits"), [("000000", ""), ("330000", "33"), ("330100", "3301"), ("330106", "330106")]
)
def test_the_digits_of_a_region(region, digits):
    assert prefix(region) == digits
