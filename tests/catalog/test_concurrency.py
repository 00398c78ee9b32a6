"""Under concurrency: no lost update (R5), no change that the feed skips or shows too early (R6)."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import OperationalError

from services.catalog import changes, offerings, providers, relay
from shared import problems
from shared.contracts.offerings import OfferingContent
from shared.contracts.providers import ProviderContent
from shared.database import Database
from shared.preconditions import Precondition, etag
from shared.principal import Principal
from tests.catalog.conftest import offering_content, provider_content

ADMIN = Principal("org_test", "admin")


@pytest.fixture
def database(database_url: Callable[[str], str]):
    database = Database(database_url("catalog"))
    yield database
    database.close()


def test_one_of_many_updates_under_one_tag_wins(database):
    """R5: 25 writers with one If-Match × 20 rounds."""
    with database.write.begin() as session:
        provider = providers.register(session, ADMIN, ProviderContent.model_validate(provider_content()))
        content = OfferingContent.model_validate(offering_content())
        offering_id = offerings.register(session, ADMIN, provider.id, content).id

    def write(name: str, seen: Precondition, start: threading.Barrier) -> bool:
        start.wait()
        try:
            with database.write.begin() as session:
                offering = offerings.own(session, ADMIN, offering_id)
                seen.require(offering.revision)
                offerings.revise(session, ADMIN, offering, content.model_copy(update={"name": name}))
        except problems.StalePrecondition:
            return False
        return True

    with ThreadPoolExecutor(25) as writers:
        for number in range(20):
            start = threading.Barrier(25)
            seen = Precondition(etag(number + 1))
            names = [f"第{number}轮由{writer}写" for writer in range(25)]
            won = list(writers.map(lambda name, seen=seen, start=start: write(name, seen, start), names))
            assert sum(won) == 1
            with database.read.begin() as session:
                row, version = offerings.one(session, ADMIN, offering_id)
                assert row.revision == row.version == number + 2
                assert version.content["name"] == names[won.index(True)]


class RolledBack(Exception):
    """A writer changes its mind."""


def write_changes(database: Database, writer: int, count: int, seed: int) -> list[str]:
    """Record `count` changes in transactions of 1 to 20, of which a tenth is rolled back; gives what was committed."""
    choose = random.Random(seed)
    committed: list[str] = []
    locked = 0
    while len(committed) < count:
        names = [f"{writer}-{len(committed) + n}" for n in range(min(choose.randint(1, 20), count - len(committed)))]
        fails = choose.random() < 0.1
        try:
            with database.write.begin() as session:
                for name in names:
                    changes.record(
                        session, "provider.revised", "provider", f"rolled-back-{name}" if fails else name, None
                    )
                if choose.random() < 0.2:
                    time.sleep(0.002)  # so that ids and commits come in another order
                if fails:
                    raise RolledBack
        except RolledBack:
            continue
        except OperationalError:  # SQLite: others wrote for so long that it was not let in; nothing was begun
            locked += 1
            assert locked < 100
            continue
        committed += names
    return committed


def follow(database: Database, done: threading.Event) -> list[str]:
    """Poll the feed throughout, and until its end once the writers are done."""
    cursor, seen, positions = None, [], []
    while True:
        ending = done.is_set()
        with database.read.begin() as session:
            # In this order: what a relay numbers between the two must not look as if it had been read.
            waiting = changes.waiting(session)
            page = changes.after(session, cursor)
        cursor = page.next
        seen += [change.entity_id for change in page.changes]
        positions += [change.position for change in page.changes]
        if ending and not page.changes and not waiting:
            assert positions == list(range(1, len(positions) + 1))
            return seen
        if not page.changes:
            time.sleep(0.01)


@pytest.mark.parametrize("total", [10_000, pytest.param(100_000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_the_feed_skips_nothing_and_shows_nothing_early(database, total):
    """R6: 6 writers with 10 % rollbacks, two relays, a reader polling throughout."""
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    stop, done = threading.Event(), threading.Event()
    with ThreadPoolExecutor(9) as threads:
        relays = [threads.submit(relay.run, database, stop) for _ in range(2)]
        reader = threads.submit(follow, database, done)
        share = [total // 6 + (writer < total % 6) for writer in range(6)]
        writers = [
            threads.submit(write_changes, database, writer, count, seed + writer) for writer, count in enumerate(share)
        ]
        try:
            committed = [name for writer in writers for name in writer.result()]
            done.set()
            seen = reader.result(timeout=60)
        finally:
            done.set()
            stop.set()
    assert len(committed) == total
    assert len(seen) == len(set(seen)), "a change was shown twice"
    assert set(seen) == set(committed), (
        f"{len(set(committed) - set(seen))} missed, {len(set(seen) - set(committed))} shown early"
    )
    for writer in range(6):
        own = [name for name in seen if name.startswith(f"{writer}-")]
        assert own == [f"{writer}-{n}" for n in range(len(own))]
    assert all(future.done() and future.exception() is None for future in relays)
