"""The frame that all services stand in: problems, body checks, strict queries, access, idempotency."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import Response
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select, text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from shared import idempotency, openapi, problems, service
from shared.access import Allow
from shared.contracts.wire import Integer as StrictInteger
from shared.contracts.wire import Wire
from shared.database import Database, Reading, Writing
from shared.idempotency import Idempotent
from shared.principal import GATEWAY, Principal, Signer, Verifier

metadata = MetaData()
notes = Table("notes", metadata, Column("id", Integer, primary_key=True), Column("text", String))
keys = idempotency.table(metadata)


class Note(Wire):
    """A note."""

    text: str
    weight: StrictInteger = 1


router = openapi.router()


@router.post("/v1/notes", status_code=201, response_model=Note)
def add_note(
    note: Note, once: Idempotent, session: Writing, caller: Annotated[Principal, Depends(Allow("sme"))]
) -> Response:
    """Add a note."""

    def add() -> Note:
        session.execute(insert(notes).values(text=note.text))
        return note

    return once(201, add)


@router.get("/v1/notes")
def list_notes(session: Reading, caller: Annotated[Principal, Depends(Allow("sme"))], limit: int = 10) -> list[Note]:
    """List notes."""
    return [Note(text=row.text) for row in session.execute(select(notes).limit(limit))]


@pytest.fixture
def client(tmp_path: Path, signer: Signer) -> Iterator[TestClient]:
    database = Database(f"sqlite:///{tmp_path}/notes.db")
    metadata.create_all(database.engine)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        database.close()

    app = service.create("notes", "1", "Notes", [router], lifespan, {})
    app.state.database = database
    app.state.idempotency_keys = keys
    app.state.verifier = Verifier("notes", {GATEWAY: signer.public_key()})
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def sme(bearer: Callable[..., dict[str, str]]) -> dict[str, str]:
    return bearer("notes", "sme")


BAD_BODIES = [
    (b'{"text":"\\ud800"}', 400),
    (b'{"text":NaN}', 400),
    (b'{"text":"a","weight":1e400}', 400),
    (b'{"text":"\\u0000"}', 400),
    (b'{"text":"\xff"}', 400),
    (b'{"text":', 400),
    (b"[" * 100_000, 400),
    (b'{"text":' + b"[" * 40 + b"]" * 40 + b"}", 400),
    (b'{"text":"a","weight":false}', 422),
    (b'{"text":"a","other":1}', 422),
    (b'{"weight":1}', 422),
    (b"[]", 422),
    (b'{"text":"' + b"a" * 1_100_000 + b'"}', 413),
]


@pytest.mark.parametrize(("body", "status"), BAD_BODIES, ids=[str(body[:30]) for body, _ in BAD_BODIES])
def test_a_bad_body_is_a_problem_and_never_a_failure(client, sme, body, status):
    answer = client.post("/v1/notes", content=body, headers={**sme, "content-type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == problems.MEDIA_TYPE
    assert answer.json()["text"].keys() == {"zh", "en"}


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        ("/v1/notes?nonsense=1", 400, "nonsense"),
        ("/v1/notes?limit=1&limit=2", 400, "limit"),
        ("/v1/notes?limit=x", 400, "limit"),
        ("/v1/notes?limit=%00", 400, None),
        ("/v1/notes?limit=%ff", 400, None),
        ("/v1/nowhere", 404, None),
    ],
)
def test_a_bad_address_says_where(client, sme, path, status, parameter):
    answer = client.get(path, headers=sme)
    assert answer.status_code == status
    assert answer.headers["content-type"] == problems.MEDIA_TYPE
    if parameter:
        assert answer.json()["errors"][0]["parameter"] == parameter


def test_framework_errors_are_problems_too(client, sme):
    assert client.delete("/v1/notes", headers=sme).json()["type"] == "/problems/method-not-allowed"


def test_who_is_not_named_stays_outside(client, bearer):
    assert client.get("/v1/notes").status_code == 401
    assert client.get("/v1/notes", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert client.get("/v1/notes", headers=bearer("elsewhere", "sme")).status_code == 401
    assert client.get("/v1/notes", headers=bearer("notes", "provider")).status_code == 403


def test_a_key_of_idempotency_opens_no_door(client):
    headers = {"Idempotency-Key": "k-1"}
    assert client.post("/v1/notes", json={"text": "a"}, headers=headers).status_code == 401
    headers["Authorization"] = "Bearer nonsense"
    assert client.post("/v1/notes", json={"text": "a"}, headers=headers).status_code == 401


def test_an_issuer_other_than_the_gateway_speaks_only_as_a_service(signer):
    follower = Signer("matching", b"22" * 32)
    verifier = Verifier("notes", {GATEWAY: signer.public_key(), "matching": follower.public_key()})
    assert verifier.principal(follower.token(Principal("matching", "service"), "notes")).role == "service"
    with pytest.raises(Exception, match="may not speak"):
        verifier.principal(follower.token(Principal("org", "admin"), "notes"))


def test_the_same_key_has_the_same_effect(client, sme):
    headers = {**sme, "Idempotency-Key": "k-1"}
    first = client.post("/v1/notes", json={"text": "a"}, headers=headers)
    again = client.post("/v1/notes", json={"text": "a"}, headers=headers)
    other = client.post("/v1/notes", json={"text": "b"}, headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(client.get("/v1/notes", headers=sme).json()) == 1


def test_the_document_says_who_may_call_and_what_can_go_wrong(client):
    operation = client.get("/openapi.json").json()["paths"]["/v1/notes"]["post"]
    assert operation["operationId"] == "add_note"
    assert operation["x-access"] == {"roles": ["sme"], "ownership": "any"}
    assert {"201", "400", "401", "403", "409", "413", "422", "503"} <= operation["responses"].keys()


def test_a_422_that_a_route_declares_is_shown():
    given = openapi.router()
    given.post("/v1/steps", dependencies=[Depends(Allow("sme"))], responses={422: {}})(take_step)
    given.get("/v1/steps", name="see_step", dependencies=[Depends(Allow("sme"))])(take_step)
    document = service.create("steps", "1", "Steps", [given], nothing, {}).openapi()
    answers = {method: set(told["responses"]) for method, told in document["paths"]["/v1/steps"].items()}
    assert {method: "422" in told for method, told in answers.items()} == {"post": True, "get": False}


def take_step(place: int = 1) -> None:
    """Take a step."""


@pytest.mark.parametrize("statement", ["select * from nothing", "create table made (id int)"])
def test_a_postgresql_without_tables_or_that_takes_no_writes_is_unavailable(cluster, statement):
    database = Database(cluster.url)
    with pytest.raises(DBAPIError) as failure, database.read.begin() as session:
        session.execute(text(statement))
    database.close()
    assert service.as_problem(failure.value).status == 503


def test_a_route_that_takes_any_query_does_not_start():
    loose = APIRouter()
    loose.get("/v1/loose", dependencies=[Depends(Allow("sme"))])(add_note)
    with pytest.raises(TypeError, match="takes unknown query parameters"):
        service.create("loose", "1", "Loose", [loose], nothing, {})


@asynccontextmanager
async def nothing(_: FastAPI) -> AsyncIterator[None]:
    yield
