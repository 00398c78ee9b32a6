"""Whose a record is: what a caller may see and what it may act on, as values and as conditions of a query.

A provider acts on its own record (the one with its credit code), a bureau on the providers registered inside its
region, an admin on all. What a caller may not act on and may not see answers exactly like what does not exist.
"""

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import InstrumentedAttribute

from services.catalog.lifecycle import IN_STANDING
from services.catalog.models import Offering, Provider
from shared import problems
from shared.codes import regions
from shared.contracts.wire import Text
from shared.principal import Principal

Column = InstrumentedAttribute[str]


def owns(caller: Principal, uscc: str, region: str) -> bool:
    """Whether the caller may act on a provider with this credit code, registered in this region."""
    if caller.role == "provider":
        return caller.uscc is not None and caller.uscc == uscc
    return caller.role == "admin" or (caller.role == "bureau" and regions.covers(caller.region, region))


def owned(caller: Principal) -> ColumnElement[bool]:
    """The same as a condition on `Provider`."""
    if caller.role == "provider" and caller.uscc is not None:
        return Provider.uscc == caller.uscc
    return responsible(caller, Provider.region)


def responsible(caller: Principal, region: Column) -> ColumnElement[bool]:
    """Whether the caller is an office that reaches the region in a column."""
    if caller.role == "admin":
        return true()
    return region.startswith(prefix(caller.region)) if caller.role == "bureau" else false()


def require_disinterested(caller: Principal, uscc: str | None) -> None:
    """Forbidden for whoever would decide on its own organisation."""
    if uscc is not None and caller.uscc == uscc:
        raise problems.Forbidden(
            Text(zh="不得对本机构作出决定", en="nobody decides on a matter of the own organisation")
        )


def visible_provider(caller: Principal) -> ColumnElement[bool]:
    """Providers that a caller may see: those in standing, and those it may act on."""
    return or_(Provider.standing.in_(IN_STANDING), owned(caller))


def live() -> ColumnElement[bool]:
    """Offerings that everybody may see: published, of a provider in standing."""
    return and_(Offering.state == "published", Provider.standing.in_(IN_STANDING))


def visible_offering(caller: Principal) -> ColumnElement[bool]:
    """Offerings that a caller may see: the live ones, and those of providers that it may act on."""
    return or_(live(), owned(caller))


def prefix(region: str) -> str:
    """The digits that all codes inside a region share: 330000 → 33, 330100 → 3301, 000000 → none."""
    while region.endswith("00"):
        region = region[:-2]
    return region
