"""Narrowing to an edition: exact within it, in the same order as without, and free where there is none."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.kernel import bulk
from services.matching.kernel.bulk import Ground
from services.matching.snapshot import snapshot
from tests.matching import factories, random_cases
from tests.matching.factories import POLICY, answered, asking, change, edition, offering, provider, served

SEEDS = st.integers(0, 10**9)
COUNT = 40
PROVIDERS = [provider(number, customers=number * 10) for number in range(1, COUNT + 1)]


def scored(answer):
    return [(place.offering_id, place.score) for place in answer.results]


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_the_list_is_that_of_a_catalogue_of_nothing_else_and_in_the_order_of_the_whole(seed):
    dice = random.Random(seed)
    offers = [random_cases.offering(dice, number) for number in range(1, COUNT + 1)]
    listed = dice.sample(offers, dice.randint(0, COUNT))
    named = edition(3, *(offer.id for offer in listed), "off_withdrawn")
    whole = factories.held(*PROVIDERS, *offers, named)
    alone = factories.held(*PROVIDERS, *listed, model=whole.text_model)
    early = factories.held(*PROVIDERS, *offers[:20], model=whole.text_model)
    grown = snapshot.apply(early, [change(n, record) for n, record in enumerate((*offers[20:], named), 1)])
    for _ in range(6):
        wanted, enterprise = random_cases.profile(dice), random_cases.enterprise(dice)
        free = answered(whole, wanted, enterprise, top_k=50)
        narrow = answered(whole, wanted, enterprise, top_k=50, edition=named.id)
        brute = answered(alone, wanted, enterprise, top_k=50)
        assert scored(narrow) == [pair for pair in scored(free) if pair[0] in named.offerings]
        for name in ("results", "considered", "eligible", "eliminated", "relaxations"):
            assert getattr(narrow, name) == getattr(brute, name), name
        assert narrow.edition.left_out == free.considered - narrow.considered
        assert answered(grown, wanted, enterprise, top_k=50, edition=named.id).results == narrow.results
        assert free.edition is None
        [placed] = bulk.place(Ground(whole), POLICY, [asking(wanted, enterprise, top_k=50, edition=named.id)])
        assert list(placed.places) == scored(narrow)


def test_bulk_keeps_needs_of_different_editions_apart():
    held = factories.held(offering(1), offering(2), edition(1, "off_1"), edition(2, "off_2"))
    asked = [asking(edition=name) for name in ("edt_1", None, "edt_2")]
    found = [sorted(name for name, _ in placed.places) for placed in bulk.place(Ground(held), POLICY, asked)]
    assert found == [["off_1"], ["off_1", "off_2"], ["off_2"]]


def test_an_edition_that_leaves_nothing_is_named_as_the_reason():
    held = factories.held(offering(1), offering(2), edition(7))
    answer = answered(held, edition="edt_7")
    assert served(answer) == []
    assert answer.unmet.code == "nothing-eligible"
    assert "第7期" in answer.unmet.text.zh
    assert "有 2 项符合" in answer.unmet.text.zh
    assert answer.edition.left_out == 2


def test_an_edition_that_ended_is_no_longer_there():
    held = factories.held(offering(1), edition(7, "off_1"))
    ended = snapshot.apply(held, [change(1, None, "edition", "edt_7")])
    assert served(answered(held, edition="edt_7")) == ["off_1"]
    with pytest.raises(KeyError):
        answered(ended, edition="edt_7")


def test_a_tie_is_broken_the_same_way_with_and_without():
    twins = [offering(number, name="同名") for number in range(1, 9)]
    providers = [provider(1)]
    held = factories.held(*providers, *twins, edition(1, *(twin.id for twin in twins[::2])))
    whole = served(answered(held, top_k=50))
    assert served(answered(held, top_k=50, edition="edt_1")) == [
        name for name in whole if name in {"off_1", "off_3", "off_5", "off_7"}
    ]
