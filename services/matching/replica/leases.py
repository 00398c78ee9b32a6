"""Leases: one process at a time does a work, and another takes over shortly after it has died.

A lease only saves double work. What keeps the copy right, should two believe that they hold it, is that a generation
is locked while a page is applied and that its positions only grow.
"""

import time
from datetime import timedelta
from threading import Event

from sqlalchemy import update

from services.matching.models import Lease
from shared import clock, identifiers
from shared.database import Database
from shared.logs import log

LENGTH_SECONDS = 2.0
RENEW_SECONDS = LENGTH_SECONDS / 3


class Leaseholder:
    """Somebody who wants to hold the lease of one work."""

    def __init__(self, database: Database, work: str) -> None:
        self._database = database
        self._work = work
        self._name = identifiers.new("holder")
        self._renew_at: float | None = None

    def holds(self) -> bool:
        """Whether the work is ours for now; takes or renews the lease when it is time to."""
        if self._renew_at is not None and time.monotonic() < self._renew_at:
            return True
        now = clock.now()
        free = (Lease.holder == self._name) | (Lease.until < now)
        with self._database.write.begin() as session:
            claim = update(Lease).where(Lease.work == self._work, free).returning(Lease.work)
            until = now + timedelta(seconds=LENGTH_SECONDS)
            held = session.scalar(claim.values(holder=self._name, until=until)) is not None
        self._renew_at = time.monotonic() + RENEW_SECONDS if held else None
        return held

    def keep(self, stop: Event) -> None:
        """Renew the lease in time, however long the work takes, until `stop` is set; for a thread of its own."""
        while not stop.wait(RENEW_SECONDS):
            try:
                if self._renew_at is not None:
                    self.holds()
            except Exception as failure:
                log.warning("lease not renewed", kind=type(failure).__name__)

    def release(self) -> None:
        """Let another take over at once."""
        self._renew_at = None
        with self._database.write.begin() as session:
            session.execute(update(Lease).where(Lease.holder == self._name).values(until=clock.now()))
