"""Editions as they are read: who may see which, what they list in the versions that count, and how much."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from services.catalog.editions import lifecycle
from services.catalog.editions.filters import EditionFilter
from services.catalog.editions.reconciliation import Listed, Scope, Tree
from services.catalog.editions.shapes import EditionItem as Item
from services.catalog.editions.tables import Edition, EditionItem
from services.catalog.lifecycle import IN_STANDING
from services.catalog.models import Category, Offering, OfferingVersion, Provider
from services.catalog.resources import Category as Branch
from shared import problems
from shared.contracts.wire import Text
from shared.principal import Principal

Shown = Row[Edition, int, int]
"""An edition, how many offerings it lists, and of how many providers."""


def seen(session: Session, caller: Principal, edition_id: str) -> Edition:
    """An edition that the caller may see; NotFound otherwise."""
    found = session.scalar(select(Edition).where(Edition.id == edition_id, visible(caller)))
    if found is None:
        raise problems.NotFound
    return found


def mine(session: Session, caller: Principal, edition_id: str) -> Edition:
    """An edition that the caller may act on, not locked; NotFound otherwise."""
    found = session.scalar(select(Edition).where(Edition.id == edition_id, owned(caller)))
    if found is None:
        raise problems.NotFound
    return found


def announced(session: Session, caller: Principal, edition_id: str) -> Edition:
    """An edition that was announced; NotFound when there is none that the caller may see, Conflict before."""
    found = seen(session, caller, edition_id)
    if found.state not in lifecycle.FROZEN:
        raise problems.Conflict(Text(zh="该期目录尚未发布", en="this edition has not been announced"))
    return found


def counted(session: Session, edition: Edition) -> Shown:
    """An edition with its counts."""
    return session.execute(_counted().where(Edition.id == edition.id)).one()


def listing(
    session: Session, caller: Principal, wanted: EditionFilter, after: str | None, limit: int
) -> Sequence[Shown]:
    """Editions that the caller may see, oldest first."""
    query = _counted().where(visible(caller), *wanted.conditions()).order_by(Edition.id).limit(limit)
    return session.execute(query if after is None else query.where(Edition.id > after)).all()


def items(session: Session, edition: Edition, after: str | None = None, limit: int | None = None) -> list[Listed]:
    """What an edition lists, by id of the offering, in the versions that count."""
    query = offered(edition).order_by(Offering.id).limit(limit)
    return listed(session, query if after is None else query.where(Offering.id > after))


def item_page(session: Session, edition: Edition, after: str | None, limit: int) -> Sequence[Item]:
    """A page of the same for people; once announced, as it was announced."""
    if edition.state not in lifecycle.FROZEN:
        return [_item(listed) for listed in items(session, edition, after, limit)]
    query = select(EditionItem.row).where(EditionItem.edition_id == edition.id, EditionItem.row.is_not(None))
    query = query.order_by(EditionItem.offering_id).limit(limit)
    rows = session.scalars(query if after is None else query.where(EditionItem.offering_id > after))
    return [_frozen(row) for row in rows if row]


def scope(edition: Edition) -> Scope:
    """What the edition may list."""
    return Scope(edition.region, tuple(edition.content.get("categories", ())))


def branches(session: Session) -> Tree:
    """The category tree by code, in its order."""
    return {row.code: Branch.of(row) for row in session.scalars(select(Category).order_by(Category.place))}


def offered(edition: Edition | None = None) -> Select[Offering, OfferingVersion, Provider]:
    """Offerings with their providers and published versions; those of an edition in the versions that count there."""
    query, version = select(Offering, OfferingVersion, Provider), Offering.published_version.expression
    query = query.join(Provider, Provider.id == Offering.provider_id)
    if edition is not None:
        of_it = and_(EditionItem.offering_id == Offering.id, EditionItem.edition_id == edition.id)
        query, version = query.join(EditionItem, of_it), func.coalesce(EditionItem.version, version)
    return query.join(
        OfferingVersion, and_(OfferingVersion.offering_id == Offering.id, OfferingVersion.version == version)
    )


def listed(session: Session, query: Select[Offering, OfferingVersion, Provider]) -> list[Listed]:
    """The rows of such a query, as they are reconciled."""
    return [
        Listed(
            offering_id=offering.id,
            provider_id=provider.id,
            provider_name=provider.content["name"],
            name=version.content["name"],
            categories=tuple(version.content["categories"]),
            regions=tuple(version.content.get("regions", ())),
            version=version.version,
            content_hash=version.content_hash,
            gone=_gone(offering, provider),
        )
        for offering, version, provider in session.execute(query)
    ]


def owned(caller: Principal) -> ColumnElement[bool]:
    """Editions that a caller may act on: its own office's, or all for an admin."""
    if caller.role == "admin":
        return true()
    return Edition.organisation == caller.organisation if caller.role == "bureau" else false()


def visible(caller: Principal) -> ColumnElement[bool]:
    """Editions that a caller may see: those under notice or announced, and its own."""
    return or_(Edition.state.in_(lifecycle.PUBLIC), owned(caller))


def _counted() -> Select[Edition, int, int]:
    of_it = EditionItem.edition_id == Edition.id
    offerings = select(func.count()).select_from(EditionItem).where(of_it)
    providers = select(func.count(Offering.provider_id.distinct())).join(
        EditionItem, EditionItem.offering_id == Offering.id
    )
    return select(Edition, offerings.scalar_subquery(), providers.where(of_it).scalar_subquery())


def _item(listed: Listed) -> Item:
    return Item(
        id=listed.offering_id,
        place=None,
        name=listed.name,
        provider_id=listed.provider_id,
        provider_name=listed.provider_name,
        category=listed.category,
        version=listed.version,
        content_hash=listed.content_hash,
    )


def _frozen(row: dict[str, Any]) -> Item:
    same = {name: row[name] for name in ("place", "category", "version", "content_hash")}
    owner = {"provider_id": row["provider"]["id"], "provider_name": row["provider"]["name"]}
    return Item.model_validate({"id": row["offering_id"], "name": row["content"]["name"]} | same | owner)


def _gone(offering: Offering, provider: Provider) -> str | None:
    if offering.state != "published":
        return "not-published"
    return None if provider.standing in IN_STANDING else "provider-not-in-standing"
