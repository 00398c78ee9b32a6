"""Following the change feed: the HTTP client of it, and the loop that keeps any copy true.

A copy has three moves: build from a snapshot, continue from its cursor, and, when the feed answers 410, build again.
Applying a page twice is harmless; a copy stores its cursor in the transaction that applies the page.
"""

import json
from collections.abc import Callable, Iterator
from threading import Event
from typing import Any, Protocol, TypeVar

import httpx2
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared import canonical
from shared.contracts.changes import Change, ChangePage, Record, SnapshotPage
from shared.contracts.wire import Wire
from shared.logs import log
from shared.loops import Beat, unheard

PAGE = 500
PAUSE_SECONDS = 0.1
BACK_OFF_SECONDS = 1.0


class CursorGone(Exception):
    """The cursor can no longer be continued: the copy must be built again from the snapshot."""


class Unreadable(Wire):
    """Something on a page that does not have the shape it should; the rest of the page is sound."""

    position: int
    """0 in a snapshot"""
    document: bytes
    reason: str


class ReadPage(ChangePage):
    """A page of changes as it was read, with what could not be."""

    unreadable: tuple[Unreadable, ...] = ()


class ReadSnapshotPage(SnapshotPage):
    """A page of a snapshot as it was read, with what could not be."""

    unreadable: tuple[Unreadable, ...] = ()


class Feed(Protocol):
    """What can be followed: the feed over HTTP, or a service's own."""

    def changes(self, after: str) -> ChangePage:
        """The page after a cursor; CursorGone when it cannot be continued."""

    def snapshot(self, page: str | None) -> SnapshotPage:
        """A page of the present state, from the first (None) on."""


class Copy(Protocol):
    """What follows: a store that keeps a cursor with what it holds."""

    def cursor(self) -> str | None:
        """Where to go on; None when it must be built first."""

    def apply(self, page: ChangePage) -> None:
        """Take over a page of changes and its cursor, in one transaction."""

    def rebuild(self, records: Iterator[Record], cursor: str) -> None:
        """Replace everything by a snapshot, in one transaction or beside the old one."""


class HttpFeed:
    """The feed of a catalog service over HTTP; `token` makes the bearer token of each request."""

    def __init__(self, client: httpx2.Client, token: Callable[[], str]) -> None:
        self._client = client
        self._token = token

    def changes(self, after: str) -> ChangePage:
        """The page after a cursor; CursorGone on 410."""
        page = json.loads(self._get("/v1/changes", {"after": after, "limit": str(PAGE)}))
        return _page(ReadPage, page, "changes", _change)

    def snapshot(self, page: str | None) -> SnapshotPage:
        """A page of the present state."""
        answer = json.loads(self._get("/v1/changes/snapshot", {"page": page} if page else {"limit": str(PAGE)}))
        return _page(ReadSnapshotPage, answer, "records", _record)

    def _get(self, path: str, query: dict[str, str]) -> bytes:
        answer = self._client.get(path, params=query, headers={"Authorization": f"Bearer {self._token()}"})
        if answer.status_code == 410:
            raise CursorGone
        answer.raise_for_status()
        return answer.content


def catch_up(copy: Copy, feed: Feed) -> bool:
    """One step: build, or take one page. True when there may be more at once."""
    cursor = copy.cursor()
    if cursor is None:
        _build(copy, feed)
        return True
    try:
        page = feed.changes(cursor)
    except CursorGone:
        _build(copy, feed)
        return True
    if page.next != cursor:
        copy.apply(page)
    return len(page.changes) >= PAGE


def always() -> bool:
    """The turn of a follower that has no other beside it."""
    return True


def follow(copy: Copy, feed: Feed, stop: Event, beat: Beat = unheard, turn: Callable[[], bool] = always) -> None:
    """Keep a copy true until `stop` is set, while it is our turn; a failure is logged and tried again."""
    while not stop.is_set():
        try:
            pause = BACK_OFF_SECONDS if not turn() else 0.0 if catch_up(copy, feed) else PAUSE_SECONDS
            beat()
        except Exception as failure:
            log.warning("feed not followed", kind=type(failure).__name__, exc_info=failure)
            pause = BACK_OFF_SECONDS
        stop.wait(pause)


def _build(copy: Copy, feed: Feed) -> None:
    first = feed.snapshot(None)
    copy.rebuild(_records(feed, first), first.cursor)


def _records(feed: Feed, page: SnapshotPage) -> Iterator[Record]:
    yield from page.records
    while page.next is not None:
        page = feed.snapshot(page.next)
        yield from page.records


_change: TypeAdapter[Change] = TypeAdapter(Change)
_record: TypeAdapter[Record] = TypeAdapter(Record)
P = TypeVar("P", bound=BaseModel)


def _page(shape: type[P], page: dict[str, Any], member: str, item: TypeAdapter[Any]) -> P:
    """A page, item by item: one that is broken must not hold back those behind it."""
    read, unreadable = [], []
    for document in page.pop(member):
        try:
            read.append(item.validate_json(json.dumps(document)))
        except ValidationError as broken:
            faults = "; ".join(f"{error['type']} at {error['loc']}" for error in broken.errors(include_input=False)[:5])
            position = document.get("position", 0) if isinstance(document, dict) else 0
            item_read = {"position": position, "document": canonical.encode(document), "reason": faults}
            unreadable.append(Unreadable.model_validate(item_read))
    return shape.model_validate({**page, member: tuple(read), "unreadable": tuple(unreadable)})
