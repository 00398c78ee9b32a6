"""A change that cannot be taken over is parked with its reason, and those behind it go on (R14)."""

import pytest
from typer.testing import CliRunner

from services.cli import app
from services.matching.follower import Follower
from services.matching.replica import parking
from services.matching.replica.replica import TRIES
from shared.contracts.changes import Change
from shared.feed import ReadPage, Unreadable
from tests.matching.service import feeds
from tests.matching.service.conftest import held, sample, served, settle
from tests.matching.service.feeds import FakeFeed


def poisoned(feed: FakeFeed, kind: str) -> Change:
    record = sample()[-1]
    broken = {
        "unknown type": lambda: feed.change("offering", record.id, feeds.revised(record), "nonsense.happened"),
        "record of something else": lambda: feed.change("offering", "off_other", record, "offering.published"),
        "wrong hash": lambda: feed.change(
            "offering", record.id, record.model_copy(update={"content_hash": "0" * 64}), "offering.revised"
        ),
        "impossible id": lambda: feed.change(
            "offering", "x" * 101, record.model_copy(update={"id": "x" * 101}), "offering.published"
        ),
        "exception": lambda: feed.change(
            "offering", record.id, feeds.revised(record, lead_time_days=10**9), "offering.revised"
        ),
    }
    return broken[kind]()


@pytest.mark.parametrize(
    "kind", ["unknown type", "record of something else", "wrong hash", "impossible id", "exception"]
)
def test_a_poison_change_is_parked_and_those_behind_it_go_on(database, follower, feed, kind):
    feed.put(feeds.revised(sample()[-2], lead_time_days=11))
    poison = poisoned(feed, kind)
    feed.put(feeds.revised(sample()[-3], lead_time_days=12))
    settle(follower, feed)
    assert held(database) == feed.state
    with database.read.begin() as session:
        (parked,) = parking.parked(session, served(database).id)
    assert (parked.position, parked.tries) == (poison.position, TRIES)
    assert parked.reason
    assert (served(database).position, served(database).cursor) == (3, "1:3")


def test_what_was_parked_is_tried_again_on_demand(database, url, follower, feed, monkeypatch):
    poison = poisoned(feed, "unknown type")
    settle(follower, feed)
    feed.state[poison.entity, poison.entity_id] = poison.record
    monkeypatch.setenv("DUIJIE_MATCHING_DATABASE_URL", url)
    listed = CliRunner().invoke(app, ["parked", "--replay"])
    assert listed.stdout.startswith("1\tunknown type of change")
    settle(follower, feed)
    assert held(database) == feed.state
    with database.read.begin() as session:
        assert not parking.parked(session, served(database).id)


def test_a_record_of_a_snapshot_that_cannot_be_ranked_is_parked_too(database, feed):
    record = sample()[-1]
    feed.state["offering", record.id] = record.model_copy(update={"content_hash": "0" * 64})
    settle(Follower(database, feed), feed)
    del feed.state["offering", record.id]
    assert held(database) == feed.state
    with database.read.begin() as session:
        (parked,) = parking.parked(session, served(database).id)
    assert parked.reason == "the content does not have its hash"


class TornFeed(FakeFeed):
    """A feed in which some changes have not the shape of one; those without a position are nonsense."""

    torn: tuple[int, ...] = ()

    def changes(self, after: str) -> ReadPage:
        page = super().changes(after)
        sound = tuple(change for change in page.changes if change.position not in self.torn)
        torn = [change.position for change in page.changes if change.position in self.torn]
        unreadable = [
            Unreadable(position=position, document=b"{}", reason="torn") for position in (*torn, *(0 for _ in torn))
        ]
        return ReadPage(changes=sound, next=page.next, head=page.head, unreadable=tuple(unreadable))


@pytest.mark.parametrize("torn", [(1,), (2,), (3,), (1, 2, 3)])
def test_what_has_not_the_shape_of_a_change_is_parked_once(database, torn):
    feed = TornFeed(sample())
    follower = Follower(database, feed)
    settle(follower, feed)
    feed.torn = torn
    revised = [feeds.revised(sample()[-place], lead_time_days=place) for place in (1, 2, 3)]
    for record in revised:
        feed.put(record)
    settle(follower, feed)
    settle(follower, feed)
    assert (served(database).position, served(database).cursor) == (3, "1:3")
    with database.read.begin() as session:
        parked = [item.position for item in parking.parked(session, served(database).id)]
    assert sorted(parked) == sorted((*torn, *(0 for _ in torn)))
    now = held(database)
    assert [now["offering", record.id] == record for record in revised] == [place not in torn for place in (1, 2, 3)]
