"""`python -m tests.matching.service.fingerprint`: the hash of many answers, to be the same in every process (M7)."""

import hashlib
from datetime import UTC, datetime

from services.matching import intake, runs
from services.matching.intake import language
from services.matching.kernel import policy
from services.matching.runs import Circumstances
from services.matching.snapshot import snapshot
from shared.contracts.changes import CategoryRecord, OfferingRecord, ProviderRecord
from tests.matching.service.conftest import sample
from tests.matching.service.test_sameness import DAY, needs

GIVEN = Circumstances("run_same", "need_same", datetime(2026, 11, 22, tzinfo=UTC), None)


def fingerprint() -> str:
    """The SHA-256 of the answers to the judged needs, each whole, as it would be stored."""
    kinds = (CategoryRecord, ProviderRecord, OfferingRecord)
    categories, providers, offerings = ([r for r in sample() if isinstance(r, kind)] for kind in kinds)
    held, words = snapshot.build(categories, providers, offerings), language.build(o.content for o in offerings)
    found = hashlib.sha256()
    for need in needs():
        profile = intake.read(need, words, DAY)
        found.update(runs.compute(held, policy.default(), need, profile, GIVEN).document)
    return found.hexdigest()


if __name__ == "__main__":
    print(fingerprint())
