"""The place that is kept for newcomers: who gets it, what it costs at most, and that all others keep their order."""

import hashlib
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.kernel import ranking
from services.matching.kernel.answer import match
from services.matching.kernel.policy import Newcomers
from shared.contracts.wire import Text
from tests.matching import factories
from tests.matching.factories import POLICY, answered, asking, offering, provider, served
from tests.matching.test_properties import QUICK, SEEDS, drawn, needs

TEXT = Text(zh="新", en="new")
RULE = Newcomers(places=3, floor=1, margin=100, description=TEXT)


def tie(row: int) -> bytes:
    return bytes([row])


CASES = {
    # name: (providers, small = newcomer; their scores; how many are shown; the rows then; the row that is lifted)
    "within the margin": ("ABCd", [900, 800, 700, 600], 3, [0, 1, 3], 3),
    "one point beyond": ("ABCd", [900, 800, 700, 599], 3, [0, 1, 2], None),
    "the one that gives way comes next": ("ABCDe", [900, 800, 700, 690, 650], 5, [0, 1, 4, 2, 3], 4),
    "the best of several": ("ABCdef", [900, 800, 700, 610, 620, 615], 3, [0, 1, 4], 4),
    "equals by the tie-breaker": ("ABCdef", [900, 800, 700, 600, 650, 650], 3, [0, 1, 4], 4),
    "one is there already": ("AbCd", [900, 800, 700, 699], 3, [0, 1, 2], None),
    "in the last place already": ("ABcd", [900, 800, 700, 700], 3, [0, 1, 2], None),
    "a list too short": ("ABc", [900, 800, 799], 2, [0, 1], None),
    "nobody new": ("ABCD", [900, 800, 700, 699], 3, [0, 1, 2], None),
}


@pytest.mark.parametrize(("providers", "scores", "top_k", "rows", "kept"), CASES.values(), ids=CASES.keys())
def test_who_gets_the_place(providers, scores, top_k, rows, kept):
    chosen = list(range(top_k))
    points = np.array(scores, np.int32)
    found = ranking.keep_place(chosen, points, lambda row: providers[row].isupper(), tie, RULE)
    assert found == (rows, kept)


@given(
    owners=st.lists(st.booleans(), max_size=30),
    scores=st.lists(st.integers(0, 10_000), min_size=30, max_size=30),
    top_k=st.integers(1, 50),
    margin=st.integers(0, 10_000),
)
def test_the_others_keep_their_order_and_the_loss_is_bounded(owners, scores, top_k, margin):
    points = np.array(sorted(scores[: len(owners)], reverse=True), np.int32)
    before = list(range(len(owners)))[:top_k]
    rule = RULE.model_copy(update={"margin": margin})
    after, kept = ranking.keep_place(before, points, owners.__getitem__, tie, rule)
    assert len(after) == len(set(after)) == len(before)
    if kept is None:
        assert after == before
    else:
        assert not owners[kept]
        assert after.index(kept) == rule.places - 1
        assert points[before[rule.places - 1]] - points[kept] <= margin
        others = [row for row in after if row != kept]
        assert others == [row for row in before if row != kept][: len(others)]


@QUICK
@given(seed=SEEDS)
def test_through_the_kernel_only_eligible_offers_are_lifted(seed: int) -> None:
    offers, held = drawn(seed)
    established = frozenset(offer.provider_id for offer in offers[::2])
    for wanted, enterprise in needs(seed):
        everybody = set(served(answered(held, wanted, enterprise, top_k=50)))
        plain = answered(held, wanted, enterprise)
        kept = answered(held, wanted, enterprise, established=established)
        assert set(served(kept)) <= everybody
        assert kept.eligible == plain.eligible
        lifted = [place for place in kept.results if place.cautions and place.cautions[0].zh.startswith("新入驻")]
        assert [place.rank for place in lifted] in ([], [10])
        if not lifted:
            assert kept.results == plain.results
        else:
            assert kept.results[:9] == plain.results[:9]
            assert plain.results[9].score - lifted[0].score <= POLICY.newcomers.margin  # type: ignore[union-attr]
        assert answered(held, wanted, enterprise, established=frozenset()) == plain


def test_every_newcomer_of_equal_merit_is_seen() -> None:
    """Ten established providers state one thing more than fifteen newcomers, who would else never be seen."""
    known = [offering(number, number, name="同样的系统", lead_time_days=30) for number in range(1, 11)]
    fresh = [offering(number, number, name="同样的系统") for number in range(11, 26)]
    held = factories.held(*(provider(number) for number in range(1, 26)), *known, *fresh)
    established = frozenset(offer.provider_id for offer in known)
    plain, kept = Counter[str](), Counter[str]()
    for number in range(200):
        need_hash = hashlib.sha256(str(number).encode()).hexdigest()
        plain.update(place.provider_id for place in answered(held, need_hash=need_hash).results)
        question = asking(need_hash=need_hash, established=established)
        kept.update(place.provider_id for place in match(held, POLICY, question).results)
    assert set(plain) == established
    assert all(kept[offer.provider_id] >= 3 for offer in fresh)
    assert min(kept[name] for name in established) >= 150
    assert kept.total() == plain.total() == 2000
