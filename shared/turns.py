"""Taking turns: of several processes that could do a work, one does it, and another as soon as that one is gone.

PostgreSQL holds the turn as a lock of a connection: it is free at once when its process dies, and no clock is compared.
On SQLite all is on one machine, and whoever writes elsewhere (an index) holds its own lock.
"""

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from shared.database import Database


class Turn:
    """One process's claim on a work; calling it says whether the work is its own now."""

    def __init__(self, database: Database, work: str) -> None:
        self._engine = database.engine
        self._work = work
        self._held: Connection | None = None

    def __call__(self) -> bool:
        """Whether this process may do the next round; it keeps the turn until it leaves or its connection breaks."""
        if self._engine.dialect.name != "postgresql":
            return True
        try:
            if self._held is not None:
                self._held.execute(select(1))
                return True
            claim = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if claim.scalar(select(func.pg_try_advisory_lock(func.hashtext(self._work)))):
                self._held = claim
                return True
            claim.close()
            return False
        except DBAPIError:
            self.leave()
            raise

    def leave(self) -> None:
        """Let another have it: the lock ends with its connection, which therefore does not go back to the pool."""
        held, self._held = self._held, None
        if held is not None:
            held.invalidate()
            held.close()
