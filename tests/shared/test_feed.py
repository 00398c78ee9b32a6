"""Reading the feed over HTTP: item by item, so that a broken one does not hold back those behind it."""

import json

import httpx2
import pytest

from shared import clock
from shared.feed import CursorGone, HttpFeed


def feed_answering(status: int, body: object) -> HttpFeed:
    def answer(request: httpx2.Request) -> httpx2.Response:
        assert request.headers["authorization"] == "Bearer token"
        return httpx2.Response(status, json=body)

    client = httpx2.Client(transport=httpx2.MockTransport(answer), base_url="http://catalog")
    return HttpFeed(client, lambda: "token")


def change(position: int, **changed: object) -> dict[str, object]:
    record = {"entity": "category", "id": "a", "parent": None, "name_zh": "甲", "name_en": "A"}
    whole = {"type": "category.revised", "entity": "category", "entity_id": "a", "record": record}
    return {"position": position, "recorded_at": clock.now().isoformat(), **whole, **changed}


def test_what_cannot_be_read_of_a_page_is_set_apart():
    broken = [change(2, entity="galaxy"), change(3, record={"entity": "category", "name_zh": 7}), "nonsense", 5, None]
    page = feed_answering(200, {"changes": [change(1), *broken, change(4)], "next": "n", "head": 4}).changes("c")
    assert [read.position for read in page.changes] == [1, 4]
    assert [item.position for item in page.unreadable] == [2, 3, 0, 0, 0]
    assert all(item.reason for item in page.unreadable)
    assert json.loads(page.unreadable[0].document)["entity"] == "galaxy"
    assert (page.next, page.head) == ("n", 4)


def test_a_snapshot_is_read_item_by_item_too():
    records = [change(1)["record"], {"entity": "offering", "id": "off_1"}]
    page = feed_answering(200, {"records": records, "cursor": "c", "next": None}).snapshot(None)
    assert [record.id for record in page.records] == ["a"]
    assert len(page.unreadable) == 1


def test_a_cursor_that_is_gone_says_so():
    with pytest.raises(CursorGone):
        feed_answering(410, {}).changes("c")


def test_a_refusal_is_not_a_page():
    with pytest.raises(httpx2.HTTPStatusError):
        feed_answering(503, {}).changes("c")
