"""The audit log: complete, and whoever tampers with it is found."""

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select, text, update
from typer.testing import CliRunner

from services.cli import app as command
from services.gateway import audit, openapi
from services.gateway.ledger import Ledger
from services.gateway.models import AuditHead, AuditRecord
from shared import clock, problems
from shared.database import Database
from tests.gateway.conftest import PEPPER

KEY = audit.sealing_key(PEPPER)


@pytest.fixture
def database(database_url: Callable[[str], str]) -> Iterator[Database]:
    """A log of five calls, in two transactions."""
    made = Database(database_url("gateway"))
    with made.write.begin() as session:
        audit.begin(session, KEY)
        audit.append(session, KEY, [call(number) for number in range(3)])
    with made.write.begin() as session:
        audit.begin(session, KEY)
        audit.append(session, KEY, [call(number) for number in range(3, 5)])
    yield made
    made.close()


def call(number: int) -> audit.Call:
    return audit.Call(clock.now(), f"req_{number}", "org_1", "key_1", "sme", "submit_need", "/v1/needs", 201)


def check(database: Database, noted: str | None = None) -> audit.Report:
    with database.read.begin() as session:
        return audit.verify(session, KEY, noted)


def cut(database: Database, position: int) -> None:
    """Cut the log after a record, and set the head as well as somebody without the key can."""
    with database.write.begin() as session:
        session.execute(delete(AuditRecord).where(AuditRecord.position > position))
        last = session.get_one(AuditRecord, position)
        session.execute(update(AuditHead).values(position=position, hash=last.hash, seal=last.hash))


def swap(database: Database) -> None:
    with database.write.begin() as session:
        for before, after in ((2, 99), (3, 2), (99, 3)):
            session.execute(update(AuditRecord).where(AuditRecord.position == before).values(position=after))


def insert(database: Database) -> None:
    with database.write.begin() as session:
        last = session.get_one(AuditRecord, 5)
        session.add(AuditRecord(position=6, hash=last.hash, **vars(call(6))))


TAMPERING: dict[str, Callable[[Database], object]] = {
    "alter": lambda database: _run(database, update(AuditRecord).where(AuditRecord.position == 2).values(status=403)),
    "alter the moment": lambda database: _run(
        database, update(AuditRecord).where(AuditRecord.position == 5).values(at=clock.now())
    ),
    "delete": lambda database: _run(database, delete(AuditRecord).where(AuditRecord.position == 3)),
    "delete the first": lambda database: _run(database, delete(AuditRecord).where(AuditRecord.position == 1)),
    "delete the last": lambda database: _run(database, delete(AuditRecord).where(AuditRecord.position == 5)),
    "delete all": lambda database: _run(database, delete(AuditRecord)),
    "delete the head": lambda database: _run(database, delete(AuditHead)),
    "insert": insert,
    "reorder": swap,
    "truncate": lambda database: cut(database, 3),
}


def _run(database: Database, statement: object) -> None:
    with database.write.begin() as session:
        session.execute(statement)


def test_an_untouched_log_is_whole(database):
    report = check(database)
    assert (report.records, report.faults) == (5, ())


@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering_is_found(database, kind):
    TAMPERING[kind](database)
    assert check(database).faults


def test_an_older_log_with_its_own_head_is_found_by_a_noted_head(database):
    with database.read.begin() as session:
        before = session.execute(select(AuditHead.position, AuditHead.hash, AuditHead.seal)).one()
    noted_before = check(database).head
    with database.write.begin() as session:
        audit.append(session, KEY, [call(5)])
    noted = check(database).head
    assert not check(database, noted_before).faults
    cut(database, 5)
    _run(database, update(AuditHead).values(before._asdict()))
    assert not check(database).faults  # restored whole: the log alone cannot know
    assert check(database, noted).faults == ("the noted head is not part of the log",)


def test_every_state_changing_call_leaves_one_record(client, key, settings):
    document = client.get("/openapi.json").json()
    callers = {role: key(role) for role in ("provider", "admin")}
    made = []
    for path, method, operation in openapi.operations(document):
        for headers in callers.values():
            answer = client.request(method, path.replace("{", "").replace("}", ""), headers=headers, json={})
            if method != "get":
                made.append((operation["operationId"], answer.status_code, answer.headers["x-request-id"]))
    assert {status for _, status, _ in made} >= {403, 404, 422}
    database = Database(settings.database_url)
    with database.read.begin() as session:
        records = session.execute(select(AuditRecord.operation, AuditRecord.status, AuditRecord.request_id)).all()
    assert [tuple(record) for record in records] == made
    assert not check(database).faults
    database.close()


