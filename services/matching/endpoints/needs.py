"""/v1/needs."""

from typing import Annotated

from fastapi import Body, Depends, Path, Response

from services.matching import needs
from services.matching.endpoints.dependencies import CurrentView, DemoMode
from shared import openapi
from shared.access import Allow
from shared.contracts.matches import NeedAnswer, NeedSummary
from shared.contracts.needs import NeedRequest
from shared.contracts.wire import Written
from shared.database import Reading, Writing
from shared.idempotency import Idempotent
from shared.pages import Page, Paging
from shared.principal import Principal

router = openapi.router(tags=["needs"])
NeedId = Annotated[str, Path(max_length=40, description="need_ + UUIDv7")]
Submitting = Annotated[Principal, Depends(Allow("sme", "bureau", "admin", "widget", ownership="own"))]
Asking = Annotated[Principal, Depends(Allow("sme", "bureau", "admin", ownership="own"))]
EXAMPLE = {
    "text": "五金加工厂，三十来号人，订单老是乱，想上个进销存，一年预算五万以内，最好能上门教。",
    "enterprise": {"region": "330106", "industry": "33", "employees": 32, "annual_revenue": 1800000000},
    "top_k": 5,
}


@router.post("/v1/needs", status_code=201, summary="Submit a need", response_model=NeedAnswer)
def submit_need(
    request: Annotated[NeedRequest, Body(examples=[EXAMPLE])],
    once: Idempotent,
    session: Writing,
    view: CurrentView,
    caller: Submitting,
    demo: DemoMode,
) -> Response:
    """Submit a firm's need (需求) in plain Chinese and get the published offers that fit it, ranked and explained.

    The text is read into a profile, hard constraints take out what cannot be had, every remaining offer is scored
    exactly, and the first `top_k` are explained. With `edition` only offers that this live edition of a recommended
    catalogue lists are considered; their order is the same as without. The run is stored and can be verified later.
    A need that comes with a widget key belongs to the bureau whose key it is. 422 when a category, an edition or a
    weight is not one of the catalogue's or the policy's, or when an SME or widget key chooses `as_of` outside the demo.
    """
    return once(201, lambda: needs.submit(session, view, caller, request, demo), _location)


@router.get("/v1/needs", summary="List needs")
def list_needs(paging: Annotated[Paging, Depends()], session: Reading, caller: Asking) -> Page[NeedSummary]:
    """An SME's own needs, those of the firms in a bureau's region, or all for an admin; oldest first."""
    return paging(
        ["needs", caller.organisation, caller.role, caller.region],
        lambda after, limit: needs.listing(session, caller, after, limit),
        needs.summary,
    )


@router.get("/v1/needs/{need_id}", summary="Read a need", response_model=NeedAnswer)
def read_need(need_id: NeedId, session: Reading, caller: Asking) -> Response:
    """A need with the answer that it got, as it was given then."""
    return _json(needs.find(session, caller, need_id))


@router.post("/v1/needs/{need_id}/withdraw", summary="Withdraw a need", response_model=NeedAnswer)
def withdraw_need(need_id: NeedId, session: Writing, caller: Asking) -> Response:
    """Withdraw a need of one's own. Its answer stays readable; withdrawing it again changes nothing."""
    return _json(needs.withdraw(session, caller, need_id))


def _location(answer: Written) -> dict[str, str]:
    return {"Location": f"/v1/needs/{answer.id}"}


def _json(document: bytes) -> Response:
    """Bytes that are stored in the shape declared: checking them once more would cost more than making them."""
    return Response(document, media_type="application/json")
