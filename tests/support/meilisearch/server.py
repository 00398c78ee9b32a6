"""The state of a server and the verbs of its routes."""

import threading
from collections.abc import Callable
from typing import Any

from tests.support.meilisearch import access, shapes
from tests.support.meilisearch.access import Keys, authorised
from tests.support.meilisearch.errors import ApiError, index_not_found
from tests.support.meilisearch.indexes import Index
from tests.support.meilisearch.shapes import UID, checked, required
from tests.support.meilisearch.tasks import Tasks

VERSION = "1.50.0"
Answer = tuple[int, Any]


class Call:
    """A request, and what its key may touch."""

    def __init__(self, body: Any, query: dict[str, str], patterns: list[str], parts: tuple[str, ...]) -> None:
        self.body = body
        self.query = query
        self.patterns = patterns
        self.parts = parts

    def index(self, uid: str) -> str:
        """An index that the key may touch."""
        if not UID.fullmatch(uid):
            raise ApiError("invalid_index_uid", f"`{uid}` is not a valid index uid.")
        if not authorised(self.patterns, uid):
            raise access.refused()
        return uid


class FakeServer:
    """A server with a master key."""

    def __init__(self, master: str, task_seconds: float = 0.001) -> None:
        self.keys = Keys(master)
        self.indexes: dict[str, Index] = {}
        self.tasks = Tasks(task_seconds)
        self.lock = threading.RLock()
        self.calls: list[tuple[str, str]] = []
        """Every request so far, as (method, path)."""

    def create_index(self, call: Call) -> Answer:
        body = checked(call.body, shapes.NEW_INDEX)
        required(body, ("uid", "missing_index_uid"))
        uid = call.index(body["uid"])

        def work() -> dict[str, Any]:
            with self.lock:
                if uid in self.indexes:
                    raise ApiError("index_already_exists", f"Index `{uid}` already exists.")
                self.indexes[uid] = Index(uid, body.get("primaryKey"))
            return {"primaryKey": body.get("primaryKey")}

        return 202, self.tasks.add("indexCreation", uid, work, lambda: [uid])

    def list_indexes(self, call: Call) -> Answer:
        for name in ("offset", "limit"):
            if not call.query.get(name, "0").isdigit():
                raise ApiError(f"invalid_index_{name}", f"Invalid value in parameter `{name}`")
        offset, limit = int(call.query.get("offset", "0")), int(call.query.get("limit", "20"))
        seen = sorted(uid for uid in self.indexes if authorised(call.patterns, uid))
        moment = "2026-11-27T00:00:00Z"
        results = [
            {"uid": uid, "createdAt": moment, "updatedAt": moment, "primaryKey": self.indexes[uid].primary_key}
            for uid in seen[offset : offset + limit]
        ]
        return 200, {"results": results, "offset": offset, "limit": limit, "total": len(seen)}

    def delete_index(self, call: Call) -> Answer:
        uid = call.index(call.parts[0])

        def work() -> dict[str, Any]:
            with self.lock:
                return {"deletedDocuments": len(self._present(uid, pop=True).documents)}

        return 202, self.tasks.add("indexDeletion", uid, work, lambda: [uid])

    def update_settings(self, call: Call) -> Answer:
        uid = call.index(call.parts[0])
        given = checked(call.body, shapes.SETTINGS)

        def work() -> dict[str, Any]:
            with self.lock:
                self._implied(uid).configure(given)
            return dict(given)

        return 202, self.tasks.add("settingsUpdate", uid, work, lambda: [uid])

    def read_settings(self, call: Call) -> Answer:
        return 200, self._present(call.index(call.parts[0])).settings

    def add_documents(self, call: Call) -> Answer:
        uid = call.index(call.parts[0])
        if not isinstance(call.body, list | dict):
            raise ApiError("malformed_payload", "The json payload provided is malformed.")
        documents = call.body if isinstance(call.body, list) else [call.body]
        if not all(isinstance(document, dict) for document in documents):
            raise ApiError("malformed_payload", "The json payload provided is malformed. Expected an object.")

        def work() -> dict[str, Any]:
            with self.lock:
                indexed = self._implied(uid).add(documents, call.query.get("primaryKey"))
            return {"receivedDocuments": len(documents), "indexedDocuments": indexed}

        return 202, self.tasks.add("documentAdditionOrUpdate", uid, work, lambda: [uid])

    def delete_documents(self, call: Call) -> Answer:
        uid = call.index(call.parts[0])
        if not isinstance(call.body, list):
            raise ApiError("malformed_payload", "The json payload provided is malformed. Expected an array.")

        def work() -> dict[str, Any]:
            with self.lock:
                gone = self._present(uid).delete(call.body)
            return {"providedIds": len(call.body), "deletedDocuments": gone, "originalFilter": None}

        return 202, self.tasks.add("documentDeletion", uid, work, lambda: [uid])

    def swap(self, call: Call) -> Answer:
        if not isinstance(call.body, list):
            raise ApiError("bad_request", "Invalid value type: expected an array")
        pairs = [checked(pair, shapes.SWAP, f"[{at}]") for at, pair in enumerate(call.body)]
        for pair in pairs:
            required(pair, ("indexes", "missing_swap_indexes"))
            if len(pair["indexes"]) != 2:
                raise ApiError("invalid_swap_indexes", "Two indexes must be given for each swap.")
        named = [call.index(uid) for pair in pairs for uid in pair["indexes"]]
        if len(set(named)) < len(named):
            raise ApiError("invalid_swap_duplicate_index_found", "Indexes must be declared only once during a swap.")

        def work() -> dict[str, Any]:
            with self.lock:
                for one, other in (pair["indexes"] for pair in pairs):
                    first, second = self._present(one), self._present(other)
                    self.indexes[one], self.indexes[other] = second, first
            return {"swaps": pairs}

        return 202, self.tasks.add("indexSwap", None, work, lambda: named)

    def read_task(self, call: Call) -> Answer:
        found = self.tasks.view(int(call.parts[0]))
        if found is None or not all(authorised(call.patterns, uid) for uid in found[1]):
            raise ApiError("task_not_found", f"Task `{call.parts[0]}` not found.")
        return 200, found[0]

    def search(self, call: Call) -> Answer:
        uid = call.index(call.parts[0])
        asked = checked(call.body, shapes.SEARCH)
        with self.lock:
            return 200, self._present(uid).search(asked)

    def multi_search(self, call: Call) -> Answer:
        body = checked(call.body, {"queries": (lambda value: isinstance(value, list), "bad_request")})
        uid_too = {**shapes.SEARCH, "indexUid": (shapes.text, "invalid_index_uid")}
        results = []
        for at, asked in enumerate(body["queries"]):
            checked(asked, uid_too, f".queries[{at}]")
            required(asked, ("indexUid", "missing_index_uid"))
            uid = call.index(asked["indexUid"])
            with self.lock:
                results.append({"indexUid": uid, **self._present(uid).search(asked)})
        return 200, {"results": results}

    def create_key(self, call: Call) -> Answer:
        return 201, self.keys.create(call.body)

    def read_key(self, call: Call) -> Answer:
        return 200, self.keys.find(call.parts[0])

    def delete_key(self, call: Call) -> Answer:
        self.keys.delete(call.parts[0])
        return 204, None

    def version(self, _call: Call) -> Answer:
        return 200, {"commitSha": "unknown", "commitDate": "unknown", "pkgVersion": VERSION}

    def health(self, _call: Call) -> Answer:
        return 200, {"status": "available"}

    def _present(self, uid: str, pop: bool = False) -> Index:
        if uid not in self.indexes:
            raise index_not_found(uid)
        return self.indexes.pop(uid) if pop else self.indexes[uid]

    def _implied(self, uid: str) -> Index:
        """Documents and settings make an index that is not there yet."""
        return self.indexes.setdefault(uid, Index(uid, None))


