"""A running deployment for the tests of one worker."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.deployment import Deployment

LOOPS_TWICE = {"catalog-relay": 2, "catalog-indexer": 2, "matching-follower": 2}
UNLIMITED = {"GATEWAY_KEY_LIMIT": "1000000/minute", "GATEWAY_ORGANISATION_LIMIT": "1000000/minute"}


@pytest.fixture(scope="package")
def demo() -> Iterator[Deployment]:
    """The set of docker-compose.yml, running; the journeys call it by the name of the standalone demo.

    It ends with this folder: a dozen idle processes would slow down all that follows.
    """
    folder = Path(tempfile.mkdtemp(prefix="duijie-deployment-"))
    folder.chmod(0o755)  # the user of PostgreSQL must reach its own folder in it
    running = Deployment(folder, LOOPS_TWICE, **UNLIMITED)
    try:
        running.start()
        yield running
    finally:
        codes = running.stop()
        shutil.rmtree(folder, ignore_errors=True)
    assert not {name: code for name, code in codes.items() if code}
