"""Many needs scored on the offers of one family at once: need × survivor pairs in one line, a step a criterion.

The scores are those of `criteria` and `ranking`, to the point. Criteria that look only at the offer are added up
beforehand; those that look at a set of codes are looked up for each distinct set; the others are computed for all pairs
together, because the arrays of one need are so short that the call would cost more than the work.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel import criteria, own_limits
from services.matching.kernel.criteria import BEST, Values
from services.matching.kernel.demand import Demand
from services.matching.kernel.field import Field
from services.matching.kernel.gathering import Floats, Gathering
from services.matching.kernel.policy import CRITERIA, WHOLE, Policy
from services.matching.kernel.question import Asked
from services.matching.snapshot import rivals
from services.matching.snapshot.columns import NOT_STATED
from services.matching.snapshot.meaning import cosines, multiplied
from services.matching.snapshot.scale import NO_BOUND
from services.matching.snapshot.worth import UNKNOWN

TOGETHER = 48
"""Needs whose pairs are scored together: what they hold stays in the cache."""

Numbers = NDArray[np.int64]


class Scored(NamedTuple):
    """What a need gets of one field: how many offers count, the places of those that fit, and their scores."""

    field: Field
    considered: int
    places: NDArray[np.intp]
    scores: NDArray[np.int32]


class Kind(NamedTuple):
    """What the needs of a crowd have in common: what they weigh, and their day."""

    policy: Policy
    weights: tuple[int, ...]
    as_of: int

    def points(self, name: str, values: NDArray[np.signedinteger]) -> Values:
        """What these values of a criterion contribute to a score."""
        number = CRITERIA.index(name)
        counted = np.where(values == UNKNOWN, self.policy.criteria[number].unknown, values)
        answer: Values = ((counted * self.weights[number] + WHOLE // 2) // WHOLE).astype(np.int32)
        return answer


def score(field: Field, kind: Kind, needs: Sequence[Asked], seen: int) -> Iterator[Scored]:
    """The scores of these needs, all of one kind; offers in families of these bits do not count."""
    present = field.present(seen)
    considered = int(present.sum())
    words = Gathering(field, needs)
    for start in range(0, len(needs), TOGETHER):
        some = needs[start : start + TOGETHER]
        places = [field.fitting(one.demand, present) for one in some]
        ends = np.cumsum([len(found) for found in places]).tolist()
        points = Pairs(field, kind, some, places).points(words)
        for found, end in zip(places, ends, strict=True):
            yield Scored(field, considered, found, points[end - len(found) : end])


class Pairs:
    """Pairs of a need and an offer that fits it; `need` and `place` number them."""

    def __init__(self, field: Field, kind: Kind, needs: Sequence[Asked], places: Sequence[NDArray[np.intp]]) -> None:
        self._field = field
        self._kind = kind
        self._needs = needs
        self._places = places
        self._need = np.repeat(np.arange(len(needs)), [len(found) for found in places])
        self._place = np.concatenate(places)

    def points(self, words: Gathering) -> Values:
        """The scores."""
        field, kind, place = self._field, self._kind, self._place
        total: Values = field.once(("alone", kind.weights, kind.as_of), lambda: _alone(field, kind)).take(place)
        total += self._looked_up("topic", lambda one: one.categories, field.topics, field.categories)
        total += self._looked_up("industry", lambda one: one.industry, self._industries, field.industries)
        total += self._looked_up("size", lambda one: one.size, criteria.sizes, field.columns.sizes.astype(np.intp))
        total += self._region()
        total += kind.points("price", self._price())
        total += kind.points("time", self._time())
        self._add_texts(words, total)
        return total

    def _looked_up(
        self, name: str, key: Callable[[Demand], Hashable], find: Callable[[Demand], Values], sets: NDArray[np.intp]
    ) -> Values:
        """The points of a criterion that depends on a number of the offer, for each distinct key of the needs."""
        numbers: dict[Hashable, int] = {}
        lines, of_need = [], []
        for one in self._needs:
            known = key(one.demand)
            if known not in numbers:
                numbers[known] = len(numbers)
                lines.append(self._kind.points(name, find(one.demand)))
            of_need.append(numbers[known])
        table = np.stack(lines)
        at = (np.array(of_need) * table.shape[1]).take(self._need) + sets.take(self._place)
        answer: Values = table.ravel().take(at)
        return answer

    def _industries(self, demand: Demand) -> Values:
        return criteria.INDUSTRY_SCALE[self._field.industry(demand.industry)]

    def _region(self) -> Values:
        """Like `criteria.region`, by closeness of the area and of the seat."""
        codes: dict[str, int] = {}
        of_need = np.array([codes.setdefault(one.demand.region, len(codes)) for one in self._needs])
        near = np.stack([self._field.region(code) for code in codes])
        firm = np.array([int(one.demand.region) for one in self._needs], np.int32)
        level = near.ravel().take((of_need * near.shape[1]).take(self._need) + self._field.regions.take(self._place))
        seats = self._field.columns.seat
        province, city = self._field.once("seats", lambda: (seats // 10_000, seats // 100))
        seat = (province.take(self._place) == (firm // 10_000).take(self._need)).view(np.int8)
        seat = seat + (city.take(self._place) == (firm // 100).take(self._need))
        scale = self._kind.points("region", criteria.REGION_SCALE)
        answer: Values = scale.take(level.astype(np.intp) * criteria.SEATS + seat)
        return answer

    def _of_needs(self, value: Callable[[Demand], int | None]) -> Numbers:
        found = [value(one.demand) for one in self._needs]
        return np.array([-1 if number is None else number for number in found], np.int64)

    def _price(self) -> Numbers:
        """Like `criteria.price`."""
        totals = self._totals()
        budget, revenue = self._of_needs(lambda one: one.budget), self._of_needs(lambda one: one.revenue)
        limit = budget.take(self._need)
        value = _within(totals, limit)
        if (budget < 0).any():
            free = np.flatnonzero(limit < 0)
            earned = revenue.take(self._need[free])
            shares = criteria.price_share(totals[free], np.maximum(1, earned))
            value[free] = np.where(earned > 0, shares, UNKNOWN)
        value[totals == NOT_STATED] = UNKNOWN
        return value

    def _totals(self) -> Numbers:
        """Like `criteria.first_year_totals`."""
        columns = self._field.columns
        units = np.array([one.demand.units for one in self._needs], np.int64)
        price = columns.price.take(self._place)
        if (units == 1).all():
            return np.minimum(price, criteria.MOST)
        unit = columns.price_unit.take(self._place).astype(np.intp)
        counts = units.ravel().take(self._need * units.shape[1] + unit)
        return np.where(price < 0, NOT_STATED, criteria.capped(price, counts))

    def _time(self) -> Numbers:
        """Like `criteria.time`."""
        days = self._field.columns.lead_days.take(self._place).astype(np.int64)
        deadline = self._of_needs(lambda one: one.deadline)
        limit = deadline.take(self._need)
        value = _within(days, limit)
        if (deadline < 0).any():
            free = np.flatnonzero(limit < 0)
            value[free] = criteria.time_alone(days[free])
        value[days == NOT_STATED] = UNKNOWN
        return value

    def _add_texts(self, words: Gathering, total: Values) -> None:
        """Add what text, meaning, capability and stated limits contribute, need by need where words are gathered."""
        wishes = max(len(one.wording.wished) for one in self._needs)
        found = np.zeros((2 + wishes, len(total)), np.float32)
        products = np.empty(len(total), np.float32)
        meanings, start = self._field.meanings, 0
        for one, places in zip(self._needs, self._places, strict=True):
            here = slice(start, start := start + len(places))
            weighed = words.weigh(one, places)
            found[: len(weighed), here] = weighed
            products[here] = multiplied(meanings.take(places, axis=0), one.wording.meaning)
        kind = self._kind
        total += kind.points("text", self._text(found[0]))
        total += kind.points("meaning", cosines(products))
        total += kind.points("capability", self._capability(found[2:]))
        limits = criteria.limits_value(found[1].astype(np.int64))
        limits[self._misfits()] = 0
        total += kind.points("limits", limits)

    def _misfits(self) -> NDArray[np.intp]:
        """The pairs that `own_limits.misfit` finds, looked for only where an offering says anything of that kind."""
        says = self._field.once("says", lambda: _says(self._field))
        pairs = np.flatnonzero(says.take(self._place))
        need, columns = self._need[pairs], self._field.columns.take(self._place[pairs])
        known = (
            self._of_needs(value).take(need)
            for value in (attrgetter("people"), attrgetter("sites"), attrgetter("devices"), attrgetter("revenue"))
        )
        kinds = np.array([one.wording.kinds for one in self._needs], np.int64).take(need)
        return pairs[own_limits.beyond(columns, *known) | rivals.differ(columns.kinds, kinds)]

    def _text(self, found: Floats) -> Numbers:
        whole = np.array([max(1, int(one.wording.rarity.sum())) for one in self._needs], np.float64)
        factor = self._field.columns.length_factor.take(self._place)
        return _quotient(2 * found.astype(np.float64) * factor, whole.take(self._need))

    def _capability(self, found: Floats) -> Numbers:
        whole = np.zeros((len(found), len(self._needs)), np.float64)
        for number, one in enumerate(self._needs):
            whole[: len(one.wording.wished), number] = one.wording.wished
        covered = np.zeros(len(self._need), np.int64)
        for line, of_need in zip(found, whole, strict=True):
            covered += _quotient(2.0 * BEST * line, np.maximum(1, of_need).take(self._need))
        count = (whole > 0).sum(axis=0)
        if (count == 1).all():
            return covered
        value: Numbers = covered // np.maximum(1, count).take(self._need)
        value[(count == 0).take(self._need)] = UNKNOWN
        return value


def _quotient(amounts: NDArray[np.floating], wholes: NDArray[np.float64]) -> Numbers:
    """amounts // wholes, at most BEST. Below 2^52 floats divide whole numbers as exactly as integers, and faster."""
    value: Numbers = np.minimum(BEST, np.floor(amounts.astype(np.float64) / wholes)).astype(np.int64)
    return value


