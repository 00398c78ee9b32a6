"""Whoever follows the feed holds what the snapshot says, whatever happened at the same time."""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from services.catalog import categories, changes, offerings, providers, relay, resources
from services.catalog.models import Category, Offering, OfferingVersion, Provider
from shared import problems
from shared.contracts.offerings import OfferingContent
from shared.contracts.providers import ProviderContent
from shared.database import Database
from shared.preconditions import Precondition
from shared.principal import Principal
from tests.catalog.conftest import offering_content, provider_content

ADMIN = Principal("org_test", "admin")
ANY = Precondition("*")
ROUNDS = 25
CODES = ("erp", "plm", "cad-cae")
STEPS = ("submit", "publish", "publish", "suspend", "reinstate", "withdraw")


@pytest.fixture
def database(database_url: Callable[[str], str]):
    """Two providers with three offerings each: few, so that they are fought over."""
    database = Database(database_url("catalog"))
    with database.write.begin() as session:
        for _ in range(2):
            provider = providers.register(session, ADMIN, ProviderContent.model_validate(provider_content()))
            for _ in range(3):
                offerings.register(session, ADMIN, provider.id, OfferingContent.model_validate(offering_content()))
    yield database
    database.close()


def act(database: Database, choose: random.Random) -> str:
    """One random operation in its own transaction; gives how it ended."""
    try:
        with database.write.begin() as session:
            kind = choose.random()
            if kind < 0.6:
                move_or_revise_an_offering(session, choose)
            elif kind < 0.9:
                provider_id = choose.choice(session.scalars(select(Provider.id).order_by(Provider.id)).all())
                provider = providers.own(session, ADMIN, provider_id)
                providers.move("suspend" if provider.standing == "active" else "reinstate", session, ADMIN, provider)
            else:
                replace_the_tree(session, choose)
            time.sleep(choose.choice((0, 0.003)))  # some commit later than they wrote
    except problems.Problem as refused:
        return type(refused).__name__
    except OperationalError as failed:
        return f"database: {getattr(failed.orig, 'sqlstate', failed.orig)}"
    return "done"


def move_or_revise_an_offering(session, choose):
    ids = session.scalars(select(Offering.id).where(Offering.state != "retired").order_by(Offering.id)).all()
    offering = offerings.own(session, ADMIN, choose.choice(ids))
    if choose.random() < 0.3:
        content = offering_content(name=f"第{choose.randrange(10**6)}版", categories=[choose.choice(CODES)])
        offerings.revise(session, ADMIN, offering, OfferingContent.model_validate(content))
    else:
        weights = (3, 3, 3, 1, 2, 0.05)
        offerings.move(choose.choices(STEPS, weights)[0], session, ADMIN, offering)


def replace_the_tree(session, choose):
    rows = session.execute(select(Category.__table__).order_by(Category.place)).all()
    tree = [resources.Category.of(row) for row in rows if row.code not in CODES]
    tree += [
        resources.Category(code=code, parent="research-design", name_zh=code, name_en=f"{code} {choose.random()}")
        for code in CODES
        if choose.random() < 0.7
    ]
    categories.replace(session, ADMIN, ANY, tree)


def test_a_copy_that_follows_is_what_the_snapshot_says(database):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    own = changes.OwnFeed(database)
    first = own.snapshot(None)
    copy, cursor = records(own, first), first.cursor
    ended: Counter[str] = Counter()
    with ThreadPoolExecutor(6) as threads:
        for number in range(4 * ROUNDS):
            if number >= ROUNDS and ended["done"] > ROUNDS * 3:
                break  # how much of a round is allowed, is luck
            start = seed + number * 12
            ended.update(threads.map(lambda n: act(database, random.Random(n)), range(start, start + 12)))
            while relay.number_once(database):
                pass
            cursor = take_over(copy, own, cursor)
            # After each round, not only at the end: what a race left wrong, a later change would heal.
            assert copy == records(own, own.snapshot(None))
            with database.read.begin() as session:
                nobody_stands_in_a_category_that_is_gone(session)
    assert ended["done"] > ROUNDS * 3, ended
    assert ended.keys() <= {"done", "Conflict", "Invalid", "database: 40P01"}, ended


def take_over(copy, own, cursor):
    while (page := own.changes(cursor)).changes:
        for change in page.changes:
            copy.pop((change.entity, change.entity_id), None)
            if change.record is not None:
                copy[change.entity, change.entity_id] = change.record
        cursor = page.next
    return cursor


def records(own, page):
    found = list(page.records)
    while page.next:
        page = own.snapshot(page.next)
        found += page.records
    return {(record.entity, record.id): record for record in found}


def nobody_stands_in_a_category_that_is_gone(session):
    level_2 = set(session.scalars(select(Category.code).where(Category.parent.is_not(None))))
    published = (
        select(OfferingVersion)
        .join(Offering, Offering.id == OfferingVersion.offering_id)
        .where(Offering.published_version == OfferingVersion.version, Offering.state.in_(("published", "suspended")))
    )
    for version in session.scalars(published):
        assert set(version.content["categories"]) <= level_2
