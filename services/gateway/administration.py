"""What an admin does with keys, from wire shape to wire shape."""

from sqlalchemy.orm import Session

from services.gateway import keys, organisations
from services.gateway.shapes import KeyRequest, KeyView, NewKey


def create(session: Session, pepper: bytes, wanted: KeyRequest) -> NewKey:
    """Make a key, and its organisation when it is new."""
    if wanted.organisation is not None:
        named = wanted.organisation
        organisation = organisations.register(session, named.name, named.region, named.uscc)
    else:
        organisation = organisations.get(session, wanted.organisation_id or "")
    key, raw = keys.create(session, pepper, organisation, wanted.role, wanted.expires_at)
    return NewKey(key=raw, details=KeyView.of(key, organisation))


def revoke(session: Session, key_id: str) -> KeyView:
    """Revoke a key."""
    return KeyView.of(*keys.revoke(session, key_id))
