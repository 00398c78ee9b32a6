"""Matching's replica of the catalogue, as something that follows a feed: built in generations, continued by pages."""

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from sqlalchemy import delete, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from services.matching.models import Generation, Span
from services.matching.replica import catalogue, fitness, learning
from services.matching.replica.catalogue import FOUNDATION
from services.matching.replica.parking import park
from shared import canonical, clock
from shared.contracts.changes import Change, ChangePage, Record, SnapshotPage
from shared.database import Database
from shared.feed import Feed, ReadPage, ReadSnapshotPage, Unreadable
from shared.logs import log

TRIES = 5
BATCH = 500
HEARTBEAT = timedelta(seconds=5)


class Replica:
    """The copy that a follower keeps (shared.feed.Copy)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._generation: int | None = None
        self.unread: list[Unreadable] = []
        """What the snapshot that is being read holds beside its records."""

    def cursor(self) -> str | None:
        """Where to go on; None when it must be built first, or built anew."""
        with self._database.read.begin() as session:
            served = catalogue.live(session)
            self._generation = served.id if served else None
            return served.cursor if served else None

    def apply(self, page: ChangePage) -> None:
        """Take over a page and its cursor in one transaction; what cannot be taken over is parked.

        A failure of the database is raised, for it does not lie in the page.
        """
        try:
            self._take_over(page, page.next)
        except (OperationalError, InterfaceError):
            raise
        except Exception as failure:
            log.warning("page taken one by one", reason=fitness.reason(failure))
            for change in page.changes:
                self._try(change, page)
            self._take_over(page, page.next)

    def rebuild(self, records: Iterator[Record], cursor: str) -> None:
        """Build a new generation beside the one that is served, then put it in its place in one step."""
        with self._database.write.begin() as session:
            generation = _begin(session)
        while batch := list(islice(records, BATCH)):
            fit, unfit = fitness.sort_out(batch)
            self.unread += unfit
            with self._database.write.begin() as session:
                _lay(session, generation, fit)
        with self._database.read.begin() as session:
            model = learning.learn(session, generation, FOUNDATION)
            chain = catalogue.chain(session, generation, FOUNDATION)
        with self._database.write.begin() as session:
            served = catalogue.live(session, lock=True)
            if served:
                served.state = "past"
                session.flush()
            learning.keep(session, model)
            park(session, generation, self.unread)
            built = session.get_one(Generation, generation)
            built.state, built.cursor, built.chain = "live", cursor, chain
            built.text_model_version, built.followed_at = model.version, clock.now()

    def observe(self, head: int, all_taken: bool) -> None:
        """Note how far the feed is, whether everything up to there is taken over, and that we are still there."""
        with self._database.read.begin() as session:
            served = catalogue.live(session)
        if served is None:
            return
        position = head if all_taken else served.position
        if (served.head, served.position) == (head, position) and clock.now() - served.followed_at < HEARTBEAT:
            return
        with self._database.write.begin() as session:
            served = catalogue.live(session, lock=True)
            if served is not None and served.id == self._generation:
                served.head, served.followed_at = head, clock.now()
                if all_taken:
                    served.position = max(served.position, head)

    def learn(self) -> None:
        """Learn new text statistics when enough changed since the last time."""
        with self._database.read.begin() as session:
            served = catalogue.live(session)
            if served is None or not learning.due(session, served):
                return
            model = learning.learn(session, served.id, served.position)
        with self._database.write.begin() as session:
            learning.keep(session, model)
            learned = {"text_model_version": model.version, "learned_at": served.position, "unlearned": 0}
            session.execute(update(Generation).where(Generation.id == served.id).values(learned))
        log.info("text statistics learned", version=model.version, offerings=model.documents)

    def _take_over(self, page: ChangePage, cursor: str | None = None) -> None:
        with self._database.write.begin() as session:
            served = catalogue.live(session, lock=True)
            if served is None or served.id != self._generation:
                return
            before = served.position
            fresh = [change for change in page.changes if change.position > before]
            _advance(session, served, fresh)
            unreadable = page.unreadable if isinstance(page, ReadPage) else ()
            park(session, served.id, unreadable)
            positions = [item.position for item in (*page.changes, *unreadable)]  # type: ignore[attr-defined]
            newest = max(filter(None, positions), default=before)
            served.position = max(served.position, newest)
            served.head, served.followed_at = max(page.head, served.position), clock.now()
            if cursor and newest >= before:  # an older page must not set the cursor back
                served.cursor = cursor

    def _try(self, change: Change, page: ChangePage) -> None:
        """Take over one change, or park it after TRIES times."""
        alone = ChangePage(changes=(change,), next=page.next, head=page.head)
        for tried in range(1, TRIES + 1):
            try:
                return self._take_over(alone)
            except (OperationalError, InterfaceError):
                raise
            except Exception as failure:
                if tried == TRIES:
                    self._give_up(change, failure)
        return None

    def _give_up(self, change: Change, failure: Exception) -> None:
        document = canonical.encode(change.model_dump(mode="json", by_alias=True))
        item = Unreadable(position=change.position, document=document, reason=fitness.reason(failure))
        with self._database.write.begin() as session:
            served = catalogue.live(session, lock=True)
            if served is not None and served.id == self._generation and change.position > served.position:
                served.position = change.position
                park(session, served.id, [item], TRIES)


class Observed:
    """A feed whose pages a replica sees first: how far it is, and what of a snapshot could not be read."""

    def __init__(self, feed: Feed, replica: Replica) -> None:
        self._feed = feed
        self._replica = replica
        self._quiet_since: float | None = None

    def changes(self, after: str) -> ChangePage:
        """The page after a cursor."""
        page = self._feed.changes(after)
        all_taken = page.next == after
        self._replica.observe(page.head, all_taken)
        self._quiet_since = (self._quiet_since or time.monotonic()) if all_taken else None
        return page

    def quiet_seconds(self) -> float:
        """For how long the feed has had nothing new."""
        return time.monotonic() - self._quiet_since if self._quiet_since else 0.0

    def snapshot(self, page: str | None) -> SnapshotPage:
        """A page of the present state."""
        read = self._feed.snapshot(page)
        if page is None:
            self._replica.unread = []
        if isinstance(read, ReadSnapshotPage):
            self._replica.unread += read.unreadable
        return read


def _advance(session: Session, served: Generation, changes: list[Change]) -> None:
    events, documents = fitness.read(changes)
    catalogue.keep(session, documents)
    for event in catalogue.take(session, served.id, events):
        served.chain = catalogue.link(served.chain, event)
        served.unlearned += event.entity == "offering"


def _begin(session: Session) -> int:
    """A new, empty generation; those that were never finished are forgotten."""
    unfinished = select(Generation.id).where(Generation.state == "building").scalar_subquery()
    session.execute(delete(Span).where(Span.generation.in_(unfinished)))
    session.execute(delete(Generation).where(Generation.state == "building"))
    generation = Generation(
        state="building",
        position=FOUNDATION,
        head=FOUNDATION,
        chain="",
        text_model_version="",
        learned_at=FOUNDATION,
        unlearned=0,
        followed_at=clock.now(),
    )
    session.add(generation)
    session.flush()
    return generation.id


def _lay(session: Session, generation: int, records: list[Record]) -> None:
    laid = {(record.entity, record.id): catalogue.encode(record) for record in records}
    catalogue.keep(session, dict(laid.values()))
    catalogue.lay_foundation(session, generation, {key: digest for key, (digest, _) in laid.items()})
