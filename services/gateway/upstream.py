"""The services behind the door: the only HTTP client of the gateway."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx2

from shared import problems
from shared.contracts.wire import Text
from shared.logs import log
from shared.principal import Principal, Signer

_PASSED_IN = frozenset(b"content-type accept idempotency-key if-match if-none-match traceparent".split())
"""The header fields of a client that a service gets to see."""

_KEPT_BACK = frozenset(
    b"connection keep-alive transfer-encoding te trailer upgrade proxy-authenticate content-length content-encoding "
    b"date server x-request-id set-cookie".split()
)
"""The header fields of a service that belong to its own connection, not to the answer."""

_TOKEN_SECONDS = 20
_TOKENS_AT_MOST = 10_000

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Call:
    """A request as it is sent on: `target` is the encoded path with its query."""

    method: str
    target: str
    headers: Headers
    body: bytes
    request_id: str


@dataclass(frozen=True)
class Answer:
    """A service's answer, whole."""

    status: int
    headers: Headers
    body: bytes


class Tokens:
    """Signed principals, each used for 20 of its 60 seconds: signing one costs as much as half a hop."""

    def __init__(self, signer: Signer, audience: str) -> None:
        self._signer = signer
        self._audience = audience
        self._made: dict[Principal, tuple[str, float]] = {}

    def of(self, caller: Principal) -> str:
        """A token for the caller that is good for at least 40 seconds."""
        now = time.monotonic()
        token, until = self._made.get(caller, ("", 0.0))
        if until <= now:
            if len(self._made) >= _TOKENS_AT_MOST:
                self._made.clear()
            token = self._signer.token(caller, self._audience)
            self._made[caller] = (token, now + _TOKEN_SECONDS)
        return token


class Upstream:
    """One service behind the door."""

    def __init__(self, name: str, url: str, tokens: Tokens, seconds: float, transport: Any = None) -> None:
        self.name = name
        self._tokens = tokens
        # Few idle connections: this client's cost grows with them. They are dropped before uvicorn's 5 seconds,
        # so that a request never meets a connection that is just being closed.
        limits = httpx2.Limits(max_connections=100, max_keepalive_connections=16, keepalive_expiry=3)
        self._client = httpx2.AsyncClient(
            base_url=url,
            transport=transport or httpx2.AsyncHTTPTransport(limits=limits),
            timeout=httpx2.Timeout(seconds, connect=2, pool=2),
            headers={"accept-encoding": "identity"},
            trust_env=False,
        )

    async def send(self, call: Call, caller: Principal) -> Answer:
        """The service's answer to a caller; Unavailable or GatewayTimeout when there is none."""
        headers = [(name, value) for name, value in call.headers if name in _PASSED_IN]
        headers.append((b"authorization", b"Bearer " + self._tokens.of(caller).encode()))
        headers.append((b"x-request-id", call.request_id.encode()))
        got = await self._ask(self._client.build_request(call.method, call.target, headers=headers, content=call.body))
        if got.status_code == 401:
            # The caller's key was good: it is our own signature that the service does not believe.
            log.error("signature refused", service=self.name, request_id=call.request_id)
            raise problems.Unavailable(_silent(self.name))
        kept = [(name, value) for name, value in got.headers.raw if name.lower() not in _KEPT_BACK]
        return Answer(got.status_code, kept, got.content)

    async def document(self) -> bytes:
        """The service's own OpenAPI document."""
        got = await self._ask(self._client.build_request("GET", "/openapi.json", timeout=5))
        if got.status_code != 200:
            raise problems.Unavailable(_silent(self.name))
        return got.content

    async def readiness(self) -> dict[str, Any]:
        """What the service's own `/readyz` tells; Unavailable when it is not ready."""
        got = await self._ask(self._client.build_request("GET", "/readyz", timeout=3))
        if got.status_code != 200:
            raise problems.Unavailable(_silent(self.name))
        told: dict[str, Any] = got.json()
        return told

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def _ask(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return await self._client.send(request)
        except (httpx2.ConnectTimeout, httpx2.PoolTimeout):
            raise problems.Unavailable(_silent(self.name)) from None
        except httpx2.TimeoutException:
            raise problems.GatewayTimeout from None
        except httpx2.HTTPError:
            raise problems.Unavailable(_silent(self.name)) from None


def _silent(name: str) -> Text:
    return Text(zh=f"{name} 服务暂不可用，请稍后重试", en=f"the service {name} does not answer now: try again later")
