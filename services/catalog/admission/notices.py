"""Public notices (公示): put something up for objections, and tell whether nothing stands against it.

A notice knows its subject by kind and id only. Whoever decides on a subject calls `require_cleared` in the transaction
of the decision: it locks the notice, as an objection does, so that none slips in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.catalog.admission.filters import NoticeFilter
from services.catalog.admission.tables import Objection, PublicNotice
from shared import clock, identifiers, problems
from shared.contracts.wire import Text

SubjectKind = Literal["application", "edition"]
Counts = dict[str, int]


@dataclass(frozen=True)
class Subject:
    """What a notice is about: `region` names the responsible office, `uscc` the firm, `facts` what everybody sees."""

    kind: SubjectKind
    id: str
    title: str
    region: str
    facts: dict[str, Any]
    uscc: str | None = None


def publicize(session: Session, subject: Subject, days: int) -> PublicNotice:
    """Put a subject up for `days` × 24 hours from now; Conflict while a notice of it is open."""
    present = latest(session, subject.kind, subject.id)
    now = clock.now()
    if present is not None and present.called_off_at is None and now < present.closes_at:
        raise problems.Conflict(Text(zh="公示尚未结束", en="it is under public notice already"))
    notice = PublicNotice(
        id=identifiers.new("ntc"),
        subject_kind=subject.kind,
        subject_id=subject.id,
        title=subject.title,
        facts=subject.facts,
        region=subject.region,
        uscc=subject.uscc,
        opens_at=now,
        closes_at=now + timedelta(days=days),
    )
    session.add(notice)
    session.flush()
    return notice


def days(wanted: int | None, least: int) -> int:
    """How long a notice stays open; Invalid when less is wanted than the settings demand."""
    if wanted is not None and wanted < least:
        item = problems.at("/days", "too-short-notice", f"公示不得少于 {least} 天", f"must be at least {least} days")
        raise problems.Invalid(errors=[item])
    return least if wanted is None else wanted


def require_cleared(session: Session, kind: SubjectKind, subject_id: str) -> PublicNotice:
    """The subject's notice, locked; Conflict unless its window has closed and no objection is open or upheld."""
    notice = latest(session, kind, subject_id)
    if notice is None or notice.called_off_at is not None:
        raise problems.Conflict(Text(zh="尚未公示", en="it has not been under public notice"))
    if clock.now() < notice.closes_at:
        raise problems.Conflict(Text(zh="公示期未满", en="the public notice is still open"))
    standing = counts(session, [notice.id]).get(notice.id, {})
    if standing.get("open"):
        raise problems.Conflict(Text(zh="尚有未处理的异议", en="there are objections that nobody has resolved"))
    if standing.get("upheld"):
        raise problems.Conflict(Text(zh="异议成立", en="an objection has been upheld"))
    return notice


def call_off(session: Session, kind: SubjectKind, subject_id: str) -> None:
    """End the subject's notice before its time; nothing happens when it is over."""
    notice, now = latest(session, kind, subject_id), clock.now()
    if notice is not None and notice.called_off_at is None and now < notice.closes_at:
        notice.called_off_at = now
        session.flush()


def latest(session: Session, kind: SubjectKind, subject_id: str) -> PublicNotice | None:
    """The newest notice of a subject, locked until the transaction ends."""
    query = select(PublicNotice).where(PublicNotice.subject_kind == kind, PublicNotice.subject_id == subject_id)
    return session.scalar(
        query.order_by(PublicNotice.id.desc()).limit(1).with_for_update(),
        execution_options={"populate_existing": True},
    )


def one(session: Session, notice_id: str) -> PublicNotice:
    """A notice; NotFound when there is none. Everybody may see it: that is what it is for."""
    found = session.get(PublicNotice, notice_id)
    if found is None:
        raise problems.NotFound
    return found


def listing(session: Session, wanted: NoticeFilter, after: str | None, limit: int) -> Sequence[PublicNotice]:
    """Notices, oldest first."""
    query = select(PublicNotice).where(*wanted.conditions()).order_by(PublicNotice.id).limit(limit)
    return session.scalars(query if after is None else query.where(PublicNotice.id > after)).all()


def counts(session: Session, notice_ids: Sequence[str]) -> dict[str, Counts]:
    """How many objections there are to each notice, by their state."""
    number = func.count()
    query = select(Objection.notice_id, Objection.state, number).where(Objection.notice_id.in_(notice_ids))
    told: dict[str, Counts] = {}
    for notice_id, state, found in session.execute(query.group_by(Objection.notice_id, Objection.state)):
        told.setdefault(notice_id, {})[state] = found
    return told
