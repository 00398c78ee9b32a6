"""Taking turns on a real PostgreSQL: never two at once, and nobody waits for one that is gone."""

import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.database import Database
from shared.turns import Turn
from tests.support.promises import allowed


@pytest.fixture
def databases(cluster):
    made = [Database(cluster.url) for _ in range(3)]
    yield made
    for database in made:
        database.close()


def wait_for(turn):
    """The server frees a lock when it sees that the connection is closed, which may be a moment later."""
    deadline = time.monotonic() + allowed(2.5)
    while not turn():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_one_has_the_turn_until_it_leaves(databases):
    first, second, other_work = Turn(databases[0], "a"), Turn(databases[1], "a"), Turn(databases[2], "b")
    assert [first(), first(), second(), other_work()] == [True, True, False, True]
    first.leave()
    wait_for(second)
    assert not first()
    second.leave()
    other_work.leave()


def test_who_lost_the_connection_lost_the_turn_and_hears_of_it(databases):
    first, second = Turn(databases[0], "c"), Turn(databases[1], "c")
    assert first()
    with databases[2].engine.connect().execution_options(isolation_level="AUTOCOMMIT") as operator:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        operator.execute(text(ended))
    wait_for(second)
    with pytest.raises(DBAPIError):
        first()
    assert not first()
    second.leave()


def test_of_many_at_once_never_two(databases):
    inside, most, rounds = 0, 0, 0
    counting = threading.Lock()

    def work(database: Database) -> None:
        nonlocal inside, most, rounds
        turn = Turn(database, "d")
        for _ in range(40):
            if not turn():
                time.sleep(0.002)
                continue
            with counting:
                inside, rounds = inside + 1, rounds + 1
                most = max(most, inside)
            time.sleep(0.001)
            with counting:
                inside -= 1
            turn.leave()

    threads = [threading.Thread(target=work, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert rounds >= 10


def test_on_sqlite_there_is_no_other(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/one.db")
    assert [Turn(database, "a")(), Turn(database, "a")()] == [True, True]
    database.close()
