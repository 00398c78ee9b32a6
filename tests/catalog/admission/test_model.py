"""The model-based test: 10,000 random steps, where nothing illegal is accepted and nothing legal refused."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from services.catalog import changes, records, relay
from services.catalog.lifecycle import IN_STANDING
from shared.database import Database
from tests.catalog.admission.walker import Walk

PROVED = {"approve accepted", "approve refused", "object accepted", "dismiss accepted", "offering publish accepted"}
"""What a walk must have come to, or it has proved nothing of it."""


def walked(database: Database, steps: int) -> Walk:
    """A walk of so many steps, and of as many more as it takes to come to what proves something."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    with ExitStack() as time, database.write.begin() as session:
        walk = Walk(session, random.Random(seed), time)
        while walk.taken.total() < steps or not walk.taken.keys() >= PROVED:
            walk.step()
        walk.finish()
    whoever_follows_the_feed_holds_what_is_live(database, walk)
    return walk


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    database = Database(database_url("catalog"))
    yield database
    database.close()


def test_a_random_walk_is_accepted_where_the_oracle_permits_it_and_nowhere_else(database):
    walked(database, 500)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_walk_of_ten_thousand_steps(database, record_property):
    taken = walked(database, 10_000).taken
    refused = sum(number for name, number in taken.items() if name.endswith("refused"))
    told = (f"{taken.total()} steps", f"{refused} refused as they must be", f"{taken['approve accepted']} admissions")
    record_property("figures", ", ".join(told))


def whoever_follows_the_feed_holds_what_is_live(database: Database, walk: Walk) -> None:
    while relay.number_once(database):
        pass
    feed, copy, cursor = changes.OwnFeed(database), {}, None
    with database.read.begin() as session:
        page = changes.after(session, cursor)
        live = {offering.id: version.version for offering, version in session.execute(records.published())}
    while page.changes:
        for change in page.changes:
            if change.entity == "offering":
                copy.pop(change.entity_id, None)
                if change.record is not None:
                    copy[change.entity_id] = change.record.version
            assert change.record is None or change.entity != "provider" or change.record.standing != "applicant"
        page = feed.changes(page.next)
    assert copy == live
    expected = {
        firm.offering_id: firm.model.product.published
        for firm in walk.firms
        if firm.model.product and firm.model.product.state == "published" and firm.model.standing in IN_STANDING
    }
    assert expected.items() <= live.items()
    assert {firm.offering_id for firm in walk.firms} & live.keys() == expected.keys()
