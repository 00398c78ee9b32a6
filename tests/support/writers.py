"""Writers that keep a history: what they sent, under which key, and what was acknowledged."""

import itertools
import random
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.support import records
from tests.support.calling import caller
from tests.support.processes import SystemProcess

TRY_AGAIN = (409, 429, 503, 504)
_numbers = itertools.count(1)


@dataclass
class Write:
    """A creating request. `mark` stands in what it makes and in nothing else."""

    path: str
    role: str
    mark: str
    body: dict[str, Any]
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    answer: dict[str, Any] | None = None
    tries: int = 0


class History:
    """What all writers did; each write is retried with its key until it is acknowledged."""

    def __init__(self, system: SystemProcess, seed: int) -> None:
        self.writes: list[Write] = []
        self.lost_answers: list[Write] = []
        self.refused: list[str] = []
        self._system = system
        self._dice = random.Random(seed)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self, writers: int) -> None:
        """Start the writers."""
        for _ in range(writers):
            thread = threading.Thread(target=self._write, args=(random.Random(self._dice.random()),))
            thread.start()
            self._threads.append(thread)

    def end(self) -> None:
        """Let every writer finish what it is about."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def acknowledged(self) -> list[Write]:
        """Writes that were answered with 201."""
        return [write for write in self.writes if write.answer is not None]

    def _write(self, dice: random.Random) -> None:
        provider_id: str | None = None
        keys = self._system.keys
        with caller(self._system.url, seconds=20) as client:
            while not self._stop.is_set():
                write = _next(dice, provider_id)
                self.writes.append(write)
                self._send(client, keys, write)
                if write.path == "/v1/providers" and write.answer:
                    provider_id = write.answer["id"]

    def _send(self, client: httpx2.Client, keys: dict[str, str], write: Write) -> None:
        while write.answer is None:
            write.tries += 1
            headers = {"Authorization": f"Bearer {keys[write.role]}", "Idempotency-Key": write.key}
            try:
                answer = client.post(write.path, json=write.body, headers=headers)
            except httpx2.TransportError:
                self._stop.wait(0.05)
                continue
            if answer.status_code == 201:
                write.answer = answer.json()
            elif shown_once(write, answer):
                self.lost_answers.append(write)
                return
            elif answer.status_code not in TRY_AGAIN:
                self.refused.append(f"{answer.status_code} {answer.text[:300]}")
                return


def shown_once(write: Write, answer: httpx2.Response) -> bool:
    """Whether a key was made whose answer nobody can see again; 409 with Retry-After is another's turn."""
    return write.path == "/v1/keys" and answer.status_code == 409 and "retry-after" not in answer.headers


def _next(dice: random.Random, provider_id: str | None) -> Write:
    number = next(_numbers)
    mark = f"记号{number}号"
    if provider_id is None or dice.random() < 0.2:
        return Write("/v1/providers", "bureau", mark, records.provider(number, name=mark))
    if dice.random() < 0.5:
        return Write("/v1/offerings", "bureau", mark, records.offering(provider_id, name=mark))
    if dice.random() < 0.8:
        return Write("/v1/needs", "sme", mark, records.need(f"仓库老是发错货，{mark}"))
    return Write("/v1/keys", "admin", mark, {"role": "sme", "organisation": {"name": mark}})


def found(client: httpx2.Client, path: str) -> Iterator[dict[str, Any]]:
    """Every item of a list, page by page."""
    cursor: dict[str, str] = {}
    while True:
        page = client.get(path, params={"limit": "200", **cursor}).raise_for_status().json()
        yield from page["items"]
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}
