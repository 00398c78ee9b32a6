"""Which engine searches: the embedded one, or the Meilisearch server that the settings name.

The API process gets a key that may only search, the indexer one that may only write this index; neither sees the
master key.
"""

from services.catalog.search.port import Index
from services.catalog.search.tantivy import TantivyIndex
from services.catalog.settings import CatalogSettings

SEARCH_KEY = "meili-search-key"
INDEXER_KEY = "meili-indexer-key"


_NOTES_KEPT_SECONDS = 2.0


def to_search(settings: CatalogSettings) -> Index:
    """The index for those who search."""
    return _index(settings, SEARCH_KEY, notes_kept=0.0)


def to_index(settings: CatalogSettings) -> Index:
    """The index for the one who writes it."""
    return _index(settings, INDEXER_KEY, notes_kept=_NOTES_KEPT_SECONDS)


def _index(settings: CatalogSettings, key: str, notes_kept: float) -> Index:
    if not settings.search_url:
        return TantivyIndex(settings.state_dir / "search")
    # Only here, for an installation without that server need not load its client.
    from services.catalog.search.meilisearch_index import MeilisearchIndex  # noqa: PLC0415

    return MeilisearchIndex(
        settings.search_url,
        settings.secret(key).decode(),
        settings.search_index,
        search_seconds=settings.search_seconds,
        notes_kept=notes_kept,
    )
