"""The watch on a PostgreSQL: who waits for one that hangs is told, and one that is only slow is left alone."""

import signal
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from shared.database import Database
from tests.support import postgresql
from tests.support.promises import allowed


@pytest.fixture
def server():
    """A server of its own, for it is stopped."""
    running = postgresql.start()
    yield running
    running.process.send(signal.SIGCONT)
    running.stop()


@pytest.fixture
def database(server):
    opened = Database(server.url)
    opened.watch()
    yield opened
    opened.close()


def asked(database, statement="select 1"):
    with database.read.begin() as session:
        return session.scalar(text(statement))


def test_a_statement_that_takes_longer_than_the_watchs_patience_is_left_alone(database):
    assert asked(database, "select 7 from pg_sleep(2.5)") == 7


def test_who_waits_for_a_server_that_hangs_is_told_and_it_is_well_again_at_once(server, database):
    assert asked(database) == 1
    server.process.send(signal.SIGSTOP)
    took = []
    for _ in range(3):
        began = time.monotonic()
        with pytest.raises(OperationalError):
            asked(database)
        took.append(time.monotonic() - began)
    assert took[0] < allowed(2.5), "two seconds, on a machine that is not busy"
    assert max(took[1:]) < allowed(0.5), "once it is known, nobody waits"
    server.process.send(signal.SIGCONT)
    deadline = time.monotonic() + 10
    while True:
        try:
            assert asked(database) == 1
            break
        except OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    assert database.engine.pool.checkedout() == 0
