"""Widget keys: made, changed and revoked by the bureau whose they are; and what a page may show with one."""

from typing import Annotated, Any

from fastapi import Body, Depends, Path, Request, Response

from services.gateway import widget_administration as administration
from services.gateway.models import idempotency_keys
from services.gateway.widget_shapes import NewWidgetKey, WidgetConfiguration, WidgetKeyRequest, WidgetKeyView
from shared import idempotency, openapi
from shared.access import Allow
from shared.database import Reading, Writing
from shared.idempotency import Idempotent
from shared.pages import Page, Paging
from shared.preconditions import Seen, etag
from shared.principal import Principal

router = openapi.router()
Office = Annotated[Principal, Depends(Allow("bureau", "admin", ownership="own"))]
Embedding = Annotated[Principal, Depends(Allow("widget", ownership="own"))]
KeyId = Annotated[str, Path(max_length=40, description="key_ + UUIDv7")]


@router.post("/v1/widget-keys", status_code=201, summary="Make a widget key", response_model=NewWidgetKey)
def create_widget_key(
    wanted: WidgetKeyRequest, once: Idempotent, session: Writing, request: Request, caller: Office
) -> Response:
    """Make a publishable key (djw_…) for pages that embed the widget, bound to a bureau and to their origins.

    It may read what is published and submit needs, which then belong to the bureau, and nothing else. The key is shown
    in this answer and never again; whoever loses it finds it in the page, or revokes it and makes another. As with
    other keys, a repetition with the same Idempotency-Key makes no second one and is answered with 409. 422 when the
    organisation is no bureau.
    """
    idempotency.forget(session, idempotency_keys)
    pepper = request.app.state.pepper
    return once(201, lambda: administration.create(session, pepper, caller, wanted), secret=True)


@router.get("/v1/widget-keys", summary="List widget keys")
def list_widget_keys(paging: Annotated[Paging, Depends()], session: Reading, caller: Office) -> Page[WidgetKeyView]:
    """The bureau's widget keys, revoked ones too, or all for an admin; oldest first, without the keys themselves."""
    return paging(
        ["widget-keys", caller.organisation, caller.role],
        lambda after, limit: administration.listing(session, caller, after, limit),
        lambda view: view,
    )


@router.get("/v1/widget-keys/{key_id}", summary="Read a widget key")
def read_widget_key(key_id: KeyId, session: Reading, response: Response, caller: Office) -> WidgetKeyView:
    """A widget key with its terms. Its `ETag` is needed to change it."""
    return _tagged(response, administration.read(session, caller, key_id))


@router.patch("/v1/widget-keys/{key_id}", summary="Revise a widget key", responses={412: {}, 428: {}})
def revise_widget_key(
    key_id: KeyId,
    patch: Annotated[
        dict[str, Any],
        Body(media_type="application/merge-patch+json", examples=[{"origins": ["https://portal.example.cn"]}]),
    ],
    session: Writing,
    response: Response,
    seen: Seen,
    caller: Office,
) -> WidgetKeyView:
    """Change label, origins or narrowing by a merge patch (RFC 7396). Every gateway holds to it within a second."""
    return _tagged(response, administration.revise(session, caller, key_id, seen, patch))


@router.post("/v1/widget-keys/{key_id}/revoke", summary="Revoke a widget key")
def revoke_widget_key(key_id: KeyId, session: Writing, response: Response, caller: Office) -> WidgetKeyView:
    """End a widget key: within a second no page can use it any more. Revoking twice changes nothing."""
    return _tagged(response, administration.revoke(session, caller, key_id))


@router.get("/v1/widget", summary="Read what a widget may show")
def read_widget(session: Reading, caller: Embedding) -> WidgetConfiguration:
    """The terms of the widget key that calls: whose it is and what it is narrowed to."""
    return administration.configuration(session, caller)


def _tagged(response: Response, tagged: administration.Tagged) -> WidgetKeyView:
    response.headers["ETag"] = etag(tagged[1])
    return tagged[0]
