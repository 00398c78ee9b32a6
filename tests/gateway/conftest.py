"""A gateway in front of two small services, which are made of the same frame as the real ones."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, select
from starlette.testclient import TestClient

from services.gateway import keys, organisations, widget_keys
from services.gateway.app import create_app
from services.gateway.settings import GatewaySettings
from services.gateway.upstream import Way
from shared import idempotency, openapi, service
from shared.access import PUBLIC, Allow
from shared.contracts.wire import Wire
from shared.database import Database, Reading, Writing
from shared.idempotency import Idempotent
from shared.principal import GATEWAY, Principal, Role, Signer, Verifier
from tests.conftest import SEED
from tests.support.ways import Inside

ROLES: tuple[Role, ...] = ("sme", "provider", "bureau", "admin")
PORTAL = "https://portal.example.cn"
PEPPER = b"5a" * 32


class Note(Wire):
    """A note."""

    text: str


def catalog_routes() -> APIRouter:
    router = openapi.router()

    @router.post("/v1/notes", status_code=201, response_model=Note)
    def add_note(
        note: Note,
        once: Idempotent,
        session: Writing,
        request: Request,
        caller: Annotated[Principal, Depends(Allow("provider", "bureau"))],
    ) -> Response:
        """Add a note."""

        def add() -> Note:
            session.execute(insert(request.app.state.notes).values(text=note.text))
            return note

        return once(201, add, lambda _: {"Location": "/v1/notes/1", "ETag": '"1"'})

    @router.get("/v1/notes")
    def list_notes(
        session: Reading, request: Request, caller: Annotated[Principal, Depends(Allow("sme", "provider", "service"))]
    ) -> list[Note]:
        """List notes."""
        return [Note(text=row.text) for row in session.execute(select(request.app.state.notes))]

    @router.get("/v1/offerings/search")
    def search_offerings(caller: Annotated[Principal, Depends(Allow(*PUBLIC))], q: str = "") -> list[Note]:
        """Search."""
        return []

    @router.get("/v1/changes")
    def list_changes(caller: Annotated[Principal, Depends(Allow("service"))]) -> list[Note]:
        """List changes."""
        return []

    return router


def matching_routes() -> APIRouter:
    router = openapi.router()

    @router.get("/v1/echo/{place}")
    def echo(place: str, request: Request, caller: Annotated[Principal, Depends(Allow(*PUBLIC))]) -> dict[str, Any]:
        """Tell what arrived."""
        return {"place": place, "headers": sorted(request.headers.keys()), "caller": vars(caller)}

    @router.post("/v1/needs", status_code=201)
    def submit_need(need: dict[str, Any], caller: Annotated[Principal, Depends(Allow(*PUBLIC))]) -> dict[str, Any]:
        """Tell whose need it is."""
        return {"organisation": caller.organisation}

    @router.get("/v1/echo/fixed")
    def echo_fixed(caller: Annotated[Principal, Depends(Allow("admin"))]) -> dict[str, str]:
        """Tell that this is the fixed path."""
        return {"place": "the fixed one"}

    @router.get("/v1/tagged")
    def read_tagged(
        caller: Annotated[Principal, Depends(Allow("sme"))], if_none_match: Annotated[str | None, Header()] = None
    ) -> Response:
        """Answer 304 to who knows it already."""
        return Response(
            status_code=304 if if_none_match == '"1"' else 200, headers={"ETag": '"1"', "Set-Cookie": "a=b"}
        )

    # A route is matched in order; the fixed path must come first here and wins at the door by itself.
    router.routes.sort(key=lambda route: "{" in getattr(route, "path", ""))
    return router


def small_service(name: str, routes: APIRouter, signer: Signer, folder: Path) -> FastAPI:
    """A service that stands in for a real one."""
    metadata = MetaData()
    notes = Table("notes", metadata, Column("id", Integer, primary_key=True), Column("text", String))
    claimed = idempotency.table(metadata)
    database = Database(f"sqlite:///{folder}/{name}-behind.db")
    metadata.create_all(database.engine)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield

    app = service.create(name, "1", name, [routes], lifespan, {})
    app.state.database, app.state.idempotency_keys, app.state.notes = database, claimed, notes
    app.state.verifier = Verifier(name, {GATEWAY: signer.public_key()})
    return app


@pytest.fixture
def behind(signer: Signer, tmp_path: Path) -> Iterator[dict[str, FastAPI]]:
    """The services behind the door."""
    apps = {
        "catalog": small_service("catalog", catalog_routes(), signer, tmp_path),
        "matching": small_service("matching", matching_routes(), signer, tmp_path),
    }
    yield apps
    for app in apps.values():
        app.state.database.close()


@pytest.fixture
def settings(database_url: Callable[[str], str], tmp_path: Path) -> GatewaySettings:
    """A gateway's settings, on both kinds of database."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    for name, secret in {"key-pepper": PEPPER, "gateway-signing-key": SEED, "cursor-key": b"7c" * 32}.items():
        (folder / name).write_bytes(secret)
    return GatewaySettings(
        database_url=database_url("gateway"), secrets_dir=folder, state_dir=tmp_path, mode="demo", key_cache_seconds=0
    )


@pytest.fixture
def door(settings: GatewaySettings, behind: dict[str, FastAPI]) -> Iterator[Callable[..., TestClient]]:
    """Opens a gateway: `door()`, or with other settings or other ways to the services."""
    opened: list[TestClient] = []

    def open_door(ways: dict[str, Way] | None = None, **changed: Any) -> TestClient:
        inside = {name: Inside(app) for name, app in behind.items()}
        app = create_app(settings.model_copy(update=changed), inside | (ways or {}))
        client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        opened.append(client.__enter__())
        return client

    yield open_door
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture
def client(door: Callable[..., TestClient]) -> TestClient:
    """A caller at the door."""
    return door()


@pytest.fixture
def key(settings: GatewaySettings) -> Callable[..., dict[str, str]]:
    """Headers with a fresh key: `key("bureau", region="330000")`."""

    def headers(role: Role, region: str = "000000", uscc: str | None = None, **more: Any) -> dict[str, str]:
        database = Database(settings.database_url)
        with database.write.begin() as session:
            organisation = organisations.register(session, f"{role} 机构", region, uscc)
            raw = keys.create(session, PEPPER, organisation, role, **more)[1]
        database.close()
        return {"Authorization": f"Bearer {raw}"}

    return headers


@pytest.fixture
def widget_key(settings: GatewaySettings) -> Callable[..., dict[str, str]]:
    """Headers of a page with a fresh widget key: `widget_key("https://a.example", region="330000")`."""

    def headers(*allowed: str, expires_at: datetime | None = None, **narrowing: Any) -> dict[str, str]:
        database = Database(settings.database_url)
        with database.write.begin() as session:
            organisation = organisations.register(session, "省厅", "330000")
            keys.create(session, PEPPER, organisation, "bureau")
            bounds = (allowed or (PORTAL,), narrowing)
            raw = widget_keys.create(session, PEPPER, organisation, "首页", bounds, expires_at)[1]
        database.close()
        return {"Authorization": f"Bearer {raw}", "Origin": (allowed or (PORTAL,))[0]}

    return headers
