"""/v1/editions."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Body, Depends, Path, Query, Response
from pydantic import BaseModel

from services.catalog import lifecycle
from services.catalog.admission import journal, notices
from services.catalog.admission.shapes import Grounds, WindowForm
from services.catalog.admission.views import History
from services.catalog.editions import composition, downloads, freezing, moves, reading, shapes, tables
from services.catalog.editions.downloads import Format
from services.catalog.editions.filters import EditionFilter
from services.catalog.editions.lifecycle import EDITION, EditionState
from services.catalog.editions.shapes import EditionContent, EditionItem, EditionVerification, Reconciliation
from services.catalog.endpoints import steps
from services.catalog.endpoints.notices import LeastDays
from services.catalog.endpoints.statuses import GUARDED, Declared
from services.catalog.patches import merge
from shared import openapi, validation
from shared.access import ANYONE, Allow
from shared.contracts.checks import RegionCode
from shared.database import Reading, Writing
from shared.idempotency import Idempotent
from shared.pages import Page, Paging
from shared.preconditions import Precondition, Seen, etag, first_tag
from shared.principal import Principal

router = openapi.router(tags=["editions"])
EditionId = Annotated[str, Path(max_length=40, description="edt_ + UUIDv7")]
Anyone = Annotated[Principal, Depends(Allow(*ANYONE))]
Acting = Annotated[Principal, Depends(Allow(*lifecycle.OFFICE, ownership="own"))]
Batch = Callable[[Writing, tables.Edition, tuple[str, ...]], tables.Edition]
FILES: Declared = {200: {"content": {form[0]: {"schema": {}} for form in downloads.FORMS.values()}}, 409: {}}


def narrowed(
    state: Annotated[EditionState | None, Query(description="its state")] = None,
    region: Annotated[RegionCode | None, Query(description="of the bureau of exactly this GB/T 2260 region")] = None,
    number: Annotated[int | None, Query(ge=1, le=9999, description="N of 第N期")] = None,
) -> EditionFilter:
    """The filter of the list."""
    return EditionFilter(state, region, number)


@router.post("/v1/editions", status_code=201, summary="Plan an edition", response_model=shapes.Edition)
def plan_edition(body: EditionContent, once: Idempotent, session: Writing, caller: Acting) -> Response:
    """Plan an edition of a recommended catalogue (推荐目录 第N期) of the own office, for the own region.

    409 when the catalogue of this title has an edition of this number already.
    """
    return once(201, lambda: _shape(session, composition.plan(session, caller, body)), first_tag)


@router.get("/v1/editions", summary="List editions")
def list_editions(
    wanted: Annotated[EditionFilter, Depends(narrowed)],
    paging: Annotated[Paging, Depends()],
    session: Reading,
    caller: Anyone,
) -> Page[shapes.Edition]:
    """Editions that are or were under notice, live or expired, and the own ones in any state; oldest first."""
    return paging(
        wanted.bound_to(caller),
        lambda after, limit: reading.listing(session, caller, wanted, after, limit),
        lambda row: shapes.Edition.of(*row),
    )


@router.get("/v1/editions/{edition_id}", summary="Read an edition")
def read_edition(edition_id: EditionId, response: Response, session: Reading, caller: Anyone) -> shapes.Edition:
    """An edition with its counts and, once announced, its citation and hash. Its `ETag` is needed to change it."""
    edition = reading.seen(session, caller, edition_id)
    response.headers["ETag"] = etag(edition.revision)
    return _shape(session, edition)


@router.patch("/v1/editions/{edition_id}", summary="Revise an edition", responses=GUARDED)
def revise_edition(
    edition_id: EditionId,
    patch: Annotated[dict[str, Any], Body(media_type="application/merge-patch+json", examples=[{"number": 4}])],
    response: Response,
    session: Writing,
    seen: Seen,
    caller: Acting,
) -> shapes.Edition:
    """Describe an edition otherwise by a merge patch (RFC 7396), checked whole. 409 from the public notice on."""
    edition = composition.own(session, caller, edition_id)
    seen.require(edition.revision)
    content = validation.parsed(EditionContent, merge(edition.content, patch))
    return _answer(response, session, composition.revise(session, edition, content))


@router.get("/v1/editions/{edition_id}/items", summary="List what an edition lists")
def list_edition_items(
    edition_id: EditionId, paging: Annotated[Paging, Depends()], session: Reading, caller: Anyone
) -> Page[EditionItem]:
    """The offerings of an edition in the versions that count: before the notice the published ones, from then on those
    that were put up, once announced the frozen ones."""
    edition = reading.seen(session, caller, edition_id)
    return paging(
        ["edition-items", edition_id, caller.organisation, caller.role],
        lambda after, limit: reading.item_page(session, edition, after, limit),
        lambda item: item,
    )


@router.get("/v1/editions/{edition_id}/reconciliation", summary="Reconcile an edition")
def reconcile_edition(edition_id: EditionId, session: Reading, caller: Acting) -> Reconciliation:
    """The reconciliation (核对): providers and items by main category, what is no longer published, what lies outside
    of the scope, what may be there twice. Every offering counts once, so the categories sum to the items."""
    return composition.reconcile(session, reading.mine(session, caller, edition_id))


@router.get(
    "/v1/editions/{edition_id}/download",
    summary="Download an edition",
    responses=FILES,
    response_class=Response,
)
def download_edition(
    edition_id: EditionId,
    session: Reading,
    caller: Anyone,
    form: Annotated[
        Format,
        Query(alias="format", description="json: the whole document; xlsx: a list for people; jsonl: for /v1/imports"),
    ] = "json",
) -> Response:
    """An announced edition as a file, always the same bytes. 409 before it is announced.

    `content_hash` in the JSON is the SHA-256 of the canonical JSON (sorted keys, no blanks, UTF-8) of all else in it.
    """
    found = downloads.write(session, reading.announced(session, caller, edition_id), form)
    named = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return Response(found.data, headers=named, media_type=found.media_type)


@router.post("/v1/editions/{edition_id}/verify", summary="Verify an edition", responses={409: {}})
def verify_edition(edition_id: EditionId, session: Reading, caller: Anyone) -> EditionVerification:
    """Compare what is stored of an announced edition with its hashes, row by row; what was tampered with is named."""
    return freezing.verify(session, reading.announced(session, caller, edition_id))


def _add_batch(name: str, summary: str, text: str, verb: Batch) -> None:
    @router.post(
        f"/v1/editions/{{edition_id}}/{name}",
        name=f"{name}_edition_items",
        summary=summary,
        description=text,
        responses=GUARDED,
    )
    def act(
        edition_id: EditionId,
        batch: shapes.OfferingBatch,
        response: Response,
        session: Writing,
        seen: Seen,
        caller: Acting,
    ) -> shapes.Edition:
        edition = composition.own(session, caller, edition_id)
        seen.require(edition.revision)
        return _answer(response, session, verb(session, edition, batch.offerings))


_add_batch(
    "add",
    "Add offerings to an edition",
    "Add published offerings to an open edition, all of them or, with one fault, none (422 with a pointer to each). An "
    "offering may be listed when it is delivered in the bureau's region, in a part of it, or without saying where "
    "(wherever its provider sits), and when its main category lies within the scope.",
    composition.add,
)
_add_batch(
    "remove",
    "Remove offerings from an edition",
    "Remove offerings from an edition that is open or being evaluated; what it does not list changes nothing.",
    composition.remove,
)


@router.get("/v1/editions/{edition_id}/history", summary="Read the history of an edition")
def read_edition_history(edition_id: EditionId, session: Reading, caller: Acting) -> History:
    """Every step that an edition took, with reasons and notes. Only for those who may act on it."""
    return History.of(journal.of(session, "edition", reading.mine(session, caller, edition_id).id))


def _move(
    step: lifecycle.Transition, session: Writing, caller: Principal, seen: Precondition, edition_id: str, form: Any
) -> tuple[BaseModel, int]:
    edition = composition.own(session, caller, edition_id)
    seen.require(edition.revision)
    grounds = journal.Grounds(*form.pair()) if form else journal.NONE
    moves.move(step.name, session, caller, edition, grounds)
    return _shape(session, edition), edition.revision


for _step in EDITION:
    if _step.trigger == "call" and "open-notice" not in _step.effects:
        steps.add(router, "edition", _step, shapes.Edition, Grounds if _step.reasons else None, _move)


_publicize = lifecycle.transition(EDITION, "publicize")


@router.post(
    "/v1/editions/{edition_id}/publicize",
    summary="Publicize: an edition",
    description=f"{_publicize.description()}\n\nThe notice, `GET /v1/notices?subject_id=…`, stays open for `days`.",
    responses=GUARDED,
)
def publicize_edition(
    edition_id: EditionId,
    window: WindowForm,
    response: Response,
    session: Writing,
    seen: Seen,
    least: LeastDays,
    caller: Annotated[Principal, Depends(Allow(*_publicize.actors, ownership="own"))],
) -> shapes.Edition:
    """Described by the table."""
    edition = composition.own(session, caller, edition_id)
    seen.require(edition.revision)
    days = notices.days(window.days, least)
    return _answer(response, session, moves.move("publicize", session, caller, edition, days=days))


def _shape(session: Reading, edition: tables.Edition) -> shapes.Edition:
    return shapes.Edition.of(*reading.counted(session, edition))


def _answer(response: Response, session: Writing, edition: tables.Edition) -> shapes.Edition:
    response.headers["ETag"] = etag(edition.revision)
    return _shape(session, edition)
