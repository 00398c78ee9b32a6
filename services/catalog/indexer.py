"""The indexer: the one loop that brings what is published into the search engine.

The feed says what changed, the database says what it is now; the mark is stored after the engine confirmed. So a
page that is applied twice does no harm, and dying at any moment loses nothing.
`python -m services.catalog.indexer` runs it alone.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from threading import Event
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalog import records
from services.catalog.changes import OwnFeed
from services.catalog.editions import membership
from services.catalog.editions.tables import EditionItem
from services.catalog.models import Category, Offering, Provider
from services.catalog.search import documents, engines
from services.catalog.search.port import Document, Index, Target, Unreachable, Unsearchable
from services.catalog.settings import CatalogSettings
from shared import loops
from shared.contracts.changes import ChangePage, Record
from shared.database import Database
from shared.feed import CursorGone, follow
from shared.logs import log
from shared.loops import Beat, unheard
from shared.turns import Turn

BATCH = 500
T = TypeVar("T")


class SearchCopy:
    """The index as a copy of the published catalogue (shared.feed.Copy)."""

    def __init__(self, database: Database, index: Index, beat: Beat = unheard) -> None:
        self._database = database
        self._index = index
        self._beat = beat
        self._damaged = False

    def cursor(self) -> str | None:
        """Where to go on; null when the index must be built first, or when somebody asked to build it anew."""
        if self._damaged:
            return None
        mark = self._index.mark()
        return None if mark is None or self._index.asked_anew() else mark

    def apply(self, page: ChangePage) -> None:
        """Index what the page names as it now stands, confirm, remember the cursor."""
        if _renames(page):
            self._rebuild(page.next)
            return
        try:
            self._bring(self._index, page)
        except Unreachable:
            raise
        except Unsearchable:
            self._damaged = True

    def rebuild(self, found: Iterable[Record], cursor: str) -> None:
        """Build beside the present index from the database; the snapshot's own pages are not needed for it."""
        del found
        self._rebuild(cursor)

    def _rebuild(self, cursor: str) -> None:
        """Build anew and swap. What changes meanwhile goes to the present index too, and to the new one before it."""
        building = self._index.beside()
        try:
            with self._database.read.begin() as session:
                for some in _batches(_published(session)):
                    building.put(some)
                    self._keep_present()
                    self._beat()
            building.confirm(cursor)
            self._bring_up_to_date(building, cursor)
            building.swap()
        except BaseException:
            building.drop()
            raise
        self._damaged = False
        log.info("search index built anew")

    def _bring_up_to_date(self, target: Target, cursor: str) -> None:
        feed = OwnFeed(self._database)
        while (page := feed.changes(cursor)).changes and not _renames(page):
            self._bring(target, page)
            cursor = page.next

    def _keep_present(self) -> None:
        """While another is built, the index that is searched follows on, if it can."""
        try:
            mark = None if self._damaged else self._index.mark()
            if mark is not None:
                self._bring_up_to_date(self._index, mark)
        except (Unsearchable, CursorGone):
            return

    def _bring(self, target: Target, page: ChangePage) -> None:
        with self._database.read.begin() as session:
            for ids in _batches(_named(session, page)):
                present = {document.id: document for document in _published(session, ids)}
                target.put(present.values())
                target.remove(set(ids) - present.keys())
        target.confirm(page.next)


def run(database: Database, index: Index, stop: Event, beat: Beat = unheard) -> None:
    """Keep the index true until `stop` is set. One at a time writes: two would put an older state over a newer one."""
    turn = Turn(database, "catalog.indexer")
    try:
        follow(SearchCopy(database, index, beat), OwnFeed(database), stop, beat, turn)
    finally:
        index.close()
        turn.leave()


def _renames(page: ChangePage) -> bool:
    """Whether names and parents of categories changed, which stand in every document."""
    return any(change.entity == "category" for change in page.changes)


def _named(session: Session, page: ChangePage) -> list[str]:
    """The offerings that a page is about; a change of a provider or an edition touches all of its offerings."""
    offerings = {change.entity_id for change in page.changes if change.entity == "offering"}
    providers = {change.entity_id for change in page.changes if change.entity == "provider"}
    editions = {change.entity_id for change in page.changes if change.entity == "edition"}
    for some in _batches(sorted(providers)):
        offerings.update(session.scalars(select(Offering.id).where(Offering.provider_id.in_(some))))
    listed = select(EditionItem.offering_id).where(EditionItem.edition_id.in_(editions))
    offerings.update(session.scalars(listed) if editions else ())
    return sorted(offerings)


def _published(session: Session, ids: list[str] | None = None) -> Iterator[Document]:
    """The documents of what is published now, of all or of these."""
    tree = {row.code: records.category(row) for row in session.scalars(select(Category))}
    listed = membership.ids(session, ids)
    chosen = records.published().add_columns(Provider.content["name"].as_string())
    if ids is not None:
        chosen = chosen.where(Offering.id.in_(ids))
    for offering, version, provider_name in session.execute(chosen.execution_options(yield_per=BATCH)):
        try:
            record = records.offering(offering, version)
            yield documents.document(record, provider_name, tree, listed.get(offering.id, ()))
        except ValidationError as failure:  # one that cannot be read must not keep the others out
            log.error("offering not indexed", offering=offering.id, faults=failure.error_count())


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    following = iter(items)
    while some := list(islice(following, BATCH)):
        yield some


def main() -> None:
    """Run until SIGINT or SIGTERM."""
    settings = CatalogSettings()
    index, alive = engines.to_index(settings), settings.state_dir / "indexer.alive"
    loops.run_alone(settings.database(), alive, lambda database, stop, beat: run(database, index, stop, beat))


if __name__ == "__main__":
    main()
