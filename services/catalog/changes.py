"""The change feed: recorded in the transaction of a change, numbered by the relay, read by cursor.

A reader only ever sees numbered rows, and only committed rows are numbered, densely and by one relay at a time: so
nothing is skipped and nothing uncommitted is seen. (A cursor on a serial column loses changes under concurrency.)
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from services.catalog import records
from services.catalog.editions.tables import Edition
from services.catalog.models import Category, ChangeRow, FeedState, Offering, Provider
from services.catalog.tokens import Entity, PageToken, open_cursor, open_page, seal_cursor, seal_page
from shared import clock, problems
from shared.contracts.changes import Change, ChangePage, Record, SnapshotPage
from shared.database import Database
from shared.feed import PAGE, CursorGone

BATCH = 1000


def record(session: Session, event: str, entity: str, entity_id: str, state: Record | None) -> None:
    """Write that something changed; `state` is all of it as it now stands, null = it left the published catalogue."""
    session.execute(insert(ChangeRow), [_row(event, entity, entity_id, state)])


def record_all(session: Session, event: str, states: Sequence[Record]) -> None:
    """The same for many that are there, at once."""
    if states:
        session.execute(insert(ChangeRow), [_row(event, state.entity, state.id, state) for state in states])


def _row(event: str, entity: str, entity_id: str, state: Record | None) -> dict[str, Any]:
    return {
        "type": event,
        "entity": entity,
        "entity_id": entity_id,
        "record": state.model_dump(mode="json", by_alias=True) if state else None,
        "recorded_at": clock.now(),
    }


def number(session: Session, limit: int = BATCH) -> int:
    """Give committed changes their positions, in the order in which they were written; returns how many.

    Rows about the same thing were written under that thing's lock, so their ids are in the order of their commits.
    """
    if session.get_bind().dialect.name == "postgresql" and not session.scalar(
        select(func.pg_try_advisory_xact_lock(func.hashtext("catalog.relay")))
    ):
        return 0  # another relay is at work
    feed = session.scalars(select(FeedState).with_for_update()).one()
    waiting = select(ChangeRow.id).where(ChangeRow.position.is_(None)).order_by(ChangeRow.id).limit(limit).subquery()
    places = select(waiting.c.id, func.row_number().over(order_by=waiting.c.id).label("place")).subquery()
    numbered = session.execute(
        update(ChangeRow).where(ChangeRow.id == places.c.id).values(position=feed.head + places.c.place),
        execution_options={"synchronize_session": False},
    ).rowcount  # type: ignore[attr-defined]
    feed.head += numbered
    session.flush()
    return int(numbered)


def waiting(session: Session) -> bool:
    """Whether there are changes without a position."""
    return session.scalar(select(ChangeRow.id).where(ChangeRow.position.is_(None)).limit(1)) is not None


def after(session: Session, cursor: str | None, limit: int = PAGE) -> ChangePage:
    """The changes after a cursor (null = from the beginning); Gone when it can no longer be continued."""
    epoch, position = open_cursor(cursor) if cursor is not None else (None, 0)
    rows = session.scalars(
        select(ChangeRow).where(ChangeRow.position > position).order_by(ChangeRow.position).limit(limit)
    ).all()
    # Read after the rows: if some of them were forgotten meanwhile, the floor tells.
    feed = session.scalars(select(FeedState)).one()
    if epoch not in (None, feed.epoch) or not feed.floor <= position <= feed.head:
        raise problems.Gone
    changes = tuple(Change.model_validate(row, from_attributes=True) for row in rows)
    last = changes[-1].position if changes else position
    return ChangePage(changes=changes, next=seal_cursor(feed.epoch, last), head=feed.head)


def head(session: Session) -> str:
    """The cursor of the present end of the feed."""
    feed = session.scalars(select(FeedState)).one()
    return seal_cursor(feed.epoch, feed.head)


def snapshot(session: Session, page: str | None, limit: int = PAGE) -> SnapshotPage:
    """A page of the present state: categories, providers, published offerings, live editions.

    Its cursor was taken before the first page, so what changes while it is read is found in the feed afterwards.
    """
    token = open_page(page) if page else PageToken(head(session), "category", None)
    found, last = _SNAPSHOT[token.entity](session, token.last, limit)
    if len(found) == limit:
        following: PageToken | None = PageToken(token.cursor, token.entity, last)
    else:
        entity = _NEXT[token.entity]
        following = PageToken(token.cursor, entity, None) if entity else None
    return SnapshotPage(records=tuple(found), cursor=token.cursor, next=seal_page(following) if following else None)


def forget(session: Session, before: datetime) -> None:
    """Drop the changes recorded before a moment; readers that are behind them get Gone and begin again."""
    feed = session.scalars(select(FeedState).with_for_update()).one()
    floor = session.scalar(select(func.max(ChangeRow.position)).where(ChangeRow.recorded_at < before))
    if floor is not None:
        session.execute(delete(ChangeRow).where(ChangeRow.position <= floor))
        feed.floor = floor


def renew(session: Session) -> None:
    """Begin a new epoch: after a restore, cursors from before it must not be continued."""
    session.scalars(select(FeedState).with_for_update()).one().epoch = secrets.token_hex(8)


class OwnFeed:
    """The feed over the catalogue's own database (shared.feed.Feed), for followers inside the service."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def changes(self, after_cursor: str) -> ChangePage:
        """The page after a cursor; CursorGone when it cannot be continued."""
        with self._database.read.begin() as session:
            try:
                return after(session, after_cursor)
            except problems.Gone:
                raise CursorGone from None

    def snapshot(self, page: str | None) -> SnapshotPage:
        """A page of the present state."""
        with self._database.read.begin() as session:
            return snapshot(session, page)


Found = tuple[list[Record], str | int | None]


def _categories(session: Session, last: str | int | None, limit: int) -> Found:
    query = select(Category).order_by(Category.place).limit(limit)
    rows = session.scalars(query if last is None else query.where(Category.place > last)).all()
    return [records.category(row) for row in rows], rows[-1].place if rows else None


def _providers(session: Session, last: str | int | None, limit: int) -> Found:
    query = select(Provider).where(Provider.standing != "applicant").order_by(Provider.id).limit(limit)
    rows = session.scalars(query if last is None else query.where(Provider.id > last)).all()
    return [records.provider(row) for row in rows], rows[-1].id if rows else None


def _offerings(session: Session, last: str | int | None, limit: int) -> Found:
    query = records.published().order_by(Offering.id).limit(limit)
    rows = session.execute(query if last is None else query.where(Offering.id > last)).all()
    return [records.offering(*row) for row in rows], rows[-1][0].id if rows else None


def _editions(session: Session, last: str | int | None, limit: int) -> Found:
    query = records.live_editions().order_by(Edition.id).limit(limit)
    rows = session.scalars(query if last is None else query.where(Edition.id > last)).all()
    return [*records.editions(session, rows)], rows[-1].id if rows else None


_NEXT: dict[Entity, Entity | None] = {
    "category": "provider",
    "provider": "offering",
    "offering": "edition",
    "edition": None,
}
_SNAPSHOT = {"category": _categories, "provider": _providers, "offering": _offerings, "edition": _editions}
