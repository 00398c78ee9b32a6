"""Writing the audit log from the door: many calls that end together share one transaction.

A call's record is durable before its answer leaves. When it cannot be written the caller gets 503 although the
service may have acted; repeating the request with its Idempotency-Key then acts once and is recorded.
"""

import asyncio

from anyio import to_thread

from services.gateway import audit
from services.gateway.audit import Call
from shared import problems
from shared.database import Database
from shared.logs import log


class Ledger:
    """Appends to the audit log of one database."""

    def __init__(self, database: Database, key: bytes) -> None:
        self._database = database
        self._key = key
        self._waiting: list[tuple[Call, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Make the log's head when there is none yet."""
        with self._database.write.begin() as session:
            audit.begin(session, self._key)

    async def record(self, call: Call) -> None:
        """Return when the record is durable."""
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((call, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await written

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            failed = False
            try:
                await to_thread.run_sync(self._append, [call for call, _ in batch])
            except Exception as refused:
                log.error("audit log not written", kind=type(refused).__name__, exc_info=refused)
                failed = True
            for _, written in batch:
                if written.done():
                    continue
                if failed:
                    written.set_exception(problems.Unavailable())  # to each its own: the door writes into it
                else:
                    written.set_result(None)

    def _append(self, calls: list[Call]) -> None:
        with self._database.write.begin() as session:
            audit.append(session, self._key, calls)
