"""Asking a server that may be busy or away: the same request again, until it answers or patience ends."""

import time
from collections.abc import Mapping

import httpx2

ATTEMPTS = 6
_BUSY = (409, 503, 504)
_TOO_MANY = 429


def post(client: httpx2.Client, path: str, body: bytes, headers: Mapping[str, str]) -> httpx2.Response:
    """The last answer, whatever it is; raises httpx2.TransportError when there was none at all.

    Asked again it must be harmless: give an Idempotency-Key. A server that says "too many" is obeyed for as long as it
    takes.
    """
    attempt = 0
    while True:
        attempt += 1
        try:
            answer = client.post(path, content=body, headers=dict(headers))
        except httpx2.TransportError:
            if attempt == ATTEMPTS:
                raise
            time.sleep(attempt)
            continue
        attempt -= answer.status_code == _TOO_MANY
        if answer.status_code not in (*_BUSY, _TOO_MANY) or attempt == ATTEMPTS:
            return answer
        time.sleep(int(answer.headers.get("Retry-After", attempt)))
