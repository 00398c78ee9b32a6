"""The follower: keeps matching's own copy true to the change feed of catalog. One process at a time does it.

    python -m services.matching.follower

A page is taken over in one transaction with its cursor. Where that fails for a reason that lies in the page, its
changes are tried one by one, and one that fails every time is parked with its reason: those behind it go on.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import httpx2

from services.matching import exposure
from services.matching.models import idempotency_keys
from services.matching.replica.leases import Leaseholder
from services.matching.replica.replica import Observed, Replica
from services.matching.settings import MatchingSettings
from shared import idempotency, loops
from shared.database import Database
from shared.feed import BACK_OFF_SECONDS, PAUSE_SECONDS, Feed, HttpFeed, catch_up
from shared.logs import log
from shared.loops import Beat, unheard
from shared.principal import Principal, Signer

SETTLED_SECONDS = 2.0
"""The feed is quiet for so long before new text statistics are learned."""
UPKEEP_SECONDS = 3600.0
ISSUER = "matching"


class Follower:
    """One who follows, as long as the lease is theirs."""

    def __init__(self, database: Database, feed: Feed) -> None:
        self._database = database
        self._upkeep_at = 0.0
        self._replica = Replica(database)
        self._feed = Observed(feed, self._replica)
        self.lease = Leaseholder(database, "follower")

    def step(self, beat: Beat = unheard) -> float:
        """Do what there is to do; gives the seconds to wait before the next step."""
        try:
            pause = self._step()
            beat()
            return pause
        except Exception as failure:
            log.warning("feed not followed", kind=type(failure).__name__, exc_info=failure)
            return BACK_OFF_SECONDS

    def _step(self) -> float:
        if not self.lease.holds():
            return BACK_OFF_SECONDS / 2
        if time.monotonic() >= self._upkeep_at:
            self._upkeep_at = time.monotonic() + UPKEEP_SECONDS
            forget_old(self._database)
            exposure.condense(self._database)
        if catch_up(self._replica, self._feed):
            return 0.0
        if self._feed.quiet_seconds() >= SETTLED_SECONDS:
            self._replica.learn()
        return PAUSE_SECONDS

    def leave(self) -> None:
        """Let another take over."""
        try:
            self.lease.release()
        except Exception as failure:
            log.warning("lease not released", kind=type(failure).__name__)


def forget_old(database: Database) -> None:
    """Drop the idempotency keys past their time."""
    with database.write.begin() as session:
        idempotency.forget(session, idempotency_keys)


def run(database: Database, feed: Feed, stop: Event, beat: Beat = unheard) -> None:
    """Follow until `stop` is set; a failure is logged and tried again."""
    follower = Follower(database, feed)
    renewing = Thread(target=follower.lease.keep, args=(stop,), name="lease", daemon=True)
    renewing.start()
    while not stop.is_set():
        stop.wait(follower.step(beat))
    renewing.join()
    follower.leave()


@contextmanager
def feed(settings: MatchingSettings) -> Iterator[HttpFeed]:
    """The feed of catalog over HTTP, in the name of this service."""
    signer = Signer(ISSUER, settings.secret("matching-signing-key"))
    caller = Principal(ISSUER, "service")
    with httpx2.Client(base_url=settings.catalog_url, timeout=30) as client:
        yield HttpFeed(client, lambda: signer.token(caller, "catalog"))


def main() -> None:
    """Follow as a process of its own, until SIGINT or SIGTERM."""
    settings = MatchingSettings()
    with feed(settings) as catalog:
        alive = settings.state_dir / "follower.alive"
        loops.run_alone(settings.database(), alive, lambda database, stop, beat: run(database, catalog, stop, beat))


if __name__ == "__main__":
    main()
