"""Limits: exact, told in the answer, and one caller's burst is not another's trouble."""

import pytest

BURST = {"key_limit": "10/minute", "organisation_limit": "1000/minute"}


def test_a_burst_is_stopped_at_the_limit_and_others_are_unhurt(door, key):
    client, loud, quiet = door(**BURST), key("sme"), key("sme")
    statuses = [client.get("/v1/notes", headers=loud).status_code for _ in range(100)]
    assert statuses == [200] * 10 + [429] * 90
    assert client.get("/v1/notes", headers=quiet).status_code == 200


def test_the_answer_tells_what_is_left(door, key):
    client, headers = door(**BURST), key("sme")
    told = [client.get("/v1/notes", headers=headers).headers for _ in range(2)]
    assert told[0]["ratelimit-policy"] == '"key";q=10;w=60, "organisation";q=1000;w=60'
    assert [fields["ratelimit"].split(";")[1] for fields in told] == ["r=9", "r=8"]


def test_a_refusal_says_when_to_come_back(door, key):
    client, headers = door(key_limit="1/minute"), key("sme")
    client.get("/v1/notes", headers=headers)
    refused = client.get("/v1/notes", headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-requests")
    assert 50 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit"].startswith('"key";r=0;t=')


def test_keys_of_one_organisation_share_its_limit(door, key):
    client, admin = door(organisation_limit="5/minute"), key("admin")
    other = door().get("/v1/keys", headers=admin).json()["items"][0]["organisation_id"]
    second = door().post("/v1/keys", json={"role": "sme", "organisation_id": other}, headers=admin).json()["key"]
    ways = [admin, {"X-API-Key": second}] * 4
    assert [client.get("/v1/echo/x", headers=way).status_code for way in ways] == [200] * 5 + [429] * 3


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json", "/"])
def test_what_needs_no_key_has_no_limit(door, path):
    client = door(key_limit="1/minute", organisation_limit="1/minute")
    assert [client.get(path).status_code for _ in range(3)] == [200] * 3
