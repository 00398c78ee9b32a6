"""The services behind the door, and the way to them: the only HTTP client of the gateway."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol

import aiohttp
from yarl import URL

from services.gateway.tokens import Tokens
from shared import problems
from shared.contracts.wire import Text
from shared.logs import log
from shared.principal import Principal

_PASSED_IN = frozenset(b"content-type accept idempotency-key if-match if-none-match traceparent".split())
"""The header fields of a client that a service gets to see."""

_KEPT_BACK = frozenset(
    b"connection keep-alive transfer-encoding te trailer upgrade proxy-authenticate content-length content-encoding "
    b"date server x-request-id set-cookie".split()
)
"""The header fields of a service that belong to its own connection, not to the answer."""

Fields = list[tuple[str, str]]
"""Header fields of a request as an HTTP client takes them."""
Headers = list[tuple[bytes, bytes]]
"""Header fields as they stand on the wire."""


@dataclass(frozen=True)
class Call:
    """A request as it is sent on: `target` is the encoded path with its query."""

    method: str
    target: str
    headers: Iterable[tuple[bytes, bytes]]
    body: bytes
    request_id: str


@dataclass(frozen=True)
class Answer:
    """A service's answer, whole."""

    status: int
    headers: Headers
    body: bytes


class NoAnswer(Exception):
    """The service cannot be reached, or what came was no whole answer."""


class TooSlow(Exception):
    """The service was reached and did not answer in time."""


class Way(Protocol):
    """How a service is reached: over the network, or, in tests, within one process."""

    async def ask(self, method: str, target: str, fields: Fields, body: bytes, seconds: float) -> Answer:
        """What the service answers; NoAnswer or TooSlow when nothing whole comes in time."""

    async def close(self) -> None:
        """Give back what was held."""


class Network:
    """The way over HTTP: as it is asked so it is sent, as it is answered so it is given back.

    No proxy of the environment, no redirect followed, nothing decompressed, no cookie kept. A GET whose connection
    closes before anything is answered is sent once more on another, and so are PUT and DELETE, which do the same when
    done twice; POST and PATCH never are.
    """

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, method: str, target: str, fields: Fields, body: bytes, seconds: float) -> Answer:
        """What the service answers."""
        if self._session is None:  # it belongs to the loop that asks
            self._session = _session()
        try:
            async with self._session.request(
                method,
                URL(self._url + target, encoded=True),
                headers=fields,
                data=BytesIO(body) if body else None,  # as bytes a large one would be warned of
                timeout=aiohttp.ClientTimeout(total=seconds, connect=_CONNECT_SECONDS),
                allow_redirects=False,
            ) as got:
                return Answer(got.status, list(got.raw_headers), await got.read())
        except aiohttp.ConnectionTimeoutError:
            raise NoAnswer from None
        except TimeoutError:
            raise TooSlow from None
        except aiohttp.ClientError:
            raise NoAnswer from None

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()


class Upstream:
    """One service behind the door."""

    def __init__(self, name: str, way: Way, tokens: Tokens, seconds: float) -> None:
        self.name = name
        self._way = way
        self._tokens = tokens
        self._seconds = seconds

    async def send(self, call: Call, caller: Principal) -> Answer:
        """The service's answer to a caller; Unavailable or GatewayTimeout when there is none."""
        fields = [_field(name, value) for name, value in call.headers if name in _PASSED_IN]
        fields.append(("authorization", f"Bearer {self._tokens.of(caller)}"))
        fields.append(("x-request-id", call.request_id))
        got = await self._ask(call.method, call.target, fields, call.body, self._seconds)
        if got.status == 401:
            # The caller's key was good: it is our own signature that the service does not believe.
            log.error("signature refused", service=self.name, request_id=call.request_id)
            raise problems.Unavailable(_silent(self.name))
        return Answer(got.status, [item for item in got.headers if item[0].lower() not in _KEPT_BACK], got.body)

    async def document(self) -> bytes:
        """The service's own OpenAPI document."""
        return await self._read("/openapi.json", 5)

    async def readiness(self) -> dict[str, Any]:
        """What the service's own `/readyz` tells; Unavailable when it is not ready."""
        told: dict[str, Any] = json.loads(await self._read("/readyz", 3))
        return told

    async def close(self) -> None:
        """Give the connections back."""
        await self._way.close()

    async def _read(self, path: str, seconds: float) -> bytes:
        got = await self._ask("GET", path, [], b"", seconds)
        if got.status != 200:
            raise problems.Unavailable(_silent(self.name))
        return got.body

    async def _ask(self, method: str, target: str, fields: Fields, body: bytes, seconds: float) -> Answer:
        try:
            return await self._way.ask(method, target, fields, body, seconds)
        except NoAnswer:
            raise problems.Unavailable(_silent(self.name)) from None
        except TooSlow:
            raise problems.GatewayTimeout from None


_CONNECT_SECONDS = 2
"""For finding a free connection and opening it."""
_AT_ONCE = 100
_IDLE_SECONDS = 3
"""Idle connections are dropped before uvicorn's 5 seconds, so that a request never meets one just being closed."""


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=_AT_ONCE, keepalive_timeout=_IDLE_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"accept-encoding": "identity"},
        skip_auto_headers=("accept", "content-type", "user-agent"),
        auto_decompress=False,
        trust_env=False,
    )


def _field(name: bytes, value: bytes) -> tuple[str, str]:
    """A field as the client sends it on, byte for byte."""
    try:
        return name.decode(), value.decode()
    except UnicodeDecodeError:
        field = name.decode("latin-1")
        raise problems.BadRequest(Text(zh=f"{field} 不是合法的 UTF-8", en=f"{field} is not valid UTF-8")) from None


def _silent(name: str) -> Text:
    return Text(zh=f"{name} 服务暂不可用，请稍后重试", en=f"the service {name} does not answer now: try again later")
