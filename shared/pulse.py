"""Whether a PostgreSQL still answers: within a second and a half nobody waits any longer for one that does not.

A server that is gone refuses at once. One that hangs (stopped, its disk stuck, its machine lost) keeps the connection
open and says nothing, and no time limit of its own helps. A thread asks it every half second on a connection of its
own; when it is silent, every open connection is cut, so that whoever waits is told now, and nobody new is let in.
"""

import os
import select
import socket
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

from shared.logs import log

EVERY_SECONDS = 0.4
SILENT_SECONDS = 1.0
CONNECT_SECONDS = 1.2
"""libpq's own limit of a connection attempt is two seconds at least."""


class Pulse:
    """Watches the server behind one engine, from `start` to `stop`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._open: set[psycopg.Connection[Any]] = set()
        self._lock = Lock()
        self._heard_at = time.monotonic()
        self._silent = False
        self._stop = Event()
        self._watching: Thread | None = None
        self._connecting: ThreadPoolExecutor | None = None
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "connect", self._opened)
        event.listen(engine, "close", self._closed)
        event.listen(engine, "after_cursor_execute", self._heard)

    def start(self) -> None:
        """Begin to watch."""
        self._stop.clear()
        self._connecting = ThreadPoolExecutor(max_workers=32, thread_name_prefix="connect")
        self._watching = Thread(target=self._watch, name="pulse", daemon=True)
        self._watching.start()

    def stop(self) -> None:
        """End watching."""
        self._stop.set()
        if self._watching is not None:
            self._watching.join(timeout=5)
        connecting, self._connecting = self._connecting, None
        if connecting is not None:
            connecting.shutdown(wait=False, cancel_futures=True)

    def _connect(self, _dialect: Any, _record: Any, _args: Any, given: dict[str, Any]) -> psycopg.Connection[Any]:
        """Connect in CONNECT_SECONDS or not at all."""
        if self._silent:
            raise psycopg.OperationalError("the database does not answer")
        if self._connecting is None:
            return psycopg.connect(**given)
        attempt = self._connecting.submit(psycopg.connect, **given)
        try:
            return attempt.result(timeout=CONNECT_SECONDS)
        except TimeoutError:
            attempt.add_done_callback(_drop)
            raise psycopg.OperationalError("the database does not answer") from None

    def _opened(self, connection: psycopg.Connection[Any], _record: Any) -> None:
        with self._lock:
            self._open.add(connection)

    def _closed(self, connection: psycopg.Connection[Any], _record: Any) -> None:
        with self._lock:  # never while connections are being cut: its number could belong to another file by then
            self._open.discard(connection)

    def _heard(self, *_: Any) -> None:
        self._heard_at = time.monotonic()

    def _watch(self) -> None:
        own: psycopg.Connection[Any] | None = None
        arguments: dict[str, Any] = dict(self._engine.dialect.create_connect_args(self._engine.url)[1])
        arguments |= {"autocommit": True, "connect_timeout": 2}
        while not self._stop.wait(EVERY_SECONDS):
            try:
                own = own or psycopg.connect(**arguments)
                if self._answers(own):
                    self._silent = False
                    continue
                self._fall_silent()
            except psycopg.errors.ConnectionTimeout:  # it began to hang while the watch had no connection
                self._fall_silent()
            except psycopg.Error:
                pass  # refused: those who ask are refused as quickly
            except Exception as failure:  # whatever it is, the watch goes on
                log.error("database not watched", kind=type(failure).__name__, exc_info=failure)
            if own is not None:
                own.close()
                own = None
        if own is not None:
            own.close()

    def _answers(self, own: psycopg.Connection[Any]) -> bool:
        """Whether it answers an empty query in time; anything that it answers to others counts too."""
        line = own.pgconn
        line.send_query(b"")
        line.flush()
        self._heard()  # it has its time from now on
        ready = select.poll()
        ready.register(line.socket, select.POLLIN)
        while line.transaction_status == TransactionStatus.ACTIVE:
            left = self._heard_at + SILENT_SECONDS - time.monotonic()
            if ready.poll(max(0.0, min(left, 0.1)) * 1000):  # looked at once more when it is late: we may be, not it
                line.consume_input()
            elif left <= 0 or self._stop.is_set():
                return self._stop.is_set()
            while not line.is_busy() and line.get_result() is not None:
                self._heard()
        return True

    def _fall_silent(self) -> None:
        log.warning("database silent", again=self._silent)
        self._silent = True
        self._cut()

    def _cut(self) -> None:
        """Shut every open connection, so that whoever waits for an answer gets an error."""
        with self._lock:
            for connection in self._open:
                with suppress(psycopg.Error, OSError), socket.socket(fileno=os.dup(connection.fileno())) as line:
                    line.shutdown(socket.SHUT_RDWR)


def _drop(attempt: "Future[psycopg.Connection[Any]]") -> None:
    with suppress(BaseException):
        attempt.result().close()
