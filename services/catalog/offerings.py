"""Offerings: register, revise into new versions, move through their lifecycle, find."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, case, insert, select
from sqlalchemy.orm import Session

from services.catalog import changes, lifecycle, records
from services.catalog.admission import journal
from services.catalog.admission.journal import Grounds
from services.catalog.admission.tables import Step
from services.catalog.filters import OfferingFilter, filed_under
from services.catalog.lifecycle import Effect, Guard
from services.catalog.models import Category, Offering, OfferingCode, OfferingVersion, Provider
from services.catalog.ownership import owned, require_disinterested, visible_offering
from shared import canonical, clock, identifiers, problems
from shared.contracts.offerings import OfferingContent
from shared.contracts.wire import Text
from shared.principal import Principal

Shown = Row[Offering, OfferingVersion]


def register(
    session: Session,
    caller: Principal,
    provider_id: str,
    content: OfferingContent,
) -> Offering:
    """A new offering, as a draft; Invalid when its provider is not the caller's or a category is unknown."""
    _check_categories(session, content.categories)
    now = clock.now()
    row = Offering(
        id=identifiers.new("off"),
        provider=_offering_provider(session, caller, provider_id),
        source="local",
        state="draft",
        in_review=False,
        revision=1,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    _add_version(session, row, canonical.plain(content))
    return row


def revise(session: Session, caller: Principal, offering: Offering, content: OfferingContent) -> Offering:
    """The offering with a new version; nothing happens when the content is the same.

    A published version stays live until the new one is published too.
    """
    if caller.role not in lifecycle.OWNER_OR_OFFICE:
        raise problems.Forbidden
    if offering.state not in lifecycle.REVISABLE:
        raise problems.Conflict(Text(zh="供给已撤回，不能修订", en="a withdrawn offering cannot be revised"))
    _check_categories(session, content.categories)
    plain = canonical.plain(content)
    if canonical.digest(plain) != newest(session, offering).content_hash:
        offering.version += 1
        offering.revision += 1
        offering.in_review = False  # another content than the one that was submitted
        offering.updated_at = clock.now()
        _add_version(session, offering, plain)
    return offering


def move(
    name: str, session: Session, caller: Principal, offering: Offering, grounds: Grounds = journal.NONE
) -> Offering:
    """Take a step of the offering's lifecycle; Forbidden or Conflict when the table or a guard does not permit it."""
    step = lifecycle.permitted(lifecycle.OFFERING, name, caller.role, offering.state)
    if step.decides:
        require_disinterested(caller, session.get_one(Provider, offering.provider_id).uscc)
    journal.check(step, grounds)
    for guard in step.guards:
        _GUARDS[guard](session, offering)
    journal.record(session, caller, "offering", offering.id, step, offering.state, grounds)
    offering.state = step.target
    offering.revision += 1
    offering.updated_at = clock.now()
    for effect in step.effects:
        _EFFECTS[effect](session, offering, step.event)
    session.flush()
    return offering


def one(session: Session, caller: Principal, offering_id: str) -> Shown:
    """An offering that the caller may see, in the version that it may see; NotFound otherwise."""
    row = session.execute(_shown(caller).where(Offering.id == offering_id)).first()
    if row is None:
        raise problems.NotFound
    return row


def own(session: Session, caller: Principal, offering_id: str) -> Offering:
    """An offering that the caller may act on, locked until the transaction ends; NotFound otherwise.

    Its provider is locked against changes first: its standing decides whether the offering is live.
    """
    fresh = {"populate_existing": True}
    provider = select(Provider).join(Offering, Offering.provider_id == Provider.id)
    provider = provider.where(Offering.id == offering_id, owned(caller)).with_for_update(read=True, of=Provider)
    if session.scalar(provider, execution_options=fresh) is None:
        raise problems.NotFound
    offering = select(Offering).where(Offering.id == offering_id).with_for_update()
    return session.scalars(offering, execution_options=fresh).one()


def newest(session: Session, offering: Offering) -> OfferingVersion:
    """The newest version of an offering."""
    return session.get_one(OfferingVersion, (offering.id, offering.version))


def versions(session: Session, caller: Principal, offering_id: str) -> Sequence[OfferingVersion]:
    """All versions, oldest first, of an offering that the caller may act on; NotFound otherwise."""
    query = select(OfferingVersion).join(Offering, Offering.id == OfferingVersion.offering_id)
    query = query.join(Provider, Provider.id == Offering.provider_id).where(Offering.id == offering_id, owned(caller))
    found = session.scalars(query.order_by(OfferingVersion.version)).all()
    if not found:
        raise problems.NotFound
    return found


def history(session: Session, caller: Principal, offering_id: str) -> Sequence[Step]:
    """The steps that an offering took, oldest first, for who may act on it; NotFound otherwise."""
    query = select(Offering.id).join(Provider, Provider.id == Offering.provider_id)
    if session.scalar(query.where(Offering.id == offering_id, owned(caller))) is None:
        raise problems.NotFound
    return journal.of(session, "offering", offering_id)


def listing(
    session: Session,
    caller: Principal,
    wanted: OfferingFilter,
    categories: Sequence[str] | None,
    after: str | None,
    limit: int,
) -> Sequence[Shown]:
    """Offerings that the caller may see, oldest first, in the version that it may see."""
    query = _shown(caller).where(*wanted.conditions()).order_by(Offering.id).limit(limit)
    if categories is not None:
        query = query.where(filed_under("category", OfferingCode.code.in_(categories)))
    return session.execute(query if after is None else query.where(Offering.id > after)).all()


def _shown(caller: Principal) -> Select[Offering, OfferingVersion]:
    version = case((owned(caller), Offering.version), else_=Offering.published_version)
    return (
        select(Offering, OfferingVersion)
        .join(Provider, Provider.id == Offering.provider_id)
        .join(OfferingVersion, and_(OfferingVersion.offering_id == Offering.id, OfferingVersion.version == version))
        .where(visible_offering(caller))
    )


def _offering_provider(session: Session, caller: Principal, provider_id: str) -> Provider:
    provider = session.scalar(select(Provider).where(Provider.id == provider_id, owned(caller)))
    if provider is None:
        item = problems.at("/provider_id", "unknown-provider", "服务商不存在", "no such provider")
        raise problems.Invalid(errors=[item])
    return provider


def _add_version(session: Session, offering: Offering, content: dict[str, Any]) -> None:
    key = {"offering_id": offering.id, "version": offering.version}
    version = OfferingVersion(**key, content=content, content_hash=canonical.digest(content), created_at=clock.now())
    session.add(version)
    session.execute(insert(OfferingCode), records.filed(version))
    session.flush()


def _check_categories(session: Session, codes: Sequence[str]) -> None:
    """Invalid unless all are level-2 categories; they cannot be removed before this transaction ends."""
    query = select(Category.code).where(Category.code.in_(codes), Category.parent.is_not(None))
    shared = query.order_by(Category.code).with_for_update(read=True, key_share=True)
    level_2 = set(session.scalars(shared))
    items = [
        problems.at(f"/categories/{place}", "unknown-category", "二级类目不存在", "no such level-2 category")
        for place, code in enumerate(codes)
        if code not in level_2
    ]
    if items:
        raise problems.Invalid(errors=items)


def _require_provider_in_standing(session: Session, offering: Offering) -> None:
    if session.get_one(Provider, offering.provider_id).standing not in lifecycle.IN_STANDING:
        raise problems.Conflict(Text(zh="服务商不在库（未获批、已暂停或已退出）", en="the provider is not in standing"))


def _require_something_to_publish(_: Session, offering: Offering) -> None:
    if offering.state == "published" and offering.version == offering.published_version:
        raise problems.Conflict(Text(zh="没有待发布的修订", en="there is no revision to publish"))


def _require_something_to_submit(_: Session, offering: Offering) -> None:
    if offering.in_review or offering.version == offering.published_version:
        raise problems.Conflict(Text(zh="没有待提交的修订", en="there is no revision to submit"))


def _require_under_review(_: Session, offering: Offering) -> None:
    if not offering.in_review:
        raise problems.Conflict(Text(zh="没有待审的修订", en="there is no revision under review"))


def _require_known_categories(session: Session, offering: Offering) -> None:
    _check_categories(session, newest(session, offering).content["categories"])


def _release(_: Session, offering: Offering, _event: str) -> None:
    offering.published_version = offering.version
    offering.published_at = offering.updated_at


def _put_under_review(_: Session, offering: Offering, _event: str) -> None:
    offering.in_review = True


def _end_review(_: Session, offering: Offering, _event: str) -> None:
    offering.in_review = False


def _announce(session: Session, offering: Offering, event: str) -> None:
    version = session.get_one(OfferingVersion, (offering.id, offering.published_version))
    changes.record(session, event, "offering", offering.id, records.offering(offering, version))


def _retract(session: Session, offering: Offering, event: str) -> None:
    if offering.published_version is not None:
        changes.record(session, event, "offering", offering.id, None)


_GUARDS: dict[Guard, Callable[[Session, Offering], None]] = {
    "provider-in-standing": _require_provider_in_standing,
    "something-to-publish": _require_something_to_publish,
    "something-to-submit": _require_something_to_submit,
    "under-review": _require_under_review,
    "categories-known": _require_known_categories,
}
_EFFECTS: dict[Effect, Callable[[Session, Offering, str], None]] = {
    "release": _release,
    "put-under-review": _put_under_review,
    "end-review": _end_review,
    "announce": _announce,
    "retract": _retract,
}
