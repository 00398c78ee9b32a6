"""Needs: submitted, matched at once, shown to those whom they concern, withdrawn."""

import json
from collections.abc import Sequence
from datetime import datetime

from pydantic_core import to_json
from sqlalchemy import ColumnElement, Select, func, insert, or_, select, true
from sqlalchemy.orm import Session

from services.matching import intake, runs
from services.matching.acceptance import accept
from services.matching.live import View
from services.matching.models import Need, Run
from services.matching.runs import Circumstances
from shared import clock, identifiers, problems
from shared.codes import regions
from shared.contracts.matches import NeedStatus, NeedSummary, Verification
from shared.contracts.needs import NeedRequest
from shared.contracts.wire import Written
from shared.principal import Principal

_asked = insert(Need.__table__)  # type: ignore[arg-type]


def submit(session: Session, view: View, caller: Principal, request: NeedRequest, demo: bool) -> Written:
    """Read, match and store a need; the answer is a NeedAnswer.

    Invalid when it names a category, an edition, a weight or a day that it may not.
    """
    dated = accept(request, caller, view, demo)
    profile = intake.read(dated, view.language, runs.day(dated))
    now = clock.now()
    given = Circumstances(identifiers.new("run"), identifiers.new("need"), now, view.degraded, view.ledger.established)
    run = runs.compute(view.snapshot, view.policy, dated, profile, given)
    asked, read = runs.request_bytes(dated), profile.model_dump_json(by_alias=True).encode()
    need = {
        "id": given.need_id,
        "organisation": caller.organisation,
        "region": dated.enterprise.region,
        "request": asked,
        "created_at": now,
    }
    session.execute(_asked, need)
    runs.keep(session, view, asked, read, run)
    return Written(given.need_id, _written(given.need_id, "matched", dated.text, read, run.document, now))


def find(session: Session, caller: Principal, need_id: str) -> bytes:
    """A need with its answer, as a NeedAnswer; NotFound when there is none that concerns the caller."""
    return _answer(*_pair(session, _concerning(caller).where(Need.id == need_id)))


def find_run(session: Session, caller: Principal, run_id: str) -> bytes:
    """A match run as it was answered; NotFound when there is none that concerns the caller."""
    return _pair(session, _concerning(caller).where(Run.id == run_id))[1].answer


def verify_run(session: Session, caller: Principal, run_id: str, view: View | None = None) -> Verification:
    """Compute a run again and compare; NotFound when there is none that concerns the caller."""
    return runs.verify(session, _pair(session, _concerning(caller).where(Run.id == run_id))[1], view)


def withdraw(session: Session, caller: Principal, need_id: str) -> bytes:
    """Withdraw a need; once withdrawn it stays so. NotFound when it is not the caller's own."""
    own = _concerning(caller).where(Need.id == need_id)
    if caller.role != "admin":
        own = own.where(Need.organisation == caller.organisation)
    need, run = _pair(session, own)
    need.withdrawn_at = need.withdrawn_at or clock.now()
    session.flush()
    return _answer(need, run)


def listing(session: Session, caller: Principal, after: str | None, limit: int) -> Sequence[tuple[Need, Run]]:
    """The needs that concern the caller, with their runs, oldest first."""
    query = _concerning(caller).order_by(Need.id).limit(limit)
    if after is not None:
        query = query.where(Need.id > after)
    return [(row[0], row[1]) for row in session.execute(query).all()]


def summary(found: tuple[Need, Run]) -> NeedSummary:
    """A need as it stands in a list."""
    need, run = found
    text = json.loads(need.request).get("text")
    return NeedSummary(
        id=need.id,
        status=_status(need),
        text=text,
        region=need.region,
        match_run_id=run.id,
        created_at=need.created_at,
    )


def _concerning(caller: Principal) -> Select[Need, Run]:
    """Needs with their runs, as far as the caller may know of them."""
    return select(Need, Run).join(Run, Run.need_id == Need.id).where(_visible(caller))


def _visible(caller: Principal) -> ColumnElement[bool]:
    if caller.role == "admin":
        return true()
    own = Need.organisation == caller.organisation
    if caller.role != "bureau":
        return own
    if caller.region == regions.NATIONWIDE:
        return true()
    inside = caller.region.rstrip("0")
    width = len(inside) + len(inside) % 2
    return or_(own, func.substr(Need.region, 1, width) == caller.region[:width])


def _pair(session: Session, query: Select[Need, Run]) -> tuple[Need, Run]:
    row = session.execute(query).one_or_none()
    if row is None:
        raise problems.NotFound
    return row[0], row[1]


def _status(need: Need) -> NeedStatus:
    return "withdrawn" if need.withdrawn_at else "matched"


def _answer(need: Need, run: Run) -> bytes:
    text = json.loads(need.request).get("text")
    return _written(need.id, _status(need), text, run.profile, run.answer, need.created_at)


def _written(need_id: str, status: NeedStatus, text: str | None, read: bytes, run: bytes, at: datetime) -> bytes:
    """A NeedAnswer, put together from what is stored as it is; the tests hold it against the model."""
    members = (b'{"id":', to_json(need_id), b',"status":', to_json(status), b',"text":', to_json(text))
    return b"".join((*members, b',"profile":', read, b',"match_run":', run, b',"created_at":', to_json(at), b"}"))
