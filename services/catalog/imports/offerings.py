"""Importing offerings, which publishes them: lookups and writes go in bulk, the rules are those of `offerings`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import and_, insert, or_, select
from sqlalchemy.orm import Session

from services.catalog import changes, lifecycle, records
from services.catalog.imports.batches import Batch, Outcome
from services.catalog.imports.rows import Candidate, Refused, RowFault, fault
from services.catalog.models import Category, Offering, OfferingCode, OfferingVersion, Provider
from services.catalog.ownership import owned
from shared import canonical, clock, identifiers
from shared.contracts.offerings import OfferingContent
from shared.principal import Principal

PUBLISHED = lifecycle.transition(lifecycle.OFFERING, "publish")


@dataclass(frozen=True)
class _Present:
    """What the database holds of what a batch names."""

    providers: Mapping[str, Provider]
    offerings: Mapping[str | None, tuple[Offering, str]]
    categories: frozenset[str]


@dataclass(frozen=True)
class _Step:
    """One offering to be written: `new` content for it, or only published as it stands."""

    offering: Offering
    plain: dict[str, Any]
    digest: str
    new: bool


@dataclass
class _Plan:
    created: list[_Step] = field(default_factory=list)
    updated: list[_Step] = field(default_factory=list)
    unchanged: int = 0
    refused: int = 0
    faults: list[RowFault] = field(default_factory=list)


def apply(session: Session, caller: Principal, batch: Batch) -> Outcome:
    """Register and publish what is new, revise and publish what has changed; a dry run only tells what would happen.

    A suspended offering takes the revision and stays suspended; a withdrawn one is refused.
    """
    plan = _planned(_looked_up(session, caller, batch), batch)
    if not batch.dry_run:
        _write(session, plan)
    return Outcome(len(plan.created), len(plan.updated), plan.unchanged, plan.refused, tuple(plan.faults))


def _looked_up(session: Session, caller: Principal, batch: Batch) -> _Present:
    """Providers are locked before offerings, as everywhere: their standing decides whether an offering is live."""
    ids = [candidate.external_id for candidate in batch.candidates]
    offerings = (
        select(Offering, OfferingVersion.content_hash)
        .join(
            OfferingVersion,
            and_(OfferingVersion.offering_id == Offering.id, OfferingVersion.version == Offering.version),
        )
        .where(Offering.source == batch.source, Offering.external_id.in_(ids))
        .order_by(Offering.id)
        .with_for_update(of=Offering)
    )
    level_2 = select(Category.code).where(Category.parent.is_not(None)).order_by(Category.code)
    return _Present(
        _providers(session, caller, batch),
        {row.external_id: (row, digest) for row, digest in session.execute(offerings)},
        frozenset(session.scalars(level_2.with_for_update(read=True, key_share=True))),
    )


def _providers(session: Session, caller: Principal, batch: Batch) -> Mapping[str, Provider]:
    """By what rows may call them: code at the source, credit code, or name at the source when only one has it."""
    named = {candidate.provider for candidate in batch.candidates if candidate.provider}
    name = Provider.content["name"].as_string()
    here = and_(Provider.source == batch.source, or_(Provider.external_id.in_(named), name.in_(named)))
    query = select(Provider).where(owned(caller), or_(here, Provider.uscc.in_(named))).order_by(Provider.id)
    found = session.scalars(query.with_for_update(read=True)).all()
    names = [str(row.content["name"]) for row in found if row.source == batch.source]
    by_name = {str(row.content["name"]): row for row in found if names.count(str(row.content["name"])) == 1}
    by_code = {row.external_id: row for row in found if row.source == batch.source and row.external_id}
    return {**by_name, **{row.uscc: row for row in found}, **by_code}


def _planned(present: _Present, batch: Batch) -> _Plan:
    plan = _Plan()
    for candidate in batch.candidates:
        try:
            _sort(plan, present, batch.source, candidate)
        except Refused as reason:
            plan.refused += 1
            plan.faults += reason.faults
    return plan


def _sort(plan: _Plan, present: _Present, source: str, candidate: Candidate) -> None:
    provider = _provider(present, candidate)
    _check_categories(present, candidate)
    plain = canonical.plain(candidate.content)
    digest = canonical.digest(plain)
    before = present.offerings.get(candidate.external_id)
    if before is None:
        plan.created.append(_Step(_new(source, candidate.external_id, provider), plain, digest, new=True))
        return
    offering, known = before
    _check_before(candidate, offering, provider)
    if digest != known:
        plan.updated.append(_Step(offering, plain, digest, new=True))
    elif offering.state == "suspended" or offering.published_version == offering.version:
        plan.unchanged += 1
    else:
        plan.updated.append(_Step(offering, plain, digest, new=False))


def _provider(present: _Present, candidate: Candidate) -> Provider:
    provider = present.providers.get(candidate.provider or "")
    if provider is None:
        zh, en = "没有这个服务商，请先导入服务商", "there is no such provider: import the providers first"
        raise Refused(fault(candidate.row, "/provider", "unknown-provider", zh, en))
    if provider.standing not in lifecycle.IN_STANDING:
        zh, en = "服务商不在库（未获批、已暂停或已退出）", "the provider is not in standing"
        raise Refused(fault(candidate.row, "/provider", "provider-suspended", zh, en))
    return provider


def _check_categories(present: _Present, candidate: Candidate) -> None:
    codes = cast(OfferingContent, candidate.content).categories
    zh, en = "二级类目不存在", "no such level-2 category"
    unknown = [
        fault(candidate.row, f"/categories/{place}", "unknown-category", zh, en)
        for place, code in enumerate(codes)
        if code not in present.categories
    ]
    if unknown:
        raise Refused(*unknown)


def _check_before(candidate: Candidate, offering: Offering, provider: Provider) -> None:
    if offering.provider_id != provider.id:
        zh, en = "此编号的供给属于另一服务商", "the offering of this id belongs to another provider"
        raise Refused(fault(candidate.row, "/provider", "other-provider", zh, en))
    if offering.state not in lifecycle.REVISABLE:
        zh, en = "此编号的供给已撤回", "the offering of this id has been withdrawn"
        raise Refused(fault(candidate.row, "/external_id", "withdrawn", zh, en))


def _new(source: str, external_id: str, provider: Provider) -> Offering:
    now = clock.now()
    return Offering(
        id=identifiers.new("off"),
        provider_id=provider.id,
        source=source,
        external_id=external_id,
        state="draft",
        in_review=False,
        revision=0,
        version=0,
        created_at=now,
    )


def _write(session: Session, plan: _Plan) -> None:
    steps = plan.created + plan.updated
    versions = [version for step in steps if (version := _advance(step)) is not None]
    session.add_all([step.offering for step in plan.created])
    session.add_all(versions)
    session.flush()
    filed = [row for version in versions for row in records.filed(version)]
    if filed:
        session.execute(insert(OfferingCode), filed)
    live = [step for step in steps if step.offering.state == PUBLISHED.target]
    changes.record_all(session, PUBLISHED.event, [records.offering(step.offering, _version(step)) for step in live])


def _advance(step: _Step) -> OfferingVersion | None:
    """Take the offering to its next revision; gives its new version when the content is new."""
    offering = step.offering
    offering.revision += 1
    offering.updated_at = clock.now()
    offering.version += int(step.new)
    offering.in_review = False  # published, or another content than the one that was submitted
    if offering.state != "suspended":
        offering.state = PUBLISHED.target
        offering.published_version = offering.version
        offering.published_at = offering.updated_at
    return _version(step) if step.new else None


def _version(step: _Step) -> OfferingVersion:
    return OfferingVersion(
        offering_id=step.offering.id,
        version=step.offering.version,
        content=step.plain,
        content_hash=step.digest,
        created_at=step.offering.updated_at,
    )
