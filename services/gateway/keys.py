"""API keys: 256 random bits, shown once, stored as an HMAC-SHA-256 with a pepper and a visible beginning.

A fast HMAC is enough because the key itself is random: there is nothing to guess that a slow hash would protect.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from services.gateway.models import Key, Organisation
from shared import clock, identifiers, problems
from shared.principal import Principal, Role

SHAPE = re.compile(r"djw?_[A-Za-z0-9_-]{43}")
_VISIBLE = 8
_valid = (
    select(Key.id, Key.role, Key.demo, Organisation.id, Organisation.region, Organisation.uscc)
    .join(Organisation)
    .where(Key.hash == bindparam("hashed"), Key.revoked_at.is_(None))
    .where(or_(Key.expires_at.is_(None), Key.expires_at > bindparam("now")))
)
"""Who holds a key: asked once a second for everybody who calls, so it is made once and makes no objects."""
_BEGINNING = {"widget": "djw_"}
"""Who reads `djw_` in a page knows that it is meant to be read."""


def create(
    session: Session,
    pepper: bytes,
    organisation: Organisation,
    role: Role,
    expires_at: datetime | None = None,
    demo: bool = False,
) -> tuple[Key, str]:
    """A new key of an organisation, and the key itself, which nobody can read again."""
    raw = f"{_BEGINNING.get(role, 'dj_')}{secrets.token_urlsafe(32)}"
    key = Key(
        id=identifiers.new("key"),
        organisation_id=organisation.id,
        role=role,
        prefix=raw[:_VISIBLE],
        hash=digest(pepper, raw),
        demo=demo,
        created_at=clock.now(),
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    return key, raw


def digest(pepper: bytes, raw: str) -> str:
    """What is stored of a key."""
    return hmac.digest(pepper, raw.encode(), hashlib.sha256).hex()


def principal(session: Session, hashed: str, demo_allowed: bool) -> Principal | None:
    """Who calls with a key; None when it is unknown, revoked, expired, or a demo key where none is allowed."""
    found = session.execute(_valid, {"hashed": hashed, "now": clock.now()}).one_or_none()
    if found is None:
        return None
    key_id, role, demo, organisation_id, region, uscc = found
    if demo and not demo_allowed:
        return None
    return Principal(organisation_id, cast(Role, role), region, uscc, key_id)


def page(session: Session, after: str, limit: int) -> Sequence[tuple[Key, Organisation]]:
    """Keys with their organisations, oldest first, after a key's id."""
    query = select(Key, Organisation).join(Organisation).where(Key.id > after).order_by(Key.id).limit(limit)
    return [(key, organisation) for key, organisation in session.execute(query)]


def revoke(session: Session, key_id: str) -> tuple[Key, Organisation]:
    """End a key at once; doing it twice keeps the first moment. NotFound when there is none."""
    key = session.get(Key, key_id, with_for_update=True)
    if key is None:
        raise problems.NotFound
    key.revoked_at = key.revoked_at or clock.now()
    session.flush()
    return key, session.get_one(Organisation, key.organisation_id)
