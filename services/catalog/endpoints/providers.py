"""/v1/providers."""

from typing import Annotated, Any

from fastapi import Body, Depends, Path, Query, Response
from pydantic import BaseModel

from services.catalog import lifecycle, providers, resources
from services.catalog.admission import journal
from services.catalog.admission.shapes import AppealForm, EndForm, Grounds
from services.catalog.admission.views import CreditRecord
from services.catalog.endpoints import steps
from services.catalog.endpoints.statuses import GUARDED
from services.catalog.filters import ProviderFilter
from services.catalog.lifecycle import ProviderStanding
from services.catalog.models import Provider
from services.catalog.ownership import owns
from services.catalog.patches import merge
from shared import openapi, validation
from shared.access import ANYONE, PUBLIC, Allow
from shared.contracts.checks import RegionCode
from shared.contracts.providers import ProviderContent
from shared.contracts.vocabulary import ProviderKind
from shared.database import Reading, Writing
from shared.idempotency import Idempotent
from shared.pages import Page, Paging
from shared.preconditions import Precondition, Seen, etag, first_tag
from shared.principal import Principal

router = openapi.router(tags=["providers"])
ProviderId = Annotated[str, Path(max_length=40, description="prv_ + UUIDv7")]
Registering = Annotated[Principal, Depends(Allow("provider", "bureau", "admin", ownership="own"))]
Anyone = Annotated[Principal, Depends(Allow(*ANYONE))]
Reader = Annotated[Principal, Depends(Allow(*PUBLIC))]


def narrowed(
    kind: Annotated[ProviderKind | None, Query(description="provider class")] = None,
    region: Annotated[RegionCode | None, Query(description="registered in this GB/T 2260 region")] = None,
    standing: Annotated[ProviderStanding | None, Query(description="its standing")] = None,
    uscc: Annotated[str | None, Query(max_length=18, description="统一社会信用代码")] = None,
    source: Annotated[str | None, Query(max_length=60, description="where the record came from")] = None,
    external_id: Annotated[str | None, Query(max_length=100, description="its code at its source")] = None,
) -> ProviderFilter:
    """The filter of the list."""
    return ProviderFilter(kind, region, standing, uscc, source, external_id)


@router.post("/v1/providers", status_code=201, summary="Register a provider", response_model=resources.Provider)
def register_provider(content: ProviderContent, once: Idempotent, session: Writing, caller: Registering) -> Response:
    """Register a provider (服务商). A bureau registers those of its region, an admin any: they are in standing at once.

    A provider registers itself as an applicant: it prepares and submits offerings, which are published after it has
    applied (`POST /v1/applications`) and been admitted.
    409 when the credit code is registered already. The credit grade is assessed by a bureau: a provider cannot give
    it to itself (403).
    """
    return once(201, lambda: resources.Provider.of(providers.register(session, caller, content)), first_tag)


@router.get("/v1/providers", summary="List providers")
def list_providers(
    wanted: Annotated[ProviderFilter, Depends(narrowed)],
    paging: Annotated[Paging, Depends()],
    session: Reading,
    caller: Anyone,
) -> Page[resources.Provider]:
    """Providers in standing, and beyond them those that the caller may act on, oldest first."""
    return paging(
        wanted.bound_to(caller),
        lambda after, limit: providers.listing(session, caller, wanted, after, limit),
        resources.Provider.of,
    )


@router.get("/v1/providers/mine", summary="Read the own provider")
def read_own_provider(
    response: Response,
    session: Reading,
    caller: Annotated[Principal, Depends(Allow("provider", ownership="own"))],
) -> resources.Provider:
    """The provider that the key belongs to, by the credit code of its organisation; 404 while it is not registered."""
    return _answer(response, providers.mine(session, caller))


@router.get("/v1/providers/{provider_id}", summary="Read a provider")
def read_provider(provider_id: ProviderId, response: Response, session: Reading, caller: Reader) -> resources.Provider:
    """A provider as it stands. Its `ETag` is needed to change it."""
    return _answer(response, providers.one(session, caller, provider_id))


@router.patch("/v1/providers/{provider_id}", summary="Revise a provider", responses=GUARDED)
def revise_provider(
    provider_id: ProviderId,
    patch: Annotated[dict[str, Any], Body(media_type="application/merge-patch+json", examples=[{"employees": 58}])],
    response: Response,
    session: Writing,
    seen: Seen,
    caller: Registering,
) -> resources.Provider:
    """Change members of a provider by a merge patch (RFC 7396): null removes a member. The result is checked whole.

    Of a provider that was admitted only an office changes name, region and certificates: they were examined.
    """
    provider = providers.own(session, caller, provider_id)
    seen.require(provider.revision)
    content = validation.parsed(ProviderContent, merge(provider.content, patch))
    return _answer(response, providers.revise(session, caller, provider, content))


@router.get("/v1/providers/{provider_id}/credit-record", summary="Read a provider's credit record")
def read_credit_record(provider_id: ProviderId, session: Reading, caller: Anyone) -> CreditRecord:
    """The public credit record (信用记录): every change of a provider's standing, with its reason and note.

    It can be read of everybody who was ever admitted, also while suspended and after the exit. Nobody who decided is
    named; what a provider writes in an appeal is shown to itself and to the office.
    """
    row = providers.on_record(session, caller, provider_id)
    return CreditRecord.of(row, journal.of(session, "provider", row.id), owns(caller, row.uscc, row.region))


def _move(
    step: lifecycle.Transition, session: Writing, caller: Principal, seen: Precondition, provider_id: str, form: Any
) -> tuple[BaseModel, int]:
    provider = providers.own(session, caller, provider_id)
    seen.require(provider.revision)
    grounds, reentry_after = journal.Grounds(*form.pair()), getattr(form, "reentry_after", None)
    providers.move(step.name, session, caller, provider, grounds, reentry_after)
    return resources.Provider.of(provider), provider.revision


def _appeal(
    step: lifecycle.Transition, session: Writing, caller: Principal, seen: Precondition, provider_id: str, form: Any
) -> tuple[BaseModel, int]:
    provider = providers.own(session, caller, provider_id)
    seen.require(provider.revision)
    providers.appeal(step.name, session, caller, provider, journal.Grounds(getattr(form, "reason", None), form.note))
    return resources.Provider.of(provider), provider.revision


for _step in lifecycle.PROVIDER:
    if _step.trigger == "call":
        _form = EndForm if _step.target == "exited" else Grounds
        steps.add(router, "provider", _step, resources.Provider, _form, _move)
for _step in lifecycle.APPEAL:
    steps.add(router, "provider", _step, resources.Provider, Grounds if _step.reasons else AppealForm, _appeal)


def _answer(response: Response, provider: Provider) -> resources.Provider:
    response.headers["ETag"] = etag(provider.revision)
    return resources.Provider.of(provider)
