"""What an attacker tried, each time in the way that once worked or that must never work."""

import json
import socket
import time
from datetime import date
from typing import Any

import jwt
import pytest

from services.matching import intake
from services.matching.intake import language
from shared.contracts.needs import NeedRequest
from shared.principal import GATEWAY, Principal, Signer, Untrusted, Verifier
from tests.support import records

CANARY = "丹顶鹤CANARY"
ADMIN = Principal("org_0", "admin")
NEED = json.dumps(records.need()).encode()
ENDLESS = ["1", "0", "20", "一", "万亿", "百千万亿", "壹佰", "1.", "1,", "1万，", "1-2万", "1,111,", "（", "不要", "a "]
ENDLESS += ["Ⅷ", "ﬃ", "㏒", "ﷺ"]  # one character each that becomes several
SECONDS = 0.2
"""Of processor time for the longest text; honest ones take a hundredth of it, the attack took four times as much."""


@pytest.fixture(scope="module")
def regional(demo):
    with demo.newcomer("bureau", "浙江省厅", region="330000") as client:
        yield client


def send(demo, head: str, body: bytes = b"", role: str = "sme") -> tuple[int, dict[str, Any]]:
    """The status and the body of the answer to a request that no client library would send."""
    lines = f"{head}\r\nHost: x\r\nAuthorization: Bearer {demo.keys[role]}\r\nConnection: close\r\n"
    with socket.create_connection(("127.0.0.1", demo.port), timeout=15) as connection:
        connection.sendall(lines.encode("latin-1") + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        got = b"".join(iter(lambda: connection.recv(65536), b""))
    answered, _, content = got.partition(b"\r\n\r\n")
    return int(answered.split()[1]), json.loads(content)


@pytest.mark.parametrize("second", ["text/plain", "multipart/form-data"])
def test_a_second_content_type_does_not_take_a_body_past_the_check(demo, second):
    head = f"POST /v1/needs HTTP/1.1\r\nContent-Type: application/json\r\nContent-Type: {second}"
    body = json.dumps(records.need("仓库\0系统")).encode()
    assert send(demo, head, body)[0] == 400


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/needs/../keys", "/v1/needs/%2e%2e/keys", "/v1/needs/..%2fkeys", "/v1/needs/%252e%252e/keys"),
        *("/v1//keys", "//v1/keys", "/v1/keys/", "/V1/keys", "/%76%31/keys", "/v1/keys;x=1", "/v1/keys%3Fa"),
        *("http://evil.test/v1/keys", "/v1\\keys", "/page/..%2f..%2fapp.py", "/page/%2e%2e/app.py"),
    ],
)
def test_no_spelling_of_a_path_leads_past_the_door(demo, path):
    status, problem = send(demo, f"GET {path} HTTP/1.1")
    assert status in (403, 404)
    assert problem["status"] == status


@pytest.mark.parametrize(
    "fields", ["Transfer-Encoding: chunked", "Content-Length: 5", "Transfer-Encoding: xchunked"], ids=str
)
def test_a_body_of_two_lengths_is_no_request(demo, fields):
    assert send(demo, f"POST /v1/needs HTTP/1.1\r\n{fields}", NEED)[0] == 400


@pytest.mark.parametrize(
    "members",
    [
        {f"k{number}": 1 for number in range(20_000)},
        {"x" * 900_000: 1},
        {"profile": {"weights": {"x" * 900_000: 10_000}}},
    ],
    ids=["many members", "a long name", "a long criterion"],
)
def test_an_error_stays_small_however_large_the_request(demo, members):
    with demo.client("sme") as sme:
        answer = sme.post("/v1/needs", json=records.need(**members))
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) <= 100
    assert len(answer.content) < 20_000


def test_an_error_on_a_query_stays_small(demo):
    with demo.client("sme") as sme:
        answer = sme.get("/v1/needs?" + "&".join(f"k{number}=1" for number in range(7000)))
    assert answer.status_code == 400
    assert len(answer.content) < 20_000


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_a_key_cannot_end_outside_the_calendar(demo, moment):
    body = {"role": "sme", "organisation": {"name": "边界"}, "expires_at": moment}
    with demo.client("admin") as admin:
        assert admin.post("/v1/keys", json=body).status_code == 422


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("后年六月前上线", "9999-12-31"),
        ("明天上线，大后天前，下周五前，下下个月31号前", "9999-12-31"),
        ("2月29日前上线", "2028-03-01"),
        ("2-29前上线", "2028-03-01"),
        ("年前上线，春节前，去年底前", "0001-01-01"),
        ("1" * 400 + "个人用，" + "9" * 400 + "万元以内，" + "1" * 400 + "天内上线", "2026-11-22"),
    ],
)
def test_no_day_and_no_number_makes_reading_fail(demo, text, day):
    with demo.client("bureau") as bureau:
        assert bureau.post("/v1/needs", json=records.need(text, as_of=day)).status_code == 201


