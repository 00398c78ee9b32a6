"""The control plane of a Meilisearch server: indexes, settings, swaps and keys, through the official package.

It is synchronous and opens a connection for each call, which does not matter here. Every change is a task whose
outcome is waited for and checked: that the server took a task (202) says nothing about what becomes of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

import meilisearch
from meilisearch.errors import MeilisearchApiError, MeilisearchError

from services.catalog.search.meilisearch import Refused
from services.catalog.search.meilisearch_settings import PRIMARY_KEY, settings
from services.catalog.search.port import Unreachable

TIMEOUT_SECONDS = 30
TASK_SECONDS = 900
_POLL_MS = 25
_ALREADY = "index_already_exists"
T = TypeVar("T")


class TaskFailed(Exception):
    """A task of the server did not succeed; `code` is its documented error code."""

    def __init__(self, kind: str, code: str) -> None:
        super().__init__(f"{kind}: {code}")
        self.code = code


@dataclass(frozen=True)
class Access:
    """An API key as it should be: its fixed uid makes its value a function of the master key."""

    uid: str
    name: str
    description: str
    actions: Sequence[str]
    indexes: Sequence[str]


class Control:
    """What is done to a server's indexes and keys, with one key."""

    def __init__(self, url: str, key: str) -> None:
        self._client = meilisearch.Client(url, key, timeout=TIMEOUT_SECONDS)

    def create(self, uid: str) -> None:
        """A new index with our settings, before there are documents in it."""
        self._done(lambda: self._client.create_index(uid, {"primaryKey": PRIMARY_KEY}).task_uid)
        self._done(lambda: self._client.index(uid).update_settings(settings()).task_uid)

    def ensure(self, uid: str) -> None:
        """An index of that name, be it empty: only what exists can be swapped."""
        try:
            self._done(lambda: self._client.create_index(uid, {"primaryKey": PRIMARY_KEY}).task_uid)
        except TaskFailed as failed:
            if failed.code != _ALREADY:
                raise

    def swap(self, one: str, other: str) -> None:
        """Exchange two indexes; a reader sees the one or the other."""
        self._done(lambda: self._client.swap_indexes([{"indexes": [one, other]}]).task_uid)

    def delete(self, uid: str) -> None:
        """Delete an index with all that is in it."""
        self._done(lambda: self._client.delete_index(uid).task_uid)

    def indexes(self, beginning: str) -> list[str]:
        """The names of the indexes that begin so and that the key may see."""
        said: Any = self._said(lambda: self._client.get_raw_indexes({"limit": 1000}))
        return sorted(index["uid"] for index in said["results"] if index["uid"].startswith(beginning))

    def healthy(self) -> bool:
        """Whether the server says that it is available."""
        try:
            return bool(self._said(self._client.health).get("status") == "available")
        except (Refused, Unreachable):
            return False

    def grant(self, access: Access) -> str:
        """Make the key be as it should, and give its value."""
        try:
            present = self._said(lambda: self._client.get_key(access.uid))
        except Refused as refused:
            if refused.code != "api_key_not_found":
                raise
        else:
            if set(present.actions) == set(access.actions) and set(present.indexes) == set(access.indexes):
                return str(present.key)
            self._said(lambda: self._client.delete_key(access.uid))  # what a key may do cannot be changed
        wanted = {
            "uid": access.uid,
            "name": access.name,
            "description": access.description,
            "actions": list(access.actions),
            "indexes": list(access.indexes),
            "expiresAt": None,
        }
        return str(self._said(lambda: self._client.create_key(wanted)).key)

    def _done(self, begin: Callable[[], int]) -> None:
        uid = self._said(begin)
        task = self._said(lambda: self._client.wait_for_task(uid, TASK_SECONDS * 1000, _POLL_MS))
        if task.status != "succeeded":
            raise TaskFailed(task.type, str((task.error or {}).get("code", task.status)))

    def _said(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except MeilisearchApiError as refused:
            if refused.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or refused.code is None:
                raise Unreachable("the search engine fails") from refused
            raise Refused(refused.status_code, refused.code) from refused
        except (
            MeilisearchError,
            OSError,
            ValueError,
            TypeError,
            KeyError,
        ) as failure:  # also half an answer, or garbage
            raise Unreachable(f"the search engine does not answer: {type(failure).__name__}") from failure
