"""Providers: register, revise, move through their standing, appeal, find."""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.catalog import changes, lifecycle, records
from services.catalog.admission import journal
from services.catalog.admission.journal import Grounds
from services.catalog.filters import ProviderFilter
from services.catalog.lifecycle import Effect, Guard, Transition
from services.catalog.models import Offering, Provider
from services.catalog.ownership import owned, owns, require_disinterested, visible_provider
from shared import canonical, clock, database, identifiers, problems
from shared.contracts.providers import ProviderContent
from shared.contracts.wire import Text
from shared.principal import Principal

_EXAMINED = ("name", "region", "certificates")
"""What an office has looked at, and by which it is responsible: who is in standing does not change it alone."""


def register(
    session: Session,
    caller: Principal,
    content: ProviderContent,
) -> Provider:
    """A new provider: in standing when an office registers it, an applicant when it registers itself.

    Conflict when its credit code is registered already.
    """
    _claim(caller, content, None)
    now = clock.now()
    row = Provider(
        id=identifiers.new("prv"),
        source="local",
        standing="applicant" if caller.role == "provider" else "active",
        appealed=False,
        revision=0,
        created_at=now,
    )
    _write(session, row, content)
    _announce(session, row, "provider.registered")
    return row


def applicant(session: Session, caller: Principal, content: ProviderContent) -> Provider:
    """The provider that applies, locked: the one with its credit code, or a new one."""
    _claim(caller, content, None)
    found = session.scalar(select(Provider).where(Provider.uscc == content.uscc).with_for_update())
    if found is None:
        return register(session, caller, content)
    follow(session, caller, found.id, content)
    return found


def follow(session: Session, caller: Principal, provider_id: str, content: ProviderContent) -> None:
    """Let an applicant's record say what its application says; who has been in standing changes by admission only."""
    provider = locked(session, provider_id)
    if content.uscc != provider.uscc:
        item = problems.at("/provider/uscc", "fixed", "不得更改信用代码", "the credit code cannot be changed")
        raise problems.Invalid(errors=[item])
    if provider.standing == "applicant":
        revise(session, caller, provider, _as_assessed(provider, content))
    else:
        _claim(caller, content, None)


def admit(session: Session, caller: Principal, provider: Provider, content: ProviderContent) -> Provider:
    """Bring a provider into standing, as it was examined; its credit grade stays what it was assessed."""
    _write(session, provider, _as_assessed(provider, content))
    return move("admit", session, caller, provider)


def revise(session: Session, caller: Principal, provider: Provider, content: ProviderContent) -> Provider:
    """The provider with another content; nothing happens when the content is the same."""
    _claim(caller, content, provider)
    if canonical.plain(content) != provider.content:
        _write(session, provider, content)
        _announce(session, provider, "provider.revised")
    return provider


def move(
    name: str,
    session: Session,
    caller: Principal,
    provider: Provider,
    grounds: Grounds = journal.NONE,
    reentry_after: date | None = None,
) -> Provider:
    """Take a step of the provider's standing; Forbidden or Conflict when the table does not permit it."""
    step = lifecycle.permitted(lifecycle.PROVIDER, name, caller.role, provider.standing)
    _check(step, caller, provider, grounds)
    journal.record(session, caller, "provider", provider.id, step, provider.standing, grounds)
    provider.standing = step.target
    provider.reentry_after = reentry_after
    _touch(provider)
    for effect in step.effects:
        _EFFECTS[effect](session, provider, step.event)
    session.flush()
    return provider


def appeal(
    name: str, session: Session, caller: Principal, provider: Provider, grounds: Grounds = journal.NONE
) -> Provider:
    """Raise or answer an appeal: a flag beside the standing, which stays as it is."""
    step = lifecycle.permitted(lifecycle.APPEAL, name, caller.role, "open" if provider.appealed else "none")
    _check(step, caller, provider, grounds)
    source = "open" if provider.appealed else "none"
    journal.record(session, caller, "provider", provider.id, step, source, grounds)
    provider.appealed = step.target == "open"
    _touch(provider)
    session.flush()
    return provider


def mine(session: Session, caller: Principal) -> Provider:
    """The provider with the caller's credit code; NotFound, with what to do, when it is not registered."""
    found = session.scalar(select(Provider).where(owned(caller)))
    if found is None:
        raise problems.NotFound(
            Text(
                zh="本密钥所属机构尚未登记为服务商：请提交申请（POST /v1/applications），或由主管部门登记",
                en="the organisation of this key is no provider yet: apply (POST /v1/applications), or ask a bureau",
            )
        )
    return found


