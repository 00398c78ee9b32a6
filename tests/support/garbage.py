"""Raw garbage for an HTTP server: requests that no client library would send, made from a seed."""

import json
import random
import select
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPResponse

PATIENCE_SECONDS = 0.5
PATHS = [
    "/v1/needs",
    "/v1/offerings",
    "/v1/offerings/search",
    "/v1/providers",
    "/v1/imports",
    "/v1/changes",
    "/v1/keys",
    "/v1/categories",
    "/v1/match-runs/run_0",
    "/openapi.json",
    "/",
    "/docs",
]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW", "get", "G\x01T", "P" * 300]
TEXTS = ["\\ud800", "\\u0000", "需要一套MES", "' OR 1=1 --", "<script>alert(1)</script>", "%s%n", "💥" * 50, "", " "]
SCALARS = ["NaN", "1e400", "-1", "9" * 400, "true", "null", "[]", "{}", '"x"', "1.5", "Infinity", "0x10", "１"]
KEYS = ["text", "enterprise", "profile", "top_k", "as_of", "name", "categories", "price", "__proto__", "region"]
HEADERS = [
    "Content-Length",
    "Transfer-Encoding",
    "Authorization",
    "Idempotency-Key",
    "If-Match",
    "Content-Type",
    "Host",
]


@dataclass
class Outcome:
    """What the server answered: how often each status, and every answer that broke a rule."""

    statuses: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    closed: int = 0


def requests(seed: int, count: int, key: str) -> Iterator[bytes]:
    """`count` raw requests; about half carry a valid key, so that they reach behind the door."""
    dice = random.Random(seed)
    for _ in range(count):
        yield _request(dice, key)


def send(port: int, request: bytes, outcome: Outcome) -> None:
    """Send one request on a connection of its own and judge the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        try:
            connection.sendall(request)
            if not select.select([connection], [], [], PATIENCE_SECONDS)[0]:
                connection.shutdown(socket.SHUT_WR)  # it waits for a body that will never come
            answer = HTTPResponse(connection, method=request.split(b" ", 1)[0].decode("latin-1"))
            answer.begin()
            body = answer.read()
        except (OSError, ValueError):
            outcome.closed += 1  # no HTTP at all was said; closing is the right answer
            return
        except Exception as failure:
            outcome.closed += isinstance(failure, EOFError) or "BadStatusLine" in type(failure).__name__
            return
    outcome.statuses[answer.status] += 1
    kind = answer.headers.get("content-type", "")
    told = answer.status < 400 or request.startswith(b"HEAD") or kind.startswith("application/problem+json")
    if answer.status >= 500 or not told:
        outcome.broken.append(f"{answer.status} {kind} for {request[:300]!r}: {body[:200]!r}")


def _request(dice: random.Random, key: str) -> bytes:
    method = dice.choice(METHODS) if dice.random() < 0.3 else dice.choice(METHODS[:5])
    body = _body(dice) if method in {"POST", "PUT", "PATCH"} or dice.random() < 0.2 else b""
    lines = [f"{method} {_target(dice)} HTTP/{dice.choice(['1.1'] * 9 + ['1.0', '2.0', '9'])}", "Host: localhost"]
    if dice.random() < 0.6:
        lines.append(f"Authorization: Bearer {key}")
    if body:
        lines.append(
            f"Content-Type: {dice.choice(['application/json'] * 8 + ['text/plain', 'multipart/form-data', '?'])}"
        )
    lines.append(_length(dice, body))
    if dice.random() < 0.3:
        lines.append(f"{dice.choice(HEADERS)}: {dice.choice([*TEXTS, *SCALARS, 'chunked', 'a' * 9000])}")
    lines.append("Connection: close")
    return "\r\n".join(line for line in lines if line).encode("utf-8", "replace") + b"\r\n\r\n" + body


def _target(dice: random.Random) -> str:
    target = dice.choice(PATHS)
    if dice.random() < 0.3:
        target += "/" + dice.choice(["%00", "%ff%fe", "..%2f..", "a" * 2000, "%F0%9F%92%A5", "off_1/publish", "//"])
    if dice.random() < 0.4:
        target += "?" + dice.choice(["limit", "cursor", "q", "category", "nonsense", "as_of", "%00", "after"])
        target += "=" + dice.choice(["%00", "%ff", "-1", "x" * 3000, "1&limit=2", "%E9%9C%80", "'", "1e9", ""])
    return target


def _length(dice: random.Random, body: bytes) -> str:
    draw = dice.random()
    if draw < 0.85:
        return f"Content-Length: {len(body)}"
    if draw < 0.9:
        return f"Content-Length: {dice.choice(['-1', 'x', '99999999999', '1'])}"
    return dice.choice(["Transfer-Encoding: chunked", ""])


def _body(dice: random.Random) -> bytes:
    draw = dice.random()
    if draw < 0.1:
        return dice.randbytes(dice.randrange(200))
    if draw < 0.2:
        return b"[" * dice.randrange(1, 5000)
    if draw < 0.3:
        return json.dumps({"text": "仓库老是发错货", "enterprise": {"region": "330100"}}).encode()
    return _value(dice, 3).encode("utf-8", "surrogatepass")


def _value(dice: random.Random, depth: int) -> str:
    draw = dice.random()
    if depth == 0 or draw < 0.3:
        return dice.choice(SCALARS)
    if draw < 0.5:
        return f'"{dice.choice(TEXTS)}"'
    if draw < 0.6:
        return "[" + ",".join(_value(dice, depth - 1) for _ in range(dice.randrange(4))) + "]"
    members = (f'"{dice.choice(KEYS)}":{_value(dice, depth - 1)}' for _ in range(dice.randrange(5)))
    return "{" + ",".join(members) + "}"
