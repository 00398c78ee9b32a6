"""Objections (异议) to public notices: raise, resolve, find.

What is said in one is read by the responsible office, by whoever raised it and by the firm that it is about; who raised
it is told to the office alone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, contains_eager

from services.catalog import lifecycle
from services.catalog.admission import reasons
from services.catalog.admission.tables import Objection, PublicNotice
from services.catalog.ownership import require_disinterested, responsible
from shared import clock, database, identifiers, problems
from shared.contracts.wire import Text
from shared.principal import Principal

R = TypeVar("R")
Consequences = Mapping[str, Callable[[Session, Principal, str], None]]
"""What follows for a subject, by its kind, when an objection to it is upheld."""


def raise_one(session: Session, caller: Principal, notice_id: str, ground: str, text: str) -> Objection:
    """A new, open objection; Conflict unless the window is open and the organisation has not objected yet."""
    reasons.require("objection", ground, "/ground")
    notice = _locked(session, notice_id)
    if notice.called_off_at is not None or not notice.opens_at <= clock.now() < notice.closes_at:
        raise problems.Conflict(Text(zh="公示期已结束", en="the notice is no longer open"))
    objection = Objection(
        id=identifiers.new("obj"),
        notice=notice,
        organisation=caller.organisation,
        ground=ground,
        text=text,
        state="open",
        revision=1,
        created_at=clock.now(),
    )
    taken = Text(zh="本机构已提出过异议", en="this organisation has objected already")
    database.add(session, objection, problems.Conflict(taken))
    return objection


def resolve(
    name: str,
    session: Session,
    caller: Principal,
    objection: Objection,
    grounds: tuple[str, str],
    consequences: Consequences,
) -> Objection:
    """Uphold or dismiss an objection, with a reason code and a note; Forbidden for who is a party to it."""
    step = lifecycle.permitted(lifecycle.OBJECTION, name, caller.role, objection.state)
    _require_no_party(caller, objection)
    if step.reasons:
        reasons.require(step.reasons, grounds[0])
    objection.state = step.target
    objection.reason, objection.note = grounds
    objection.resolved_at = clock.now()
    objection.revision += 1
    session.flush()
    if "uphold-in-subject" in step.effects:
        notice = objection.notice
        consequences[notice.subject_kind](session, caller, notice.subject_id)
    return objection


def one(session: Session, caller: Principal, objection_id: str) -> Objection:
    """An objection that the caller may read; NotFound otherwise."""
    return _found(session.scalar(_objections().where(Objection.id == objection_id, _readable(caller))))


def own(session: Session, caller: Principal, objection_id: str) -> Objection:
    """An objection that the caller's office may resolve, with its notice locked first; NotFound otherwise."""
    mine = responsible(caller, PublicNotice.region)
    notices = select(PublicNotice).join(Objection).where(Objection.id == objection_id, mine)
    fresh = {"populate_existing": True}
    _found(session.scalar(notices.with_for_update(of=PublicNotice), execution_options=fresh))
    query = _objections().where(Objection.id == objection_id).with_for_update(of=Objection)
    return session.scalars(query, execution_options=fresh).one()


def listing(session: Session, caller: Principal, notice_id: str, after: str | None, limit: int) -> Sequence[Objection]:
    """The objections to a notice that the caller may read, oldest first; NotFound when there is no such notice."""
    _found(session.get(PublicNotice, notice_id))
    query = _objections().where(Objection.notice_id == notice_id, _readable(caller)).order_by(Objection.id).limit(limit)
    return session.scalars(query if after is None else query.where(Objection.id > after)).all()


def names_objector(caller: Principal, objection: Objection) -> bool:
    """Whether the caller is told who objected."""
    return caller.role in lifecycle.OFFICE or caller.organisation == objection.organisation


def _readable(caller: Principal) -> ColumnElement[bool]:
    about = [PublicNotice.uscc == caller.uscc] if caller.role == "provider" and caller.uscc else []
    raised = Objection.organisation == caller.organisation
    return or_(raised, responsible(caller, PublicNotice.region), *about)


def _require_no_party(caller: Principal, objection: Objection) -> None:
    require_disinterested(caller, objection.notice.uscc)
    if caller.organisation == objection.organisation:
        raise problems.Forbidden(
            Text(zh="提出异议的机构不得处理该异议", en="who objected does not resolve the objection")
        )


def _objections() -> Select[Objection]:
    return select(Objection).join(Objection.notice).options(contains_eager(Objection.notice))


def _locked(session: Session, notice_id: str) -> PublicNotice:
    query = select(PublicNotice).where(PublicNotice.id == notice_id).with_for_update()
    return _found(session.scalar(query, execution_options={"populate_existing": True}))


def _found(row: R | None) -> R:
    if row is None:
        raise problems.NotFound
    return row
