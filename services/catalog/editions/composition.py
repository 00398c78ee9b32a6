"""Composing an edition: planned and described by its bureau, offerings added and removed in batches, reconciled.

A bureau composes its own editions; an admin acts on all. It may list what is published and delivered in its region, in
a part of it, or without saying where: a nationwide service, wherever its provider sits, is a province's to recommend.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from services.catalog.admission import notices
from services.catalog.editions import lifecycle, reading, reconciliation
from services.catalog.editions.reconciliation import Listed, Scope, Tree
from services.catalog.editions.shapes import MOST_ITEMS, EditionContent, Reconciliation
from services.catalog.editions.tables import Edition, EditionItem
from services.catalog.models import Category, Offering
from shared import canonical, clock, database, identifiers, problems
from shared.contracts.wire import Text
from shared.principal import Principal
from shared.problems import ProblemItem


def plan(session: Session, caller: Principal, content: EditionContent) -> Edition:
    """A new edition of the caller's own office; Conflict when its title has this number already."""
    _check_categories(session, content)
    now = clock.now()
    row = Edition(
        id=identifiers.new("edt"),
        organisation=caller.organisation,
        region=caller.region,
        state="planned",
        revision=0,
        created_at=now,
    )
    _write(session, row, content)
    return row


def revise(session: Session, edition: Edition, content: EditionContent) -> Edition:
    """The edition described otherwise; Conflict from the public notice on."""
    _require_state(edition, lifecycle.DESCRIBABLE, "修改", "revised")
    _check_categories(session, content)
    if canonical.plain(content) != edition.content:
        _write(session, edition, content)
    return edition


def add(session: Session, edition: Edition, offerings: Sequence[str]) -> Edition:
    """The edition with these offerings too; Invalid, with a pointer to each fault, when one of them may not be listed.

    What is listed already stays listed: adding it again changes nothing.
    """
    _require_state(edition, lifecycle.ADDABLE, "加入供给", "added to")
    present = set(session.scalars(select(EditionItem.offering_id).where(EditionItem.edition_id == edition.id)))
    tree, limits = reading.branches(session), reading.scope(edition)
    found = {
        one.offering_id: one for one in reading.listed(session, reading.offered().where(Offering.id.in_(offerings)))
    }
    faults = list(_faults(offerings, lambda name: _fault(found.get(name), limits, tree)))
    fresh = [name for name in offerings if name not in present]
    if len(present) + len(fresh) > MOST_ITEMS:
        zh, en = f"一期最多 {MOST_ITEMS} 项", f"an edition lists at most {MOST_ITEMS} offerings"
        faults.append(problems.at("/offerings", "too-many-items", zh, en))
    if faults:
        raise problems.Invalid(errors=faults)
    if fresh:
        session.execute(insert(EditionItem), [{"edition_id": edition.id, "offering_id": name} for name in fresh])
        touch(session, edition)
    return edition


def remove(session: Session, edition: Edition, offerings: Sequence[str]) -> Edition:
    """The edition without these offerings; what it does not list changes nothing."""
    _require_state(edition, lifecycle.REMOVABLE, "移出供给", "removed from")
    gone = delete(EditionItem).where(EditionItem.edition_id == edition.id, EditionItem.offering_id.in_(offerings))
    if session.execute(gone).rowcount:  # type: ignore[attr-defined]
        touch(session, edition)
    return edition


def reconcile(session: Session, edition: Edition) -> Reconciliation:
    """What the edition lists, counted, and what is amiss with it as things stand now."""
    return reconciliation.of(reading.items(session, edition), reading.scope(edition), reading.branches(session))


def own(session: Session, caller: Principal, edition_id: str) -> Edition:
    """An edition that the caller may act on, locked until the transaction ends; NotFound otherwise.

    Its notice is locked first, as an objection that is upheld locks it first.
    """
    mine = select(Edition.id).where(Edition.id == edition_id, reading.owned(caller))
    if session.scalar(mine) is None:
        raise problems.NotFound
    return locked(session, edition_id)


def locked(session: Session, edition_id: str) -> Edition:
    """An edition with its newest notice, locked until the transaction ends."""
    notices.latest(session, "edition", edition_id)
    query = select(Edition).where(Edition.id == edition_id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one()


def touch(session: Session, edition: Edition) -> None:
    """Note that the edition changed."""
    edition.revision += 1
    edition.updated_at = clock.now()
    session.flush()


def _write(session: Session, row: Edition, content: EditionContent) -> None:
    row.content = canonical.plain(content)
    row.number, row.title, row.valid_until = content.number, content.title.zh, content.valid_until
    row.revision += 1
    row.updated_at = clock.now()
    taken = problems.at("/number", "number-taken", "该目录已有这一期", "this catalogue has an edition of this number")
    database.add(session, row, problems.Conflict(errors=[taken]))


def _check_categories(session: Session, content: EditionContent) -> None:
    known = set(session.scalars(select(Category.code).where(Category.code.in_(content.categories))))
    faults = [
        problems.at(f"/categories/{place}", "unknown-category", "类目不存在", "no such category")
        for place, code in enumerate(content.categories)
        if code not in known
    ]
    if faults:
        raise problems.Invalid(errors=faults)


def _require_state(edition: Edition, states: Sequence[str], zh: str, en: str) -> None:
    if edition.state not in states:
        raise problems.Conflict(
            Text(
                zh=f"状态为 {edition.state} 时不能{zh}，须为：{'、'.join(states)}",
                en=f"an edition that is {edition.state} is not {en}; it must be {' or '.join(states)}",
            )
        )


def _fault(offering: Listed | None, limits: Scope, tree: Tree) -> str | None:
    if offering is None:
        return "not-published"  # nothing is told of what is not published, not even that it exists
    return "not-published" if offering.gone else limits.outside(offering, tree)


def _faults(offerings: Sequence[str], why: Callable[[str], str | None]) -> list[ProblemItem]:
    faults, given = [], set()
    for place, name in enumerate(offerings):
        if name in given:
            faults.append(
                problems.at(f"/offerings/{place}", "doubled-offering", "同一批中重复", "given twice in this batch")
            )
        elif code := why(name):
            zh, en = reconciliation.words(code)
            faults.append(problems.at(f"/offerings/{place}", code, f"该供给{zh}", f"it {en}"))
        given.add(name)
    return faults
