"""What must hold for every need and every catalogue (quality.md M2, M4, M7, M8; contract.md, stable ranking)."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.kernel import violations
from services.matching.kernel.answer import match
from services.matching.kernel.parts import Result
from services.matching.snapshot import snapshot
from services.matching.snapshot.snapshot import Snapshot
from shared.contracts.changes import OfferingRecord
from tests.matching import factories, random_cases
from tests.matching.factories import AS_OF, CATEGORIES, answered, change, provider, served

SEEDS = st.integers(0, 10**9)
QUICK = settings(max_examples=25, deadline=None)


def drawn(seed: int, count: int = 40) -> tuple[list[OfferingRecord], Snapshot]:
    dice = random.Random(seed)
    offers = [random_cases.offering(dice, number) for number in range(1, count + 1)]
    return offers, factories.held(*_providers(count), *offers)


def _providers(count: int) -> list[Any]:
    return [provider(number, customers=number * 10) for number in range(1, count + 1)]


def needs(seed: int, count: int = 6) -> list[tuple[Any, Any]]:
    dice = random.Random(seed + 1)
    return [(random_cases.profile(dice), random_cases.enterprise(dice)) for _ in range(count)]


def test_no_served_place_breaks_a_rule_in_ten_thousand_pairs() -> None:
    """And no offer of the gate is kept out that breaks none: the masks and the plain checker agree on all."""
    seed = 20261122
    offers, held = drawn(seed, 100)
    by_id = {offer.id: offer for offer in offers}
    owners = {record.id: record for record in _providers(100)}
    pairs = 0
    for wanted, enterprise in needs(seed, 100):
        answer = answered(held, wanted, enterprise, top_k=50)
        families = {held.tree.family(read.code) for read in wanted.categories}
        gate = [o for o in offers if families & {held.tree.family(code) for code in o.content.categories}]
        broken = {o.id: violations.of(o, owners[o.provider_id], wanted, enterprise, AS_OF) for o in gate}
        pairs += len(offers)
        assert answer.considered == len(gate), seed
        assert answer.eligible == sum(not names for names in broken.values()), seed
        assert all(not broken[by_id[place].id] for place in served(answer)), seed
        counts = {item.constraint: (item.count, item.only) for item in answer.eliminated}
        names = {name for found in broken.values() for name in found}
        assert counts == {
            name: (
                sum(name in found for found in broken.values()),
                sum(found == (name,) for found in broken.values()),
            )
            for name in names
        }, seed
    assert pairs == 10_000


@QUICK
@given(seed=SEEDS)
def test_contributions_sum_to_the_score_and_stay_on_their_scale(seed: int) -> None:
    _, held = drawn(seed)
    for wanted, enterprise in needs(seed):
        for place in answered(held, wanted, enterprise, top_k=50).results:
            assert place.score == sum(part.contribution for part in place.contributions)
            for part in place.contributions:
                assert part.value is None or 0 <= part.value <= 10_000
                if part.value is not None:
                    assert part.contribution == (part.weight * part.value + 5000) // 10_000
                assert part.text.zh
                assert part.text.en


@QUICK
@given(seed=SEEDS)
def test_adding_an_offering_swaps_no_two_others(seed: int) -> None:
    offers, held = drawn(seed)
    newcomer = random_cases.offering(random.Random(seed + 2), 99)
    grown = factories.held(*_providers(99), *offers, newcomer, model=held.text_model)
    for wanted, enterprise in needs(seed):
        before = answered(held, wanted, enterprise, top_k=50).results
        after = answered(grown, wanted, enterprise, top_k=50).results
        assert _scores(before) == [pair for pair in _scores(after) if pair[0] != newcomer.id]


def _scores(places: tuple[Result, ...]) -> list[tuple[str, int]]:
    return [(place.offering_id, place.score) for place in places]


@QUICK
@given(seed=SEEDS)
def test_neither_insertion_order_nor_the_way_of_the_changes_matters(seed: int) -> None:
    offers, held = drawn(seed)
    dice = random.Random(seed + 3)
    shuffled = dice.sample(offers, len(offers))
    changes = [change(number, record) for number, record in enumerate(shuffled, 1)]
    early = snapshot.build(CATEGORIES, _providers(40), [], held.text_model)
    late = snapshot.apply(snapshot.apply(early, changes[:13]), changes[13:])
    ways = [factories.held(*_providers(40), *shuffled, model=held.text_model), late, snapshot.rebuild(late)]
    for wanted, enterprise in needs(seed):
        first = answered(held, wanted, enterprise, text="扫码报工和追溯")
        for other in ways:
            again = answered(other, wanted, enterprise, text="扫码报工和追溯")
            assert again.results == first.results
            assert again.eliminated == first.eliminated
            assert again.relaxations == first.relaxations


@QUICK
@given(seed=SEEDS)
def test_repeating_words_never_raises_an_offering(seed: int) -> None:
    offers, held = drawn(seed)
    stuffed = [
        factories.offering(
            int(offer.id.removeprefix("off_")),
            int(offer.provider_id.removeprefix("prv_")),
            **(offer.content.model_dump(by_alias=True) | {"description": offer.content.description * 5}),
        )
        for offer in offers
    ]
    again = factories.held(*_providers(40), *stuffed, model=held.text_model)
    for wanted, enterprise in needs(seed):
        plain = {place.offering_id: place.score for place in answered(held, wanted, enterprise, top_k=50).results}
        repeated = answered(again, wanted, enterprise, top_k=50).results
        assert all(place.score <= plain.get(place.offering_id, place.score) for place in repeated)


def test_a_stuffed_listing_is_never_shown_outside_its_own_and_bordering_categories() -> None:
    seed = 8
    dice = random.Random(seed)
    words = "，".join(record.name_zh for record in CATEGORIES if record.parent)
    offers = [random_cases.offering(dice, number) for number in range(1, 41)]
    leaves = [record.id for record in CATEGORIES if record.parent]
    listings = [
        factories.offering(number, number, categories=(dice.choice(leaves),), summary=words[:200], description=words)
        for number in range(100, 200)
    ]
    held = factories.held(*_providers(200), *offers, *listings)
    for code in leaves:
        wanted = factories.profile(code, wishes=(held.tree.name(code),))
        families = {held.tree.family(code)}
        for place in answered(held, wanted, text=words, top_k=50).results:
            assert families & {held.tree.family(held_code) for held_code in place.offering.content.categories}, (
                seed,
                code,
            )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_removing_a_criterion_changes_the_scores_by_what_the_explanation_says(seed: int) -> None:
    _, held = drawn(seed)
    plain = factories.POLICY
    names = [criterion.name for criterion in plain.criteria]
    for removed in range(len(names)):
        criteria = [
            criterion.model_copy(update={"weight": 0, "least": 0, "most": 10_000}) if place == removed else criterion
            for place, criterion in enumerate(plain.criteria)
        ]
        without = plain.model_copy(update={"criteria": tuple(criteria)})
        for wanted, enterprise in needs(seed, 2):
            question = factories.asking(wanted, enterprise, top_k=50)
            before = match(held, plain, question).results
            after = {place.offering_id: place.score for place in match(held, without, question).results}
            for place in before:
                given = next(part for part in place.contributions if part.criterion == names[removed])
                assert after[place.offering_id] == place.score - given.contribution
