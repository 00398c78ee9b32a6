"""The demo catalogue in memory, and needs that wait for it."""

import random
from functools import cache

import pytest

from services.matching.kernel import policy
from services.matching.kernel.question import Asked, Question
from services.matching.reverse.standing import Standing, Waiting
from services.matching.snapshot import snapshot
from services.matching.snapshot.snapshot import Snapshot
from shared.contracts.changes import OfferingRecord
from tests.matching.reverse import asking
from tests.matching.service import feeds

SEED = 20261122
STEP = 7


@cache
def catalogue() -> Snapshot:
    """Every seventh offering of the demo, with all kinds of finance among them."""
    chosen = offerings()
    wanted = {offering.provider_id for offering in chosen}
    return snapshot.build(feeds.categories(), [p for p in feeds.providers() if p.id in wanted], chosen)


@cache
def offerings() -> tuple[OfferingRecord, ...]:
    return tuple(
        offering for number, offering in enumerate(feeds.offerings()) if offering.content.finance or number % STEP == 0
    )


def questions(count: int, seed: int = SEED) -> list[Question]:
    chance = random.Random(seed)
    return [asking.question(chance, number, offerings()) for number in range(count)]


def stand(held: Snapshot, asked: list[Question], rules: policy.Policy) -> Standing:
    """These needs, made ready to wait."""
    ready = (Waiting.of(question.need_hash, Asked.of(question, held, rules)) for question in asked)
    return Standing.build(ready, held.tree, rules)


@pytest.fixture(scope="session")
def held() -> Snapshot:
    return catalogue()


@pytest.fixture(scope="session")
def rules() -> policy.Policy:
    return policy.default()
