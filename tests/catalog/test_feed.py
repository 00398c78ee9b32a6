"""The feed as a reader sees it: pages, snapshot, 410, and what enters and leaves with a provider."""

import base64
import json
from datetime import timedelta

import pytest

from services.catalog import changes, relay
from shared import clock
from shared.feed import CursorGone


def follow(catalog, records, cursor):
    """Apply the feed to a copy of the snapshot; gives the copy."""
    copy = {(record["entity"], record["id"]): record for record in records}
    for change in catalog.changes(cursor):
        key = (change["entity"], change["entity_id"])
        copy.pop(key, None)
        if change["record"] is not None:
            copy[key] = change["record"]
    return copy


def snapshot(catalog, limit=500):
    page, records = catalog.get(f"/v1/changes/snapshot?limit={limit}").json(), []
    records += page["records"]
    while page["next"]:
        following = catalog.get("/v1/changes/snapshot", params={"page": page["next"], "limit": limit}).json()
        assert following["cursor"] == page["cursor"]
        page = following
        records += page["records"]
    return records, page["cursor"]


def test_a_change_is_seen_once_it_is_numbered(catalog):
    provider = catalog.provider()
    page = catalog.get("/v1/changes").json()
    assert (page["changes"], page["head"]) == ([], 0)
    assert relay.number_once(catalog.database) == 1
    [change] = catalog.get("/v1/changes", params={"after": page["next"]}).json()["changes"]
    assert (change["position"], change["type"], change["entity_id"]) == (1, "provider.registered", provider["id"])


def test_pages_are_dense_and_end_at_the_head(catalog):
    for _ in range(7):
        catalog.provider()
    catalog.changes()
    cursor, positions = None, []
    for size in (3, 3, 1, 0):
        page = catalog.get("/v1/changes", params={"limit": 3} | ({"after": cursor} if cursor else {})).json()
        assert (len(page["changes"]), page["head"]) == (size, 7)
        positions += [change["position"] for change in page["changes"]]
        cursor = page["next"]
    assert positions == [1, 2, 3, 4, 5, 6, 7]


def test_a_refused_request_leaves_no_change(catalog):
    provider = catalog.provider()
    catalog.changes()
    catalog.post("/v1/providers", {"uscc": provider["uscc"], "name": "又", "region": "330106"})
    assert len(catalog.changes()) == 1


def test_a_snapshot_and_the_feed_after_it_give_the_present_state(catalog):
    provider = catalog.provider()
    offerings = [catalog.offering(provider["id"], "submit", "publish") for _ in range(3)]
    catalog.changes()
    first = catalog.get("/v1/changes/snapshot?limit=95").json()
    catalog.act(f"/v1/offerings/{offerings[0]['id']}", "withdraw")
    catalog.offering(provider["id"], "submit", "publish")
    catalog.offering(provider["id"], "submit")
    later = catalog.get("/v1/changes/snapshot", params={"page": first["next"]}).json()
    pages = [first, later]
    while pages[-1]["next"]:
        pages.append(catalog.get("/v1/changes/snapshot", params={"page": pages[-1]["next"]}).json())
    copy = follow(catalog, [record for page in pages for record in page["records"]], pages[-1]["cursor"])
    for limit in (500, 2):
        records, _ = snapshot(catalog, limit)
        assert copy == {(record["entity"], record["id"]): record for record in records}
    assert [record["entity"] for record in records] == ["category"] * 94 + ["provider"] + ["offering"] * 3


