"""Importing providers: all that are there already are looked up at once, all that are new are written at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalog import changes, records
from services.catalog.imports.batches import Batch, Outcome
from services.catalog.imports.rows import Candidate, Refused, RowFault, fault
from services.catalog.models import Provider
from services.catalog.ownership import owns
from shared import canonical, clock, identifiers
from shared.contracts.providers import ProviderContent
from shared.principal import Principal


@dataclass
class _Plan:
    created: list[Candidate] = field(default_factory=list)
    updated: list[tuple[Provider, Candidate]] = field(default_factory=list)
    unchanged: int = 0
    faults: list[RowFault] = field(default_factory=list)


def apply(session: Session, caller: Principal, batch: Batch) -> Outcome:
    """Register what is new, revise what has changed; a dry run only tells what would happen."""
    plan = _planned(session, caller, batch)
    if not batch.dry_run:
        _revise(session, plan.updated)
        _register(session, batch.source, plan.created)
    return Outcome(len(plan.created), len(plan.updated), plan.unchanged, len(plan.faults), tuple(plan.faults))


def _planned(session: Session, caller: Principal, batch: Batch) -> _Plan:
    plan = _Plan()
    before = _present(session, batch)
    holders = _holders(session, batch)
    for candidate in batch.candidates:
        provider = before.get(candidate.external_id)
        try:
            _check(caller, candidate, provider, holders.get(_content(candidate).uscc, _NOBODY))
        except Refused as refused:
            plan.faults += refused.faults
            continue
        holders[_content(candidate).uscc] = candidate.external_id
        if provider is None:
            plan.created.append(candidate)
        elif provider.content != canonical.plain(candidate.content):
            plan.updated.append((provider, candidate))
        else:
            plan.unchanged += 1
    return plan


def _present(session: Session, batch: Batch) -> Mapping[str | None, Provider]:
    ids = [candidate.external_id for candidate in batch.candidates]
    named = select(Provider).where(Provider.source == batch.source, Provider.external_id.in_(ids))
    return {row.external_id: row for row in session.scalars(named.order_by(Provider.id).with_for_update())}


def _holders(session: Session, batch: Batch) -> dict[str, str | None]:
    """Who holds the credit codes of the batch: its code at this source, null = somebody of another source."""
    wanted = [_content(candidate).uscc for candidate in batch.candidates]
    held = session.execute(
        select(Provider.uscc, Provider.source, Provider.external_id).where(Provider.uscc.in_(wanted))
    )
    return {uscc: external_id if source == batch.source else None for uscc, source, external_id in held}


_NOBODY: Any = object()


def _check(caller: Principal, candidate: Candidate, before: Provider | None, holder: Any) -> None:
    content = _content(candidate)
    mine = owns(caller, content.uscc, content.region) and (before is None or owns(caller, before.uscc, before.region))
    if not mine:
        zh, en = "服务商注册地不在本辖区", "the provider is registered outside the caller's region"
        raise Refused(fault(candidate.row, "/region", "outside-region", zh, en))
    if holder is not _NOBODY and holder != candidate.external_id:
        zh, en = "该信用代码已由另一条记录登记", "this credit code is registered by another record already"
        raise Refused(fault(candidate.row, "/uscc", "already-registered", zh, en))


def _content(candidate: Candidate) -> ProviderContent:
    return cast(ProviderContent, candidate.content)


def _register(session: Session, source: str, created: list[Candidate]) -> None:
    now = clock.now()
    new = [
        Provider(
            id=identifiers.new("prv"),
            source=source,
            external_id=candidate.external_id,
            uscc=_content(candidate).uscc,
            region=_content(candidate).region,
            standing="active",
            appealed=False,
            revision=1,
            content=canonical.plain(candidate.content),
            created_at=now,
            updated_at=now,
        )
        for candidate in created
    ]
    session.add_all(new)
    session.flush()
    changes.record_all(session, "provider.registered", [records.provider(row) for row in new])


def _revise(session: Session, updated: list[tuple[Provider, Candidate]]) -> None:
    now = clock.now()
    for row, candidate in updated:
        row.content = canonical.plain(candidate.content)
        row.uscc, row.region = _content(candidate).uscc, _content(candidate).region
        row.revision += 1
        row.updated_at = now
    session.flush()
    changes.record_all(session, "provider.revised", [records.provider(row) for row, _ in updated])
