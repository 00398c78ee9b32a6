"""Many needs at once get the places that each would get on its own."""

import pytest

from services.matching.kernel import answer, bulk
from services.matching.kernel.policy import WeightOutOfBounds
from services.matching.snapshot import snapshot
from tests.matching.reverse.conftest import questions
from tests.matching.service import feeds


@pytest.mark.parametrize("processes", [1, 2])
def test_bulk_equals_one_by_one(held, rules, processes):
    asked = questions(600)
    placed = list(bulk.match(held, rules, asked, processes))
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
    for question, one in zip(asked, bulk.match(changed, rules, asked, 1), strict=True):
        alone = answer.match(changed, rules, question)
        assert one.places == tuple((result.offering_id, result.score) for result in alone.results)


def test_a_weight_that_is_not_allowed_is_refused(held, rules):
    question = questions(1)[0]
    wrong = type(question)(question.profile, question.enterprise, question.as_of, "x", weights={"topic": 10_000})
    with pytest.raises(WeightOutOfBounds):
        list(bulk.match(held, rules, [wrong], 1))


def test_no_needs_no_places(held, rules):
    assert list(bulk.match(held, rules, [])) == []