def test_no_body_stands_in_the_log(client, key, settings):
    client.post("/v1/notes", json={"text": "张三 13800138000"}, headers=key("bureau"))
    database = Database(settings.database_url)
    with database.read.begin() as session:
        rows = repr(session.execute(text("select * from audit_records")).all())
    database.close()
    assert "add_note" in rows
    assert not any(told in rows for told in ("张三", "13800138000"))


def test_when_the_log_cannot_be_written_the_caller_is_told(client, key, settings):
    headers = {**key("bureau"), "Idempotency-Key": "k-1"}
    assert client.post("/v1/notes", json={"text": "a"}, headers=headers).status_code == 201
    database = Database(settings.database_url)
    _run(database, text("alter table audit_head rename to gone"))
    refused = client.post("/v1/notes", json={"text": "b"}, headers={**headers, "Idempotency-Key": "k-2"})
    assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
    _run(database, text("alter table gone rename to audit_head"))
    again = client.post("/v1/notes", json={"text": "b"}, headers={**headers, "Idempotency-Key": "k-2"})
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert [record.status for record in _records(database)] == [201, 201]
    database.close()


def test_a_key_asked_for_again_after_a_failure_is_not_made_twice(client, key, settings):
    headers = {**key("admin"), "Idempotency-Key": "k-1"}
    wanted = {"role": "sme", "organisation": {"name": "新企业"}}
    database = Database(settings.database_url)
    _run(database, text("alter table audit_head rename to gone"))
    assert client.post("/v1/keys", json=wanted, headers=headers).status_code == 503
    _run(database, text("alter table gone rename to audit_head"))
    database.close()
    again = client.post("/v1/keys", json=wanted, headers=headers)
    assert (again.status_code, "retry-after" in again.headers) == (409, False)
    listed = client.get("/v1/keys", headers=headers).json()["items"]
    assert [item["organisation_name"] for item in listed].count("新企业") == 1


def test_a_call_that_the_database_breaks_off_is_recorded_too(client, key, settings):
    headers = {**key("admin"), "Idempotency-Key": "k-1"}
    wanted = {"role": "sme", "organisation": {"name": "新企业"}}
    database = Database(settings.database_url)
    _run(database, text("alter table idempotency_keys rename to gone"))
    assert client.post("/v1/keys", json=wanted, headers=headers).status_code == 503
    assert [(record.operation, record.status) for record in _records(database)] == [("create_key", 503)]
    database.close()


def test_callers_whose_records_fail_together_are_told_apart(database):
    _run(database, text("alter table audit_head rename to gone"))
    ledger = Ledger(database, KEY)

    async def together() -> list[BaseException | None]:
        return await asyncio.gather(ledger.record(call(5)), ledger.record(call(6)), return_exceptions=True)

    one, other = asyncio.run(together())
    assert isinstance(one, problems.Unavailable)
    assert isinstance(other, problems.Unavailable)
    assert one is not other, "what the door writes into one goes to the other"


def test_two_gateways_that_start_at_once_make_one_head(database_url):
    empty = Database(database_url("gateway"))

    def begin() -> None:
        with empty.write.begin() as session:
            audit.begin(session, KEY)

    with ThreadPoolExecutor(1) as other, empty.write.begin() as session:
        audit.begin(session, KEY)
        begun = other.submit(begin)
        time.sleep(0.2)  # it waits for the head that is not committed yet
        session.commit()
        begun.result(timeout=10)
    assert check(empty).faults == ()
    empty.close()


def _records(database: Database) -> list[AuditRecord]:
    with database.read.begin() as session:
        return list(session.scalars(select(AuditRecord)))


def test_the_command_checks_the_log(database, monkeypatch, tmp_path):
    (tmp_path / "key-pepper").write_bytes(PEPPER)
    monkeypatch.setenv("DUIJIE_SECRETS_DIR", str(tmp_path))
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DUIJIE_GATEWAY_DATABASE_URL", url)
    whole = CliRunner().invoke(command, ["audit", "verify"])
    assert (whole.exit_code, whole.stdout.startswith("5 records, head 5:")) == (0, True)
    TAMPERING["alter"](database)
    broken = CliRunner().invoke(command, ["audit", "verify"])
    assert broken.exit_code == 1
    assert "record 2 does not follow" in broken.stderr