def _says(field: Field) -> NDArray[np.bool_]:
    """Which offerings have bounds or kinds by their own words."""
    columns = field.columns
    answer: NDArray[np.bool_] = (columns.kinds != 0) | (columns.turnover_min > 0)
    for measure in ("people", "sites", "devices"):
        answer |= (getattr(columns, f"{measure}_min") > 0) | (getattr(columns, f"{measure}_max") != NO_BOUND)
    return answer


def _alone(field: Field, kind: Kind) -> Values:
    """What the criteria contribute that look only at the offer, and the one that these needs do not ask about."""
    columns = field.columns
    total = kind.points("scenario", np.full(len(field.rows), UNKNOWN, np.int32))
    for name in ("firmness", "evidence", "track-record", "benefit"):
        total += kind.points(name, getattr(columns, name.replace("-", "_")).astype(np.int32))
    return total + kind.points("freshness", criteria.freshness_of(columns.published, kind.as_of))


def _within(amounts: Numbers, limits: Numbers) -> Numbers:
    """Like `criteria.within`; of amounts within their limit, which most are, nothing is to be computed."""
    value = np.full(len(amounts), BEST, np.int64)
    over = np.flatnonzero(amounts > limits)
    value[over] = criteria.within(amounts[over], limits[over])
    return value
