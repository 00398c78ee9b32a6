"""Keys: made, listed and revoked by an admin."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response

from services.gateway import administration
from services.gateway.models import idempotency_keys
from services.gateway.shapes import KeyPage, KeyRequest, KeyView, NewKey
from shared import idempotency, openapi
from shared.access import Allow
from shared.database import Reading, Writing
from shared.idempotency import Idempotent

router = openapi.router(prefix="/v1/keys", dependencies=[Depends(Allow("admin"))])


@router.post("", status_code=201, summary="Make a key", response_model=NewKey)
def create_key(wanted: KeyRequest, once: Idempotent, session: Writing, request: Request) -> Response:
    """Make a key for a new or a known organisation.

    The key is shown in this answer and never again, so a repetition with the same Idempotency-Key makes no second one
    and is not answered with the first, but with 409: revoke what was made and make another.
    """
    idempotency.forget(session, idempotency_keys)
    pepper = request.app.state.pepper
    return once(201, lambda: administration.create(session, pepper, wanted), secret=True)


@router.get("", summary="List keys")
def list_keys(
    session: Reading,
    request: Request,
    response: Response,
    cursor: Annotated[str | None, Query(max_length=400, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="keys a page")] = 50,
) -> KeyPage:
    """List all keys, revoked ones too, oldest first, without the keys themselves."""
    page = administration.list_keys(session, request.app.state.cursors, cursor, limit)
    if page.next:
        response.headers["Link"] = f'</v1/keys?limit={limit}&cursor={page.next}>; rel="next"'
    return page


@router.post("/{key_id}/revoke", summary="Revoke a key")
def revoke_key(key_id: Annotated[str, Path(max_length=40, description="key_ + UUIDv7")], session: Writing) -> KeyView:
    """End a key: within a second no process of the gateway takes it any more. Revoking twice changes nothing."""
    return administration.revoke(session, key_id)
