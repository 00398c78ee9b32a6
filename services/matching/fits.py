"""How offerings stand before the open needs, for those whom an offering concerns."""

from sqlalchemy.orm import Session

from services.matching.live import View
from services.matching.open_needs import OpenNeeds
from services.matching.reverse import report
from services.matching.snapshot.segment import Entry
from shared import clock, problems
from shared.codes import regions
from shared.contracts.fits import OfferingFit
from shared.principal import Principal


def read(session: Session, view: View, needs: OpenNeeds, caller: Principal, offering_id: str) -> OfferingFit:
    """The report on a published offering; NotFound when there is none that is the caller's to see."""
    found = view.snapshot.find(offering_id)
    if found is None:
        raise problems.NotFound
    segment, row = found
    if not _concerns(caller, segment.entries[row]):
        raise problems.NotFound
    standing = needs.standing(session, view)
    listing = (edition.id for edition in view.snapshot.editions.values() if offering_id in edition.offerings)
    return report.of(standing, segment, row, clock.today(), frozenset(listing))


def _concerns(caller: Principal, entry: Entry) -> bool:
    provider = entry.provider.content if entry.provider else None
    if caller.role == "admin":
        return True
    if provider is None:
        return False
    if caller.role == "bureau":
        return regions.covers(caller.region, provider.region)
    return caller.uscc is not None and provider.uscc == caller.uscc
