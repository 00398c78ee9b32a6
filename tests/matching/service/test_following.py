"""The replica: it converges on the feed whatever happens to it, and remembers every position."""

import random
from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from typer.testing import CliRunner

from services.cli import app
from services.matching import catalogue, leases, parking
from services.matching.follower import Follower
from services.matching.leases import Leaseholder
from services.matching.replica import TRIES, Replica
from shared.contracts.changes import Change
from shared.feed import ReadPage, Unreadable
from tests.matching.service import feeds
from tests.matching.service.conftest import sample, settle
from tests.matching.service.feeds import FakeFeed

SEED = 20261122


def held(database, position=None):
    """What the replica holds, as (kind, id) → record."""
    with database.read.begin() as session:
        served = catalogue.live(session)
        holdings = catalogue.at(session, served.id, served.position if position is None else position)
    records = [*holdings.categories, *holdings.providers, *holdings.offerings]
    return {(record.entity, record.id): record for record in records}


def served(database):
    with database.read.begin() as session:
        return catalogue.live(session)


def revise_something(feed: FakeFeed, chance: random.Random) -> None:
    kind = chance.choice(["offering", "offering", "offering", "provider", "category"])
    present = sorted(key for key in feed.state if key[0] == kind)
    entity, name = chance.choice(present)
    record = feed.state[entity, name]
    if chance.random() < 0.3:
        feed.remove(entity, name)
    elif kind == "offering":
        feed.put(feeds.revised(record, lead_time_days=chance.randrange(100)))
    elif kind == "provider":
        feed.put(record.model_copy(update={"standing": chance.choice(["active", "warned", "suspended"])}))
    else:
        feed.put(record.model_copy(update={"name_en": f"Renamed {chance.randrange(10)}"}))


def test_a_replica_is_built_from_the_snapshot(database, follower, feed):
    assert held(database) == feed.state
    assert (served(database).position, served(database).cursor) == (0, "1:0")


def test_it_converges_under_random_operations_restarts_and_rebuilds(database, feed):
    chance = random.Random(SEED)
    feed.page = 7
    past = {}
    follower = Follower(database, feed)
    for _ in range(120):
        for _ in range(chance.randrange(4)):
            revise_something(feed, chance)
        if chance.random() < 0.03:
            feed.forget()
        if chance.random() < 0.1:
            follower.leave()
            follower = Follower(database, feed)
        follower.step()
        now = served(database)
        if now:
            past[now.id, now.position] = (held(database), now.chain)
    settle(follower, feed)
    assert held(database) == feed.state
    with database.read.begin() as session:
        for (generation, position), (records, chain) in past.items():
            assert catalogue.chain(session, generation, position) == chain
            holdings = catalogue.at(session, generation, position)
            found = [*holdings.categories, *holdings.providers, *holdings.offerings]
            assert {(record.entity, record.id): record for record in found} == records


class Killed(BaseException):
    """The process ends here, whatever it was doing."""


def test_it_converges_though_it_is_killed_at_any_statement(database, feed, monkeypatch):
    monkeypatch.setattr(leases, "LENGTH_SECONDS", 0.0)  # the heir need not wait
    chance, safe = random.Random(SEED), True
    feed.page = 40

    @event.listens_for(database.engine, "before_cursor_execute")
    def kill(*_):
        if not safe and chance.random() < 0.08:
            raise Killed

    follower, deaths = Follower(database, feed), 0
    for _ in range(80):
        for _ in range(chance.randrange(4)):
            revise_something(feed, chance)
        if chance.random() < 0.05:
            feed.forget()
        safe = False
        try:
            follower.step()
        except Killed:
            follower, deaths = Follower(database, feed), deaths + 1
        safe = True
    settle(follower, feed)
    assert deaths > 5
    assert held(database) == feed.state
    with database.read.begin() as session:
        now = catalogue.live(session)
        assert catalogue.chain(session, now.id, now.position) == now.chain


def test_applying_a_page_twice_is_harmless(database, follower, feed):
    cursor = served(database).cursor
    for _ in range(5):
        revise_something(feed, random.Random(SEED))
    settle(follower, feed)
    before = served(database)
    replica = Replica(database)
    replica.cursor()
    replica.apply(feed.changes(cursor))
    after = served(database)
    assert held(database) == feed.state
    assert (after.chain, after.position, after.cursor) == (before.chain, before.position, before.cursor)


def test_an_older_page_does_not_set_the_cursor_back(database, follower, feed):
    feed.page = 2
    cursor = served(database).cursor
    for _ in range(6):
        feed.put(feeds.revised(sample()[-1], lead_time_days=feed.position))
    older = feed.changes(cursor)
    settle(follower, feed)
    replica = Replica(database)
    replica.cursor()
    replica.apply(older)
    assert served(database).cursor == "1:6"


def test_a_gone_cursor_builds_a_new_generation_beside_the_served_one(database, follower, feed):
    first = served(database)
    feed.remove("offering", sample()[-1].id)
    feed.forget()
    settle(follower, feed)
    assert served(database).id > first.id
    assert held(database) == feed.state
    with database.read.begin() as session:
        assert len(catalogue.at(session, first.id, first.position).offerings) == len(
            [record for record in sample() if record.entity == "offering"]
        )


def test_a_rebuild_that_breaks_off_leaves_the_served_generation(database, follower, feed):
    first = served(database)
    feed.page = 10
    feed.forget()
    whole = feed.snapshot

    def breaking(page):
        if page and page.startswith("30"):
            raise ConnectionError
        return whole(page)

    feed.snapshot = breaking
    follower.step()
    assert served(database).id == first.id
    assert held(database) == feed.state
    del feed.snapshot
    settle(follower, feed)
    assert served(database).id > first.id
    assert held(database) == feed.state


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


def test_one_follower_at_a_time(database, follower, feed):
    feed.remove("offering", sample()[-1].id)
    other = Follower(database, feed)
    assert other.step() > 0
    assert served(database).position == 0
    follower.leave()
    settle(other, feed)
    assert served(database).position == 1


def test_a_lease_is_taken_over_when_it_ran_out(database, monkeypatch):
    dead, heir = Leaseholder(database, "follower"), Leaseholder(database, "follower")
    assert dead.holds()
    assert not heir.holds()
    later = datetime(2100, 1, 1, tzinfo=UTC)
    monkeypatch.setattr("services.matching.leases.clock.now", lambda: later)
    assert heir.holds()


def test_statistics_are_learned_once_the_feed_is_quiet_and_enough_has_changed(database, follower, feed, monkeypatch):
    first = served(database)
    feed.put(feeds.revised(sample()[-1], lead_time_days=3))
    settle(follower, feed)
    monkeypatch.setattr("services.matching.follower.SETTLED_SECONDS", 0.0)
    follower.step()
    assert served(database).text_model_version == first.text_model_version, "one change is not enough"
    monkeypatch.setattr("services.matching.learning.LEAST_CHANGED", 1)
    for place in range(1, 20):
        feed.put(feeds.revised(sample()[-place], summary="企业上云、上平台、用数据、赋智能"))
    settle(follower, feed)
    follower.step()
    assert (served(database).learned_at, served(database).unlearned) == (20, 0)
    assert served(database).text_model_version != first.text_model_version
