"""The hard constraints (contract.md section 1): each is one small rule with a mask and a name.

A rule answers which rows *fail*. What an offering does not state never fails silently, except the marks of
compliance: they are a requirement of proof.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.demand import Demand
from services.matching.snapshot.columns import Columns
from shared.contracts.vocabulary import Collateral, members

Mask = NDArray[np.bool_]
LENIENCE = (11, 10)
"""Budget and deadline may be exceeded by a tenth: such an offer stays, with a caution."""


class Rows(NamedTuple):
    """Rows to be checked: their columns, and which are for other industries and for other regions than the firm's."""

    columns: Columns
    industry: Mask
    region: Mask
    strictest: Columns | None = None
    """One row that asks as much as any of these, see `Columns.strictest`."""


class Constraint(NamedTuple):
    """One rule. `asked` says whether the need makes it; `fails` marks the rows that break it.

    An ordered rule compares numbers only: no row breaks it where one does not that asks as much as any.
    """

    name: str
    asked: Callable[[Demand], bool]
    fails: Callable[[Rows, Demand], Mask]
    ordered: bool = False

    def may_fail(self, rows: Rows, demand: Demand) -> bool:
        """Whether it is worth to look at every row."""
        if not self.ordered or rows.strictest is None:
            return True
        return bool(self.fails(Rows(rows.strictest, rows.industry, rows.region), demand))


def lenient(limit: int) -> int:
    """The highest whole number that is not more than 1.10 × `limit`."""
    return limit * LENIENCE[0] // LENIENCE[1]


def _budget_fails(rows: Rows, demand: Demand) -> Mask:
    """Rows whose lowest first-year total after discount is above 1.10 × the budget.

    Divides the limit instead of multiplying the price, so that nothing can overflow.
    """
    limits = [lenient(demand.budget or 0) // count for count in demand.units]
    if len(set(limits)) == 1:
        return rows.columns.price > limits[0]
    return rows.columns.price > np.array(limits, np.int64).take(rows.columns.price_unit)


def _compliance_fails(rows: Rows, demand: Demand) -> Mask:
    wanted = np.uint8(demand.compliance or 0)
    answer: Mask = (rows.columns.compliance & wanted) != wanted
    return answer


def _delivery_fails(rows: Rows, demand: Demand) -> Mask:
    return _offers_none(rows.columns.delivery, demand.delivery or 0)


def _size_fails(rows: Rows, demand: Demand) -> Mask:
    return _offers_none(rows.columns.sizes, demand.size_bit)


def _offers_none(offered: NDArray[np.uint8], wanted: int) -> Mask:
    """Where something is stated, but none of what is wanted."""
    answer: Mask = ((offered & np.uint8(wanted)) == 0) & (offered != 0)
    return answer


def _amount_fails(rows: Rows, demand: Demand) -> Mask:
    amount = demand.amount or 0
    return (rows.columns.amount_min > amount) | (rows.columns.amount_max < amount)


def _term_fails(rows: Rows, demand: Demand) -> Mask:
    term = demand.term or 0
    return (rows.columns.term_min > term) | (rows.columns.term_max < term)


def _collateral_fails(rows: Rows, demand: Demand) -> Mask:
    met = np.array([True, *(pledge in demand.pledges for pledge in members(Collateral))])
    return ~met.take(rows.columns.collateral)


CONSTRAINTS = (
    Constraint("validity", lambda _: True, lambda rows, demand: rows.columns.live_until < demand.as_of, True),
    Constraint("industry", lambda demand: demand.industry is not None, lambda rows, _: rows.industry),
    Constraint("region", lambda _: True, lambda rows, _: rows.region),
    Constraint("size", lambda demand: demand.size is not None, _size_fails),
    Constraint("budget_max", lambda demand: demand.budget is not None, _budget_fails),
    Constraint(
        "deadline_days",
        lambda demand: demand.deadline is not None,
        lambda rows, demand: rows.columns.lead_days > lenient(demand.deadline or 0),
        True,
    ),
    Constraint("delivery", lambda demand: demand.delivery is not None, _delivery_fails),
    Constraint("onsite", lambda demand: demand.onsite, lambda rows, _: ~rows.columns.visits, True),
    Constraint("compliance", lambda demand: demand.compliance is not None, _compliance_fails),
    Constraint("finance_amount", lambda demand: demand.amount is not None, _amount_fails, True),
    Constraint(
        "annual_rate_max_bp",
        lambda demand: demand.rate is not None,
        lambda rows, demand: rows.columns.rate_min > (demand.rate or 0),
        True,
    ),
    Constraint("term_months", lambda demand: demand.term is not None, _term_fails, True),
    Constraint("collateral", lambda demand: demand.collateral is not None, _collateral_fails),
    Constraint(
        "min_years_operating",
        lambda demand: demand.founded is not None,
        lambda rows, demand: rows.columns.years_min > max(0, demand.year - (demand.founded or 0)),
        True,
    ),
    Constraint(
        "min_annual_revenue",
        lambda demand: demand.revenue is not None,
        lambda rows, demand: rows.columns.revenue_min > (demand.revenue or 0),
        True,
    ),
)
BIT = {constraint.name: 1 << number for number, constraint in enumerate(CONSTRAINTS)}
_BITS = {name: np.uint16(bit) for name, bit in BIT.items()}
ABSENT = 1 << len(CONSTRAINTS)
"""The bit of rows that do not count at all: replaced, or already seen in another bucket."""


def failures(rows: Rows, demand: Demand) -> NDArray[np.uint16]:
    """For each row the constraints that it breaks, as bits."""
    broken = (
        constraint.fails(rows, demand) * _BITS[constraint.name]
        for constraint in CONSTRAINTS
        if constraint.asked(demand) and constraint.may_fail(rows, demand)
    )
    answer: NDArray[np.uint16] = next(broken)  # every need has a region, and any offer may be elsewhere
    for bits in broken:
        answer |= bits
    return answer
