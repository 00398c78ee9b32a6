"""The offers of one family in one segment, laid out for many needs: the mirror of `gate` for a crowd.

What many needs ask alike is answered once: a mask for each value of a constraint, the points that an offer has whoever
asks, the rows that say a word.
"""

from collections.abc import Callable, Hashable
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel import criteria
from services.matching.kernel.constraints import CONSTRAINTS, Constraint, Mask, Rows
from services.matching.kernel.demand import Demand
from services.matching.snapshot.code_sets import OUT, Closeness
from services.matching.snapshot.segment import Segment

T = TypeVar("T")
_MASK_BYTES = 16_000_000
"""So much a field remembers of masks; then it begins anew."""
_LOOKS_AT: dict[str, Callable[[Demand], Hashable]] = {
    "validity": attrgetter("as_of"),
    "industry": attrgetter("industry"),
    "region": attrgetter("region"),
    "size": attrgetter("size"),
    "budget_max": attrgetter("budget", "units"),
    "deadline_days": attrgetter("deadline"),
    "delivery": attrgetter("delivery"),
    "onsite": attrgetter("onsite"),
    "compliance": attrgetter("compliance"),
    "finance_amount": attrgetter("amount"),
    "annual_rate_max_bp": attrgetter("rate"),
    "term_months": attrgetter("term"),
    "collateral": attrgetter("collateral"),
    "min_years_operating": attrgetter("founded", "year"),
    "min_annual_revenue": attrgetter("revenue"),
}
"""What of a demand each constraint looks at: needs alike in that share its mask."""
_RULES = tuple((rule, _LOOKS_AT[rule.name]) for rule in CONSTRAINTS)
_NO_SETS = np.zeros(0, np.bool_)


class Field:
    """Places are counted from the beginning of the family's bucket."""

    def __init__(self, segment: Segment, gone: Mask | None, family: str) -> None:
        self.segment = segment
        bucket = segment.buckets[family]
        self.bit, self.bucket, self.words = bucket.bit, bucket.places, bucket.words
        self.rows = segment.rows[self.bucket]
        self.columns = segment.columns.take(self.bucket)
        self.categories = segment.categories[self.bucket]
        self.industries = segment.industries[self.bucket]
        self.regions = segment.regions[self.bucket]
        self.meanings = segment.meanings[self.bucket]
        self._present = np.ones(len(self.rows), np.bool_) if gone is None else ~gone[self.rows]
        self._known: dict[Hashable, Any] = {}
        self._masks: dict[Hashable, Mask] = {}

    def present(self, seen: int) -> Mask:
        """The offers that count: not replaced, and not in a family whose bit is seen already."""
        if not seen:
            return self._present
        families = self.segment.families[self.bucket]
        return self.once(("present", seen), lambda: self._present & ((families & np.uint64(seen)) == 0))

    def fitting(self, demand: Demand, present: Mask) -> NDArray[np.intp]:
        """The places of the present offers that break nothing."""
        fit = present
        for rule, looks_at in _RULES:
            if rule.asked(demand):
                fit = fit & self._mask(rule, (rule.name, looks_at(demand)), demand)
        return np.flatnonzero(fit)

    def industry(self, code: str | None) -> Closeness:
        """How near each set of industries comes to a firm's."""
        return self.once(("industry", code), lambda: self.segment.industry_sets.closeness(code))

    def region(self, code: str) -> Closeness:
        """How near each set of regions comes to a firm's."""
        return self.once(("region", code), lambda: self.segment.region_sets.closeness(code))

    def topics(self, demand: Demand) -> criteria.Values:
        """The value of each set of categories."""
        sets = self.segment.category_sets
        kinds = (sets.nearness(code) for code, _ in demand.categories)
        return self.once(("topics", demand.categories), lambda: criteria.topics([*kinds], demand, len(sets.sets)))

    def once(self, key: Hashable, find: Callable[[], T]) -> T:
        """What was found under this key before, or is found now."""
        known: T | None = self._known.get(key)
        if known is None:
            known = self._known[key] = find()
        return known

    def _mask(self, rule: Constraint, key: Hashable, demand: Demand) -> Mask:
        known = self._masks.get(key)
        if known is None:
            if (len(self._masks) + 1) * len(self.rows) > _MASK_BYTES:
                self._masks.clear()
            industry = region = _NO_SETS
            if rule.name == "industry":
                industry = (self.industry(demand.industry) == OUT).take(self.industries)
            if rule.name == "region":
                region = (self.region(demand.region) == OUT).take(self.regions)
            known = self._masks[key] = ~rule.fails(Rows(self.columns, industry, region), demand)
        return known
