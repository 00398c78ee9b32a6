"""Keys: shown once, stored hashed, listed without themselves, revoked."""

import json
import logging
from datetime import timedelta

import pytest
from sqlalchemy import MetaData, event, select, update
from typer.testing import CliRunner

from services.cli import app as command
from services.gateway import demo
from services.gateway.models import idempotency_keys
from shared import clock
from shared.database import Database
from tests.gateway.conftest import PEPPER

BUREAU = {"role": "bureau", "organisation": {"name": "浙江省经信厅", "region": "330000"}}


def test_a_key_is_shown_once_and_works(client, key):
    made = client.post("/v1/keys", json=BUREAU, headers=key("admin"))
    raw = made.json()["key"]
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    assert client.get("/v1/echo/x", headers={"X-API-Key": raw}).json()["caller"]["region"] == "330000"
    listed = client.get("/v1/keys", headers=key("admin"))
    assert raw not in listed.text
    assert made.json()["details"] in listed.json()["items"]
    assert raw.startswith(made.json()["details"]["prefix"])


def test_a_second_key_of_an_organisation_is_how_keys_are_rotated(client, key):
    admin = key("admin")
    first = client.post("/v1/keys", json=BUREAU, headers=admin).json()
    organisation = first["details"]["organisation_id"]
    wanted = {"role": "bureau", "organisation_id": organisation}
    second = client.post("/v1/keys", json=wanted, headers=admin).json()
    assert client.post(f"/v1/keys/{first['details']['id']}/revoke", headers=admin).status_code == 200
    assert client.get("/v1/echo/x", headers={"X-API-Key": first["key"]}).status_code == 401
    caller = client.get("/v1/echo/x", headers={"X-API-Key": second["key"]}).json()["caller"]
    assert caller["organisation"] == organisation


def test_a_request_for_a_key_is_carried_out_once_and_its_answer_is_not_kept(client, key, settings):
    headers = {**key("admin"), "Idempotency-Key": "k-1"}
    made = client.post("/v1/keys", json=BUREAU, headers=headers)
    again = client.post("/v1/keys", json=BUREAU, headers=headers)
    other = client.post("/v1/keys", json=BUREAU | {"role": "sme"}, headers=headers)
    assert (made.status_code, again.status_code, other.status_code) == (201, 409, 422)
    assert made.headers["cache-control"] == "no-store"
    assert "Idempotency-Key" in again.json()["detail"]
    database = Database(settings.database_url)
    with database.write.begin() as session:
        claims = session.execute(select(idempotency_keys)).all()
        session.execute(update(idempotency_keys).values(claimed_at=clock.now() - timedelta(days=8)))
    database.close()
    assert [claim.body for claim in claims] == [None]
    assert made.json()["key"] not in repr(claims)
    assert client.post("/v1/keys", json=BUREAU, headers=headers).status_code == 201


def test_revoking_twice_keeps_the_first_moment(client, key):
    admin = key("admin")
    made = client.post("/v1/keys", json=BUREAU, headers=admin).json()["details"]
    moments = [client.post(f"/v1/keys/{made['id']}/revoke", headers=admin).json()["revoked_at"] for _ in range(2)]
    assert moments[0] == moments[1]


REFUSED = [
    ({"role": "bureau"}, 422),
    ({**BUREAU, "organisation_id": "org_" + "0" * 32}, 422),
    ({"role": "bureau", "organisation_id": "org_" + "0" * 32}, 404),
    ({"role": "service", "organisation": {"name": "x"}}, 422),
    ({"role": "sme", "organisation": {"name": "x", "region": "999999"}}, 422),
    ({"role": "sme", "organisation": {"name": "x", "uscc": "91110108MA01ABCD1X"}}, 422),
    ({"role": "sme", "organisation": {"name": " "}}, 422),
    ({"role": "sme", "organisation": {"name": "x"}, "expires_at": "2027-01-01T00:00:00"}, 422),
    ({"role": "sme", "organisation": {"name": "x"}, "expires_at": "2020-01-01T00:00:00Z"}, 422),
    ({"role": "sme", "organisation": {"name": "x"}, "id": "key_1"}, 422),
]


@pytest.mark.parametrize(("body", "status"), REFUSED)
def test_what_makes_no_sense_makes_no_key(client, key, body, status):
    answer = client.post("/v1/keys", json=body, headers=key("admin"))
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_an_unknown_key_cannot_be_revoked(client, key):
    assert client.post("/v1/keys/key_nothing/revoke", headers=key("admin")).status_code == 404


def test_keys_are_listed_page_by_page(client, key):
    admin = key("admin")
    made = [client.post("/v1/keys", json=BUREAU, headers=admin).json()["details"]["id"] for _ in range(4)]
    seen, path = [], "/v1/keys?limit=2"
    while path:
        page = client.get(path, headers=admin)
        seen += [item["id"] for item in page.json()["items"]]
        path = page.links.get("next", {}).get("url")
    assert seen == sorted(seen)
    assert set(made) < set(seen)
    for cursor in ("nonsense", ""):
        assert client.get(f"/v1/keys?cursor={cursor}", headers=admin).status_code == 400


