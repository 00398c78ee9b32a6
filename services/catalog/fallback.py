"""Searching without a search engine: among the newest offerings, read from the database and judged in memory.

Words and filters keep their meaning; what is given up is completeness, so that the cost has a bound.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Select, or_
from sqlalchemy.orm import Session

from services.catalog import filters, records
from services.catalog.editions import membership
from services.catalog.models import Category, Offering, OfferingCode, Provider
from services.catalog.search import documents
from services.catalog.search.plain import PlainIndex
from services.catalog.search.port import Document

CONSIDERED = 300
"""How many offerings are looked at."""


def newest(
    session: Session, tree: Mapping[str, Category], category: str | None, region: str | None, edition: str | None
) -> PlainIndex:
    """The newest published offerings that are filed, delivered and listed there, to be searched."""
    return PlainIndex(_documents(session, tree, _newest(tree, category, region, edition)))


def _newest(tree: Mapping[str, Category], category: str | None, region: str | None, edition: str | None) -> Select[Any]:
    chosen: Select[Any] = records.published().add_columns(Provider.content["name"].as_string())
    if category is not None:
        filed = [category, *(row.code for row in tree.values() if row.parent == category)]
        chosen = chosen.where(filters.filed_under("category", or_(*(OfferingCode.code == code for code in filed))))
    if region is not None:
        chosen = chosen.where(filters.delivered_in(region))
    if edition is not None:
        chosen = chosen.where(membership.listed_by(edition))
    return chosen.order_by(Offering.id.desc()).limit(CONSIDERED)  # ids grow with time, and have an index


def _documents(session: Session, tree: Mapping[str, Category], chosen: Select[Any]) -> Iterator[Document]:
    shown = {code: records.category(row) for code, row in tree.items()}
    rows = session.execute(chosen).all()
    listed = membership.ids(session, [offering.id for offering, *_ in rows])
    for offering, version, provider_name in rows:
        try:
            record = records.offering(offering, version)
            yield documents.document(record, provider_name, shown, listed.get(offering.id, ()))
        except ValidationError:
            continue  # the indexer leaves it out too, and says so
