"""A loop as a process of its own: `python -m services.catalog.relay` and its like."""

import signal
from collections.abc import Callable
from threading import Event

from shared import logs
from shared.database import Database


def run_alone(database_url: str, run: Callable[[Database, Event], None]) -> None:
    """Run a loop over its database until SIGINT or SIGTERM sets its stop event."""
    logs.configure()
    stop = Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: stop.set())
    database = Database(database_url)
    try:
        run(database, stop)
    finally:
        database.close()