@pytest.mark.parametrize("piece", [*ENDLESS, "a" * 1000 + " a" * 500, ("1" * 20 + "万") * 95])
def test_the_longest_text_is_read_at_once(piece):
    text = (piece * 2000)[:2000]
    request = NeedRequest.model_validate(records.need(text))
    intake.read(NeedRequest.model_validate(records.need()), language.EMPTY, date(2026, 11, 22))  # loads the word lists
    began = time.process_time()
    intake.read(request, language.EMPTY, date(2026, 11, 22))
    assert time.process_time() - began < SECONDS


def test_only_the_whole_country_replaces_its_categories(demo, regional):
    tree = regional.get("/v1/categories")
    change = {"json": tree.json(), "headers": {"If-Match": tree.headers["ETag"]}}
    assert regional.put("/v1/categories", **change).status_code == 403
    with demo.client("bureau") as national:
        assert national.put("/v1/categories", **change).status_code == 200


def test_neither_errors_nor_logs_hold_what_was_sent(demo):
    values = {"profile": {"categories": [CANARY], "must": {"delivery": [CANARY]}}, "as_of": CANARY, "top_k": CANARY}
    firm = {"region": CANARY, "uscc": CANARY, "legal_form": CANARY}
    with demo.client("sme") as sme:
        refused = sme.post("/v1/needs", json=records.need(CANARY, **values) | {"enterprise": firm})
        assert refused.status_code == 422
        assert len(refused.json()["errors"]) >= 6
        taken = sme.post("/v1/needs", json=records.need(f"想上扫码的仓库系统{CANARY}"))
        assert taken.status_code == 201
    assert CANARY not in refused.text
    log = (demo.state / "log").read_text("utf-8")
    events = [line for line in log.splitlines() if line.startswith("{")]  # the rest is what the demo tells its user
    assert not any(mark in line for line in events for mark in (CANARY, "dj_", "eyJ"))


def test_files_are_for_their_owner_alone_and_hold_no_key(demo):
    databases = [path for path in demo.state.iterdir() if ".db" in path.name]
    assert len(databases) >= 3
    for path in [*demo.state.iterdir(), *(demo.state / "secrets").iterdir()]:
        assert path.stat().st_mode & 0o077 == 0 or path.name == "log", path
    stored = b"".join(path.read_bytes() for path in databases)
    assert not any(key.encode() in stored for key in demo.keys.values())


def claims(**members: Any) -> dict[str, Any]:
    now = int(time.time())
    plain = {"iss": GATEWAY, "aud": "catalog", "iat": now, "exp": now + 60, "org": "org_0", "role": "admin"}
    return {name: value for name, value in (plain | members).items() if value is not None}


WRONG_CLAIMS: list[dict[str, Any]] = [
    {"aud": "matching"},
    {"exp": int(time.time()) - 5},
    {"exp": None},
    {"exp": float("inf")},
    {"iat": int(time.time()) + 10_000},
    {"org": None},
    {"role": "root"},
    {"iss": "nobody"},
    {"iss": "matching"},
]


@pytest.mark.parametrize("wrong", WRONG_CLAIMS, ids=lambda wrong: str(*wrong))
def test_a_token_with_a_wrong_claim_is_not_believed(signer, wrong):
    verifier = Verifier("catalog", {GATEWAY: signer.public_key(), "matching": signer.public_key()})
    assert verifier.principal(jwt.encode(claims(), signer._key, "EdDSA")).role == "admin"
    with pytest.raises(Untrusted):
        verifier.principal(jwt.encode(claims(**wrong), signer._key, "EdDSA"))


def test_a_token_that_nobody_trusted_signed_is_not_believed(signer):
    verifier = Verifier("catalog", {GATEWAY: signer.public_key()})
    forged = [
        jwt.encode(claims(), None, "none"),
        jwt.encode(claims(), signer.public_key(), "HS256"),
        Signer(GATEWAY, b"66" * 32).token(ADMIN, "catalog"),
        signer.token(ADMIN, "catalog")[:-4] + "AAAA",
        *("", ".", "..", "a.b.c", "W10.W10.W10", "." * 1000),
    ]
    for token in forged:
        with pytest.raises(Untrusted):
            verifier.principal(token)
