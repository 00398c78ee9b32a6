"""The ranking policy in force: a stored, versioned document. Adopting another is an admin's act and needs no code."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.matching.kernel import policy
from services.matching.kernel.policy import Policy
from services.matching.models import PolicyVersion
from shared import canonical, clock, problems
from shared.contracts.wire import Text
from shared.preconditions import Precondition
from shared.principal import Principal

RELEASE = "release"
"""Who adopted a policy that came with the code."""


def newest(session: Session, lock: bool = False) -> PolicyVersion | None:
    """The policy in force, if one was ever adopted."""
    query = select(PolicyVersion).order_by(PolicyVersion.revision.desc()).limit(1)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def in_force(session: Session) -> PolicyVersion:
    """The policy in force; Unavailable before the first was adopted."""
    row = newest(session)
    if row is None:
        raise problems.Unavailable
    return row


def load(row: PolicyVersion) -> Policy:
    """The policy of a row."""
    return Policy.model_validate_json(row.document)


def ship(session: Session) -> None:
    """Adopt the policy that comes with the code, unless an admin has adopted another."""
    present = newest(session, lock=True)
    shipped = _row(policy.default(), RELEASE)
    if present is None or (present.adopted_by == RELEASE and present.digest != shipped.digest):
        session.add(shipped)


def adopt(session: Session, caller: Principal, proposed: Policy, seen: Precondition) -> PolicyVersion:
    """Put a policy in force; a version that was ever in force cannot be used again."""
    present = newest(session, lock=True)
    seen.require(present.revision if present else 0)
    if session.scalar(select(PolicyVersion.revision).where(PolicyVersion.version == proposed.version)) is not None:
        item = problems.at(
            "/version", "version-used", "此版本号已用过，请换一个", "this version was used: choose another"
        )
        raise problems.Conflict(Text(zh="策略版本不可更改", en="a policy version never changes"), [item])
    row = _row(proposed, caller.organisation)
    session.add(row)
    session.flush()
    return row


def _row(adopted: Policy, by: str) -> PolicyVersion:
    document = canonical.encode(adopted.model_dump(mode="json", by_alias=True))
    digest = hashlib.sha256(document).hexdigest()
    return PolicyVersion(
        version=adopted.version, document=document, digest=digest, adopted_at=clock.now(), adopted_by=by
    )
