"""Widget keys: publishable, bound to a bureau and its origins, for reading what is published and submitting needs.

A widget key is a key of the role "widget" with terms beside it. It stands readable in a page, so it is worth nothing
outside its terms; still only its HMAC is stored, so that "no key in the database" needs no exception.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from services.gateway import keys, organisations
from services.gateway.models import Key, Organisation, WidgetOrigin, WidgetTerms
from services.gateway.narrowing import Narrowing
from shared import clock, problems
from shared.principal import Principal, Role

ROLE: Role = "widget"
Found = tuple[Key, Organisation, WidgetTerms]


@dataclass(frozen=True)
class Terms:
    """What the door needs to know of a widget key."""

    origins: frozenset[str]
    narrowing: Narrowing


def create(
    session: Session,
    pepper: bytes,
    organisation: Organisation,
    label: str,
    bounds: tuple[Sequence[str], dict[str, Any]],
    expires_at: datetime | None,
) -> tuple[Found, str]:
    """A new widget key of a bureau, bound to origins and a narrowing, and the key itself."""
    key, raw = keys.create(session, pepper, organisation, ROLE, expires_at)
    terms = WidgetTerms(key_id=key.id, label=label, narrowing=bounds[1], revision=1)
    session.add(terms)
    _register(session, key.id, bounds[0])
    return (key, organisation, terms), raw


def one(session: Session, caller: Principal, key_id: str, to_change: bool = False) -> Found:
    """A widget key of the caller's bureau, any for an admin; NotFound otherwise."""
    query = _own(caller).where(Key.id == key_id)
    found = session.execute(query.with_for_update(of=WidgetTerms) if to_change else query).one_or_none()
    if found is None:
        raise problems.NotFound
    return found[0], found[1], found[2]


def listing(session: Session, caller: Principal, after: str | None, limit: int) -> list[Found]:
    """The caller's widget keys, oldest first, after a key's id."""
    query = _own(caller).where(Key.id > (after or "")).order_by(Key.id).limit(limit)
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def rewrite(
    session: Session, terms: WidgetTerms, label: str, allowed: Sequence[str], narrowing: dict[str, Any]
) -> None:
    """Put other terms in place; within a second every process of the gateway holds to them."""
    terms.label, terms.narrowing, terms.revision = label, narrowing, terms.revision + 1
    session.execute(delete(WidgetOrigin).where(WidgetOrigin.key_id == terms.key_id))
    _register(session, terms.key_id, allowed)


def origins(session: Session, key_id: str) -> tuple[str, ...]:
    """The origins that a key is registered for, in order."""
    query = select(WidgetOrigin.origin).where(WidgetOrigin.key_id == key_id).order_by(WidgetOrigin.origin)
    return tuple(session.scalars(query))


def terms(session: Session, key_id: str) -> Terms:
    """The terms of a widget key."""
    narrowing = session.scalars(select(WidgetTerms.narrowing).where(WidgetTerms.key_id == key_id)).one()
    return Terms(frozenset(origins(session, key_id)), Narrowing.of(narrowing))


def is_registered(session: Session, origin: str) -> bool:
    """Whether any valid key may be used from an origin: a preflight names no key."""
    valid = select(Key.id).where(
        Key.id == WidgetOrigin.key_id,
        Key.revoked_at.is_(None),
        or_(Key.expires_at.is_(None), Key.expires_at > clock.now()),
    )
    return bool(session.scalar(select(exists().where(WidgetOrigin.origin == origin, valid.exists()))))


def bureau(session: Session, caller: Principal, organisation_id: str | None) -> Organisation:
    """The bureau that a key is to belong to: the caller's own, or for an admin the one that is named."""
    wanted = organisation_id or caller.organisation
    if caller.role != "admin" and wanted != caller.organisation:
        raise problems.NotFound
    organisation = organisations.get(session, wanted)
    is_bureau = exists().where(Key.organisation_id == wanted, Key.role == "bureau")
    if not session.scalar(select(is_bureau)):
        item = problems.at("/organisation_id", "not-a-bureau", "不是主管部门", "this organisation is no bureau")
        raise problems.Invalid(errors=[item])
    return organisation


def _register(session: Session, key_id: str, allowed: Sequence[str]) -> None:
    session.flush()
    session.add_all(WidgetOrigin(key_id=key_id, origin=origin) for origin in dict.fromkeys(allowed))
    session.flush()


def _own(caller: Principal) -> Any:
    query = select(Key, Organisation, WidgetTerms).join(Organisation).join(WidgetTerms, WidgetTerms.key_id == Key.id)
    return query if caller.role == "admin" else query.where(Key.organisation_id == caller.organisation)
