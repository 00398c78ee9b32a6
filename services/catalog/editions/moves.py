"""The way of an edition: the table says who may move it and from where, here stands what must hold and what follows."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.catalog import changes, records
from services.catalog.admission import journal, notices
from services.catalog.admission.journal import NONE, Grounds
from services.catalog.admission.notices import Subject
from services.catalog.editions import citation, composition, freezing
from services.catalog.editions.lifecycle import EDITION
from services.catalog.editions.tables import Edition, EditionItem
from services.catalog.lifecycle import Effect, Guard, Transition, permitted, transition
from shared import clock, problems
from shared.contracts.wire import Text
from shared.principal import Principal

CLOCK = Principal("catalog", "service")
"""Who takes the steps that only time brings."""


def move(
    name: str, session: Session, caller: Principal, edition: Edition, grounds: Grounds = NONE, days: int = 0
) -> Edition:
    """Take a step; Forbidden or Conflict when the table or a guard does not permit it. `days`: of a public notice."""
    step = permitted(EDITION, name, caller.role, edition.state)
    journal.check(step, grounds)
    return _take(step, session, caller, edition, grounds, days)


def recall_upheld(session: Session, caller: Principal, edition_id: str) -> None:
    """What follows when an objection to an edition is upheld: it is evaluated again."""
    edition = composition.locked(session, edition_id)
    step = transition(EDITION, "recall")
    if edition.state in step.sources:
        _take(step, session, caller, edition, Grounds("objection-upheld"))


def expire_due(session: Session) -> int:
    """Expire the live editions whose period is over; how many."""
    due = select(Edition.id).where(Edition.state == "live", Edition.valid_until < clock.today()).order_by(Edition.id)
    found = [composition.locked(session, name) for name in session.scalars(due).all()]
    step = transition(EDITION, "expire")
    return len([_take(step, session, CLOCK, edition) for edition in found if edition.state in step.sources])


def due(session: Session) -> bool:
    """Whether a live edition's period is over."""
    over = select(Edition.id).where(Edition.state == "live", Edition.valid_until < clock.today()).limit(1)
    return session.scalar(over) is not None


def _take(
    step: Transition, session: Session, caller: Principal, edition: Edition, grounds: Grounds = NONE, days: int = 0
) -> Edition:
    for guard in step.guards:
        _GUARDS[guard](session, edition)
    journal.record(session, caller, "edition", edition.id, step, edition.state, grounds)
    edition.state = step.target
    for effect in step.effects:
        _EFFECTS[effect](session, edition, step.event, days)
    composition.touch(session, edition)
    return edition


def _require_something(session: Session, edition: Edition) -> None:
    if not session.scalar(select(func.count()).where(EditionItem.edition_id == edition.id)):
        raise problems.Conflict(Text(zh="本期尚无供给", en="the edition lists nothing"))


def _require_reconciled(session: Session, edition: Edition) -> None:
    found = composition.reconcile(session, edition)
    if not found.ready:
        amiss = sum(len(finding.offerings) for finding in (*found.gone, *found.outside))
        raise problems.Conflict(
            Text(
                zh=f"核对未通过：{amiss} 项须先移出，见 reconciliation",
                en=f"not reconciled: {amiss} offerings must be removed first, see the reconciliation",
            )
        )


def _require_period(_: Session, edition: Edition) -> None:
    if not edition.content["valid_from"] <= clock.today().isoformat() <= edition.content["valid_until"]:
        raise problems.Conflict(Text(zh="今日不在有效期内", en="today is not within its period"))


def _require_over(_: Session, edition: Edition) -> None:
    if edition.valid_until >= clock.today():
        raise problems.Conflict(Text(zh="有效期未满", en="its period is not over"))


def _require_cleared(session: Session, edition: Edition) -> None:
    notices.require_cleared(session, "edition", edition.id)


def _pin(session: Session, edition: Edition, _event: str, _days: int) -> None:
    freezing.pin(session, edition)


def _unpin(session: Session, edition: Edition, _event: str, _days: int) -> None:
    freezing.unpin(session, edition)


def _open_notice(session: Session, edition: Edition, _event: str, days: int) -> None:
    counted = composition.reconcile(session, edition)
    named = citation.label(edition.content)
    facts = {
        "label": named.model_dump(),
        "issuer": edition.content["issuer"],
        "items": counted.items,
        "providers": counted.providers,
        "categories": [category.model_dump() for category in counted.categories],
        "list": f"/v1/editions/{edition.id}/items",
    }
    notices.publicize(session, Subject("edition", edition.id, f"{named.zh}公示", edition.region, facts), days)


def _call_off(session: Session, edition: Edition, _event: str, _days: int) -> None:
    notices.call_off(session, "edition", edition.id)


def _freeze(session: Session, edition: Edition, _event: str, _days: int) -> None:
    freezing.freeze(session, edition)


def _enter_feed(session: Session, edition: Edition, event: str, _days: int) -> None:
    listed = [row["offering_id"] for row in freezing.rows(session, edition)]
    changes.record(session, event, "edition", edition.id, records.edition(edition, listed))


def _leave_feed(session: Session, edition: Edition, event: str, _days: int) -> None:
    changes.record(session, event, "edition", edition.id, None)


_GUARDS: dict[Guard, Callable[[Session, Edition], None]] = {
    "something-listed": _require_something,
    "reconciled": _require_reconciled,
    "in-period": _require_period,
    "period-over": _require_over,
    "notice-cleared": _require_cleared,
}
_EFFECTS: dict[Effect, Callable[[Session, Edition, str, int], None]] = {
    "pin-versions": _pin,
    "unpin-versions": _unpin,
    "open-notice": _open_notice,
    "call-off-notice": _call_off,
    "freeze": _freeze,
    "enter-feed": _enter_feed,
    "leave-feed": _leave_feed,
}
