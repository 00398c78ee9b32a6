"""入选第N期: which live editions list an offering, for those who show, find and index offerings."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from pydantic import Field
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.catalog.editions.tables import Edition, EditionItem
from services.catalog.models import Offering
from shared import problems
from shared.contracts.wire import Integer, Text, Wire


class ListedIn(Wire):
    """A live edition of a recommended catalogue that lists the offering (入选第N期)."""

    id: str = Field(description="edt_ + UUIDv7")
    number: Integer = Field(ge=1, description="N of 第N期")
    title: Text = Field(description="title without the number")
    version: Integer = Field(ge=1, description="the version of the offering that was announced")
    text: Text = Field(description="the sentence for people")


Listings = Mapping[str, tuple[ListedIn, ...]]


def of(session: Session, offerings: Collection[str]) -> Listings:
    """The live editions that list each of these offerings, oldest first; those without any are left out."""
    query = select(EditionItem.offering_id, EditionItem.version, Edition).join(
        Edition, Edition.id == EditionItem.edition_id
    )
    query = query.where(Edition.state == "live", EditionItem.offering_id.in_(offerings)).order_by(Edition.id)
    found: dict[str, list[ListedIn]] = defaultdict(list)
    for offering_id, version, edition in session.execute(query):
        found[offering_id].append(_listed(edition, version))
    return {offering_id: tuple(editions) for offering_id, editions in found.items()}


def ids(session: Session, offerings: Collection[str] | None = None) -> Mapping[str, tuple[str, ...]]:
    """The same as ids only; of all offerings when none are named."""
    query = select(EditionItem.offering_id, Edition.id).join(Edition, Edition.id == EditionItem.edition_id)
    query = query.where(Edition.state == "live").order_by(Edition.id)
    if offerings is not None:
        query = query.where(EditionItem.offering_id.in_(offerings))
    found: dict[str, list[str]] = defaultdict(list)
    for offering_id, edition_id in session.execute(query):
        found[offering_id].append(edition_id)
    return {offering_id: tuple(editions) for offering_id, editions in found.items()}


def listed_by(edition_id: str) -> ColumnElement[bool]:
    """Offerings that an edition lists."""
    return Offering.id.in_(select(EditionItem.offering_id).where(EditionItem.edition_id == edition_id))


def require_live(session: Session, edition_id: str) -> None:
    """BadRequest unless the edition is live: only what is in force can be narrowed to."""
    if session.scalar(select(Edition.id).where(Edition.id == edition_id, Edition.state == "live")) is None:
        item = problems.parameter("edition", "unknown-edition", "没有这一期有效的推荐目录", "no such live edition")
        raise problems.BadRequest(errors=[item])


def _listed(edition: Edition, version: int | None) -> ListedIn:
    content = edition.content
    title, number = content["title"], content["number"]
    return ListedIn(
        id=edition.id,
        number=number,
        title=title,
        version=version or 1,
        text=Text(zh=f"入选《{title['zh']}》第{number}期", en=f"listed in {title['en']}, edition {number}"),
    )
