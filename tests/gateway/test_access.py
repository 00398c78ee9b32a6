"""Who gets through the door: every operation and role from the document, and keys that live and die."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from services.gateway import openapi
from services.gateway.access import KeyRing
from shared import clock, problems
from tests.gateway.conftest import ROLES

Headers = Callable[..., dict[str, str]]


def test_every_operation_opens_for_the_roles_it_names_and_for_no_other(client, key):
    document = client.get("/openapi.json").json()
    callers = {role: key(role) for role in ROLES}
    cells = 0
    for path, method, operation in openapi.operations(document):
        concrete = path.replace("{", "").replace("}", "")
        assert client.request(method, concrete).status_code == 401
        for role, headers in callers.items():
            status = client.request(method, concrete, headers=headers).status_code
            assert (status == 403) == (role not in operation["x-access"]["roles"]), (method, path, role, status)
            assert status not in (401, 405, 500)
            cells += 1
    assert cells >= 4 * 7


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Basic ZGo6eA=="},
        {"Authorization": "Bearer dj_" + "A" * 43},
        {"Authorization": "Bearer dj_" + "A" * 100_0},
        {"X-API-Key": "dj_ümlaut".encode()},
    ],
)
def test_without_a_key_that_we_made_nobody_enters(client, headers):
    answer = client.get("/v1/notes", headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == problems.MEDIA_TYPE


def test_a_signed_principal_from_inside_is_no_key(client, bearer):
    assert client.get("/v1/notes", headers=bearer("catalog", "sme")).status_code == 401
    assert client.get("/v1/keys", headers=bearer("gateway", "admin")).status_code == 401


def test_a_key_may_also_come_in_its_own_header(client, key):
    raw = key("sme")["Authorization"].removeprefix("Bearer ")
    assert client.get("/v1/notes", headers={"X-API-Key": raw}).status_code == 200


def test_the_service_is_told_who_calls(client, key):
    caller = client.get("/v1/echo/x", headers=key("provider", "330000", "91110108MA01ABCD1X")).json()["caller"]
    assert (caller["role"], caller["region"], caller["uscc"]) == ("provider", "330000", "91110108MA01ABCD1X")
    assert caller["organisation"].startswith("org_")
    assert caller["key_id"].startswith("key_")


def test_an_expired_key_is_no_key(client, key):
    assert client.get("/v1/notes", headers=key("sme", expires_at=clock.now() - timedelta(1))).status_code == 401
    assert client.get("/v1/notes", headers=key("sme", expires_at=clock.now() + timedelta(1))).status_code == 200


def test_a_demo_key_works_in_demo_mode_only(door, key):
    headers = key("sme", demo=True)
    assert door().get("/v1/notes", headers=headers).status_code == 200
    assert door(mode="production").get("/v1/notes", headers=headers).status_code == 401


class Hanging:
    """A database that answers nobody."""

    def __init__(self) -> None:
        self.woken = threading.Event()
        self.read = self

    def begin(self) -> None:
        self.woken.wait()
        raise OSError


async def test_a_database_that_hangs_is_told_in_time():
    database = Hanging()
    ring = KeyRing(database, b"pepper", demo_allowed=True, seconds=1)
    began = time.monotonic()
    with pytest.raises(problems.Unavailable):
        await ring.caller({b"x-api-key": b"dj_" + b"A" * 43})
    assert time.monotonic() - began < 2.5
    database.woken.set()


def test_a_revoked_key_dies_within_a_second_at_every_door(door, key, settings):
    admin, sme = key("admin"), key("sme")
    doors = [door(key_cache_seconds=1.0), door(key_cache_seconds=1.0)]
    for client in doors:
        assert client.get("/v1/notes", headers=sme).status_code == 200
    listed = doors[0].get("/v1/keys", headers=admin).json()["items"]
    target = next(item["id"] for item in listed if item["role"] == "sme")
    revoked = doors[0].post(f"/v1/keys/{target}/revoke", headers=admin)
    assert revoked.json()["revoked_at"]
    time.sleep(1.0)
    assert [client.get("/v1/notes", headers=sme).status_code for client in doors] == [401, 401]
