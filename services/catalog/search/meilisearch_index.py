"""The port on a Meilisearch server (services.catalog.search.port.Index).

The index is searched under one name. A version that is built beside it has a name of its own until the two are
swapped, and the index's own notes (its mark, a request to build it anew) are entries of the index itself: so they are
swapped with it, and a lost index has lost its mark too.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from services.catalog.search import documents, meilisearch_queries
from services.catalog.search.breaker import Breaker
from services.catalog.search.meilisearch import WRITE_SECONDS, Refused, Server
from services.catalog.search.meilisearch_control import TASK_SECONDS, Control, TaskFailed
from services.catalog.search.meilisearch_settings import ENTRY, MARK, OFFERING, PRIMARY_KEY, REQUEST
from services.catalog.search.port import Document, Hits, Query, Unreachable, Unsearchable
from shared import identifiers
from shared.logs import log

BESIDE = "__"
"""Between the name of the index and that of a version that is not yet it."""
BATCH = 1000
_POLL_SECONDS = (0.01, 0.02, 0.05, 0.1, 0.25)


class Version:
    """An index of the server that is written to (services.catalog.search.port.Target)."""

    def __init__(self, server: Server, uid: str) -> None:
        self._server = server
        self._path = f"/indexes/{quote(uid, safe='')}/documents"
        self._tasks: list[int] = []
        self.uid = uid

    def put(self, found: Iterable[Document]) -> None:
        """Add or replace documents."""
        waiting = [entry(document) for document in found]
        for start in range(0, len(waiting), BATCH):
            self._begin(f"?primaryKey={PRIMARY_KEY}", waiting[start : start + BATCH])

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents out."""
        leaving = list(ids)
        if leaving:
            self._begin("/delete-batch", leaving)

    def confirm(self, mark: str) -> None:
        """Wait until all tasks have succeeded, and only then write the mark."""
        self._await()
        self.note(MARK, mark=mark, form=documents.form())

    def note(self, kind: str, **members: str) -> None:
        """Write one of the index's own notes."""
        self._begin(f"?primaryKey={PRIMARY_KEY}", [{PRIMARY_KEY: kind, ENTRY: kind, **members}])
        self._await()

    def _begin(self, path: str, body: Any) -> None:
        try:
            self._tasks.append(int(self._server.post(self._path + path, body)["taskUid"]))
        except (KeyError, TypeError, ValueError) as garbage:
            raise Unreachable("the search engine does not answer as documented") from garbage
        except Refused as refused:
            raise _unusable(refused) from refused

    def _await(self) -> None:
        """Wait for every task begun, in their order; whatever became of them, they are not waited for again."""
        tasks, self._tasks = self._tasks, []
        deadline = time.monotonic() + TASK_SECONDS
        for uid in tasks:
            task = self._ended(uid, deadline)
            if task.get("status") != "succeeded":
                code = (task.get("error") or {}).get("code", task.get("status"))
                if code == "index_not_found":
                    raise Unsearchable("the index is gone")
                raise TaskFailed(str(task.get("type")), str(code))

    def _ended(self, uid: int, deadline: float) -> Mapping[str, Any]:
        for pause in self._pauses(deadline):
            try:
                task = self._server.get(f"/tasks/{uid}")
            except Refused as refused:
                raise _unusable(refused) from refused
            if not isinstance(task, dict):
                raise Unreachable("the search engine does not answer as documented")
            if task.get("status") not in ("enqueued", "processing"):
                return task
            time.sleep(pause)
        raise Unreachable("a task of the search engine does not end")

    @staticmethod
    def _pauses(deadline: float) -> Iterable[float]:
        yield from _POLL_SECONDS
        while time.monotonic() < deadline:
            yield _POLL_SECONDS[-1]


