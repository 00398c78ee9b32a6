"""Offerings and documents for the tests of search."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from services.catalog.search import documents
from services.catalog.search.port import Document, Index
from shared import codes
from shared.contracts.changes import CategoryRecord, OfferingRecord
from shared.contracts.offerings import OfferingContent

TREE = {
    row["code"]: CategoryRecord(
        id=row["code"], parent=row["parent"] or None, name_zh=row["name_zh"], name_en=row["name_en"]
    )
    for row in codes.rows("categories.csv")
}
PUBLISHED = datetime(2026, 11, 1, tzinfo=UTC)


def content(**members: Any) -> OfferingContent:
    """What an offering says; plain where a test does not say otherwise."""
    plain = {"name": "某某", "kind": "product", "categories": ["erp"], "summary": "某某。", "description": "某某。"}
    return OfferingContent.model_validate(plain | members)


def document(
    identifier: str, provider: str = "某甲", minute: int = 0, editions: tuple[str, ...] = (), **members: Any
) -> Document:
    """The document of a published offering."""
    record = OfferingRecord(
        id=identifier,
        provider_id="prv_1",
        source="local",
        version=1,
        content_hash="0" * 64,
        published_at=PUBLISHED.replace(minute=minute),
        content=content(**members),
    )
    return documents.document(record, provider, TREE, editions)


def build(index: Index, found: Iterable[Document], mark: str) -> None:
    """Build an index anew and swap it in, as the indexer does."""
    building = index.beside()
    try:
        building.put(found)
        building.confirm(mark)
        building.swap()
    except BaseException:
        building.drop()
        raise
