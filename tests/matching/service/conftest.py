"""A matching service over a fake feed, on both databases."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from services.matching import policies
from services.matching.app import create_app
from services.matching.follower import Follower
from services.matching.replica import catalogue
from services.matching.settings import MatchingSettings
from shared.contracts.changes import Record
from shared.database import Database
from shared.principal import GATEWAY, Signer
from tests.matching.service import feeds
from tests.matching.service.feeds import FakeFeed


@cache
def sample() -> tuple[Record, ...]:
    """The whole tree, and every thirtieth offering with its provider."""
    chosen = feeds.offerings()[::30]
    wanted = {offering.provider_id for offering in chosen}
    return (*feeds.categories(), *(p for p in feeds.providers() if p.id in wanted), *chosen)


@pytest.fixture
def feed() -> FakeFeed:
    return FakeFeed(sample())


@pytest.fixture
def url(database_url: Callable[[str], str]) -> str:
    return database_url("matching")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    with opened.write.begin() as session:
        policies.ship(session)
    yield opened
    opened.close()


@pytest.fixture
def follower(database: Database, feed: FakeFeed) -> Follower:
    """A follower that has built its copy and is at the feed's head."""
    follower = Follower(database, feed)
    settle(follower, feed)
    return follower


def settle(follower: Follower, feed: FakeFeed) -> None:
    """Follow until there is nothing to do."""
    feed.drained = False
    while not feed.drained:
        follower.step()


@pytest.fixture
def start(url: str, signer: Signer, tmp_path: Path) -> Iterator[Callable[..., TestClient]]:
    """Starts the service, without the thread that refreshes it: `refresh(client)` does."""
    with ExitStack() as stack:

        def started(mode: str = "demo") -> TestClient:
            (tmp_path / "cursor-key").write_text("33" * 32)
            settings = MatchingSettings(
                database_url=url, mode=mode, secrets_dir=tmp_path, trusted_issuers={GATEWAY: signer.public_key()}
            )
            app = create_app(settings)
            stack.callback(app.state.database.close)
            app.state.live.refresh()
            client = TestClient(app, raise_server_exceptions=False)
            stack.callback(client.close)
            return client

        yield started


@pytest.fixture
def client(start: Callable[..., TestClient], follower: Follower) -> TestClient:
    return start()


def refresh(client: TestClient) -> None:
    """Catch up with the tables, as the thread does every 100 ms."""
    app: FastAPI = client.app  # type: ignore[assignment]
    app.state.live.refresh()


def held(database, position=None):
    """What the replica holds, as (kind, id) → record."""
    with database.read.begin() as session:
        served = catalogue.live(session)
        holdings = catalogue.at(session, served.id, served.position if position is None else position)
    records = [*holdings.categories, *holdings.providers, *holdings.offerings]
    return {(record.entity, record.id): record for record in records}


def served(database):
    """The generation that is served."""
    with database.read.begin() as session:
        return catalogue.live(session)
