"""The hop: what goes through unchanged, what is kept back, and what a silent service means for the caller."""

import asyncio
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from services.gateway.tokens import Tokens
from services.gateway.upstream import Answer, Call, Fields, Network, NoAnswer, TooSlow, Upstream, Way
from shared import problems
from shared.principal import Principal
from tests.support.ways import Inside


def test_a_created_answer_comes_back_unchanged(client, key):
    answer = client.post("/v1/notes", json={"text": "面粉"}, headers={**key("bureau"), "Idempotency-Key": "k-1"})
    assert (answer.status_code, answer.json()) == (201, {"text": "面粉"})
    assert (answer.headers["location"], answer.headers["etag"]) == ("/v1/notes/1", '"1"')


def test_the_same_key_has_the_same_effect_through_the_door(client, key):
    headers = {**key("bureau"), "Idempotency-Key": "k-1"}
    first, again = (client.post("/v1/notes", json={"text": "a"}, headers=headers) for _ in range(2))
    assert first.content == again.content
    assert again.headers["idempotent-replayed"] == "true"
    assert client.post("/v1/notes", json={"text": "b"}, headers=headers).status_code == 422
    assert len(client.get("/v1/notes", headers=key("sme")).json()) == 1


def test_only_named_header_fields_reach_a_service(client, key):
    sent = {
        **key("sme"),
        "X-Forwarded-For": "1.2.3.4",
        "Cookie": "a=b",
        "X-API-Key": "dj_other",
        "X-Duijie-Role": "admin",
        "If-Match": '"1"',
        "If-None-Match": '"2"',
        "Idempotency-Key": "k",
        "Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }
    arrived = set(client.get("/v1/echo/x", headers=sent).json()["headers"])
    passed = {"accept", "if-match", "if-none-match", "idempotency-key", "traceparent"}
    assert arrived - {"host", "content-length", "connection", "accept-encoding", "user-agent"} == passed | {
        "authorization",
        "x-request-id",
    }


def test_the_request_id_is_one_on_both_sides_of_the_door(client, key):
    given = client.get("/v1/echo/x", headers={**key("sme"), "X-Request-Id": "req-from-a-client"})
    assert given.headers.get_list("x-request-id") == ["req-from-a-client"]
    assert client.get("/v1/nowhere").json()["request_id"].startswith("req_")


def test_a_cookie_of_a_service_stays_inside_and_a_304_has_no_body(client, key):
    headers = key("sme")
    fresh = client.get("/v1/tagged", headers=headers)
    known = client.get("/v1/tagged", headers={**headers, "If-None-Match": fresh.headers["etag"]})
    assert "set-cookie" not in fresh.headers
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", '"1"')


ADDRESSES = [
    ("GET", "/v1/nowhere", 404),
    ("GET", "/v1/", 404),
    ("GET", "/v1/notes/", 404),
    ("GET", "/v1/changes", 404),  # for services only: at the door it does not exist
    ("GET", "/v1/echo/..", 404),
    ("GET", "/v1/echo/%2e%2e", 404),
    ("GET", "/v1/echo/a%2Fb", 404),
    ("GET", "/v1/echo/%00", 400),
    ("GET", "/v1/echo/%ff", 400),
    ("GET", "/v1/notes?nonsense=1", 400),
    ("GET", "/nowhere", 404),
    ("GET", "/page/nowhere.js", 404),
    ("GET", "/problems/nowhere", 404),
    ("DELETE", "/v1/notes", 405),
    ("HEAD", "/v1/notes", 405),
    ("OPTIONS", "/v1/notes", 405),
    ("BREW", "/v1/notes", 405),
    ("POST", "/healthz", 405),
    ("GET", "/v1/echo/中文", 200),
    ("GET", "/v1/echo/a%20b%3Fc%23d", 200),
]


@pytest.mark.parametrize(("method", "path", "status"), ADDRESSES)
def test_every_address_has_its_answer(client, key, method, path, status):
    answer = client.request(method, path, headers=key("sme"))
    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["content-type"] == problems.MEDIA_TYPE
    if status == 405 and path.startswith("/v1"):
        assert answer.headers["allow"] == "GET, POST"


def test_a_path_reaches_the_service_as_it_was_meant(client, key):
    assert client.get("/v1/echo/a%20b%3Fc%23d", headers=key("sme")).json()["place"] == "a b?c#d"
    assert client.get("/v1/echo/fixed", headers=key("admin")).json() == {"place": "the fixed one"}
    assert client.get("/v1/echo/fixed", headers=key("sme")).status_code == 403


@pytest.mark.parametrize("body", [b'{"text":"\\ud800"}', b'{"text":NaN}', b'{"text":', b"[" * 100_000, b'{"t":"\xff"}'])
def test_a_bad_body_stops_at_the_door(client, key, body):
    answer = client.post("/v1/notes", content=body, headers={**key("bureau"), "content-type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-request")


def test_a_body_of_20_megabytes_is_refused(client, key):
    answer = client.post("/v1/notes", content=b" " * 20_000_000, headers=key("bureau"))
    assert (answer.status_code, answer.headers["content-type"]) == (413, problems.MEDIA_TYPE)


class Told:
    """A way to a service that tells its document, and then answers or fails as it is told to."""

    def __init__(self, behind: Way, then: Answer | Exception) -> None:
        self._behind = behind
        self._then = then

    async def ask(self, method: str, target: str, fields: Fields, body: bytes, seconds: float) -> Answer:
        if target == "/openapi.json":
            return await self._behind.ask(method, target, fields, body, seconds)
        if isinstance(self._then, Exception):
            raise self._then
        return self._then

    async def close(self) -> None:
        await self._behind.close()


@pytest.mark.parametrize(("failure", "status"), [(NoAnswer(), 503), (TooSlow(), 504)])
def test_a_silent_service_is_told_with_when_to_come_back(door, behind, key, failure, status):
    client = door({"catalog": Told(Inside(behind["catalog"]), failure)})
    answer = client.get("/v1/notes", headers=key("sme"))
    assert (answer.status_code, answer.headers["content-type"]) == (status, problems.MEDIA_TYPE)
    assert int(answer.headers["retry-after"]) >= 1
    assert client.get("/v1/echo/x", headers=key("sme")).status_code == 200


def test_a_service_that_does_not_believe_us_is_not_the_callers_fault(door, behind, key):
    client = door({"catalog": Told(Inside(behind["catalog"]), Answer(401, [], b""))})
    assert client.get("/v1/notes", headers=key("sme")).status_code == 503


async def test_a_field_that_is_no_text_is_refused(signer):
    upstream = Upstream("catalog", Network("http://127.0.0.1:9"), Tokens(signer, "catalog"), 1)
    call = Call("GET", "/v1/notes", [(b"if-match", b'"\xff"')], b"", "req_12345678")
    with pytest.raises(problems.BadRequest):
        await upstream.send(call, Principal("org", "sme"))


class Late(Inside):
    """A service that starts after the door, or goes away again."""

    there = False

    async def ask(self, method: str, target: str, fields: Fields, body: bytes, seconds: float) -> Answer:
        if not self.there:
            raise NoAnswer
        return await super().ask(method, target, fields, body, seconds)


def test_the_door_opens_before_its_services_and_finds_them_later(door, behind, key):
    late, headers = Late(behind["catalog"]), key("sme")
    client = door({"catalog": late})
    early = [client.get(path, headers=headers) for path in ("/readyz", "/v1/notes", "/openapi.json")]
    assert [answer.status_code for answer in early] == [503] * 3
    assert all("catalog" in answer.text and "retry-after" in answer.headers for answer in early)
    assert client.get("/v1/echo/x", headers=headers).status_code == 200
    assert client.get("/healthz").status_code == 200
    late.there = True
    _until(lambda: client.get("/readyz").status_code == 200, client)
    assert client.get("/v1/notes", headers=headers).status_code == 200


def test_a_service_that_goes_silent_makes_the_door_not_ready(door, behind):
    fading = Late(behind["matching"])
    fading.there = True
    client = door({"matching": fading}, refresh_seconds=0.05)
    fading.there = False
    _until(lambda: client.get("/readyz").status_code == 503, client)
    assert "matching" in client.get("/readyz").text
    assert client.get("/openapi.json").status_code == 200


def _until(holds: Callable[[], bool], client: TestClient) -> None:
    """Wait, on the app's own loop, until something holds."""
    for _ in range(100):
        if holds():
            return
        client.portal.call(asyncio.sleep, 0.05)
    pytest.fail("it never came to hold")
