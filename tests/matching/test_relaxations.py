"""The smallest changes: held against brute force over every change that could matter, in plain Python."""

import random
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any

import pytest

from services.matching.kernel import violations
from services.matching.kernel.levers import STEP
from services.matching.kernel.parts import Relaxation
from shared.contracts.changes import OfferingRecord
from shared.contracts.needs import Enterprise, Profile
from shared.contracts.vocabulary import Collateral, Delivery, members
from tests.matching import random_cases
from tests.matching.factories import AS_OF, answered, held, offering, profile, provider, served

CHANGEABLE = (
    "budget_max", "deadline_days", "delivery", "onsite", "compliance", "finance_amount", "annual_rate_max_bp",
    "term_months", "collateral",
)  # fmt: skip
OFFERS = 45


def with_change(wanted: Profile, change: Mapping[str, object]) -> Profile:
    """The profile with other values in `must`; None drops the constraint."""
    must = wanted.must.model_dump(exclude_none=True) | {
        name: {"value": value, "source": "stated"} for name, value in change.items() if value is not None
    }
    kept = {name: value for name, value in must.items() if change.get(name, ...) is not None}
    return Profile.model_validate(wanted.model_dump(by_alias=True) | {"must": kept})


def alternatives(name: str, old: Any) -> Iterator[tuple[int, Any]]:
    """Every value that could matter with what it costs, written down independently of the kernel."""
    if name in {"delivery", "collateral"}:
        vocabulary = members(Delivery if name == "delivery" else Collateral)
        yield from ((STEP, [*old, thing]) for thing in vocabulary if thing not in old)
    elif name == "onsite":
        yield STEP, None
    elif name == "compliance":
        for count in range(1, len(old) + 1):
            for dropped in combinations(old, count):
                yield STEP * count, [mark for mark in old if mark not in dropped] or None
    else:
        values = budgets(old) if name == "budget_max" else range(1, 800)
        yield from ((abs(value - old) * 10_000 // max(1, old), value) for value in values if value != old)


def budgets(old: int) -> Iterator[int]:
    """Whole yuan around every price that the random offers can have."""
    for low, times, kept in product(random_cases.MONEY, (1, 3, 12, 40), (10_000, 9000, 6667)):
        enough = low * times * kept // 10_000 * 10 // 11
        yield from (value for value in range(max(0, enough // 100 - 2) * 100, enough + 300, 100) if value > old)


def spelled(value: Any) -> str:
    """A value whatever the order of its members."""
    return str(sorted(value) if isinstance(value, list) else value)


def cheapest(
    offer: OfferingRecord, owner: Any, wanted: Profile, enterprise: Enterprise, names: tuple[str, ...]
) -> int | None:
    """The least that must be changed in these constraints together to admit this offer."""
    total = 0
    for name in names:
        old = getattr(wanted.must, name).value
        costs = [
            cost
            for cost, value in alternatives(name, old)
            if name not in violations.of(offer, owner, with_change(wanted, {name: value}), enterprise, AS_OF)
        ]
        if not costs:
            return None
        total += min(costs)
    return total


def test_smallest_by_brute_force() -> None:
    singles, pairs = 0, 0
    for seed in range(40):
        case = _Case(random.Random(seed))
        for relaxation in case.told:
            case.check_admitted(relaxation)
        for names in {tuple(relaxation.change) for relaxation in case.told}:
            if case.check_price(names):
                singles, pairs = singles + (len(names) == 1), pairs + (len(names) == 2)
        open_ways = {found[0] for found in case.broken.values() if len(found) == 1} & set(CHANGEABLE)
        told_alone = {name for relaxation in case.told if len(relaxation.change) == 1 for name in relaxation.change}
        assert len(case.told) == 5 or open_ways <= told_alone, seed
    assert singles > 20, "hardly anything was compared"
    assert pairs > 5, "hardly anything was compared"


class _Case:
    """A random catalogue and a need of at least two changeable constraints, with what the kernel tells to change."""

    def __init__(self, dice: random.Random) -> None:
        offers = [random_cases.offering(dice, number) for number in range(1, OFFERS + 1)]
        self._owners = {f"prv_{number}": provider(number) for number in range(1, OFFERS + 1)}
        self._catalogue = held(*self._owners.values(), *offers)
        self._wanted, self._firm = random_cases.profile(dice), random_cases.enterprise(dice)
        while len(self._wanted.must.model_dump(exclude_none=True)) < 2:
            self._wanted = random_cases.profile(dice)
        tree = self._catalogue.tree
        families = {tree.family(read.code) for read in self._wanted.categories}
        self._gate = [o for o in offers if families & {tree.family(code) for code in o.content.categories}]
        self.broken = {o.id: tuple(self._violations(o)) for o in self._gate}
        self.told = answered(self._catalogue, self._wanted, self._firm, top_k=50).relaxations

    def check_admitted(self, relaxation: Relaxation) -> None:
        """What is promised is what comes."""
        changed = with_change(self._wanted, relaxation.change)
        after = set(served(answered(self._catalogue, changed, self._firm, top_k=50)))
        newly = {o.id for o in self._gate if self.broken[o.id] and o.id in after}
        assert len(newly) == relaxation.admits, relaxation.change
        assert set(relaxation.offerings) <= newly

    def check_price(self, names: tuple[str, ...]) -> bool:
        """Nothing smaller admits any of the offers that break just these; whether there was one to compare with."""
        costs = [
            cost
            for o in self._gate
            if set(self.broken[o.id]) == set(names)
            and (cost := cheapest(o, self._owners[o.provider_id], self._wanted, self._firm, names)) is not None
        ]
        changes = [relaxation.change for relaxation in self.told if tuple(relaxation.change) == names]
        prices = [[self._price(name, change[name]) for name in names] for change in changes]
        paid = {sum(filter(None, price)) for price in prices if None not in price}
        if not costs or not paid:
            return False
        assert min(costs) in paid, (names, costs, paid)
        return True

    def _price(self, name: str, value: Any) -> int | None:
        priced = alternatives(name, getattr(self._wanted.must, name).value)
        return {spelled(other): cost for cost, other in priced}.get(spelled(value))

    def _violations(self, offer: OfferingRecord) -> Iterator[str]:
        return violations.of(offer, self._owners[offer.provider_id], self._wanted, self._firm, AS_OF)


def test_pairs_are_smallest_and_count_what_either_change_admits() -> None:
    price = {"model": "one-off", "per": "project"}
    offers = [
        offering(1, price=price | {"min": 220_000}, lead_time_days=66),  # both, by far
        offering(2, price=price | {"min": 132_000}, lead_time_days=44),  # both, nearest
        offering(3, price=price | {"min": 121_000}, lead_time_days=10),  # budget only
        offering(4, price=price | {"min": 100_000}, lead_time_days=40),  # deadline only
        offering(5, price=price | {"min": 900_000}, lead_time_days=40, regions=("110000",)),  # no lever
    ]
    answer = answered(held(*offers), profile(must={"budget_max": 100_000, "deadline_days": 30}))
    told = {tuple(sorted(item.change)): item for item in answer.relaxations}
    assert told["budget_max",].change == {"budget_max": 110_000}
    assert told["budget_max",].offerings == ("off_3",)
    assert told["deadline_days",].change == {"deadline_days": 37}
    pair = told["budget_max", "deadline_days"]
    assert pair.change == {"budget_max": 120_000, "deadline_days": 40}
    assert pair.admits == 3
    assert pair.text.zh == "预算放宽到 1200元，且期限放宽到 40 天，可多 3 项"


def test_what_a_firm_cannot_change_is_never_proposed() -> None:
    offers = [offering(1, regions=("110000",)), offering(2, industries=("62",)), offering(3, valid_until="2020-01-01")]
    assert answered(held(*offers)).relaxations == ()


def test_offers_of_the_category_asked_for_come_first() -> None:
    price = {"model": "one-off", "per": "project"}
    near = offering(1, categories=("quality-management",), price=price | {"min": 111_000})
    right = offering(2, price=price | {"min": 220_000})
    answer = answered(held(near, right), profile(must={"budget_max": 100_000}))
    assert [item.change for item in answer.relaxations] == [{"budget_max": 200_000}, {"budget_max": 101_000}]
    assert answer.relaxations[0].offerings == ("off_2", "off_1")


@pytest.mark.parametrize(
    ("states", "must", "change", "words"),
    [
        ({"delivery": ("saas", "remote-service")}, {"delivery": ("on-premises",)},
         {"delivery": ["saas", "on-premises"]}, "接受SaaS 云服务，可多 1 项"),
        ({"delivery": ("saas",)}, {"onsite": True}, {"onsite": None}, "不要求上门，可多 1 项"),
        ({"compliance": ("xinchuang",)}, {"compliance": ("xinchuang", "mlps3")}, {"compliance": ["xinchuang"]},
         "不要求等保三级，可多 1 项"),
        ({}, {"compliance": ("mlps2",)}, {"compliance": None}, "不要求等保二级，可多 1 项"),
    ],
)  # fmt: skip
def test_changes_that_are_not_numbers(
    states: dict[str, Any], must: dict[str, Any], change: dict[str, object], words: str
) -> None:
    (told,) = answered(held(offering(**states)), profile(must=must)).relaxations
    assert told.change == change
    assert told.text.zh == words


def test_an_answer_of_thousands_stays_exact_with_sums_beyond_reason() -> None:
    dear = offering(1, price={"model": "subscription", "min": 10**15, "per": "month"})
    answer = answered(held(dear), profile(must={"budget_max": 1}, quantities={"users": 10**7}))
    assert answer.eligible == 0
