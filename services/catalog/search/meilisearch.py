"""The HTTP client of a Meilisearch server: pooled, with a deadline for the whole answer, retrying only what is safe.

The official package opens a new connection for each call and has no deadline, so it serves the control plane only
(`meilisearch_control`). Here a call gives the parsed answer, or raises Refused (the server said no, with its code)
or Unreachable (no sensible answer in time).
"""

import json
import random
import time
from http import HTTPStatus
from typing import Any

import httpx2

from services.catalog.search.breaker import Breaker
from services.catalog.search.port import Unreachable

CONNECT_SECONDS = 0.3
WRITE_SECONDS = 30.0
MOST_BYTES = 16_000_000
_CONNECTIONS = 16
_RETRY_AFTER_SECONDS = 10.0


class Refused(Exception):
    """The server understood and said no; `code` is its documented error code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


class Overloaded(Unreachable):
    """The server sheds load (503), and may have said for how long it wants to be left alone."""

    def __init__(self, seconds: float) -> None:
        super().__init__("the search engine is overloaded")
        self.seconds = seconds


class _NotConnected(Unreachable):
    """There was no connection, so nothing was done."""


class Server:
    """A Meilisearch server, spoken to with one API key. Used from many threads.

    No answer takes longer than `seconds`, give or take the last piece of it. With a breaker it is the way of
    searches: a server that fails again and again is not asked for a while.
    """

    def __init__(self, url: str, key: str, seconds: float, breaker: Breaker | None = None) -> None:
        self._seconds = seconds
        self._breaker = breaker
        self._client = httpx2.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {key}", "Accept": "application/json"},
            timeout=httpx2.Timeout(seconds * 0.8, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
            limits=httpx2.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
            trust_env=False,
        )

    def get(self, path: str) -> Any:
        """The answer to a GET."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: Any) -> Any:
        """The answer to a POST of JSON."""
        return self._ask("POST", path, body)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _ask(self, method: str, path: str, body: Any) -> Any:
        breaker = self._breaker
        if breaker is None:
            return self._tried(method, path, body)
        call = breaker.begin()
        if call is None:
            raise Unreachable("the search engine failed lately and is left alone for a moment")
        try:
            answer = self._tried(method, path, body)
        except Overloaded as busy:
            breaker.told_to_wait(busy.seconds)
            raise
        except Unreachable:
            breaker.failed(call)
            raise
        except Refused:
            breaker.succeeded()
            raise
        breaker.succeeded()
        return answer

    def _tried(self, method: str, path: str, body: Any) -> Any:
        """One call, and one more where nothing was done: no connection, or a server that is too busy."""
        deadline = time.monotonic() + self._seconds
        try:
            return self._once(method, path, body, deadline)
        except (_NotConnected, Overloaded):
            pause = random.uniform(0.02, 0.08)  # noqa: S311 - spreads the tries, hides nothing
            if time.monotonic() + pause + CONNECT_SECONDS > deadline:
                raise
            time.sleep(pause)
            return self._once(method, path, body, deadline)

    def _once(self, method: str, path: str, body: Any, deadline: float) -> Any:
        try:
            status, retry_after, content = self._exchange(method, path, body, deadline)
            if status == HTTPStatus.SERVICE_UNAVAILABLE:
                raise Overloaded(_seconds(retry_after))
            said = json.loads(content)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as failure:
            raise _NotConnected("the search engine cannot be reached") from failure
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, ValueError) as failure:
            raise Unreachable(f"the search engine does not answer: {type(failure).__name__}") from failure
        if status < HTTPStatus.MULTIPLE_CHOICES:
            return said
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or not isinstance(said, dict):
            raise Unreachable(f"the search engine fails: {status}")
        raise Refused(status, str(said.get("code")))

    def _exchange(self, method: str, path: str, body: Any, deadline: float) -> tuple[int, str | None, bytes]:
        content = None if body is None else _encoded(body)
        headers = None if body is None else {"Content-Type": "application/json"}
        with self._client.stream(method, path, content=content, headers=headers) as answer:
            read = bytearray()
            for chunk in answer.iter_bytes():
                read += chunk
                if time.monotonic() > deadline or len(read) > MOST_BYTES:
                    raise Unreachable("the search engine's answer takes too long")
        return answer.status_code, answer.headers.get("Retry-After"), bytes(read)


def _seconds(said: str | None) -> float:
    return float(said) if said is not None and said.isdigit() else _RETRY_AFTER_SECONDS


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
