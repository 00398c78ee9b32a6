"""The service as a process runs it: the thread that refreshes, the loop that follows, the document it shows."""

import hashlib
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from services.matching import follower, policies
from services.matching.kernel import policy
from services.matching.live import Live
from services.matching.models import ExposureLedger, idempotency_keys
from services.matching.replica import catalogue, parking
from shared import clock
from shared.feed import Unreadable
from shared.preconditions import Precondition
from shared.principal import Principal
from tests.matching.service import feeds
from tests.matching.service.conftest import sample
from tests.matching.service.test_needs import ask
from tests.support.promises import allowed


def eventually(holds, seconds=20):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.02)


def test_a_change_reaches_the_answers_within_the_threads_rounds(start, database, feed, bearer):
    stop = threading.Event()
    following = threading.Thread(target=follower.run, args=(database, feed, stop))
    following.start()
    admin = bearer("matching", "admin")
    try:
        with TestClient(start().app) as client:
            eventually(lambda: client.get("/readyz").status_code == 200)
            feed.put(feeds.revised(sample()[-1], lead_time_days=3))
            eventually(lambda: client.get("/readyz").json()["catalogue"]["position"] == 1, allowed(2.5))
            assert ask(client, admin).json()["match_run"]["catalog_position"] == 1
    finally:
        stop.set()
        following.join(timeout=10)
    assert not following.is_alive()


def test_two_apps_over_one_database_give_the_same_answer(client, start, follower, feed, bearer):
    admin = bearer("matching", "admin")
    for place in range(1, 6):
        feed.put(feeds.revised(sample()[-place], lead_time_days=place))
    follower.step()
    client.app.state.live.refresh()
    answers = [ask(process, admin).json() for process in (client, start())]
    for answer in answers:
        for own in ("id", "need_id", "created_at"):
            answer["match_run"].pop(own)
    assert answers[0]["match_run"] == answers[1]["match_run"]
    assert answers[0]["profile"] == answers[1]["profile"]


def test_a_failing_refresh_keeps_the_last_view(database, follower, feed):
    live, stop = Live(database), threading.Event()
    live.refresh()
    view = live.view
    with database.write.begin() as session:
        session.execute(text("ALTER TABLE generations RENAME TO hidden"))
    running = threading.Thread(target=live.run, args=(stop,))
    running.start()
    time.sleep(0.3)
    assert live.view is view
    with database.write.begin() as session:
        session.execute(text("ALTER TABLE hidden RENAME TO generations"))
    feed.put(feeds.revised(sample()[-1], lead_time_days=3))
    follower.step()
    eventually(lambda: live.view.position == view.position + 1)
    stop.set()
    running.join(timeout=10)


def test_a_connection_lost_at_the_end_of_a_refresh_leaves_a_view_that_answers(client, follower, feed, bearer):
    live, engine = client.app.state.live, client.app.state.database.engine
    feed.put(feeds.revised(sample()[-1], lead_time_days=3))
    follower.step()

    def lose(connection):
        connection.connection.dbapi_connection.close()

    event.listen(engine, "commit", lose)
    with pytest.raises(DBAPIError):
        live.refresh()
    event.remove(engine, "commit", lose)
    assert ask(client, bearer("matching", "admin")).status_code == 201
    live.refresh()
    assert live.view.position == 1


@contextmanager
def noticed(database, live):
    """What is written here is in the view after the next refresh, which does not read the catalogue once more."""
    before = live.view
    with database.write.begin() as session:
        yield session, catalogue.live(session)
    live.refresh()
    assert live.view is not before
    assert live.view.snapshot.base is before.snapshot.base


def test_a_refresh_keeps_the_view_until_something_changed(database, follower):
    live = Live(database)
    live.refresh()
    view = live.view
    live.refresh()
    assert live.view is view
    with noticed(database, live) as (_, served):
        served.followed_at += timedelta(seconds=1)
    with noticed(database, live) as (_, served):
        served.head += 1
    with noticed(database, live) as (session, _):
        following = policy.default().model_copy(update={"version": "next"})
        policies.adopt(session, Principal("org_admin", "admin"), following, Precondition("*"))
    with noticed(database, live) as (session, served):
        parking.park(session, served.id, [Unreadable(position=1, document=b"{}", reason="broken")])
    with noticed(database, live) as (session, served):
        ledger = b'{"established":["prv_a"]}'
        version = hashlib.sha256(ledger).hexdigest()
        session.add(ExposureLedger(version=version, document=ledger, counted_until=served.followed_at))
    assert live.view.followed_at == view.followed_at + timedelta(seconds=1)
    assert (live.view.behind, live.view.policy.version, live.view.partial) == (1, "next", True)
    assert live.view.ledger.established == {"prv_a"}


def test_the_document_names_every_operation(client):
    paths = client.get("/openapi.json").json()["paths"]
    operations = {operation["operationId"]: operation for path in paths.values() for operation in path.values()}
    assert operations.keys() >= {
        "submit_need",
        "list_needs",
        "read_need",
        "withdraw_need",
        "read_match_run",
        "verify_match_run",
        "read_policy",
        "adopt_policy",
    }
    assert all(operation["summary"] and operation["description"] for operation in operations.values())


def test_the_follower_forgets_keys_after_seven_days(database, client, bearer):
    keyed = {**bearer("matching", "sme"), "Idempotency-Key": "old"}
    first = ask(client, keyed).json()["id"]
    follower.forget_old(database)
    assert ask(client, keyed).json()["id"] == first
    with database.write.begin() as session:
        session.execute(update(idempotency_keys).values(claimed_at=clock.now() - timedelta(days=8)))
    follower.forget_old(database)
    assert ask(client, keyed).json()["id"] != first