class NewVersion(Version):
    """A version that is built beside the present one (services.catalog.search.port.Building)."""

    def __init__(self, server: Server, control: Control, uid: str, swapped: Callable[[], None]) -> None:
        super().__init__(server, f"{uid}{BESIDE}{identifiers.new('idx').removeprefix('idx_')}")
        self._control = control
        self._home = uid
        self._swapped = swapped
        control.create(self.uid)

    def swap(self) -> None:
        """Exchange it with the index that is searched, whose former content is deleted then."""
        self._await()
        self._control.ensure(self._home)
        self._control.swap(self._home, self.uid)
        self._swapped()
        for former in self._control.indexes(self._home + BESIDE):
            try:
                self._control.delete(former)
            except (Refused, TaskFailed, Unreachable) as left:
                log.warning("a former index is left behind", index=former, kind=type(left).__name__)

    def drop(self) -> None:
        """Delete it, if the server lets us; the next swap deletes it otherwise."""
        try:
            self._control.delete(self.uid)
        except (Refused, TaskFailed, Unreachable) as left:
            log.warning("an unfinished index is left behind", index=self.uid, kind=type(left).__name__)


class MeilisearchIndex:
    """The index on a server. Searching and writing are given different keys, so one object does one of them."""

    def __init__(self, url: str, key: str, uid: str, *, search_seconds: float, notes_kept: float = 0.0) -> None:
        self._uid = uid
        self._notes_kept = notes_kept
        self._searching = Server(url, key, search_seconds, Breaker())
        self._writing = Server(url, key, WRITE_SECONDS)
        self._control = Control(url, key)
        self._present = Version(self._writing, uid)
        self._noted: tuple[float, str | None, bool] | None = None

    def put(self, found: Iterable[Document]) -> None:
        """Add or replace documents."""
        self._present.put(found)

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents out."""
        self._present.remove(ids)

    def confirm(self, mark: str) -> None:
        """Wait for the server's own confirmation, then write the mark."""
        self._present.confirm(mark)
        self._forget_notes()

    def beside(self) -> NewVersion:
        """Begin a new version."""
        return NewVersion(self._writing, self._control, self._uid, self._forget_notes)

    def mark(self) -> str | None:
        """The last mark; null when there is no index of the present form."""
        return self._notes()[0]

    def ask_anew(self) -> None:
        """Leave a note in the index; it goes when the index is swapped."""
        if self.mark() is None:
            raise Unsearchable("there is no index yet")
        self._present.note(REQUEST)
        self._forget_notes()

    def asked_anew(self) -> bool:
        """Whether that note is there."""
        return self._notes()[1]

    def search(self, query: Query) -> Hits:
        """Find in what the server has finished; Unreachable within about a second when it does not answer."""
        try:
            answer = self._searching.post("/multi-search", meilisearch_queries.body(self._uid, query))
        except Refused as refused:
            raise _unusable(refused) from refused
        return meilisearch_queries.hits(answer)

    def close(self) -> None:
        """Give the connections back."""
        self._searching.close()
        self._writing.close()

    def _forget_notes(self) -> None:
        self._noted = None

    def _notes(self) -> tuple[str | None, bool]:
        """The mark and whether a rebuild is asked for; the indexer, who asks many times a second, keeps it a moment."""
        now = time.monotonic()
        if self._noted is None or now - self._noted[0] >= self._notes_kept:
            self._noted = (now, *self._read_notes())
        return self._noted[1:]

    def _read_notes(self) -> tuple[str | None, bool]:
        try:
            answer = self._searching.post("/multi-search", meilisearch_queries.notes(self._uid))
        except Refused as refused:
            if isinstance(failure := _unusable(refused), Unreachable):
                raise failure from refused
            return None, False
        return meilisearch_queries.read_notes(answer)


def entry(document: Document) -> dict[str, Any]:
    """A document as an entry of the index. What is not known is left out, for a null could be taken for a value."""
    members: dict[str, Any] = {PRIMARY_KEY: document.id, ENTRY: OFFERING, "published": document.published}
    members |= document.texts
    members |= {name: list(codes) for name, codes in document.codes.items()}
    if document.price is not None:
        members["price"] = document.price
    if document.valid_until is not None:
        members["valid_until"] = document.valid_until.toordinal()
    return members


_OTHER_INDEX = ("index_not_found", "invalid_search_filter", "invalid_search_sort", "invalid_search_facets")


def _unusable(refused: Refused) -> Unsearchable:
    """What a refusal means: no index, or one with other settings; else something that building anew cannot mend."""
    if refused.code in _OTHER_INDEX:
        return Unsearchable("there is no index of the present form")
    log.error("the search engine refuses", status=refused.status, code=refused.code)
    return Unreachable(f"the search engine refuses: {refused.code}")
