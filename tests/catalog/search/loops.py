"""What keeps the search of a test up to date."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from services.catalog import indexer, relay
from services.catalog.search import engines
from services.catalog.settings import CatalogSettings
from shared.database import Database


@contextmanager
def looping(settings: CatalogSettings) -> Iterator[None]:
    """Relay and indexer at work as threads, as in standalone."""
    stop = threading.Event()
    database = Database(settings.database_url)
    index = engines.to_index(settings)
    loops = [
        threading.Thread(target=relay.run, args=(database, stop)),
        threading.Thread(target=indexer.run, args=(database, index, stop)),
    ]
    for loop in loops:
        loop.start()
    try:
        yield
    finally:
        stop.set()
        for loop in loops:
            loop.join()
        database.close()
