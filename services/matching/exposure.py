"""Who was shown how often: counted with every run, condensed now and then into ledgers of the established providers."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from services.matching import policies
from services.matching.models import Exposure, ExposureLedger
from shared import canonical, clock
from shared.database import Database


@dataclass(frozen=True)
class Ledger:
    """The providers that were no newcomers at some moment; its version is the hash of what is stored."""

    version: str | None
    established: frozenset[str]


NOBODY = Ledger(None, frozenset())
newest_version = (
    select(ExposureLedger.version).order_by(ExposureLedger.counted_until.desc(), ExposureLedger.version).limit(1)
)
"""The version of the newest ledger."""
_shown = insert(Exposure.__table__)  # type: ignore[arg-type]


def count(session: Session, run_id: str, shown: Iterable[str]) -> None:
    """Note how many places each provider has in a run that is stored already; `shown` names one a place."""
    rows = [
        {"run_id": run_id, "provider_id": provider, "places": places} for provider, places in Counter(shown).items()
    ]
    if rows:
        session.execute(_shown, rows)


def condense(database: Database) -> None:
    """Make a new ledger by the policy in force, if it differs from the newest."""
    with database.read.begin() as session:
        adopted, known, now = policies.newest(session), newest(session), clock.now()
        rule = policies.load(adopted).newcomers if adopted else None
        if rule is None:
            return
        shown = select(Exposure.provider_id).group_by(Exposure.provider_id)
        established = session.scalars(shown.having(func.sum(Exposure.places) >= rule.floor)).all()
    if known.established == frozenset(established):
        return
    document = canonical.encode(
        {"counted_until": now.isoformat(), "floor": rule.floor, "established": sorted(established)}
    )
    with database.write.begin() as session:
        session.add(ExposureLedger(version=_digest(document), document=document, counted_until=now))


def newest(session: Session, known: Ledger = NOBODY) -> Ledger:
    """The newest ledger, `known` if that is it; NOBODY before the first was made."""
    version = session.scalar(newest_version)
    return known if version == known.version else recall(session, version)


def recall(session: Session, version: str | None) -> Ledger:
    """The ledger of a version; LookupError when it is not stored, or is not what its version says."""
    if version is None:
        return NOBODY
    row = session.get(ExposureLedger, version)
    if row is None or _digest(row.document) != version:
        raise LookupError(version)
    return Ledger(version, frozenset(json.loads(row.document)["established"]))


def _digest(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()
