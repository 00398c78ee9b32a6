"""Needs asked through the public API, several at once: each is stored, explained, and can be verified."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx2

from services.commands import patience
from services.commands.results import Line

_AHEAD = 4
"""Needs asked before the answer to the oldest is taken, for each of those at once."""
_FINAL = (201, 400, 413, 422)


class NoAnswer(Exception):
    """The server gave no answer that belongs to the need."""


def rows(client: httpx2.Client, todo: Sequence[Line], job: str, at_once: int) -> Iterator[dict[str, Any]]:
    """The result of each need, in their order. The first failure ends it: NoAnswer or httpx2.TransportError."""
    waiting: deque[Future[dict[str, Any]]] = deque()
    with ThreadPoolExecutor(at_once) as pool:
        try:
            for line in todo:
                if len(waiting) == _AHEAD * at_once:
                    yield waiting.popleft().result()
                waiting.append(pool.submit(ask, client, line, job))
            while waiting:
                yield waiting.popleft().result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def ask(client: httpx2.Client, line: Line, job: str) -> dict[str, Any]:
    """The result of one need. Asked again in the same job, the server gives the same answer again."""
    body, reference = line.taken_apart()
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"{job}-{line.number}-{line.digest[:16]}"}
    got = patience.post(client, "/v1/needs", body, headers)
    if got.status_code not in _FINAL:
        raise NoAnswer(_reason(got))
    return line.row(reference, got.status_code, "answer" if got.status_code == 201 else "problem", got.json())


def _reason(got: httpx2.Response) -> str:
    try:
        return f"{got.status_code} {got.json()['title']}"
    except (ValueError, KeyError, TypeError):
        return str(got.status_code)
