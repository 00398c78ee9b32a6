"""/v1/offerings."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Body, Depends, Path, Query, Response
from pydantic import BaseModel

from services.catalog import categories, lifecycle, offerings, resources
from services.catalog.admission import journal
from services.catalog.admission.shapes import Grounds
from services.catalog.admission.views import History
from services.catalog.editions import membership
from services.catalog.endpoints import steps
from services.catalog.endpoints.statuses import GUARDED
from services.catalog.filters import OfferingFilter
from services.catalog.lifecycle import OfferingState
from services.catalog.models import Offering
from services.catalog.patches import merge
from services.catalog.resources import OfferingRegistration, OfferingVersions
from shared import openapi, validation
from shared.access import ANYONE, PUBLIC, Allow
from shared.contracts.checks import CategoryCode, RegionCode
from shared.contracts.offerings import OfferingContent
from shared.contracts.vocabulary import OfferingKind
from shared.database import Reading, Writing
from shared.idempotency import Idempotent
from shared.pages import Page, Paging
from shared.preconditions import Precondition, Seen, etag, first_tag
from shared.principal import Principal

router = openapi.router(tags=["offerings"])
OfferingId = Annotated[str, Path(max_length=40, description="off_ + UUIDv7")]
Acting = Annotated[Principal, Depends(Allow(*lifecycle.OWNER_OR_OFFICE, ownership="own"))]
Anyone = Annotated[Principal, Depends(Allow(*ANYONE))]
Reader = Annotated[Principal, Depends(Allow(*PUBLIC))]


def narrowed(
    category: Annotated[CategoryCode | None, Query(description="category; level 1 includes its children")] = None,
    provider: Annotated[str | None, Query(max_length=40, description="id of the provider")] = None,
    state: Annotated[OfferingState | None, Query(description="its state")] = None,
    region: Annotated[
        RegionCode | None, Query(description="delivered in this GB/T 2260 region or a part of it, or nothing said")
    ] = None,
    kind: Annotated[OfferingKind | None, Query(description="kind of offering")] = None,
    source: Annotated[str | None, Query(max_length=60, description="where the record came from")] = None,
    external_id: Annotated[str | None, Query(max_length=100, description="its code at its source")] = None,
) -> OfferingFilter:
    """The filter of the list, by what an offering is."""
    return OfferingFilter(category, provider, state, region, kind, source, external_id)


def narrowed_to_work(
    wanted: Annotated[OfferingFilter, Depends(narrowed)],
    under_review: Annotated[bool | None, Query(description="whether its newest version waits for the office")] = None,
    edition: Annotated[
        str | None, Query(max_length=40, description="id of a live edition (推荐目录 第N期) that lists it")
    ] = None,
) -> OfferingFilter:
    """The same, by what an office does with it too."""
    return replace(wanted, under_review=under_review, edition=edition)


@router.post("/v1/offerings", status_code=201, summary="Register an offering", response_model=resources.Offering)
def register_offering(body: OfferingRegistration, once: Idempotent, session: Writing, caller: Acting) -> Response:
    """Register an offering (供给) as a draft. A provider registers its own, a bureau those of its region.

    422, with pointers, when a category is unknown or the provider is not one that the caller may act on.
    """

    def register() -> resources.Offering:
        row = offerings.register(session, caller, body.provider_id, body.content())
        return resources.Offering.of(row, offerings.newest(session, row), {})

    return once(201, register, first_tag)


@router.get("/v1/offerings", summary="List offerings")
def list_offerings(
    wanted: Annotated[OfferingFilter, Depends(narrowed_to_work)],
    paging: Annotated[Paging, Depends()],
    session: Reading,
    caller: Anyone,
) -> Page[resources.Offering]:
    """Published offerings of providers in standing, and beyond them, in any state, those of providers that the caller
    may act on; oldest first. Others are shown as published, own ones in their newest version."""
    below = categories.below(session, wanted.category) if wanted.category else None
    if wanted.edition is not None:
        membership.require_live(session, wanted.edition)
    listings: dict[str, tuple[membership.ListedIn, ...]] = {}

    def select(after: str | None, limit: int) -> Sequence[offerings.Shown]:
        rows = offerings.listing(session, caller, wanted, below, after, limit)
        listings.update(membership.of(session, [offering.id for offering, _ in rows]))
        return rows

    return paging(wanted.bound_to(caller), select, lambda row: resources.Offering.of(*row, listings))


@router.get("/v1/offerings/{offering_id}", summary="Read an offering")
def read_offering(offering_id: OfferingId, response: Response, session: Reading, caller: Reader) -> resources.Offering:
    """An offering, as published or, if it is the caller's to act on, in its newest version.

    Its `ETag` is needed to change it.
    """
    offering, version = offerings.one(session, caller, offering_id)
    response.headers["ETag"] = etag(offering.revision)
    return resources.Offering.of(offering, version, membership.of(session, [offering.id]))


@router.get("/v1/offerings/{offering_id}/versions", summary="List the versions of an offering")
def list_offering_versions(offering_id: OfferingId, session: Reading, caller: Acting) -> OfferingVersions:
    """Every version that an offering ever had; they are immutable. Only for those who may act on it."""
    rows = offerings.versions(session, caller, offering_id)
    return OfferingVersions(items=tuple(resources.OfferingVersion.of(row) for row in rows))


@router.patch("/v1/offerings/{offering_id}", summary="Revise an offering", responses=GUARDED)
def revise_offering(
    offering_id: OfferingId,
    patch: Annotated[dict[str, Any], Body(media_type="application/merge-patch+json", examples=[{"trial_days": 30}])],
    response: Response,
    session: Writing,
    seen: Seen,
    caller: Acting,
) -> resources.Offering:
    """Make a new version by a merge patch (RFC 7396) of the newest one: null removes a member.

    The result is checked whole. A published offering stays live as it was published until the new version is
    published too. 409 when it has been withdrawn.
    """
    offering = offerings.own(session, caller, offering_id)
    seen.require(offering.revision)
    content = validation.parsed(OfferingContent, merge(offerings.newest(session, offering).content, patch))
    return _answer(response, session, offerings.revise(session, caller, offering, content))


@router.get("/v1/offerings/{offering_id}/history", summary="Read the history of an offering")
def read_offering_history(offering_id: OfferingId, session: Reading, caller: Acting) -> History:
    """Every step that an offering took, with the office's reasons and notes. Only for those who may act on it.

    What a bulk import published took no step.
    """
    return History.of(offerings.history(session, caller, offering_id))


def _move(
    step: lifecycle.Transition, session: Writing, caller: Principal, seen: Precondition, offering_id: str, form: Any
) -> tuple[BaseModel, int]:
    offering = offerings.own(session, caller, offering_id)
    seen.require(offering.revision)
    grounds = journal.Grounds(*form.pair()) if form else journal.NONE
    offerings.move(step.name, session, caller, offering, grounds)
    return _shape(session, offering), offering.revision


for _step in lifecycle.OFFERING:
    steps.add(router, "offering", _step, resources.Offering, Grounds if _step.reasons else None, _move)


def _answer(response: Response, session: Writing, offering: Offering) -> resources.Offering:
    response.headers["ETag"] = etag(offering.revision)
    return _shape(session, offering)


def _shape(session: Writing, offering: Offering) -> resources.Offering:
    listings = membership.of(session, [offering.id])
    return resources.Offering.of(offering, offerings.newest(session, offering), listings)
