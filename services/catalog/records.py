"""Rows as records of the change feed, and the selections of what is in it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from services.catalog.editions.tables import Edition, EditionItem
from services.catalog.models import Category, Offering, OfferingVersion, Provider
from services.catalog.ownership import live
from shared.contracts.changes import CategoryRecord, EditionRecord, OfferingRecord, ProviderRecord


def category(row: Category) -> CategoryRecord:
    """A category as it stands."""
    return CategoryRecord(id=row.code, parent=row.parent, name_zh=row.name_zh, name_en=row.name_en)


def provider(row: Provider) -> ProviderRecord:
    """A provider as it stands."""
    return ProviderRecord.model_validate(
        {
            "id": row.id,
            "external_id": row.external_id,
            "source": row.source,
            "standing": row.standing,
            "content": row.content,
        }
    )


def offering(row: Offering, version: OfferingVersion) -> OfferingRecord:
    """An offering in its published version."""
    return OfferingRecord.model_validate(
        {
            "id": row.id,
            "provider_id": row.provider_id,
            "external_id": row.external_id,
            "source": row.source,
            "version": version.version,
            "content_hash": version.content_hash,
            "published_at": row.published_at,
            "content": version.content,
        }
    )


def edition(row: Edition, offerings: Sequence[str]) -> EditionRecord:
    """A live edition with what it lists, in its order."""
    names = ("number", "title", "issuer", "valid_from", "valid_until")
    told = {"id": row.id, "region": row.region, "content_hash": row.content_hash, "offerings": tuple(offerings)}
    return EditionRecord.model_validate({name: row.content[name] for name in names} | told)


def live_editions() -> Select[Edition]:
    """The editions that are in force."""
    return select(Edition).where(Edition.state == "live")


def editions(session: Session, rows: Sequence[Edition]) -> list[EditionRecord]:
    """Live editions with what they list."""
    query = select(EditionItem.edition_id, EditionItem.offering_id).order_by(EditionItem.place)
    listed: dict[str, list[str]] = {row.id: [] for row in rows}
    for edition_id, offering_id in session.execute(query.where(EditionItem.edition_id.in_(listed))):
        listed[edition_id].append(offering_id)
    return [edition(row, listed[row.id]) for row in rows]


def filed(version: OfferingVersion) -> list[dict[str, Any]]:
    """The codes that a version is filed under, as rows of OfferingCode."""
    key = {"offering_id": version.offering_id, "version": version.version}
    codes = {"category": version.content["categories"], "region": version.content.get("regions", ())}
    return [key | {"axis": axis, "code": code} for axis, filed in codes.items() for code in dict.fromkeys(filed)]


def published() -> Select[Offering, OfferingVersion]:
    """(Offering, OfferingVersion) of everything that search and matching may show."""
    return (
        select(Offering, OfferingVersion)
        .join(Provider, Provider.id == Offering.provider_id)
        .join(
            OfferingVersion,
            and_(OfferingVersion.offering_id == Offering.id, OfferingVersion.version == Offering.published_version),
        )
        .where(live())
    )
