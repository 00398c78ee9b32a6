"""The relay as a loop and as a process."""

import os
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from services.catalog import relay
from services.catalog.models import ChangeRow, idempotency_keys
from tests.catalog.conftest import provider_content
from tests.support.spawned import Spawned

ROOT = Path(__file__).parent.parent.parent


def wait_for(what, seconds=20):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def head(catalog):
    return catalog.get("/v1/changes").json()["head"]


def test_the_loop_numbers_what_is_written_and_stops(catalog):
    stop = threading.Event()
    loop = threading.Thread(target=relay.run, args=(catalog.database, stop))
    loop.start()
    for count in (1, 2):
        catalog.provider()
        wait_for(lambda count=count: head(catalog) == count)
    stop.set()
    loop.join(timeout=5)
    assert not loop.is_alive()


def test_the_process_numbers_what_is_written_and_stops(catalog, settings, tmp_path):
    environment = os.environ | {"DUIJIE_CATALOG_DATABASE_URL": settings.database_url}
    command = [sys.executable, "-m", "services.catalog.relay"]
    with (tmp_path / "said").open("wb") as said:
        process = Spawned(command, cwd=ROOT, env=environment, stderr=said)
    try:
        catalog.provider()
        wait_for(lambda: head(catalog) == 1)
    finally:
        code = process.stop(20)
    assert (code, (tmp_path / "said").read_text()) == (0, "")


def test_upkeep_forgets_what_is_past_its_time(catalog):
    catalog.post("/v1/providers", provider_content(), headers={"Idempotency-Key": "k"})
    catalog.changes()
    relay.forget_old(catalog.database, timedelta(days=1))
    assert rows(catalog) == (1, 1)
    relay.forget_old(catalog.database, timedelta(seconds=-1))
    assert rows(catalog) == (0, 1)


def rows(catalog):
    with catalog.database.read.begin() as session:
        return tuple(session.scalar(select(func.count()).select_from(table)) for table in (ChangeRow, idempotency_keys))
