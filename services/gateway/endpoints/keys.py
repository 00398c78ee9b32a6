"""Keys: made, listed and revoked by an admin."""

from typing import Annotated

from fastapi import Depends, Path, Request, Response

from services.gateway import administration, keys
from services.gateway.models import idempotency_keys
from services.gateway.shapes import KeyRequest, KeyView, NewKey
from shared import idempotency, openapi
from shared.access import Allow
from shared.database import Reading, Writing
from shared.idempotency import Idempotent
from shared.pages import Page, Paging

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
def list_keys(paging: Annotated[Paging, Depends()], session: Reading) -> Page[KeyView]:
    """List all keys, revoked ones too, oldest first, without the keys themselves."""
    return paging("keys", lambda after, limit: keys.page(session, after or "", limit), lambda pair: KeyView.of(*pair))


@router.post("/{key_id}/revoke", summary="Revoke a key")
def revoke_key(key_id: Annotated[str, Path(max_length=40, description="key_ + UUIDv7")], session: Writing) -> KeyView:
    """End a key: within a second no process of the gateway takes it any more. Revoking twice changes nothing."""
    return administration.revoke(session, key_id)
