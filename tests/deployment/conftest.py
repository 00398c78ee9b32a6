"""A running deployment for the tests of one worker."""

from collections.abc import Iterator

import pytest

from tests.support import deployment
from tests.support.deployment import Deployment

BUSY = 2.0
"""How many times as long as promised it may take when the machine is busy with other tests."""
LOOPS_TWICE = {"catalog-relay": 2, "catalog-indexer": 2, "matching-follower": 2}
UNLIMITED = {"GATEWAY_KEY_LIMIT": "1000000/minute", "GATEWAY_ORGANISATION_LIMIT": "1000000/minute"}


@pytest.fixture(scope="session")
def demo() -> Iterator[Deployment]:
    """The set of docker-compose.yml, running; the journeys call it by the name of the standalone demo."""
    folder = deployment.temporary()
    running = Deployment(folder, LOOPS_TWICE, **UNLIMITED)
    try:
        running.start()
        yield running
    finally:
        codes = running.stop()
        deployment.remove(folder)
    assert set(codes.values()) == {0}, codes
