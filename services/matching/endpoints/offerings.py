"""/v1/offerings, as far as matching answers for them."""

from typing import Annotated

from fastapi import Depends, Path

from services.matching import fits
from services.matching.endpoints.dependencies import CurrentNeeds, CurrentView
from shared import openapi
from shared.access import Allow
from shared.contracts.fits import OfferingFit
from shared.database import Reading
from shared.principal import Principal

router = openapi.router(tags=["offerings"])
OfferingId = Annotated[str, Path(max_length=100, description="off_ + UUIDv7")]
Asking = Annotated[Principal, Depends(Allow("provider", "bureau", "admin", ownership="own"))]


@router.get("/v1/offerings/{offering_id}/fit", summary="See how an offering fits the open needs")
def read_offering_fit(
    offering_id: OfferingId, session: Reading, view: CurrentView, needs: CurrentNeeds, caller: Asking
) -> OfferingFit:
    """For how many open needs a published offering is eligible, for how many it fails on one point only, and which
    smallest change of it would win how many more.

    A provider asks about its own offerings, a bureau about those of the providers registered in its region. Groups of
    fewer than `least` needs are never told, so nobody's need can be seen.
    """
    return fits.read(session, view, needs, caller, offering_id)
