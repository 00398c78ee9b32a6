"""The indexer: the one loop that brings what is published into the search engine.

The feed says what changed, the database says what it is now; the mark is stored after the engine confirmed. So a
page that is applied twice does no harm, and dying at any moment loses nothing.
`python -m services.catalog.indexer` runs it alone.
"""

from collections.abc import Iterable, Iterator
from threading import Event

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalog import records
from services.catalog.changes import OwnFeed
from services.catalog.models import Category, Offering, Provider
from services.catalog.search import documents
from services.catalog.search.port import Document, Index, Unsearchable
from services.catalog.search.tantivy import TantivyIndex
from services.catalog.settings import CatalogSettings
from shared import loops
from shared.contracts.changes import ChangePage, Record
from shared.database import Database
from shared.feed import follow
from shared.logs import log
from shared.loops import Beat, unheard

BATCH = 500


class SearchCopy:
    """The index as a copy of the published catalogue (shared.feed.Copy)."""

    def __init__(self, database: Database, index: Index) -> None:
        self._database = database
        self._index = index
        self._damaged = False

    def cursor(self) -> str | None:
        """Where to go on; null when the index must be built first."""
        return None if self._damaged else self._index.mark()

    def apply(self, page: ChangePage) -> None:
        """Index what the page names as it now stands, confirm, remember the cursor."""
        if any(change.entity == "category" for change in page.changes):
            self._rebuild(page.next)  # names and parents of categories stand in every document
            return
        try:
            with self._database.read.begin() as session:
                named = _named(session, page)
                for some in _batches(named):
                    self._refresh(session, some)
            self._index.confirm(page.next)
        except Unsearchable:
            self._damaged = True

    def rebuild(self, found: Iterable[Record], cursor: str) -> None:
        """Build beside the present index from the database; the snapshot's own pages are not needed for it."""
        del found
        self._rebuild(cursor)

    def _rebuild(self, cursor: str) -> None:
        with self._database.read.begin() as session:
            self._index.rebuild(_published(session), cursor)
        self._damaged = False

    def _refresh(self, session: Session, ids: list[str]) -> None:
        present = {document.id: document for document in _published(session, ids)}
        self._index.put(present.values())
        self._index.remove(set(ids) - present.keys())


def run(database: Database, index: Index, stop: Event, beat: Beat = unheard) -> None:
    """Keep the index true until `stop` is set."""
    try:
        follow(SearchCopy(database, index), OwnFeed(database), stop, beat)
    finally:
        index.close()


def _named(session: Session, page: ChangePage) -> list[str]:
    """The offerings that a page is about; a provider's change touches all of its offerings."""
    offerings = {change.entity_id for change in page.changes if change.entity == "offering"}
    providers = {change.entity_id for change in page.changes if change.entity == "provider"}
    for some in _batches(sorted(providers)):
        offerings.update(session.scalars(select(Offering.id).where(Offering.provider_id.in_(some))))
    return sorted(offerings)


def _published(session: Session, ids: list[str] | None = None) -> Iterator[Document]:
    """The documents of what is published now, of all or of these."""
    tree = {row.code: records.category(row) for row in session.scalars(select(Category))}
    chosen = records.published().add_columns(Provider.content["name"].as_string())
    if ids is not None:
        chosen = chosen.where(Offering.id.in_(ids))
    for offering, version, provider_name in session.execute(chosen.execution_options(yield_per=BATCH)):
        try:
            yield documents.document(records.offering(offering, version), provider_name, tree)
        except ValidationError as failure:  # one that cannot be read must not keep the others out
            log.error("offering not indexed", offering=offering.id, faults=failure.error_count())


def _batches(ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def main() -> None:
    """Run until SIGINT or SIGTERM."""
    settings = CatalogSettings()
    index, alive = TantivyIndex(settings.state_dir / "search"), settings.state_dir / "indexer.alive"
    loops.run_alone(settings.database(), alive, lambda database, stop, beat: run(database, index, stop, beat))


if __name__ == "__main__":
    main()
