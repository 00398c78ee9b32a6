"""`python -m tests.matching.service.fingerprint`: the hash of many answers, to be the same in every process (M7)."""

import hashlib

from services.matching.intake import language
from services.matching.kernel import policy
from services.matching.snapshot import snapshot
from shared.contracts.changes import CategoryRecord, OfferingRecord, ProviderRecord
from tests.matching.service.conftest import sample
from tests.matching.service.test_sameness import computed


def fingerprint() -> str:
    """The SHA-256 of the answers to the judged needs, each whole, as it would be stored."""
    kinds = (CategoryRecord, ProviderRecord, OfferingRecord)
    categories, providers, offerings = ([r for r in sample() if isinstance(r, kind)] for kind in kinds)
    held, words = snapshot.build(categories, providers, offerings), language.build(o.content for o in offerings)
    documents = (run.document for run in computed(held, policy.default(), words))
    return hashlib.sha256(b"".join(documents)).hexdigest()


if __name__ == "__main__":
    print(fingerprint())