def test_a_suspended_provider_takes_its_offerings_along_and_brings_them_back(catalog):
    provider = catalog.provider()
    live = [catalog.offering(provider["id"], "submit", "publish") for _ in range(2)]
    catalog.offering(provider["id"], "submit", "publish", "suspend")
    catalog.offering(provider["id"])
    before, cursor = snapshot(catalog)
    cursor = catalog.head()
    catalog.act(f"/v1/providers/{provider['id']}", "suspend")
    gone = catalog.changes(cursor)
    assert gone[0]["record"]["standing"] == "suspended"
    assert {change["entity_id"]: change["record"] for change in gone[1:]} == {item["id"]: None for item in live}
    records, cursor = snapshot(catalog)
    assert [record["entity"] for record in records].count("offering") == 0
    cursor = catalog.head()
    catalog.act(f"/v1/providers/{provider['id']}", "reinstate")
    assert follow(catalog, records, cursor) == {(record["entity"], record["id"]): record for record in before}


def epoch_and_head(catalog):
    epoch, position = catalog.head().split("-")
    return epoch, int(position)


def test_a_cursor_that_cannot_be_continued_is_gone(catalog):
    catalog.provider()
    catalog.provider()
    epoch, head = epoch_and_head(catalog)
    assert head == 2
    for cursor, status in (
        (f"{epoch}-0", 200),
        (f"{epoch}-2", 200),
        (f"{epoch}-3", 410),
        (f"{'0' * 16}-1", 410),
        ("nonsense", 400),
        (f"{epoch}--1", 400),
    ):
        answer = catalog.get("/v1/changes", params={"after": cursor})
        assert answer.status_code == status, cursor
    assert catalog.get("/v1/changes", params={"after": f"{epoch}-3"}).json()["type"] == "/problems/gone"


def test_a_restored_store_begins_a_new_epoch(catalog):
    catalog.provider()
    cursor = catalog.head()
    with catalog.database.write.begin() as session:
        changes.renew(session)
    assert catalog.get("/v1/changes", params={"after": cursor}).status_code == 410
    assert catalog.head() != cursor


def test_changes_are_forgotten_and_readers_behind_them_begin_again(catalog):
    catalog.provider()
    catalog.provider()
    epoch, _ = epoch_and_head(catalog)
    catalog.provider()  # not numbered yet: it stays
    with catalog.database.write.begin() as session:
        changes.forget(session, clock.now() + timedelta(seconds=1))
    for position, status in ((None, 410), (0, 410), (1, 410), (2, 200)):
        after = {} if position is None else {"after": f"{epoch}-{position}"}
        assert catalog.get("/v1/changes", params=after).status_code == status
    assert [change["position"] for change in catalog.changes(f"{epoch}-2")] == [3]


def test_the_service_follows_its_own_feed_in_the_same_way(catalog):
    catalog.provider()
    cursor = catalog.head()
    catalog.provider()
    own = changes.OwnFeed(catalog.database)
    assert own.snapshot(None).cursor == cursor
    assert relay.number_once(catalog.database) == 1
    assert [change.position for change in own.changes(cursor).changes] == [2]
    with pytest.raises(CursorGone):
        own.changes(f"{'0' * 16}-1")


CURSOR = f"{'0' * 16}-1"


NO_PAGES = [
    "nonsense",
    "!!",
    [1, 2],
    ["a", "category", None],
    [CURSOR, "planet", None],
    [CURSOR, "category", "x"],
    [CURSOR, "category", -1],
    [CURSOR, "category", 10**30],
    [CURSOR, "provider", 1],
    [CURSOR, "provider", "\0"],
    [CURSOR, "offering", "\ud800"],
]


def test_a_page_token_that_is_none_is_refused(catalog):
    for page in NO_PAGES:
        token = page if isinstance(page, str) else base64.urlsafe_b64encode(json.dumps(page).encode()).decode()
        answer = catalog.get("/v1/changes/snapshot", params={"page": token.rstrip("=")})
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "page"), page


def test_who_may_follow(catalog):
    for role, status in (("service", 200), ("bureau", 200), ("admin", 200), ("provider", 403), ("sme", 403)):
        assert catalog.get("/v1/changes", role).status_code == status
        assert catalog.get("/v1/changes/snapshot", role).status_code == status