def on_record(session: Session, caller: Principal, provider_id: str) -> Provider:
    """A provider whose credit record the caller may read: of everybody who was ever admitted; NotFound otherwise."""
    public = or_(Provider.standing != "applicant", owned(caller))
    return _found(session.scalar(select(Provider).where(Provider.id == provider_id, public)))


def locked(session: Session, provider_id: str) -> Provider:
    """A provider that is known to be there, locked until the transaction ends."""
    query = select(Provider).where(Provider.id == provider_id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one()


def require_reentry_open(provider: Provider) -> None:
    """Conflict while a provider that was ended may not come back yet."""
    if provider.reentry_after is not None and clock.today() < provider.reentry_after:
        day = provider.reentry_after.isoformat()
        raise problems.Conflict(Text(zh=f"{day} 起方可再次申请", en=f"it may apply again from {day} on"))


def one(session: Session, caller: Principal, provider_id: str) -> Provider:
    """A provider that the caller may see; NotFound otherwise."""
    return _found(session.scalar(select(Provider).where(Provider.id == provider_id, visible_provider(caller))))


def own(session: Session, caller: Principal, provider_id: str) -> Provider:
    """A provider that the caller may act on, locked until the transaction ends; NotFound otherwise."""
    query = select(Provider).where(Provider.id == provider_id, owned(caller)).with_for_update()
    return _found(session.scalar(query, execution_options={"populate_existing": True}))


def listing(
    session: Session, caller: Principal, wanted: ProviderFilter, after: str | None, limit: int
) -> Sequence[Provider]:
    """Providers that the caller may see, oldest first."""
    query = select(Provider).where(visible_provider(caller), *wanted.conditions()).order_by(Provider.id).limit(limit)
    return session.scalars(query if after is None else query.where(Provider.id > after)).all()


def _as_assessed(provider: Provider, content: ProviderContent) -> ProviderContent:
    """What an applicant says, with the credit grade that an office gave: an applicant states none."""
    return ProviderContent.model_validate(content.model_dump() | {"credit_grade": provider.content.get("credit_grade")})


def _claim(caller: Principal, content: ProviderContent, before: Provider | None) -> None:
    """Forbidden unless the caller may act on what the provider becomes, and leaves to offices what they examine."""
    if not owns(caller, content.uscc, content.region):
        raise problems.Forbidden(
            Text(
                zh="只能登记本机构，主管部门只能登记本辖区的服务商",
                en="a provider registers itself only, a bureau only providers of its region",
            )
        )
    if caller.role != "provider":
        return
    grade = before.content.get("credit_grade") if before else None
    if content.credit_grade != grade:
        item = problems.at("/credit_grade", "assessed", "信用等级由主管部门评定", "the grade is assessed by the bureau")
        raise problems.Forbidden(errors=[item])
    if before is not None and before.standing != "applicant":
        said, known = canonical.plain(content), before.content
        if changed := [_examined(member) for member in _EXAMINED if said.get(member) != known.get(member)]:
            raise problems.Forbidden(errors=changed)


def _examined(member: str) -> problems.ProblemItem:
    zh, en = "入库后由主管部门变更", "once admitted, the responsible bureau changes it"
    return problems.at(f"/{member}", "examined", zh, en)


def _write(session: Session, row: Provider, content: ProviderContent) -> None:
    row.content = canonical.plain(content)
    row.uscc, row.region = content.uscc, content.region
    row.revision += 1
    row.updated_at = clock.now()
    taken = problems.at("/uscc", "already-registered", "该服务商已登记", "this provider is registered already")
    database.add(session, row, problems.Conflict(errors=[taken]))


def _check(step: Transition, caller: Principal, provider: Provider, grounds: Grounds) -> None:
    if step.decides:
        require_disinterested(caller, provider.uscc)
    journal.check(step, grounds)
    for guard in step.guards:
        _GUARDS[guard](provider)


def _touch(provider: Provider) -> None:
    provider.revision += 1
    provider.updated_at = clock.now()


def _require_something_to_appeal(provider: Provider) -> None:
    if provider.standing in ("applicant", "active"):
        raise problems.Conflict(Text(zh="没有可申诉的决定", en="there is no decision to appeal against"))


def _settle_appeal(_session: Session, provider: Provider, _event: str) -> None:
    provider.appealed = False


def _announce(session: Session, provider: Provider, event: str) -> None:
    if provider.standing == "applicant":
        return  # nobody follows what is not admitted
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


_GUARDS: dict[Guard, Callable[[Provider], None]] = {
    "reentry-open": require_reentry_open,
    "something-to-appeal": _require_something_to_appeal,
}
_EFFECTS: dict[Effect, Callable[[Session, Provider, str], None]] = {
    "settle-appeal": _settle_appeal,
    "announce": _announce,
    "announce-offerings": _announce_offerings,
    "retract-offerings": _retract_offerings,
}
