"""/v1/providers."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Response

from services.catalog import lifecycle, providers, resources
from services.catalog.endpoints.statuses import GUARDED
from services.catalog.filters import ProviderFilter
from services.catalog.models import Provider
from services.catalog.patches import merge
from shared import validation
from shared.access import ANYONE, Allow
from shared.contracts.changes import Standing
from shared.contracts.checks import RegionCode
from shared.contracts.providers import ProviderContent
from shared.contracts.vocabulary import ProviderKind
from shared.database import Reading, Writing
from shared.idempotency import Idempotent
from shared.pages import Page, Paging
from shared.preconditions import Seen, etag
from shared.principal import Principal

router = APIRouter(tags=["providers"])
ProviderId = Annotated[str, Path(max_length=40, description="prv_ + UUIDv7")]
Registering = Annotated[Principal, Depends(Allow("provider", "bureau", "admin", ownership="own"))]
Anyone = Annotated[Principal, Depends(Allow(*ANYONE))]


def narrowed(
    kind: Annotated[ProviderKind | None, Query(description="provider class")] = None,
    region: Annotated[RegionCode | None, Query(description="registered in this GB/T 2260 region")] = None,
    standing: Annotated[Standing | None, Query(description="its standing")] = None,
    uscc: Annotated[str | None, Query(max_length=18, description="统一社会信用代码")] = None,
    source: Annotated[str | None, Query(max_length=60, description="where the record came from")] = None,
    external_id: Annotated[str | None, Query(max_length=100, description="its code at its source")] = None,
) -> ProviderFilter:
    """The filter of the list."""
    return ProviderFilter(kind, region, standing, uscc, source, external_id)


@router.post("/v1/providers", status_code=201, summary="Register a provider", response_model=resources.Provider)
def register_provider(content: ProviderContent, once: Idempotent, session: Writing, caller: Registering) -> Response:
    """Register a provider (服务商). A provider registers itself, a bureau those of its region, an admin any.

    409 when the credit code is registered already. The credit grade is assessed by a bureau: a provider cannot give
    it to itself (403).
    """
    return once(201, lambda: resources.Provider.of(providers.register(session, caller, content)), _first_tag)


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


@router.get("/v1/providers/{provider_id}", summary="Read a provider")
def read_provider(provider_id: ProviderId, response: Response, session: Reading, caller: Anyone) -> resources.Provider:
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
    """Change members of a provider by a merge patch (RFC 7396): null removes a member. The result is checked whole."""
    provider = providers.own(session, caller, provider_id)
    seen.require(provider.revision)
    content = validation.parsed(ProviderContent, merge(provider.content, patch))
    return _answer(response, providers.revise(session, caller, provider, content))


def _add(step: lifecycle.Transition) -> None:
    """Make the operation of one transition, from the table."""

    @router.post(
        f"/v1/providers/{{provider_id}}/{step.name}",
        name=f"{step.name}_provider",
        summary=f"{step.name.capitalize()} a provider",
        description=step.description(),
        responses=GUARDED,
    )
    def act(
        provider_id: ProviderId,
        response: Response,
        session: Writing,
        seen: Seen,
        caller: Annotated[Principal, Depends(Allow(*step.actors, ownership="own"))],
    ) -> resources.Provider:
        provider = providers.own(session, caller, provider_id)
        seen.require(provider.revision)
        return _answer(response, providers.move(step.name, session, caller, provider))


for _step in lifecycle.PROVIDER:
    _add(_step)


def _first_tag(_: object) -> dict[str, str]:
    return {"ETag": etag(1)}


def _answer(response: Response, provider: Provider) -> resources.Provider:
    response.headers["ETag"] = etag(provider.revision)
    return resources.Provider.of(provider)
