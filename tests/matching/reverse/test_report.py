"""The report for a provider: every promised change keeps its promise, is the smallest, and tells on nobody."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from services.matching.reverse import changes, fitting, report, rules
from services.matching.reverse.changes import Change
from services.matching.reverse.offer import Offer
from services.matching.snapshot.segment import Entry, Segment
from shared.codes import industries, regions
from tests.matching.reverse.asking import AS_OF
from tests.matching.reverse.conftest import SEED, questions, stand


@pytest.fixture(scope="module")
def standing(held, rules):
    return stand(held, questions(1500), rules)


def eligible(standing, segment, row):
    return set(fitting.eligible(standing, Offer.of(segment, row, standing, AS_OF)).tolist())


def test_a_promised_change_wins_exactly_what_was_promised(held, standing):
    kept = set()
    for row, entry in enumerate(held.base.entries):
        before = eligible(standing, held.base, row)
        for told in report.of(standing, held.base, row, AS_OF).changes:
            content = changes.changed(entry, Change(told.change, "", "")).offering
            changed = Entry.read(content, entry.provider, held.text_model)
            after = eligible(standing, Segment.build((changed,), held.tree, held.text_model), 0)
            assert before <= after, told
            assert len(after) == len(before) + told.admits, told
            kept.add(told.constraint)
    assert kept >= {"region", "industry", "size", "budget_max", "deadline_days", "delivery", "onsite", "compliance"}
    assert kept >= {"finance_amount", "annual_rate_max_bp", "term_months", "collateral"}


def test_an_expired_offering_is_told_to_extend_its_validity(held, standing):
    until = [entry.offering.content.valid_until for entry in held.base.entries]
    row = next(row for row, day in enumerate(until) if day and eligible(standing, held.base, row))
    late = until[row] + timedelta(days=1)
    told = report.of(standing, held.base, row, late)
    assert told.eligible is None
    assert [change.change for change in told.changes if change.constraint == "validity"] == [
        {"valid_until": late.isoformat()}
    ]


def smaller(told):
    """The change of the same kind that is smaller by one step; the larger the step, the more it wins."""
    change = told.change
    if told.constraint == "deadline_days":
        return {"lead_time_days": change["lead_time_days"] + 1}
    if told.constraint == "annual_rate_max_bp":
        return {"finance": {"annual_rate_min_bp": change["finance"]["annual_rate_min_bp"] + 1}}
    if told.constraint == "budget_max":
        low = change["price"]["min"]
        return {"price": {"min": low + 10 ** max(0, len(str(low)) - 2)}}
    return None


def test_no_smaller_number_wins_as_many_as_may_be_told(held, standing):
    tried = set()
    for row, entry in enumerate(held.base.entries):
        offer = Offer.of(held.base, row, standing, AS_OF)
        considered = fitting.consider(standing, offer)
        for told in report.of(standing, held.base, row, AS_OF).changes:
            rule = next(rule for rule in rules.RULES if rule.name == told.constraint)
            places = considered.breaking_only(told.constraint)
            if patch := smaller(told):
                tried.add(told.constraint)
                less = offer.with_entry(changes.changed(entry, Change(patch, "", "")), standing)
                assert (~rule.fails(standing.wants, places, less)).sum() < report.K, (told, patch)
    assert tried == {"deadline_days", "annual_rate_max_bp", "budget_max"}


def test_no_narrower_region_or_industry_covers_as_many(held, standing):
    tried = set()
    trees = {"region": ("regions", regions), "industry": ("industries", industries)}
    for row in range(len(held.base.entries)):
        considered = fitting.consider(standing, Offer.of(held.base, row, standing, AS_OF))
        for told in report.of(standing, held.base, row, AS_OF).changes:
            if told.constraint in trees:
                tried.add(told.constraint)
                field, tree = trees[told.constraint]
                index = getattr(standing, field)
                names = list(index.numbers)
                places = considered.breaking_only(told.constraint)
                firms = [names[number] for number in getattr(standing.wants, told.constraint)[places]]
                widths = Counter(wider for firm in firms for wider in tree.lineage(firm))
                chosen = told.change[field][-1]
                for code, covered in widths.items():
                    narrower = len(tree.lineage(code)) > len(tree.lineage(chosen))
                    assert not narrower or covered < report.K, (told, code)
    assert tried == set(trees)


def test_nothing_is_told_of_fewer_than_k_needs(held, rules):
    """With fewer than K open needs the report is byte for byte the one with none."""
    chance = random.Random(SEED)
    asked = questions(200)
    nobody = stand(held, [], rules)
    for row in chance.sample(range(len(held.base.entries)), 100):
        few = stand(held, chance.sample(asked, chance.randrange(1, report.K)), rules)
        told = [report.of(some, held.base, row, AS_OF).model_dump_json() for some in (few, nobody)]
        assert told[0] == told[1]


def test_no_small_group_follows_by_subtraction(held, rules):
    chance = random.Random(SEED)
    asked = questions(1500)
    close = 0
    for size in (5, 8, 12, 20, 50, 100, 200, 400):
        standing = stand(held, chance.sample(asked, size), rules)
        for row in range(len(held.base.entries)):
            offer = Offer.of(held.base, row, standing, AS_OF)
            told = report.of(standing, held.base, row, AS_OF)
            numbers = [told.eligible, told.one_short, *(change.admits for change in told.changes)]
            assert all(number is None or number >= report.K for number in numbers)
            if told.one_short is not None:
                assert told.one_short - sum(change.admits for change in told.changes) not in range(1, report.K)
            broken = fitting.consider(standing, offer).broken
            close += told.one_short is None and sum(int(bits).bit_count() == 1 for bits in broken) >= report.K
    assert close > 0
