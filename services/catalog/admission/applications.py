"""Applications (入库申请): apply, revise, move through the stages, find.

A notice is locked before its application and an application before its provider, everywhere: so nobody waits in a ring.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.orm import Session

from services.catalog import lifecycle, providers
from services.catalog.admission import assessment, journal, notices, stages
from services.catalog.admission.filters import ApplicationFilter
from services.catalog.admission.forms import ApplicationContent
from services.catalog.admission.journal import Grounds
from services.catalog.admission.notices import Subject
from services.catalog.admission.tables import Application
from services.catalog.lifecycle import Effect, Guard, Transition
from services.catalog.models import Provider
from services.catalog.ownership import require_disinterested, responsible
from shared import canonical, clock, database, identifiers, problems
from shared.contracts.wire import Text
from shared.principal import Principal


@dataclass(frozen=True)
class Taken:
    """A step as it is taken: by whom, why, and how long what it opens stays open."""

    step: Transition
    caller: Principal
    grounds: Grounds = journal.NONE
    days: int = 0


def apply(session: Session, caller: Principal, content: ApplicationContent) -> Application:
    """A new draft. The provider is registered with it as an applicant, so that it can prepare its offerings.

    Forbidden for another firm than the caller's; Conflict while it is in standing or has an open application.
    """
    provider = providers.applicant(session, caller, content.provider)
    _require_not_in_standing(provider)
    now = clock.now()
    row = Application(
        id=identifiers.new("app"),
        provider_id=provider.id,
        uscc=provider.uscc,
        region=content.provider.region,
        state="draft",
        revision=1,
        content=canonical.plain(content),
        created_at=now,
        updated_at=now,
    )
    taken = Text(zh="本机构已有一份未结的申请", en="this firm has an open application already")
    database.add(session, row, problems.Conflict(taken))
    return row


def revise(session: Session, caller: Principal, row: Application, content: ApplicationContent) -> Application:
    """The application with another content; what was self-assessed becomes a draft again.

    Conflict when it is not the applicant's turn; Invalid when it would go to another office after it was submitted.
    """
    if row.state not in stages.EDITABLE:
        raise problems.Conflict(
            Text(zh=f"状态为 {row.state} 时不能修改", en=f"an application that is {row.state} cannot be changed")
        )
    if row.submitted_at is not None and content.provider.region != row.region:
        item = problems.at("/provider/region", "fixed", "提交后不得更改注册地", "cannot change once it is submitted")
        raise problems.Invalid(errors=[item])
    plain = canonical.plain(content)
    if plain != row.content:
        providers.follow(session, caller, row.provider_id, content.provider)
        row.content, row.region = plain, content.provider.region
        _touch(row)
        if row.state == "self_assessed":
            _advance(session, row, Taken(lifecycle.transition(stages.APPLICATION, "revise"), caller))
        session.flush()
    return row


def move(
    name: str,
    session: Session,
    caller: Principal,
    row: Application,
    grounds: Grounds = journal.NONE,
    days: int = 0,
) -> Application:
    """Take a step; Forbidden, Conflict or Invalid when the table, a guard or the reason does not permit it."""
    step = lifecycle.permitted(stages.APPLICATION, name, caller.role, row.state)
    if step.decides:
        require_disinterested(caller, row.uscc)
    journal.check(step, grounds)
    for guard in step.guards:
        _GUARDS[guard](session, row)
    _touch(row)
    _advance(session, row, Taken(step, caller, grounds, days))
    session.flush()
    return row


def uphold_objection(session: Session, caller: Principal, application_id: str) -> None:
    """End the application to whose notice an objection was upheld; nothing happens when it has ended already."""
    query = select(Application).where(Application.id == application_id).with_for_update()
    row = session.scalars(query, execution_options={"populate_existing": True}).one()
    if row.state not in stages.FINAL:
        move("uphold-objection", session, caller, row)


def one(session: Session, caller: Principal, application_id: str) -> Application:
    """An application that the caller may read; NotFound otherwise."""
    return _found(session.scalar(select(Application).where(Application.id == application_id, readable(caller))))


def own(session: Session, caller: Principal, application_id: str) -> Application:
    """An application that the caller may act on, locked until the transaction ends; NotFound otherwise."""
    notices.latest(session, "application", application_id)
    query = select(Application).where(Application.id == application_id, readable(caller)).with_for_update()
    return _found(session.scalar(query, execution_options={"populate_existing": True}))


def listing(
    session: Session, caller: Principal, wanted: ApplicationFilter, after: str | None, limit: int
) -> Sequence[Application]:
    """Applications that the caller may read, oldest first."""
    query = select(Application).where(readable(caller), *wanted.conditions()).order_by(Application.id).limit(limit)
    return session.scalars(query if after is None else query.where(Application.id > after)).all()


def said(row: Application) -> ApplicationContent:
    """What the applicant says."""
    return ApplicationContent.model_validate(row.content)


def readable(caller: Principal) -> ColumnElement[bool]:
    """An application is its applicant's; once it has been submitted also the responsible office's."""
    if caller.role == "provider":
        return Application.uscc == caller.uscc if caller.uscc is not None else false()
    return and_(responsible(caller, Application.region), Application.submitted_at.is_not(None))


def _touch(row: Application) -> None:
    row.revision += 1
    row.updated_at = clock.now()


def _advance(session: Session, row: Application, taken: Taken) -> None:
    step = taken.step
    journal.record(session, taken.caller, "application", row.id, step, row.state, taken.grounds)
    row.state = step.target
    if step.name == "submit":
        row.submitted_at = row.updated_at
    if step.target in stages.FINAL:
        row.closed_at = row.updated_at
    for effect in step.effects:
        _EFFECTS[effect](session, row, taken)


def _require_not_in_standing(provider: Provider) -> None:
    """Conflict for a provider that needs no admission, or may not come back yet."""
    if provider.standing not in lifecycle.transition(lifecycle.PROVIDER, "admit").sources:
        raise problems.Conflict(Text(zh="该服务商已在库", en="this provider has been admitted already"))
    providers.require_reentry_open(provider)


def _assessment_passed(_: Session, row: Application) -> None:
    assessment.require_passed(said(row), clock.today())


def _not_in_standing(session: Session, row: Application) -> None:
    _require_not_in_standing(providers.locked(session, row.provider_id))


def _notice_cleared(session: Session, row: Application) -> None:
    notices.require_cleared(session, "application", row.id)


def _open_notice(session: Session, row: Application, taken: Taken) -> None:
    shown = ("name", "uscc", "kind", "region", "founded", "certificates", "summary")
    facts = {name: row.content["provider"][name] for name in shown if name in row.content["provider"]}
    title = f"{facts['name']}入库公示"
    subject = Subject("application", row.id, title, row.region, facts, row.uscc)
    row.notice_id = notices.publicize(session, subject, taken.days).id


def _call_off_notice(session: Session, row: Application, _: Taken) -> None:
    notices.call_off(session, "application", row.id)


def _admit(session: Session, row: Application, taken: Taken) -> None:
    providers.admit(session, taken.caller, providers.locked(session, row.provider_id), said(row).provider)


def _found(row: Application | None) -> Application:
    if row is None:
        raise problems.NotFound
    return row


_GUARDS: dict[Guard, Callable[[Session, Application], None]] = {
    "assessment-passed": _assessment_passed,
    "not-in-standing": _not_in_standing,
    "notice-cleared": _notice_cleared,
}
_EFFECTS: dict[Effect, Callable[[Session, Application, Taken], None]] = {
    "open-notice": _open_notice,
    "call-off-notice": _call_off_notice,
    "admit": _admit,
}
