"""Providers: register, revise, suspend and reinstate, find."""

from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.catalog import changes, lifecycle, records
from services.catalog.filters import ProviderFilter
from services.catalog.lifecycle import Effect
from services.catalog.models import Offering, Provider
from services.catalog.ownership import owned, owns, visible_provider
from shared import canonical, clock, identifiers, problems
from shared.contracts.providers import ProviderContent
from shared.contracts.wire import Text
from shared.principal import Principal


def register(
    session: Session,
    caller: Principal,
    content: ProviderContent,
    source: str = "local",
    external_id: str | None = None,
) -> Provider:
    """A new provider, active; Conflict when its credit code, or its code at its source, is registered already."""
    _claim(caller, content, None)
    now = clock.now()
    row = Provider(
        id=identifiers.new("prv"),
        source=source,
        external_id=external_id,
        standing="active",
        revision=0,
        created_at=now,
    )
    _write(session, row, content)
    _announce(session, row, "provider.registered")
    return row


def revise(session: Session, caller: Principal, provider: Provider, content: ProviderContent) -> Provider:
    """The provider with another content; nothing happens when the content is the same."""
    _claim(caller, content, provider)
    if canonical.plain(content) != provider.content:
        _write(session, provider, content)
        _announce(session, provider, "provider.revised")
    return provider


def move(name: str, session: Session, caller: Principal, provider: Provider) -> Provider:
    """Take a step of the provider's lifecycle; Forbidden or Conflict when the table does not permit it."""
    step = lifecycle.permitted(lifecycle.PROVIDER, name, caller.role, provider.standing)
    provider.standing = step.target
    provider.revision += 1
    provider.updated_at = clock.now()
    for effect in step.effects:
        _EFFECTS[effect](session, provider, step.event)
    session.flush()
    return provider


suspend = partial(move, "suspend")
reinstate = partial(move, "reinstate")


def one(session: Session, caller: Principal, provider_id: str) -> Provider:
    """A provider that the caller may see; NotFound otherwise."""
    return _found(session.scalar(select(Provider).where(Provider.id == provider_id, visible_provider(caller))))


def own(session: Session, caller: Principal, provider_id: str) -> Provider:
    """A provider that the caller may act on, locked until the transaction ends; NotFound otherwise."""
    query = select(Provider).where(Provider.id == provider_id, owned(caller)).with_for_update()
    return _found(session.scalar(query, execution_options={"populate_existing": True}))


def known(session: Session, source: str, external_id: str) -> Provider | None:
    """The provider with this code at its source, locked; null when there is none."""
    query = select(Provider).where(Provider.source == source, Provider.external_id == external_id)
    return session.scalar(query.with_for_update())


def listing(
    session: Session, caller: Principal, wanted: ProviderFilter, after: str | None, limit: int
) -> Sequence[Provider]:
    """Providers that the caller may see, oldest first."""
    query = select(Provider).where(visible_provider(caller), *wanted.conditions()).order_by(Provider.id).limit(limit)
    return session.scalars(query if after is None else query.where(Provider.id > after)).all()


def _claim(caller: Principal, content: ProviderContent, before: Provider | None) -> None:
    """Forbidden unless the caller may act on what the provider becomes, and leaves the grade to those who assess."""
    if not owns(caller, content.uscc, content.region):
        raise problems.Forbidden(
            Text(
                zh="只能登记本机构，主管部门只能登记本辖区的服务商",
                en="a provider registers itself only, a bureau only providers of its region",
            )
        )
    grade = before.content.get("credit_grade") if before else None
    if caller.role == "provider" and content.credit_grade != grade:
        item = problems.at("/credit_grade", "assessed", "信用等级由主管部门评定", "the grade is assessed by the bureau")
        raise problems.Forbidden(errors=[item])


def _write(session: Session, row: Provider, content: ProviderContent) -> None:
    row.content = canonical.plain(content)
    row.uscc, row.region = content.uscc, content.region
    row.revision += 1
    row.updated_at = clock.now()
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        item = problems.at("/uscc", "already-registered", "该服务商已登记", "this provider is registered already")
        raise problems.Conflict(errors=[item]) from None


def _announce(session: Session, provider: Provider, event: str) -> None:
    changes.record(session, event, "provider", provider.id, records.provider(provider))


def _announce_offerings(session: Session, provider: Provider, event: str) -> None:
    session.flush()
    for offering, version in session.execute(records.published().where(Offering.provider_id == provider.id)):
        changes.record(session, event, "offering", offering.id, records.offering(offering, version))


def _retract_offerings(session: Session, provider: Provider, event: str) -> None:
    published = select(Offering.id).where(Offering.provider_id == provider.id, Offering.state == "published")
    for offering_id in session.scalars(published.order_by(Offering.id)):
        changes.record(session, event, "offering", offering_id, None)


def _found(provider: Provider | None) -> Provider:
    if provider is None:
        raise problems.NotFound
    return provider


_EFFECTS: dict[Effect, Callable[[Session, Provider, str], None]] = {
    "announce": _announce,
    "announce-offerings": _announce_offerings,
    "retract-offerings": _retract_offerings,
}
