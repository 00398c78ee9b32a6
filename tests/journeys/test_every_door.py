"""Every operation of the real system × every role: the public document is the oracle (S1, S3, S4)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from services.catalog import app as catalog
from services.catalog.settings import CatalogSettings
from services.gateway import app as gateway
from services.gateway import keys, openapi, organisations, widget_keys
from services.gateway.settings import GatewaySettings
from services.matching import app as matching
from services.matching.settings import MatchingSettings
from shared import problems
from shared.database import Database
from shared.principal import GATEWAY, Role, Signer
from tests.conftest import SEED
from tests.support.ways import Inside

ROLES: tuple[Role, ...] = ("sme", "provider", "bureau", "admin")
PORTAL = "https://portal.example.cn"
SECRETS = {"key-pepper": b"5a" * 32, "cursor-key": b"7c" * 32, "gateway-signing-key": SEED}


@pytest.fixture
def client(database_url: Callable[[str], str], signer: Signer, tmp_path: Path) -> Iterator[TestClient]:
    """The three real services in one process, seen from outside."""
    for name, secret in SECRETS.items():
        (tmp_path / name).write_bytes(secret)
    (tmp_path / "matching-signing-key").write_bytes(b"22" * 32)
    shared = {"secrets_dir": tmp_path, "state_dir": tmp_path, "trusted_issuers": {GATEWAY: signer.public_key()}}
    behind = {
        "catalog": catalog.create_app(CatalogSettings(database_url=database_url("catalog"), **shared)),
        "matching": matching.create_app(MatchingSettings(database_url=database_url("matching"), **shared)),
    }
    door = GatewaySettings(database_url=database_url("gateway"), **shared)
    with ExitStack() as stack:
        for app in behind.values():
            stack.enter_context(TestClient(app))
        ways = {name: Inside(app) for name, app in behind.items()}
        outside = TestClient(gateway.create_app(door, ways), raise_server_exceptions=False)
        yield stack.enter_context(outside)


@pytest.fixture
def callers(client: TestClient) -> dict[Role, dict[str, str]]:
    """A key of each role."""
    database: Database = client.app.state.database
    made: dict[Role, str] = {}
    with database.write.begin() as session:
        for role in ROLES:
            organisation = organisations.register(session, f"{role} 机构")
            made[role] = keys.create(session, SECRETS["key-pepper"], organisation, role)[1]
        bounds = ((PORTAL,), {})
        made["widget"] = widget_keys.create(session, SECRETS["key-pepper"], organisation, "门户", bounds, None)[1]
    return {role: {"Authorization": f"Bearer {raw}", "Origin": PORTAL} for role, raw in made.items()}


def test_every_operation_opens_for_the_roles_it_names_and_for_no_other(client, callers):
    document = client.get("/openapi.json").json()
    cells = 0
    for path, method, operation in openapi.operations(document):
        concrete = path.replace("{", "no_").replace("}", "")
        assert client.request(method, concrete).status_code == 401
        for role, headers in callers.items():
            answer = client.request(method, concrete, headers=headers, json={"nonsense": 1})
            place = (method, path, role, answer.status_code)
            assert (answer.status_code == 403) == (role not in operation["x-access"]["roles"]), place
            assert answer.status_code not in (500, 502, 504), place  # 503: matching has no catalogue to follow here
            assert str(answer.status_code) in operation["responses"], place
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == problems.MEDIA_TYPE, place
            cells += 1
    assert cells >= 5 * 30


def test_unknown_members_and_parameters_are_refused_everywhere(client, callers):
    document = client.get("/openapi.json").json()
    for path, method, operation in openapi.operations(document):
        role = operation["x-access"]["roles"][0]
        concrete = path.replace("{", "no_").replace("}", "")
        place = (method, path)
        asked = client.request(method, f"{concrete}?nonsense=1", headers=callers[role])
        assert asked.status_code == 400, place
        if "application/json" in operation.get("requestBody", {}).get("content", {}) and path != "/v1/needs":
            headers = callers[role] | {"If-Match": "*"}
            told = client.request(method, concrete, headers=headers, json={"nonsense": 1}).json()
            assert "/nonsense" in {item.get("pointer") for item in told["errors"]}, (place, told)


def test_a_widget_key_opens_exactly_what_a_page_needs(client):
    document = client.get("/openapi.json").json()
    opened = {
        f"{method.upper()} {path}"
        for path, method, operation in openapi.operations(document)
        if "widget" in operation["x-access"]["roles"]
    }
    assert opened == {
        "GET /v1/categories",
        "GET /v1/industries",
        "GET /v1/offerings/search",
        "GET /v1/offerings/{offering_id}",
        "GET /v1/providers/{provider_id}",
        "GET /v1/regions",
        "GET /v1/widget",
        "POST /v1/needs",
    }
