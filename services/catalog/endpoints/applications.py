"""/v1/applications."""

from typing import Annotated, Any

from fastapi import Body, Depends, Path, Query, Response
from pydantic import BaseModel

from services.catalog.admission import applications, assessment, journal, notices, stages
from services.catalog.admission.filters import ApplicationFilter
from services.catalog.admission.forms import ApplicationContent
from services.catalog.admission.shapes import Grounds, WindowForm
from services.catalog.admission.stages import ApplicationState
from services.catalog.admission.tables import Application as Row
from services.catalog.admission.views import Application, ApplicationSummary, Assessment
from services.catalog.endpoints import steps
from services.catalog.endpoints.notices import LeastDays
from services.catalog.endpoints.statuses import GUARDED
from services.catalog.lifecycle import OWNER_OR_OFFICE, Transition, transition
from services.catalog.patches import merge
from shared import clock, openapi, validation
from shared.access import Allow
from shared.contracts.checks import RegionCode
from shared.database import Reading, Writing
from shared.idempotency import Idempotent
from shared.pages import Page, Paging
from shared.preconditions import Precondition, Seen, etag, first_tag
from shared.principal import Principal

router = openapi.router(tags=["applications"])
ApplicationId = Annotated[str, Path(max_length=40, description="app_ + UUIDv7")]
Applicant = Annotated[Principal, Depends(Allow(*stages.APPLICANT, ownership="own"))]
Party = Annotated[Principal, Depends(Allow(*OWNER_OR_OFFICE, ownership="own"))]


def narrowed(
    state: Annotated[ApplicationState | None, Query(description="where it stands")] = None,
    region: Annotated[RegionCode | None, Query(description="of a provider in this GB/T 2260 region")] = None,
    uscc: Annotated[str | None, Query(max_length=18, description="统一社会信用代码")] = None,
) -> ApplicationFilter:
    """The filter of the list."""
    return ApplicationFilter(state, region, uscc)


@router.post("/v1/applications", status_code=201, summary="Apply for admission", response_model=Application)
def apply_for_admission(content: ApplicationContent, once: Idempotent, session: Writing, caller: Applicant) -> Response:
    """Begin an application (入库申请) as a draft, for the firm of the key (403 for another one).

    The firm is registered with it as an applicant: it can prepare and submit offerings at once; they are published
    after it has been admitted. 409 while it is in standing already, has an open application, or may not come back yet.
    """
    return once(201, lambda: Application.of(applications.apply(session, caller, content), ()), first_tag)


@router.get("/v1/applications", summary="List applications")
def list_applications(
    wanted: Annotated[ApplicationFilter, Depends(narrowed)],
    paging: Annotated[Paging, Depends()],
    session: Reading,
    caller: Party,
) -> Page[ApplicationSummary]:
    """A provider's own applications, or those submitted to an office; oldest first."""
    return paging(
        wanted.bound_to(caller),
        lambda after, limit: applications.listing(session, caller, wanted, after, limit),
        ApplicationSummary.of,
    )


@router.get("/v1/applications/{application_id}", summary="Read an application")
def read_application(application_id: ApplicationId, response: Response, session: Reading, caller: Party) -> Application:
    """An application, where it stands, and every step that it took. Its `ETag` is needed to change it."""
    row = applications.one(session, caller, application_id)
    response.headers["ETag"] = etag(row.revision)
    return _shown(session, row)


@router.get("/v1/applications/{application_id}/assessment", summary="Assess an application")
def assess_application(application_id: ApplicationId, session: Reading, caller: Party) -> Assessment:
    """Hold an application against the rules that a machine can check, without changing anything."""
    content = applications.said(applications.one(session, caller, application_id))
    return Assessment.of(assessment.examine(content, clock.today()))


@router.patch("/v1/applications/{application_id}", summary="Revise an application", responses=GUARDED)
def revise_application(
    application_id: ApplicationId,
    patch: Annotated[
        dict[str, Any],
        Body(media_type="application/merge-patch+json", examples=[{"declarations": {"taxes_paid": True}}]),
    ],
    response: Response,
    session: Writing,
    seen: Seen,
    caller: Applicant,
) -> Application:
    """Change an application by a merge patch (RFC 7396): null removes a member, a list is replaced whole.

    While it is a draft, self-assessed (it becomes a draft again) or in clarification; 409 otherwise.
    """
    row = applications.own(session, caller, application_id)
    seen.require(row.revision)
    content = validation.parsed(ApplicationContent, merge(row.content, patch))
    applications.revise(session, caller, row, content)
    response.headers["ETag"] = etag(row.revision)
    return _shown(session, row)


def _act(
    step: Transition, session: Writing, caller: Principal, seen: Precondition, application_id: str, form: Any
) -> tuple[BaseModel, int]:
    row = applications.own(session, caller, application_id)
    seen.require(row.revision)
    grounds = journal.Grounds(*form.pair()) if form else journal.NONE
    applications.move(step.name, session, caller, row, grounds)
    return _shown(session, row), row.revision


for _step in stages.APPLICATION:
    if _step.trigger == "call" and "open-notice" not in _step.effects:
        steps.add(router, "application", _step, Application, Grounds if _step.reasons else None, _act)


_publicize = transition(stages.APPLICATION, "publicize")


@router.post(
    "/v1/applications/{application_id}/publicize",
    summary="Publicize: an application",
    description=_publicize.description(),
    responses=GUARDED,
)
def publicize_application(
    application_id: ApplicationId,
    form: WindowForm,
    response: Response,
    session: Writing,
    seen: Seen,
    least: LeastDays,
    caller: Annotated[Principal, Depends(Allow(*_publicize.actors, ownership="own"))],
) -> Application:
    """Described by the table."""
    row = applications.own(session, caller, application_id)
    seen.require(row.revision)
    applications.move("publicize", session, caller, row, days=notices.days(form.days, least))
    response.headers["ETag"] = etag(row.revision)
    return _shown(session, row)


def _shown(session: Reading, row: Row) -> Application:
    return Application.of(row, journal.of(session, "application", row.id))
