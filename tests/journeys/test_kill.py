"""R1: an acknowledged write is neither lost nor doubled, whenever the process is killed."""

import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from shared.database import connect
from tests.support import postgresql
from tests.support.processes import SystemProcess
from tests.support.writers import History, Write, found, shown_once

WRITERS = 8
LISTS = {"/v1/providers": "name", "/v1/offerings": "name", "/v1/needs": "text", "/v1/keys": "organisation_name"}
"""Where what was written is listed, and the member that holds its mark."""


@pytest.fixture
def databases(backend: str) -> Iterator[dict[str, str]]:
    """Empty databases for the system to migrate: SQLite files of its own, or a PostgreSQL that syncs to the disk."""
    if backend == "sqlite":
        yield {}
        return
    cluster = postgresql.start(durable=True)
    engine = connect(cluster.url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for service in ("catalog", "matching", "gateway"):
            connection.execute(text(f"CREATE DATABASE {service}"))
    engine.dispose()
    yield {name: cluster.url.replace("/postgres", f"/{name}") for name in ("catalog", "matching", "gateway")}
    cluster.stop()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("rounds", [10, pytest.param(60, marks=pytest.mark.slow)])
def test_no_acknowledged_write_is_lost_or_doubled(databases, backend, rounds, tmp_path, record_property):
    seed = random.SystemRandom().randrange(10**6)
    system = SystemProcess(tmp_path, databases, GATEWAY_KEY_LIMIT="1000000/minute")
    system.start()
    history = History(system, seed)
    history.begin(WRITERS)
    try:
        kill_at_random_moments(system, random.Random(seed), rounds)
    finally:
        history.end()
    lost, doubled = compare(system, history)
    changed = replayed_otherwise(system, history.acknowledged[-50:])
    retried = sum(write.tries > 1 for write in history.acknowledged)
    record_property(
        "figures",
        f"{backend}, seed {seed}: {rounds} kills, {len(history.acknowledged)} writes acknowledged, {retried} of them "
        f"after a retry, {len(lost)} lost, {len(doubled)} doubled",
    )
    assert system.stop() == 0
    assert (history.refused, lost, doubled, changed) == ([], [], [], [])
    assert retried > rounds / 2, "the kills met no running write"


def kill_at_random_moments(system: SystemProcess, dice: random.Random, rounds: int) -> None:
    for _ in range(rounds):
        time.sleep(dice.uniform(0.1, 1.0))
        system.kill()
        system.start()
    time.sleep(0.5)


def compare(system: SystemProcess, history: History) -> tuple[list[str], list[str]]:
    """What was acknowledged and is not there, and what is there more than once."""
    lost, doubled = [], []
    with system.client("admin") as admin:
        there = {path: Counter(mark(item[member]) for item in found(admin, path)) for path, member in LISTS.items()}
        ids = {path: {item["id"] for item in found(admin, path)} for path in LISTS}
    for write in history.writes:
        times = there[write.path][write.mark]
        if write.answer and (times == 0 or identifier(write) not in ids[write.path]):
            lost.append(write.mark)
        if times > 1:
            doubled.append(write.mark)
    return lost, doubled


def replayed_otherwise(system: SystemProcess, writes: list[Write]) -> list[str]:
    """Writes that are answered otherwise when they are sent once more with their key."""
    changed = []
    for write in writes:
        with system.client(write.role) as client:
            again = client.post(write.path, json=write.body, headers={"Idempotency-Key": write.key})
            if write.path == "/v1/keys":
                bearer = {"Authorization": f"Bearer {write.answer['key']}"}
                same = client.get("/v1/policy", headers=bearer).status_code == 200 and shown_once(write, again)
            else:
                same = (again.status_code, again.json()) == (201, write.answer)
        if not same:
            changed.append(write.mark)
    return changed


def mark(text_of_item: str | None) -> str:
    return "记号" + (text_of_item or "").rpartition("记号")[2]


def identifier(write: Write) -> str:
    assert write.answer
    return str(write.answer["details"]["id"] if write.path == "/v1/keys" else write.answer["id"])
