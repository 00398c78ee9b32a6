"""Many needs at once get the places that each would get on its own."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.kernel import answer, bulk, field, ranking
from services.matching.kernel.bulk import Ground
from services.matching.kernel.constraints import CONSTRAINTS
from services.matching.kernel.policy import WeightOutOfBounds
from services.matching.snapshot import snapshot
from tests.matching.reverse.conftest import questions
from tests.matching.service import feeds


def test_bulk_equals_one_by_one(held, rules):
    asked = questions(600)
    placed = bulk.place(Ground(held), rules, asked)
    assert [one.need_hash for one in placed] == [question.need_hash for question in asked]
    for question, one in zip(asked, placed, strict=True):
        alone = answer.match(held, rules, question)
        assert one.places == tuple((result.offering_id, result.score) for result in alone.results)
        assert (one.considered, one.eligible) == (alone.considered, alone.eligible)


def test_changes_on_top_of_the_snapshot_count(held, rules):
    feed = feeds.FakeFeed()
    offering = held.base.entries[0].offering
    changed = snapshot.apply(
        held, [feed.put(feeds.revised(offering, regions=("000000",))), feed.remove("offering", "off_x")]
    )
    asked = questions(200)
    for question, one in zip(asked, bulk.place(Ground(changed), rules, asked), strict=True):
        alone = answer.match(changed, rules, question)
        assert one.places == tuple((result.offering_id, result.score) for result in alone.results)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=8, deadline=None)
def test_needs_that_stand_together_do_not_see_each_other(held, rules, seed):
    """Whatever else is asked at once, and however the catalogue changed since: each need gets its own answer."""
    chance = random.Random(seed)
    feed = feeds.FakeFeed()
    touched = chance.sample([entry.offering for entry in held.base.entries], 40)
    changes = [feed.put(feeds.revised(one, regions=chance.choice((("000000",), ("330000",))))) for one in touched[:20]]
    changes += [feed.remove("offering", one.id) for one in touched[20:]]
    changed = snapshot.apply(held, changes)
    sure = [
        replace(question, profile=question.profile.model_copy(update={"categories": _sure(question.profile)}))
        for question in questions(60, seed)
        if question.profile.categories
    ]
    for question, one in zip(sure, bulk.place(Ground(changed), rules, sure), strict=True):
        alone = answer.match(changed, rules, question)
        assert one.places == tuple((result.offering_id, result.score) for result in alone.results)
        assert (one.considered, one.eligible) == (alone.considered, alone.eligible)


def _sure(profile):
    return tuple(read.model_copy(update={"confidence": 100}) for read in profile.categories)


def test_every_constraint_says_what_it_looks_at():
    assert [rule.name for rule in CONSTRAINTS] == list(field._LOOKS_AT)


@pytest.mark.parametrize("few", [0, 1, 4])
def test_rows_come_in_order_however_many_are_likely_to_be_read(few):
    chance = np.random.default_rng(few)
    for size in (0, 1, 5, 40, 500):
        scores = chance.integers(0, 30, size).astype(np.int32)
        ties = {row: bytes(chance.integers(0, 255, 8).tolist()) for row in range(size)}
        expected = sorted(range(size), key=lambda row: (-scores[row], ties[row]))
        assert list(ranking.in_order(scores, ties.__getitem__, few)) == expected


def test_a_weight_that_is_not_allowed_is_refused(held, rules):
    question = questions(1)[0]
    wrong = type(question)(question.profile, question.enterprise, question.as_of, "x", weights={"topic": 10_000})
    with pytest.raises(WeightOutOfBounds):
        bulk.place(Ground(held), rules, [wrong])


def test_no_needs_no_places(held, rules):
    assert bulk.place(Ground(held), rules, []) == []
