"""Synthetic offerings in matching's own tables, as its follower would have put them there."""

from collections.abc import Iterator
from pathlib import Path

from bench.load.system import database_url
from bench.speed.corpus import Catalogue
from services.matching import policies
from services.matching.replica.replica import Replica
from shared.contracts.changes import Record
from shared.database import Database


def lay(folder: Path, catalogue: Catalogue) -> None:
    """Build matching's copy of this catalogue from a snapshot of it; nothing follows a feed afterwards."""
    database = Database(database_url(folder, "matching"))
    with database.write.begin() as session:
        policies.ship(session)
    Replica(database).rebuild(_records(catalogue), cursor="")
    database.close()


def _records(catalogue: Catalogue) -> Iterator[Record]:
    yield from catalogue.categories
    yield from catalogue.providers
    yield from catalogue.offerings