Verb = Callable[[FakeServer, Call], Answer]
ROUTES: tuple[tuple[str, str, str | None, Verb, tuple[str, ...]], ...] = (
    # method, path, the action that a key must permit, the verb, the query parameters that it knows
    ("GET", "/health", None, FakeServer.health, ()),
    ("GET", "/version", "version", FakeServer.version, ()),
    ("GET", "/indexes", "indexes.get", FakeServer.list_indexes, ("offset", "limit")),
    ("POST", "/indexes", "indexes.create", FakeServer.create_index, ()),
    ("DELETE", "/indexes/([^/]+)", "indexes.delete", FakeServer.delete_index, ()),
    ("GET", "/indexes/([^/]+)/settings", "settings.get", FakeServer.read_settings, ()),
    ("PATCH", "/indexes/([^/]+)/settings", "settings.update", FakeServer.update_settings, ()),
    ("POST", "/indexes/([^/]+)/documents", "documents.add", FakeServer.add_documents, ("primaryKey",)),
    ("POST", "/indexes/([^/]+)/documents/delete-batch", "documents.delete", FakeServer.delete_documents, ()),
    ("POST", "/indexes/([^/]+)/search", "search", FakeServer.search, ()),
    ("POST", "/multi-search", "search", FakeServer.multi_search, ()),
    ("POST", "/swap-indexes", "indexes.swap", FakeServer.swap, ()),
    ("GET", "/tasks/([0-9]+)", "tasks.get", FakeServer.read_task, ()),
    ("POST", "/keys", "keys.create", FakeServer.create_key, ()),
    ("GET", "/keys/([^/]+)", "keys.get", FakeServer.read_key, ()),
    ("DELETE", "/keys/([^/]+)", "keys.delete", FakeServer.delete_key, ()),
)
