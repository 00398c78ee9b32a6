"""Tasks: taken with a 202, done later one after the other, and only then found to succeed or to fail."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.support.meilisearch.errors import ApiError

Work = Callable[[], dict[str, Any]]
"""Does the work and gives the details of the task, or raises ApiError."""
Listed = Callable[[], list[str]]


class Tasks:
    """The one scheduler of a server."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Condition()
        self._works: list[tuple[Work, Listed]] = []
        self._views: list[dict[str, Any]] = []
        self._stopped = False
        self.held = threading.Event()
        """While it is clear nothing is done."""
        self.held.set()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def add(self, kind: str, uid: str | None, work: Work, indexes: Listed) -> dict[str, Any]:
        """Take a task; gives the summary that the 202 answers."""
        with self._lock:
            view = {"uid": len(self._views), "batchUid": None, "indexUid": uid, "status": "enqueued", "type": kind}
            view |= {"canceledBy": None, "details": {}, "error": None, "duration": None}
            view |= {"enqueuedAt": _now(), "startedAt": None, "finishedAt": None}
            self._views.append(view)
            self._works.append((work, indexes))
            self._lock.notify()
            summary = {"taskUid": view["uid"], "indexUid": uid, "status": "enqueued", "type": kind}
            return summary | {"enqueuedAt": view["enqueuedAt"]}

    def view(self, number: int) -> tuple[dict[str, Any], list[str]] | None:
        """A task as it stands, and the indexes that it is about."""
        with self._lock:
            if number >= len(self._views):
                return None
            return dict(self._views[number]), self._works[number][1]()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            self._lock.notify()
        self.held.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        for number in _counting():
            with self._lock:
                while len(self._works) <= number and not self._stopped:
                    self._lock.wait()
                if self._stopped:
                    return
            self.held.wait()
            self._do(number)

    def _do(self, number: int) -> None:
        time.sleep(self._seconds)
        self._change(number, status="processing", startedAt=_now(), batchUid=number)
        time.sleep(self._seconds)
        try:
            details = self._works[number][0]()
        except ApiError as failed:
            self._change(number, status="failed", error=failed.document())
        else:
            self._change(number, status="succeeded", details=details)

    def _change(self, number: int, **members: Any) -> None:
        with self._lock:
            if members["status"] != "processing":
                members |= {"finishedAt": _now(), "duration": "PT0.01S"}
            self._views[number] |= members


def _counting() -> Any:
    number = 0
    while True:
        yield number
        number += 1


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")
