"""The review of an offering: sent back with a reason, and of a revision beside what is live."""

import pytest

from tests.catalog.admission.firms import OFFICE

WORDS = {"reason": "content-incomplete", "note": "请写明是否包含上门实施。"}


@pytest.fixture
def owner(catalog):
    provider = catalog.provider()
    return provider["id"], {"role": "provider", "uscc": provider["uscc"]}


def history(catalog, path, **who):
    return [(step["action"], step["reason"]) for step in catalog.get(f"{path}/history", **who).json()["items"]]


@pytest.mark.parametrize(("step", "reason"), [("request-completion", "content-incomplete"), ("reject", "out-of-scope")])
def test_what_is_sent_back_is_a_draft_that_says_why(catalog, owner, step, reason):
    provider, own = owner
    path = f"/v1/offerings/{catalog.offering(provider)['id']}"
    assert catalog.act(path, "submit", **own).json()["under_review"] is True
    back = catalog.act(path, step, body=WORDS | {"reason": reason}, **OFFICE)
    assert (back.json()["state"], back.json()["under_review"]) == ("draft", False)
    last = catalog.get(f"{path}/history", **own).json()["items"][-1]
    assert (last["action"], last["reason"], last["note"], last["role"]) == (step, reason, WORDS["note"], "bureau")
    assert catalog.act(path, "submit", **own).status_code == 200
    assert catalog.act(path, "publish", **OFFICE).status_code == 200
    assert history(catalog, path, **own) == [("submit", None), (step, reason), ("submit", None), ("publish", None)]


def test_a_revision_is_reviewed_while_the_published_version_stays_live(catalog, owner):
    provider, own = owner
    path = f"/v1/offerings/{catalog.offering(provider, 'submit', 'publish', name='一版')['id']}"
    head = catalog.head()
    assert catalog.act(path, "submit-revision", **own).status_code == 409, "there is no revision"
    assert catalog.act(path, "return-revision", body=WORDS, **OFFICE).status_code == 409
    revised = catalog.patch(path, {"name": "二版"}, tag="*", **own).json()
    assert (revised["state"], revised["under_review"]) == ("published", False)
    submitted = catalog.act(path, "submit-revision", **own).json()
    assert (submitted["state"], submitted["under_review"], submitted["published_version"]) == ("published", True, 1)
    assert catalog.act(path, "submit-revision", **own).status_code == 409
    public = catalog.get(path, "sme").json()
    assert (public["name"], public["under_review"]) == ("一版", False)
    returned = catalog.act(path, "return-revision", body=WORDS, **OFFICE).json()
    assert (returned["state"], returned["under_review"], returned["version"]) == ("published", False, 2)
    catalog.patch(path, {"name": "三版"}, tag="*", **own)
    catalog.act(path, "submit-revision", **own)
    assert catalog.changes(head) == []
    published = catalog.act(path, "publish", **OFFICE).json()
    assert (published["published_version"], published["under_review"]) == (3, False)
    assert catalog.get(path, "sme").json()["name"] == "三版"
    assert [change["type"] for change in catalog.changes(head)] == ["offering.published"]


def test_another_edit_takes_a_revision_out_of_review(catalog, owner):
    provider, own = owner
    path = f"/v1/offerings/{catalog.offering(provider, 'submit', 'publish')['id']}"
    catalog.patch(path, {"name": "二版"}, tag="*", **own)
    catalog.act(path, "submit-revision", **own)
    assert catalog.patch(path, {"name": "三版"}, tag="*", **own).json()["under_review"] is False


def test_the_offices_work_list(catalog, owner):
    provider, own = owner
    catalog.offering(provider)
    waiting = catalog.offering(provider, "submit")
    live = catalog.offering(provider, "submit", "publish")
    revised = catalog.offering(provider, "submit", "publish")
    for made in (live, revised):
        catalog.patch(f"/v1/offerings/{made['id']}", {"name": "二版"}, tag="*", **own)
    catalog.act(f"/v1/offerings/{revised['id']}", "submit-revision", **own)
    listed = catalog.get("/v1/offerings?under_review=true", **OFFICE).json()["items"]
    assert [item["id"] for item in listed] == [waiting["id"], revised["id"]]
    assert len(catalog.get("/v1/offerings?under_review=false", **OFFICE).json()["items"]) == 2
    assert catalog.get("/v1/offerings?under_review=true", "sme").json()["items"] == []


def test_the_history_is_for_who_may_act_on_it(catalog, owner):
    provider, own = owner
    path = f"/v1/offerings/{catalog.offering(provider, 'submit', 'publish')['id']}"
    for who, status in (
        (own, 200),
        (OFFICE, 200),
        ({"role": "provider", "uscc": None}, 404),
        ({"role": "bureau", "region": "110000"}, 404),
        ({"role": "sme"}, 403),
    ):
        assert catalog.get(f"{path}/history", **who).status_code == status


@pytest.mark.parametrize("step", ["publish", "reject", "request-completion"])
def test_nobody_decides_on_the_own_offering(catalog, owner, step):
    provider, own = owner
    path = f"/v1/offerings/{catalog.offering(provider, 'submit')['id']}"
    both = OFFICE | {"uscc": own["uscc"]}
    assert catalog.act(path, step, **both).status_code == 403
    assert catalog.get(path).json()["state"] == "submitted"
