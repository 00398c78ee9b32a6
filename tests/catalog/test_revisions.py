"""Versions: immutable, content-hashed; a revision waits beside what is published."""

import pytest

from shared import canonical
from shared.contracts.offerings import OfferingContent


@pytest.fixture
def published(catalog):
    """A published offering and its path."""
    offering = catalog.offering(catalog.provider()["id"], "submit", "publish", name="一版", trial_days=7)
    return f"/v1/offerings/{offering['id']}", offering


def revise(catalog, path, patch, **who):
    return catalog.patch(path, patch, tag=catalog.tag(path), **who)


def test_a_revision_waits_until_it_is_published_too(catalog, published):
    path, first = published
    head = catalog.head()
    revised = revise(catalog, path, {"name": "二版", "trial_days": None}).json()
    assert (revised["version"], revised["published_version"], revised["state"]) == (2, 1, "published")
    assert (revised["name"], revised["trial_days"]) == ("二版", None)
    public = catalog.get(path, "sme").json()
    assert (public["version"], public["name"], public["content_hash"]) == (1, "一版", first["content_hash"])
    assert catalog.changes(head) == []

    assert catalog.act(path, "publish").json()["published_version"] == 2
    assert catalog.get(path, "sme").json()["name"] == "二版"
    [change] = catalog.changes(head)
    assert (change["type"], change["record"]["version"]) == ("offering.published", 2)
    assert catalog.act(path, "publish").status_code == 409  # nothing is left to publish


def test_versions_are_kept_as_they_were(catalog, published):
    path, first = published
    revise(catalog, path, {"name": "二版"})
    revise(catalog, path, {"name": "三版"})
    items = catalog.get(f"{path}/versions").json()["items"]
    assert [(item["version"], item["content"]["name"]) for item in items] == [(1, "一版"), (2, "二版"), (3, "三版")]
    assert items[0]["content_hash"] == first["content_hash"]
    for item in items:
        content = OfferingContent.model_validate(item["content"])
        assert item["content_hash"] == canonical.digest(canonical.plain(content))


def test_the_same_content_again_is_no_revision(catalog, published):
    path, _ = published
    tag = catalog.tag(path)
    assert revise(catalog, path, {"name": "一版", "industries": []}).json()["version"] == 1
    assert catalog.tag(path) == tag
    provider = f"/v1/providers/{catalog.get(path).json()['provider_id']}"
    head = catalog.head()
    tag = catalog.tag(provider)
    assert revise(catalog, provider, {"region": "330106"}).status_code == 200
    assert catalog.tag(provider) == tag
    assert catalog.changes(head) == []


def test_what_is_withdrawn_is_not_revised(catalog, published):
    path, _ = published
    catalog.act(path, "withdraw")
    assert revise(catalog, path, {"name": "二版"}).status_code == 409


def test_a_suspended_offering_comes_back_as_it_was_published(catalog, published):
    path, _ = published
    revise(catalog, path, {"name": "二版"})
    catalog.act(path, "suspend")
    head = catalog.head()
    assert catalog.act(path, "reinstate").json()["published_version"] == 1
    assert catalog.changes(head)[0]["record"]["content"]["name"] == "一版"


def test_a_revision_whose_category_is_gone_is_not_published(catalog, published):
    path, _ = published
    revise(catalog, path, {"categories": ["plm"]})
    tree = catalog.get("/v1/categories")
    kept = [item for item in tree.json()["items"] if item["code"] != "plm"]
    assert catalog.call("PUT", "/v1/categories", tag=tree.headers["ETag"], json={"items": kept}).status_code == 200
    answer = catalog.act(path, "publish")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/categories/0")
