"""What a list can be narrowed to, as plain values and as conditions of a query."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_

from services.catalog.editions import membership
from services.catalog.models import Offering, OfferingCode, OfferingVersion, Provider
from services.catalog.ownership import prefix
from shared.codes import regions
from shared.principal import Principal


@dataclass(frozen=True)
class ProviderFilter:
    """Narrows a list of providers; null = not narrowed."""

    kind: str | None = None
    region: str | None = None
    standing: str | None = None
    uscc: str | None = None
    source: str | None = None
    external_id: str | None = None

    def bound_to(self, caller: Principal) -> list[Any]:
        """What a cursor of this list belongs to."""
        return ["providers", asdict(self), caller.organisation, caller.role]

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The conditions on `Provider`."""
        if self.kind is not None:
            yield Provider.content["kind"].as_string() == self.kind
        if self.region is not None:
            yield Provider.region.startswith(prefix(self.region))
        for name in ("standing", "uscc", "source", "external_id"):
            if (value := getattr(self, name)) is not None:
                yield getattr(Provider, name) == value


@dataclass(frozen=True)
class OfferingFilter:
    """Narrows a list of offerings; null = not narrowed."""

    category: str | None = None
    provider: str | None = None
    state: str | None = None
    region: str | None = None
    kind: str | None = None
    source: str | None = None
    external_id: str | None = None
    edition: str | None = None
    under_review: bool | None = None

    def bound_to(self, caller: Principal) -> list[Any]:
        """What a cursor of this list belongs to."""
        return ["offerings", asdict(self), caller.organisation, caller.role]

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The conditions on `Offering` and the `OfferingVersion` that is shown; not the category's."""
        if self.under_review is not None:
            newest = OfferingVersion.version == Offering.version
            waiting = and_(newest, or_(Offering.state == "submitted", Offering.in_review))
            yield waiting if self.under_review else not_(waiting)
        if self.region is not None:
            yield delivered_in(self.region)
        if self.edition is not None:
            yield membership.listed_by(self.edition)
        if self.kind is not None:
            yield OfferingVersion.content["kind"].as_string() == self.kind
        for name, column in (("provider", "provider_id"), ("state",) * 2, ("source",) * 2, ("external_id",) * 2):
            if (value := getattr(self, name)) is not None:
                yield getattr(Offering, column) == value


def filed_under(axis: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the version that is shown is filed under a code of this axis that meets the conditions."""
    return exists().where(
        and_(
            OfferingCode.offering_id == OfferingVersion.offering_id,
            OfferingCode.version == OfferingVersion.version,
            OfferingCode.axis == axis,
            *conditions,
        )
    )


def delivered_in(region: str) -> ColumnElement[bool]:
    """Offerings delivered in a region: in all of it, in a part of it, or without saying where."""
    inside = or_(OfferingCode.code.in_(regions.lineage(region)), OfferingCode.code.startswith(prefix(region)))
    return or_(filed_under("region", inside), ~filed_under("region"))