def test_no_raw_key_in_database_nor_log(client, key, settings, caplog):
    caplog.set_level(logging.DEBUG)
    headers = key("admin")
    raw = [headers["Authorization"].split()[1], client.post("/v1/keys", json=BUREAU, headers=headers).json()["key"]]
    client.get("/v1/keys", headers={"X-API-Key": raw[1]})
    dump = caplog.text + _dump(settings.database_url)
    assert "request_id" in caplog.text
    assert raw[0][:8] in dump  # the visible beginning is there: the dump does hold the keys' rows
    assert not [secret for secret in raw if secret[8:] in dump]
    assert PEPPER.decode() not in dump


def _dump(url: str) -> str:
    database, metadata = Database(url), MetaData()
    metadata.reflect(database.engine)
    with database.read.begin() as session:
        rows = [tuple(row) for table in metadata.sorted_tables for row in session.execute(select(table))]
    database.close()
    return repr(rows)


def test_demo_keys_stay_the_same_while_they_are_valid(settings, client):
    database = Database(settings.database_url)
    first = demo.ensure_keys(settings, database, "91330108MA27WXYZ16")
    path = settings.state_dir / demo.FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text()) == first
    assert demo.ensure_keys(settings, database, "91330108MA27WXYZ16") == first
    before = client.get("/v1/echo/x", headers={"X-API-Key": first["sme"]}).json()["caller"]
    path.write_text("nonsense")
    again = demo.ensure_keys(settings, database, "91330108MA27WXYZ16")
    assert again.keys() == {"sme", "provider", "bureau", "admin", "widget"}
    assert not set(again.values()) & set(first.values())
    assert client.get("/v1/echo/x", headers={"X-API-Key": first["sme"]}).status_code == 401
    with pytest.raises(demo.NotInProduction):
        demo.ensure_keys(settings.model_copy(update={"mode": "production"}), database, "91330108MA27WXYZ16")
    database.close()
    origin = {"Origin": demo.WIDGET_ORIGINS[0]}
    for role, raw in again.items():
        assert client.get("/v1/echo/x", headers={"X-API-Key": raw, **origin}).json()["caller"]["role"] == role
    after = client.get("/v1/echo/x", headers={"X-API-Key": again["sme"]}).json()["caller"]
    assert after["organisation"] == before["organisation"]  # what it made stays its own
    given = client.get("/demo/key")
    assert given.json() == {"key": again["sme"], "widget": again["widget"]}
    assert client.get("/demo/key", headers={"Host": "evil.example"}).status_code == 404


def test_demo_keys_are_valid_before_they_can_be_read(settings, client):
    database, told = Database(settings.database_url), []
    event.listen(database.engine, "commit", lambda _: told.append((settings.state_dir / demo.FILE).exists()))
    made = demo.ensure_keys(settings, database, "91330108MA27WXYZ16")
    database.close()
    assert (told, demo.read(settings.state_dir / demo.FILE)) == ([False], made)


def test_production_gives_no_demo_key_away(door):
    assert door(mode="production").get("/demo/key").status_code == 404


@pytest.fixture
def duijie(settings, monkeypatch):
    """The `duijie` command on the gateway's database."""
    monkeypatch.setenv("DUIJIE_GATEWAY_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("DUIJIE_SECRETS_DIR", str(settings.secrets_dir))
    return lambda *words: CliRunner().invoke(command, words)


def test_the_command_makes_lists_and_revokes_keys(duijie, client):
    made = duijie("keys", "create", "--role", "bureau", "--organisation-name", "江苏省工信厅", "--region", "320000")
    raw = made.stdout.strip().splitlines()[-1]
    assert client.get("/v1/echo/x", headers={"X-API-Key": raw}).json()["caller"]["region"] == "320000"
    listed = duijie("keys", "list").stdout
    assert "江苏省工信厅" in listed
    assert raw not in listed
    key_id = next(word for word in listed.split() if word.startswith("key_"))
    assert duijie("keys", "revoke", key_id).exit_code == 0
    assert client.get("/v1/echo/x", headers={"X-API-Key": raw}).status_code == 401


@pytest.mark.parametrize(
    "words",
    [
        ("create", "--role", "service", "--organisation-name", "x"),
        ("create", "--role", "bureau", "--organisation-name", "x", "--region", "999999"),
        ("create", "--role", "provider", "--organisation-name", "x", "--uscc", "1"),
        ("revoke", "key_nothing"),
    ],
)
def test_the_command_refuses_what_makes_no_sense(duijie, words):
    assert duijie("keys", *words).exit_code != 0
