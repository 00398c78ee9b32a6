"""One offering against all needs gives what every need on its own would give that offering."""

from services.matching.kernel import answer, gate
from services.matching.kernel.constraints import BIT
from services.matching.kernel.question import Asked
from services.matching.reverse import fitting
from services.matching.reverse.offer import Offer
from tests.matching.reverse.asking import AS_OF
from tests.matching.reverse.conftest import questions, stand


def forward(held, rules, asked_for):
    """(need, offering) → the constraints broken, and → the score where there are none; by the forward kernel."""
    broken, scores = {}, {}
    for question in asked_for:
        asked = Asked.of(question, held, rules)
        for considered in gate.consider(held.base, None, asked):
            for place, bits in zip(considered.places, considered.broken, strict=True):
                broken[question.need_hash, considered.entry(int(place)).offering.id] = int(bits)
            ranked = answer.rank(considered, considered.eligible, asked)
            for row, score in enumerate(ranked.scores):
                scores[question.need_hash, ranked.entry(row).offering.id] = int(score)
    return broken, scores


def test_reverse_equals_forward_for_every_pair(held, rules):
    asked_for = questions(400)
    standing = stand(held, asked_for, rules)
    broken, scores = forward(held, rules, asked_for)
    reverse_broken, reverse_scores = {}, {}
    for row, entry in enumerate(held.base.entries):
        offer = Offer.of(held.base, row, standing, AS_OF)
        considered = fitting.consider(standing, offer)
        for place, bits in zip(considered.places, considered.broken, strict=True):
            reverse_broken[standing.ids[standing.rows[place]], entry.offering.id] = int(bits)
        assert sorted(considered.eligible) == sorted(fitting.eligible(standing, offer))
        for found in fitting.best(standing, offer, len(standing)):
            reverse_scores[found.need, entry.offering.id] = found.score
    assert reverse_broken == broken
    assert reverse_scores == scores
    exercised = {name for name, bit in BIT.items() if any(bits & bit for bits in broken.values())}
    assert exercised == set(BIT)
    assert len(scores) > 1000


def test_the_best_needs_come_first(held, rules):
    standing = stand(held, questions(400), rules)
    for row in range(0, len(held.base.entries), 20):
        offer = Offer.of(held.base, row, standing, AS_OF)
        everyone = fitting.best(standing, offer, len(standing))
        assert fitting.best(standing, offer, 5) == everyone[:5]
        assert [found.score for found in everyone] == sorted((found.score for found in everyone), reverse=True)


def test_nobody_waits(held, rules):
    standing = stand(held, [], rules)
    offer = Offer.of(held.base, 0, standing, AS_OF)
    assert fitting.best(standing, offer, 10) == []
    assert len(fitting.consider(standing, offer).places) == 0
