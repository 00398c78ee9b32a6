"""The relay: the one loop that numbers committed changes. `python -m services.catalog.relay` runs it alone.

Several may run: on PostgreSQL an advisory lock lets one at a time number, on SQLite there is one writer anyway.
"""

from datetime import timedelta
from threading import Event

from services.catalog import changes
from services.catalog.editions import moves
from services.catalog.models import idempotency_keys
from services.catalog.settings import CatalogSettings
from shared import clock, idempotency, loops
from shared.database import Database
from shared.logs import log
from shared.loops import Beat, unheard

IDLE_SECONDS = 0.05
BACK_OFF_SECONDS = 1.0
UPKEEP_EVERY = timedelta(hours=1)
CALENDAR_EVERY = timedelta(seconds=10)


def run(database: Database, stop: Event, feed_kept: timedelta = timedelta(days=30), beat: Beat = unheard) -> None:
    """Number changes until `stop` is set, see what the calendar ends, forget hourly what is too old.

    A failure is tried again.
    """
    upkeep_at = calendar_at = clock.now()
    while not stop.is_set():
        try:
            pause = 0.0 if number_once(database) else IDLE_SECONDS
            if clock.now() >= calendar_at:
                expire_editions(database)
                calendar_at = clock.now() + CALENDAR_EVERY
            if clock.now() >= upkeep_at:
                forget_old(database, feed_kept)
                upkeep_at = clock.now() + UPKEEP_EVERY
            beat()
        except Exception as failure:
            log.warning("changes not numbered", kind=type(failure).__name__, exc_info=failure)
            pause = BACK_OFF_SECONDS
        stop.wait(pause)


def number_once(database: Database) -> int:
    """Number one batch; returns how many changes it was."""
    with database.read.begin() as session:  # an idle relay must not take the writer's lock twenty times a second
        if not changes.waiting(session):
            return 0
    with database.write.begin() as session:
        return changes.number(session)


def expire_editions(database: Database) -> int:
    """Expire the editions whose period is over; how many. Two relays at once do no harm: the second finds none."""
    with database.read.begin() as session:
        if not moves.due(session):
            return 0
    with database.write.begin() as session:
        return moves.expire_due(session)


def forget_old(database: Database, feed_kept: timedelta) -> None:
    """Drop changes and idempotency keys past their time."""
    with database.write.begin() as session:
        changes.forget(session, clock.now() - feed_kept)
        idempotency.forget(session, idempotency_keys)


def main() -> None:
    """Run until SIGINT or SIGTERM."""
    settings = CatalogSettings()
    kept = timedelta(days=settings.feed_kept_days)
    alive = settings.state_dir / "relay.alive"
    loops.run_alone(settings.database(), alive, lambda database, stop, beat: run(database, stop, kept, beat))


if __name__ == "__main__":
    main()
