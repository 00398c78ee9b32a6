"""Scores in exact integers, ties that know neither ids nor insertion, and the sharing out of the first places."""

import numpy as np
import pytest

from services.matching.kernel import policy, ranking
from services.matching.kernel.policy import CRITERIA, Diversity, Policy, WeightOutOfBounds
from services.matching.snapshot.worth import UNKNOWN
from tests.matching.factories import POLICY, answered, asking, held, offering, profile, provider, served

CAP = Diversity(places=10, per_provider=2)


@pytest.mark.parametrize(
    ("value", "weight", "points"),
    [(0, 3000, 0), (10_000, 3000, 3000), (5000, 1, 1), (4999, 1, 0), (3333, 700, 233), (7500, 350, 263)],
)
def test_a_contribution_is_rounded_half_up(value: int, weight: int, points: int) -> None:
    values = np.full((len(CRITERIA), 1), value, np.int32)
    assert ranking.contributions(values, (weight,) * len(CRITERIA), POLICY)[0, 0] == points


def test_an_unknown_counts_what_the_policy_says() -> None:
    values = np.full((len(CRITERIA), 1), UNKNOWN, np.int32)
    points = ranking.contributions(values, POLICY.weights(), POLICY)[:, 0].tolist()
    assert points == [(c.weight * c.unknown + 5000) // 10_000 for c in POLICY.criteria]


def test_ties_are_settled_by_hash_and_differ_between_needs() -> None:
    offers = [offering(number, number, name="同样的系统") for number in range(1, 21)]
    catalogue = held(*(provider(number) for number in range(1, 21)), *offers)
    first, again, other = (
        served(answered(catalogue, need_hash=need, top_k=20)) for need in ("a" * 64, "a" * 64, "b" * 64)
    )
    assert first == again
    assert sorted(first) == sorted(other)
    assert first != other
    assert first not in (sorted(first), sorted(first, reverse=True))


@pytest.mark.parametrize(
    ("providers", "top_k", "expected"),
    [
        ("abc", 3, [0, 1, 2]),
        ("aaab", 3, [0, 1, 3]),  # the third of a gives way
        ("aaab", 4, [0, 1, 3, 2]),
        ("aaaa", 3, [0, 1, 2]),  # there are not enough others
        ("aaabbbcccdddeeefff", 12, [0, 1, 3, 4, 6, 7, 9, 10, 12, 13, 2, 5]),  # the cap is for the first ten
        ("", 10, []),
    ],
)
def test_first_places_are_shared_out(providers: str, top_k: int, expected: list[int]) -> None:
    rows = iter(range(len(providers)))
    assert ranking.share_out(rows, lambda row: providers[row], top_k, CAP) == expected


def test_the_cap_holds_through_the_kernel() -> None:
    offers = [offering(number, 1 if number < 9 else number) for number in range(1, 16)]
    catalogue = held(provider(1), *(provider(number) for number in range(9, 16)), *offers)
    places = answered(catalogue, top_k=10).results
    assert sum(place.provider_id == "prv_1" for place in places) >= 2
    assert sum(place.provider_id == "prv_1" for place in places[:9]) == 2


def test_the_policy_that_ships_is_whole_and_described() -> None:
    assert sum(criterion.weight for criterion in POLICY.criteria) == 10_000
    assert all(criterion.description.zh and criterion.description.en for criterion in POLICY.criteria)
    assert POLICY.weights() == tuple(criterion.weight for criterion in POLICY.criteria)


def _shifted(**weights: int) -> dict[str, int]:
    plain = {criterion.name: criterion.weight for criterion in POLICY.criteria}
    return plain | weights


def test_a_need_may_shift_weights_within_the_bounds() -> None:
    topic, price = POLICY.criteria[0].weight, _shifted()["price"]
    asked = _shifted(topic=topic - 400, price=price + 400)
    assert POLICY.weights(asked)[0] == topic - 400
    answer = answered(held(offering()), weights=asked)
    assert {part.criterion: part.weight for part in answer.results[0].contributions} == asked


@pytest.mark.parametrize(
    ("weights", "criterion"),
    [
        ({"topic": 10_000}, "topic"),
        (_shifted(benefit=9000), "benefit"),
        (_shifted(beauty=0), "beauty"),
        (_shifted(price=_shifted()["price"] + 1), "*"),
    ],
)
def test_other_weights_are_refused(weights: dict[str, int], criterion: str) -> None:
    with pytest.raises(WeightOutOfBounds) as refusal:
        answered(held(offering()), weights=weights)
    assert refusal.value.criterion == criterion
    assert refusal.value.reason.zh


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document["criteria"].pop(),
        lambda document: document["criteria"].reverse(),
        lambda document: document["criteria"][0].update(weight=document["criteria"][0]["weight"] + 1),
        lambda document: document["criteria"][0].update(least=9999),
        lambda document: document.update(extra=1),
    ],
)
def test_a_policy_that_is_not_whole_is_refused(spoil: object) -> None:
    document = policy.default().model_dump()
    document["criteria"] = list(document["criteria"])
    spoil(document)  # type: ignore[operator]
    with pytest.raises(ValueError, match="validation error"):
        Policy.model_validate(document)


def test_no_category_read_and_nothing_found_is_said() -> None:
    empty = profile().model_copy(update={"categories": ()})
    answer = answered(held(offering()), empty, text="你好")
    assert (answer.considered, served(answer)) == (0, [])
    assert answer.unmet is not None
    assert answer.unmet.code == "not-understood"


def test_a_need_without_category_finds_by_its_words_above_the_floor() -> None:
    empty = profile().model_copy(update={"categories": ()})
    catalogue = held(offering(), offering(2, categories=("erp",), description="记账报税开票。", summary="开票"))
    assert served(answered(catalogue, empty, text="扫码报工")) == ["off_1"]
    sure = profile("erp")
    assert served(answered(catalogue, sure, text="扫码报工")) == ["off_2"]


def test_the_question_is_all_that_an_answer_depends_on() -> None:
    catalogue = held(offering(), offering(2))
    assert answered(catalogue) == answered(catalogue)
    assert asking().top_k == 10
