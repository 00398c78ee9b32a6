"""What is announced of an edition: a front page and one row an offering, frozen, with one hash over all of it.

The rows hold everything that they say, so that nothing that changes later can change them; the hash is the SHA-256 of
the canonical JSON of the whole document, so that whoever holds the document can check it without us.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from services.catalog.editions import citation, reading, reconciliation
from services.catalog.editions.reading import branches, items, scope
from services.catalog.editions.reconciliation import Listed
from services.catalog.editions.shapes import EditionDifference, EditionVerification
from services.catalog.editions.tables import Edition, EditionItem
from services.catalog.models import Offering, OfferingVersion, Provider
from shared import canonical, clock, problems
from shared.contracts.wire import Text

Document = dict[str, Any]


def pin(session: Session, edition: Edition) -> None:
    """Let the versions that are published now be those under notice."""
    version = select(Offering.published_version).where(Offering.id == EditionItem.offering_id).scalar_subquery()
    _update_items(session, edition, version=version)


def unpin(session: Session, edition: Edition) -> None:
    """Let the published versions count again."""
    _update_items(session, edition, version=None)


def freeze(session: Session, edition: Edition) -> None:
    """Write down what is announced. What left the catalogue since the notice began is struck, and told.

    Conflict when nothing would be left.
    """
    _hold(session, edition)
    tree, noticed = branches(session), items(session, edition)
    listed = reconciliation.in_order((one for one in noticed if one.gone is None), tree)
    struck = sorted((one for one in noticed if one.gone is not None), key=lambda one: one.offering_id)
    if not listed:
        raise problems.Conflict(
            Text(zh="公示的供给均已不再发布", en="nothing that was under notice is still published")
        )
    names = [one.offering_id for one in struck]
    session.execute(delete(EditionItem).where(EditionItem.edition_id == edition.id, EditionItem.offering_id.in_(names)))
    edition.announced_at = clock.now()
    counted = reconciliation.of(listed, scope(edition), tree).model_dump(include={"items", "providers", "categories"})
    edition.head = {
        "edition": edition.content
        | {
            "id": edition.id,
            "region": edition.region,
            "announced_at": edition.announced_at.isoformat(),
            "label": citation.label(edition.content).model_dump(),
        },
        "counts": counted | {"categories": list(counted["categories"])},
        "struck": [{"offering_id": one.offering_id, "name": one.name, "reason": one.gone} for one in struck],
    }
    found = _contents(session, edition)
    frozen = [_row(place, one, found[one.offering_id]) for place, one in enumerate(listed, 1)]
    _keep(session, edition, frozen)
    edition.content_hash = canonical.digest(edition.head | {"items": frozen})
    session.flush()


def rows(session: Session, edition: Edition) -> list[Document]:
    """The frozen rows in their order."""
    query = select(EditionItem.row).where(EditionItem.edition_id == edition.id).order_by(EditionItem.place)
    return [dict(row or {}) for row in session.scalars(query)]


def document(session: Session, edition: Edition) -> Document:
    """The whole announced edition. Its hash is that of the canonical JSON of everything else in it."""
    return {**(edition.head or {}), "items": rows(session, edition), "content_hash": edition.content_hash}


def verify(session: Session, edition: Edition) -> EditionVerification:
    """Compare what is stored with the hashes of what was announced."""
    found = tuple(_differences(session, edition))
    return EditionVerification(verified=not found, content_hash=edition.content_hash or "", differences=found)


def _differences(session: Session, edition: Edition) -> Iterator[EditionDifference]:
    stored = session.execute(
        select(EditionItem, OfferingVersion)
        .join(
            OfferingVersion,
            (OfferingVersion.offering_id == EditionItem.offering_id) & (OfferingVersion.version == EditionItem.version),
        )
        .where(EditionItem.edition_id == edition.id)
        .order_by(EditionItem.place)
    ).all()
    whole = (edition.head or {}) | {"items": rows(session, edition)}
    if canonical.digest(whole) != edition.content_hash:
        yield _differs("edition", None, "整期内容与发布时的哈希不符", "the edition does not have its hash")
    for place, (item, version) in enumerate(stored, 1):
        row: Document = item.row or {}
        if row.get("content_hash") != canonical.digest(row.get("content")):
            yield _differs("row", item.offering_id, "该行内容与其哈希不符", "the row does not have its hash")
        if canonical.digest(version.content) != row.get("content_hash"):
            yield _differs(
                "version", item.offering_id, "供给版本与该行不符", "the stored version is not that of the row"
            )
        if (row.get("offering_id"), row.get("version"), row.get("place"), item.place) != (
            item.offering_id,
            item.version,
            place,
            place,
        ):
            yield _differs("place", item.offering_id, "该行的位次或编号不符", "the row is not in its place")


def _differs(part: str, offering: str | None, zh: str, en: str) -> EditionDifference:
    return EditionDifference(part=part, offering_id=offering, text=Text(zh=zh, en=en))


def _hold(session: Session, edition: Edition) -> None:
    """Lock what is listed, providers first as everywhere: what is frozen is what stands when this commits."""
    of_it = EditionItem.edition_id == edition.id
    ids = select(Offering.id).join(EditionItem, EditionItem.offering_id == Offering.id).where(of_it)
    owners = select(Offering.provider_id).where(Offering.id.in_(ids))
    fresh = {"populate_existing": True}
    for query in (
        select(Provider).where(Provider.id.in_(owners)).order_by(Provider.id),
        select(Offering).where(Offering.id.in_(ids)).order_by(Offering.id),
    ):
        session.scalars(query.with_for_update(read=True), execution_options=fresh).all()


def _contents(session: Session, edition: Edition) -> dict[str, tuple[Offering, OfferingVersion, Provider]]:
    found = session.execute(reading.offered(edition))
    return {offering.id: (offering, version, provider) for offering, version, provider in found}


def _row(place: int, listed: Listed, found: tuple[Offering, OfferingVersion, Provider]) -> Document:
    offering, version, provider = found
    return {
        "place": place,
        "offering_id": offering.id,
        "external_id": offering.external_id,
        "source": offering.source,
        "version": version.version,
        "content_hash": version.content_hash,
        "category": listed.category,
        "provider": {
            "id": provider.id,
            "name": provider.content["name"],
            "uscc": provider.uscc,
            "region": provider.region,
        },
        "content": version.content,
    }


def _keep(session: Session, edition: Edition, frozen: Sequence[Document]) -> None:
    of_it = select(EditionItem).where(EditionItem.edition_id == edition.id)
    stored = {item.offering_id: item for item in session.scalars(of_it)}
    for row in frozen:
        item = stored[row["offering_id"]]
        item.place, item.row = row["place"], row
    session.flush()


def _update_items(session: Session, edition: Edition, **values: Any) -> None:
    session.execute(
        update(EditionItem).where(EditionItem.edition_id == edition.id).values(**values),
        execution_options={"synchronize_session": "fetch"},
    )
