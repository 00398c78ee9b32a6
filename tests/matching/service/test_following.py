"""The replica: it converges on the feed whatever happens to it, and remembers every position."""

import random
from datetime import UTC, datetime

from sqlalchemy import event

from services.matching.follower import Follower
from services.matching.replica import catalogue, leases
from services.matching.replica.leases import Leaseholder
from services.matching.replica.replica import Replica
from tests.matching.service import feeds
from tests.matching.service.conftest import held, sample, served, settle
from tests.matching.service.feeds import FakeFeed

SEED = 20261122


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
    monkeypatch.setattr("services.matching.replica.leases.clock.now", lambda: later)
    assert heir.holds()


def test_statistics_are_learned_once_the_feed_is_quiet_and_enough_has_changed(database, follower, feed, monkeypatch):
    first = served(database)
    feed.put(feeds.revised(sample()[-1], lead_time_days=3))
    settle(follower, feed)
    monkeypatch.setattr("services.matching.follower.SETTLED_SECONDS", 0.0)
    follower.step()
    assert served(database).text_model_version == first.text_model_version, "one change is not enough"
    monkeypatch.setattr("services.matching.replica.learning.LEAST_CHANGED", 1)
    for place in range(1, 20):
        feed.put(feeds.revised(sample()[-place], summary="企业上云、上平台、用数据、赋智能"))
    settle(follower, feed)
    follower.step()
    assert (served(database).learned_at, served(database).unlearned) == (20, 0)
    assert served(database).text_model_version != first.text_model_version
