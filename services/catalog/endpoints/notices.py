"""/v1/notices, /v1/objections and /v1/reasons."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response

from services.catalog import lifecycle
from services.catalog.admission import notices, objections, reasons, shapes, tables
from services.catalog.admission.consequences import UPHELD
from services.catalog.admission.filters import NoticeFilter, NoticeState
from services.catalog.admission.notices import SubjectKind
from services.catalog.admission.shapes import Grounds, Notice, Objection, ObjectionForm, Reasons
from services.catalog.endpoints.statuses import GUARDED
from shared import openapi
from shared.access import ANYONE, Allow
from shared.contracts.checks import RegionCode
from shared.database import Reading, Writing
from shared.idempotency import Idempotent
from shared.pages import Page, Paging
from shared.preconditions import Seen, etag, first_tag
from shared.principal import Principal

router = openapi.router(tags=["notices"])
NoticeId = Annotated[str, Path(max_length=40, description="ntc_ + UUIDv7")]
ObjectionId = Annotated[str, Path(max_length=40, description="obj_ + UUIDv7")]
Anyone = Annotated[Principal, Depends(Allow(*ANYONE))]
Party = Annotated[Principal, Depends(Allow(*ANYONE, ownership="own"))]


def least_days(request: Request) -> int:
    """How long a notice stays open at least, from the settings."""
    days: int = request.app.state.notice_days
    return days


LeastDays = Annotated[int, Depends(least_days)]


def narrowed(
    subject_kind: Annotated[SubjectKind | None, Query(description="what kind of thing it is about")] = None,
    subject_id: Annotated[str | None, Query(max_length=40, description="which one")] = None,
    state: Annotated[NoticeState | None, Query(description="its state now")] = None,
    region: Annotated[RegionCode | None, Query(description="of an office in this GB/T 2260 region")] = None,
) -> NoticeFilter:
    """The filter of the list."""
    return NoticeFilter(subject_kind, subject_id, state, region)


@router.get("/v1/notices", summary="List public notices")
def list_notices(
    wanted: Annotated[NoticeFilter, Depends(narrowed)],
    paging: Annotated[Paging, Depends()],
    session: Reading,
    caller: Anyone,
) -> Page[Notice]:
    """What is and was under public notice (公示), oldest first. Anybody with a key may read it and object."""
    return paging(
        wanted.bound_to(caller),
        lambda after, limit: notices.listing(session, wanted, after, limit),
        lambda row: Notice.of(row, notices.counts(session, [row.id]).get(row.id, {})),
    )


@router.get("/v1/notices/{notice_id}", summary="Read a public notice")
def read_notice(notice_id: NoticeId, session: Reading, _: Anyone) -> Notice:
    """A public notice, with how many objections there are to it."""
    return Notice.of(notices.one(session, notice_id), notices.counts(session, [notice_id]).get(notice_id, {}))


@router.post(
    "/v1/notices/{notice_id}/objections",
    status_code=201,
    summary="Object to a public notice",
    response_model=Objection,
)
def object_to_notice(
    notice_id: NoticeId, form: ObjectionForm, once: Idempotent, session: Writing, caller: Anyone
) -> Response:
    """Raise an objection (异议) while the notice is open: 409 before and afterwards, or a second time.

    The responsible office reads who objects; the firm that the notice is about reads only what is said.
    """

    def raised() -> Objection:
        return Objection.of(objections.raise_one(session, caller, notice_id, form.ground, form.text), True)

    return once(201, raised, first_tag)


@router.get("/v1/notices/{notice_id}/objections", summary="List the objections to a public notice")
def list_objections(
    notice_id: NoticeId, paging: Annotated[Paging, Depends()], session: Reading, caller: Party
) -> Page[Objection]:
    """The objections that concern the caller: the office reads all, the firm that the notice is about all without who
    raised them, everybody else the own one."""
    return paging(
        ["objections", notice_id, caller.organisation, caller.role],
        lambda after, limit: objections.listing(session, caller, notice_id, after, limit),
        lambda row: Objection.of(row, objections.names_objector(caller, row)),
    )


@router.get("/v1/objections/{objection_id}", summary="Read an objection")
def read_objection(objection_id: ObjectionId, response: Response, session: Reading, caller: Party) -> Objection:
    """An objection and what became of it. Its `ETag` is needed to resolve it."""
    return _answer(response, caller, objections.one(session, caller, objection_id))


def _add(step: lifecycle.Transition) -> None:
    """Make the operation of one transition, from the table."""

    @router.post(
        f"/v1/objections/{{objection_id}}/{step.name}",
        name=f"{step.name}_objection",
        summary=f"{step.name.capitalize()} an objection",
        description=step.description(),
        responses=GUARDED,
    )
    def act(
        objection_id: ObjectionId,
        grounds: Grounds,
        response: Response,
        session: Writing,
        seen: Seen,
        caller: Annotated[Principal, Depends(Allow(*step.actors, ownership="own"))],
    ) -> Objection:
        objection = objections.own(session, caller, objection_id)
        seen.require(objection.revision)
        resolved = objections.resolve(step.name, session, caller, objection, grounds.pair(), UPHELD)
        return _answer(response, caller, resolved)


for _step in lifecycle.OBJECTION:
    _add(_step)


@router.get("/v1/reasons", summary="List reason codes", dependencies=[Depends(Allow(*ANYONE))])
def list_reasons() -> Reasons:
    """Every reason code (原因代码) that a decision or an objection can give, by group, in both languages."""
    return Reasons(
        items=tuple(
            shapes.Reason(group=group, code=one.code, text=one.text)
            for group in reasons.groups()
            for one in reasons.REASONS[group]
        )
    )


def _answer(response: Response, caller: Principal, row: tables.Objection) -> Objection:
    response.headers["ETag"] = etag(row.revision)
    return Objection.of(row, objections.names_objector(caller, row))
