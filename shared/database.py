"""Databases: one engine a service, SQLite or PostgreSQL, and sessions whose transaction the request owns."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import anyio
from anyio import to_thread
from fastapi import Depends, Request
from sqlalchemy import JSON, DateTime, Engine, create_engine, event, make_url
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import TimeoutError as NoPlace
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from shared.problems import Conflict
from shared.pulse import Pulse

JSONDocument = JSON().with_variant(JSONB(), "postgresql")
LOCK_WAIT_SECONDS = 5
CONNECTIONS = 20
"""Of one process; the server's max_connections must hold those of all processes."""
PATIENCE_SECONDS = 1.5
"""How long after its arrival a request still waits for a connection."""


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; SQLite gives it back with its zone like PostgreSQL does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """Store in UTC."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, _dialect: Any) -> datetime | None:
        """Read as UTC."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


class Database:
    """An engine with two kinds of session: `write` takes the writer's lock at once, `read` never waits for it."""

    def __init__(self, url: str) -> None:
        self.engine = connect(url)
        self.write = sessionmaker(self.engine, expire_on_commit=False)
        reading: dict[str, Any] = {"reads": True}
        if self.engine.dialect.name == "postgresql":
            reading["postgresql_readonly"] = True
        self.read = sessionmaker(self.engine.execution_options(**reading), expire_on_commit=False)
        self.places = anyio.Semaphore(CONNECTIONS)
        self._pulse = Pulse(self.engine) if self.engine.dialect.name == "postgresql" else None

    def watch(self) -> None:
        """Let nobody wait for a PostgreSQL that hangs, until closed; for processes that stay."""
        if self._pulse:
            self._pulse.start()

    def close(self) -> None:
        """Give all connections back."""
        if self._pulse:
            self._pulse.stop()
        self.engine.dispose()


def connect(url: str) -> Engine:
    """An engine for a SQLite or PostgreSQL URL, with the settings that durability and quick refusal need."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": LOCK_WAIT_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = f"-c lock_timeout={LOCK_WAIT_SECONDS * 1000} -c statement_timeout=15000 -c timezone=UTC"
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        connect_args={"options": options, "connect_timeout": 2, "tcp_user_timeout": 10_000, "keepalives_idle": 10},
        pool_size=CONNECTIONS // 2,
        max_overflow=CONNECTIONS - CONNECTIONS // 2,
        pool_timeout=PATIENCE_SECONDS,
        pool_pre_ping=True,
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A writer that starts deferred and upgrades later fails at once with SQLITE_BUSY; an immediate one waits its turn.
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


async def _place(request: Request) -> AsyncIterator[None]:
    """A connection's place, waited for without a thread: those who have one need the threads to get on.

    The pool's own time limit would begin when the request gets a thread, which it may have waited for as long.
    """
    places: anyio.Semaphore = request.app.state.database.places
    try:
        places.acquire_nowait()
    except anyio.WouldBlock:
        try:
            with anyio.fail_after(max(0.0, request.state.arrived + PATIENCE_SECONDS - time.monotonic())):
                await places.acquire()
        except TimeoutError:
            raise NoPlace("no connection came free") from None
    try:
        yield
    finally:
        places.release()


Place = Annotated[None, Depends(_place, scope="function")]


class _Transaction:
    """A session for a request: it begins with its first statement, so only to end it takes a thread of its own.

    That thread is none of those that requests share (FastAPI ends a `with` alike): they may all be waiting for the
    connection that is to be given back.
    """

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._begun = sessions.begin()

    async def __aenter__(self) -> Session:
        return self._begun.__enter__()

    async def __aexit__(self, *failure: Any) -> None:
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(self._begun.__exit__, *failure, limiter=anyio.CapacityLimiter(1))


async def _reading(request: Request, _place: Place) -> AsyncIterator[Session]:
    async with _Transaction(request.app.state.database.read) as session:
        yield session


async def _writing(request: Request, _place: Place) -> AsyncIterator[Session]:
    async with _Transaction(request.app.state.database.write) as session:
        yield session


# scope="function" closes the transaction before the answer leaves; the default would send the 201 first.
Reading = Annotated[Session, Depends(_reading, scope="function")]
Writing = Annotated[Session, Depends(_writing, scope="function")]


def add(session: Session, row: object, taken: Conflict) -> None:
    """Write a row at once; raises `taken` where another holds a key that must be unique. The transaction goes on."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise taken from None
