"""A loop as a process of its own: `python -m services.catalog.relay` and its like."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from shared import logs
from shared.database import Database

Beat = Callable[[], None]
"""Called by a loop after each round that went well."""


def unheard() -> None:
    """The beat of a loop that nobody watches."""


class Heartbeat:
    """A file whose time says when the last round went well; shared.health looks at it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # that of an earlier process says nothing on this one
        self._path = path
        self._again_at = 0.0

    def __call__(self) -> None:
        """Touch the file, once a second at most: some loops make twenty rounds in one."""
        if time.monotonic() >= self._again_at:
            self._path.touch()
            self._again_at = time.monotonic() + 1.0


def run_alone(database_url: str, heartbeat: Path, run: Callable[[Database, Event, Beat], None]) -> None:
    """Run a loop over its database until SIGINT or SIGTERM sets its stop event."""
    logs.configure()
    stop = Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: stop.set())
    database = Database(database_url)
    database.watch()
    try:
        run(database, stop, Heartbeat(heartbeat))
    finally:
        database.close()
