"""Whose a record is: what a caller may see and what it may act on, as values and as conditions of a query.

A provider acts on its own record (the one with its credit code), a bureau on the providers registered inside its
region, an admin on all. What a caller may not act on and may not see answers exactly like what does not exist.
"""

from sqlalchemy import ColumnElement, and_, false, or_, true

from services.catalog.lifecycle import IN_STANDING
from services.catalog.models import Offering, Provider
from shared.codes import regions
from shared.principal import Principal


def owns(caller: Principal, uscc: str, region: str) -> bool:
    """Whether the caller may act on a provider with this credit code, registered in this region."""
    if caller.role == "provider":
        return caller.uscc is not None and caller.uscc == uscc
    return caller.role == "admin" or (caller.role == "bureau" and regions.covers(caller.region, region))


def owned(caller: Principal) -> ColumnElement[bool]:
    """The same as a condition on `Provider`."""
    if caller.role == "admin":
        return true()
    if caller.role == "bureau":
        return Provider.region.startswith(prefix(caller.region))
    if caller.role == "provider" and caller.uscc is not None:
        return Provider.uscc == caller.uscc
    return false()


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
