"""What bureaus do with widget keys, from wire shape to wire shape."""

from typing import Any

from sqlalchemy.orm import Session

from services.gateway import keys, widget_keys
from services.gateway.narrowing import Narrowing
from services.gateway.widget_shapes import (
    NewWidgetKey,
    WidgetConfiguration,
    WidgetKeyRequest,
    WidgetKeyView,
    WidgetTerms,
)
from shared import problems, validation
from shared.contracts.wire import Text
from shared.preconditions import Precondition
from shared.principal import Principal

Tagged = tuple[WidgetKeyView, int]
"""A view, and the revision that its ETag names."""


def create(session: Session, pepper: bytes, caller: Principal, wanted: WidgetKeyRequest) -> NewWidgetKey:
    """Make a widget key of the caller's bureau, or for an admin of the one that is named."""
    organisation = widget_keys.bureau(session, caller, wanted.organisation_id)
    bounds = (wanted.origins, wanted.narrowing())
    found, raw = widget_keys.create(session, pepper, organisation, wanted.label, bounds, wanted.expires_at)
    return NewWidgetKey(key=raw, details=_view(session, found)[0])


def read(session: Session, caller: Principal, key_id: str) -> Tagged:
    """A widget key; NotFound when there is none that is the caller's."""
    return _view(session, widget_keys.one(session, caller, key_id))


def listing(session: Session, caller: Principal, after: str | None, limit: int) -> list[WidgetKeyView]:
    """The caller's widget keys, oldest first."""
    return [_view(session, found)[0] for found in widget_keys.listing(session, caller, after, limit)]


def revise(session: Session, caller: Principal, key_id: str, seen: Precondition, patch: dict[str, Any]) -> Tagged:
    """Change the terms of a key by a merge patch."""
    found = widget_keys.one(session, caller, key_id, to_change=True)
    terms = found[2]
    seen.require(terms.revision)
    if found[0].revoked_at is not None:
        raise problems.Conflict(Text(zh="该密钥已撤销", en="this key was revoked"))
    now = {"label": terms.label, "origins": list(widget_keys.origins(session, key_id)), **terms.narrowing}
    merged = {**now, **patch}
    wanted = validation.parsed(WidgetTerms, {name: value for name, value in merged.items() if value is not None})
    widget_keys.rewrite(session, terms, wanted.label, wanted.origins, wanted.narrowing())
    return _view(session, found)


def revoke(session: Session, caller: Principal, key_id: str) -> Tagged:
    """End a widget key. Doing it twice changes nothing."""
    found = widget_keys.one(session, caller, key_id, to_change=True)
    if found[0].revoked_at is None:
        keys.revoke(session, key_id)
        found[2].revision += 1
    return _view(session, found)


def configuration(session: Session, caller: Principal) -> WidgetConfiguration:
    """What a page may show with the key that it calls with."""
    _, organisation, terms = widget_keys.one(session, caller, caller.key_id or "")
    bounds = vars(Narrowing.of(terms.narrowing))
    return WidgetConfiguration(label=terms.label, organisation_name=organisation.name, **bounds)


def _view(session: Session, found: widget_keys.Found) -> Tagged:
    return WidgetKeyView.of(found, widget_keys.origins(session, found[0].id)), found[2].revision
