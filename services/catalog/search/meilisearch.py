"""The HTTP client of a Meilisearch server: pooled, with a deadline for the whole answer, retrying only what is safe.

The official package opens a new connection for each call and has no deadline, so it serves the control plane only
(`meilisearch_control`). Here a call gives the parsed answer, or raises Refused (the server said no, with its code)
or Unreachable (no sensible answer in time).
"""

import json
import random
import time
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
        if breaker is not None and not breaker.lets_through():
            raise Unreachable("the search engine failed lately and is left alone for a moment")
        try:
            answer = self._tried(method, path, body)
        except Refused:
            self._worked()
            raise
        except _Busy as busy:
            if breaker is not None:
                breaker.told_to_wait(busy.seconds)
            raise Unreachable("the search engine is overloaded") from busy
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, ValueError, _TooLong) as failure:
            if breaker is not None:
                breaker.failed()
            raise Unreachable(f"the search engine does not answer: {type(failure).__name__}") from failure
        self._worked()
        return answer

    def _worked(self) -> None:
        if self._breaker is not None:
            self._breaker.succeeded()

    def _tried(self, method: str, path: str, body: Any) -> Any:
        """One call, and one more where nothing was done: no connection, or a server that is too busy."""
        deadline = time.monotonic() + self._seconds
        try:
            return self._once(method, path, body, deadline)
        except (httpx2.ConnectError, _Busy):
            pause = random.uniform(0.02, 0.08)  # noqa: S311 - spreads the tries, hides nothing
            if time.monotonic() + pause + CONNECT_SECONDS > deadline:
                raise
            time.sleep(pause)
            return self._once(method, path, body, deadline)

    def _once(self, method: str, path: str, body: Any, deadline: float) -> Any:
        content = None if body is None else _encoded(body)
        headers = None if body is None else {"Content-Type": "application/json"}
        with self._client.stream(method, path, content=content, headers=headers) as answer:
            read = bytearray()
            for chunk in answer.iter_bytes():
                read += chunk
                if time.monotonic() > deadline or len(read) > MOST_BYTES:
                    raise _TooLong
        if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
            raise _Busy(_seconds(answer.headers.get("Retry-After")))
        said = json.loads(bytes(read))
        if answer.is_success:
            return said
        if answer.is_server_error or not isinstance(said, dict):
            raise ValueError("not an answer of this server")
        raise Refused(answer.status_code, str(said.get("code")))


class _TooLong(Exception):
    """The answer takes longer, or is larger, than anything sensible."""


class _Busy(Exception):
    """The server sheds load (503), and may have said for how long."""

    def __init__(self, seconds: float) -> None:
        super().__init__("503")
        self.seconds = seconds


def _seconds(said: str | None) -> float:
    return float(said) if said is not None and said.isdigit() else _RETRY_AFTER_SECONDS


def _encoded(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
