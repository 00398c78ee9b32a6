"""The criteria: pure functions from facts to a value of 0 to 10,000 on a fixed scale, UNKNOWN where nothing is said.

A value depends on the need and on the one offering, never on the other offerings: adding one swaps no two.
All arithmetic is in integers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.demand import Demand
from services.matching.kernel.question import Asked
from services.matching.kernel.wording import Wording
from services.matching.snapshot.categories import MAIN
from services.matching.snapshot.code_sets import Closeness
from services.matching.snapshot.columns import NOT_STATED, Columns
from services.matching.snapshot.meaning import nearness
from services.matching.snapshot.words import Hits, Weights
from services.matching.snapshot.worth import UNKNOWN
from shared.contracts.offerings import ScenarioStep
from shared.contracts.vocabulary import EnterpriseSize, members

Values = NDArray[np.int32]
Numbers = NDArray[np.int64]
BEST = 10_000
MOST = np.int64(10**17)
"""Above any total that is worth telling apart, in fen: so high that products with a count cannot overflow."""
_SOLID_WORDS = 9000
"""A refusal that touches words of this total rarity (about one rare or two ordinary words) counts in full."""
_MOST_FOR_WORDS = 2000
"""What words alone can cost: a clause of refusal that shares words with the need may refuse something else."""


@dataclass(frozen=True)
class Candidates:
    """The survivors of one segment, a row each: all that the criteria look at."""

    columns: Columns
    topic: Values
    industry: Closeness
    region: Closeness
    hits: Hits
    found: Numbers
    """What the words of each row weigh together: see `word_weights`."""
    meanings: NDArray[np.int8]
    scenarios: NDArray[np.int32]
    """The number of each row's set of scenario steps in `scenario_sets`."""
    scenario_sets: tuple[tuple[ScenarioStep, ...], ...]
    misfit: NDArray[np.bool_]
    """Which are of another kind or scale by their own words."""
    totals: NDArray[np.int64]
    """Lowest first-year total after discount in fen, or NOT_STATED."""


KINDS = MAIN + 1
"""So many kinds of nearness there are between a category and a set of them, see `categories`."""


def topics(kinds: Sequence[NDArray[np.uint8]], demand: Demand, count: int) -> Values:
    """The values of so many sets of categories; `kinds` tells for each category read how near they come to it."""
    values = [np.array(topic_scale(demand, place), np.int32).take(kind) for place, kind in enumerate(kinds)]
    return reduce(np.maximum, values) if values else np.zeros(count, np.int32)


def topic_scale(demand: Demand, place: int) -> tuple[int, ...]:
    """Strange, bordering, another of the offering's categories, its main one; what is read second counts less."""
    counts = (BEST - 1200 * min(place, 3)) * (50 + demand.categories[place][1] // 2)
    return tuple([near * counts // (BEST * 100) for near in (0, 3500, 8500, BEST)])


def word_weights(wording: Wording) -> Weights:
    """What each word said, and then each word refused, weighs: for the text, against an offering, for each wish."""
    width = len(wording.words)
    answer = np.zeros((2 + wording.wishes.shape[1], 2 * width), np.float32)
    answer[0, :width], answer[1, :width], answer[1, width:] = wording.rarity, wording.avoided, wording.rarity
    answer[2:, :width] = wording.wishes.T
    return answer


def text(candidates: Candidates, wording: Wording) -> Values:
    """Share of the need's wording, by rarity, that the offering's own text covers; a longer text earns less."""
    return text_value(candidates.found[0], candidates.columns.length_factor, wording)


def text_value(found: Numbers, length_factor: NDArray[np.int32], wording: Wording) -> Values:
    """The text score: 10,000 when half of the wording, weighed by rarity, is covered by a text of usual length."""
    whole = max(1, int(wording.rarity.sum()))
    value: Values = np.minimum(BEST, 2 * found * length_factor // whole).astype(np.int32)
    return value


def capability(candidates: Candidates, wording: Wording) -> Values:
    """How far each wish is covered, on average over the wishes; half of a wish's rare words cover it."""
    asked = [(place, whole) for place, whole in enumerate(wording.wished, 2) if whole]
    if not asked:
        return np.full(len(candidates.topic), UNKNOWN, np.int32)
    places, whole = zip(*asked, strict=True)
    covered = np.minimum(BEST, 2 * BEST * candidates.found.take(places, axis=0) // np.array(whole)[:, None])
    value: Values = (covered.sum(axis=0) // len(asked)).astype(np.int32)
    return value


def stated_limits(candidates: Candidates) -> Values:
    """Nothing for an offering that is of another kind or scale by its own words.

    Else it falls a little with the words of the need that the offering refuses, and the shunned words that it offers.
    """
    return limits_value(candidates.found[1]) * ~candidates.misfit


def limits_value(against: Numbers) -> Values:
    """The value for the total rarity of the words that speak against an offering."""
    return (BEST - np.minimum(_SOLID_WORDS, against) * _MOST_FOR_WORDS // _SOLID_WORDS).astype(np.int32)


INDUSTRY_SCALE = np.array([0, 5500, UNKNOWN, 7500, 9000, 9500, BEST, BEST], np.int32)
"""Out, any industry, coarser or unknown; covered by the section, the division, the group, the class."""


def industry(candidates: Candidates) -> Values:
    """How narrowly the offering names the firm's industry."""
    return INDUSTRY_SCALE.take(candidates.industry)


_AREAS = (0, UNKNOWN, UNKNOWN, 6000, 8500, 9500, BEST)
"""Out, not stated, coarser; covered nationwide, by the province, the city, the county."""
_SEATS = (3000, 7500, BEST)
"""Elsewhere, in the same province, in the same city."""
SEATS = len(_SEATS)
REGION_SCALE = np.array(
    [UNKNOWN if area == UNKNOWN else (2 * area + seat) // 3 for area in _AREAS for seat in _SEATS], np.int32
)
"""Delivery area (two thirds) and the provider's own seat (one third)."""


def region(candidates: Candidates, demand: Demand) -> Values:
    """How near delivery area and seat come."""
    return region_value(candidates.region, candidates.columns.seat, np.int32(demand.region))


def region_value(covered: Closeness, seats: NDArray[np.int32], firm: NDArray[np.int32] | np.int32) -> Values:
    """The value of these delivery areas and seats for a firm at this place; either side may be many."""
    province: NDArray[np.bool_] = seats // 10_000 == firm // 10_000
    city: NDArray[np.bool_] = seats // 100 == firm // 100
    return REGION_SCALE.take(covered * np.uint8(SEATS) + province + city)


_SIZE_SETS = np.arange(2 ** len(members(EnterpriseSize)))
SIZE_SCALE: dict[int | None, Values] = {
    None: np.full(len(_SIZE_SETS), UNKNOWN, np.int32),
    **{
        bit: np.where(_SIZE_SETS == 0, 6000, np.where(_SIZE_SETS & bit, BEST, 0)).astype(np.int32)
        for bit in (0, *(1 << place for place in range(len(members(EnterpriseSize)))))
    },
}
"""For each size of a firm, as a bit, the value of every set of sizes: made for it, for any size; None is not known."""


def size(candidates: Candidates, demand: Demand) -> Values:
    """Made for firms of this size; for any size; not known."""
    return sizes(demand).take(candidates.columns.sizes)


def sizes(demand: Demand) -> Values:
    """The value of every set of sizes."""
    return SIZE_SCALE[None if demand.size is None else demand.size_bit]


def scenario(candidates: Candidates, demand: Demand) -> Values:
    """The worst of the level gaps over the scenarios asked for."""
    if not demand.scenarios:
        return np.full(len(candidates.scenarios), UNKNOWN, np.int32)
    sets, held = candidates.scenario_sets, candidates.scenarios
    values = np.zeros(len(sets), np.int32)
    for number in np.bincount(held).nonzero()[0].tolist():
        values[number] = scenario_of(sets[number], demand)
    return values[held]


def scenario_of(steps: tuple[ScenarioStep, ...], demand: Demand) -> int:
    """The value of one offering's level steps."""
    if not steps:
        return UNKNOWN
    values = []
    for asked in demand.scenarios:
        gaps = [
            max(0, asked.to_level - step.to_level) + max(0, step.from_level - asked.from_level)
            for step in steps
            if step.scenario == asked.scenario
        ]
        values.append(BEST - 2500 * min(4, min(gaps, default=3)))
    return min(values)


def price(candidates: Candidates, demand: Demand) -> Values:
    """First-year total after discount: full up to the budget, 4,000 at 1.10 of it.

    Without a budget, against the firm's revenue: full up to 0.2 %, nothing from 5 % on.
    """
    totals = candidates.totals
    if demand.budget is not None:
        value = within(totals, np.int64(demand.budget))
    elif demand.revenue:
        value = price_share(totals, np.int64(demand.revenue))
    else:
        value = np.full(len(totals), UNKNOWN, np.int64)
    return np.where(totals == NOT_STATED, UNKNOWN, value).astype(np.int32)


def within(amounts: Numbers, limit: Numbers | np.int64) -> Numbers:
    """Full up to the limit, 4,000 at 1.10 of it and above; either side may be many."""
    over = (np.minimum(amounts, 2 * limit + 1) - limit) * 1000 // np.maximum(1, limit)
    value: Numbers = BEST - np.minimum(np.maximum(over, 0), 100) * 60
    return value


def price_share(totals: Numbers, revenue: Numbers | np.int64) -> Numbers:
    """The value of these totals for a firm of this revenue that names no budget."""
    share = np.minimum(totals, 10**14) * 10_000 // revenue
    value: Numbers = BEST - np.minimum(np.maximum((share - 20) * BEST // 480, 0), BEST)
    return value


def first_year_totals(columns: Columns, demand: Demand) -> NDArray[np.int64]:
    """The lowest first-year total after discount in fen, NOT_STATED where there is none; capped at 10^15 yuan."""
    units = demand.units
    if len(set(units)) == 1:
        return np.minimum(columns.price, MOST)
    counts = np.array(units, np.int64).take(columns.price_unit)
    return np.where(columns.price >= 0, capped(columns.price, counts), NOT_STATED)


def capped(price: Numbers | int, counts: Numbers) -> Numbers:
    """Price × count in fen, at most MOST."""
    total: Numbers = np.where(price > MOST // counts, MOST, price * counts)
    return total


def time(candidates: Candidates, demand: Demand) -> Values:
    """Lead time against the deadline; without one, against half a year."""
    return _lead_times(demand.deadline).take(candidates.columns.lead_days + 1, mode="clip")


@lru_cache(maxsize=64)
def _lead_times(deadline: int | None) -> Values:
    """The value of every lead time from NOT_STATED, which is -1, up to where nothing changes any more."""
    value = _TIME_ALONE if deadline is None else within(np.arange(2 * deadline + 2), np.int64(deadline))
    return np.concatenate(([UNKNOWN], value), dtype=np.int32)


_TIME_ALONE = BEST - np.arange(181) * BEST // 180


def time_alone(days: Numbers) -> Numbers:
    """The value of these lead times where nobody named a deadline."""
    return _TIME_ALONE.take(days, mode="clip")


_FRESHNESS = (BEST - np.maximum(np.arange(365 + 1095 + 1) - 365, 0) * BEST // 1095).astype(np.int32)
"""By age in days: full in the first year, nothing after four."""


def freshness(candidates: Candidates, demand: Demand) -> Values:
    """How lately it was published."""
    return freshness_of(candidates.columns.published, demand.as_of)


def freshness_of(published: NDArray[np.int32], as_of: int) -> Values:
    """The value of these days of publication on a day."""
    return _FRESHNESS.take(as_of - published, mode="clip")


def table(candidates: Candidates, asked: Asked) -> Values:
    """All values, criteria × rows, in the order of `policy.CRITERIA`."""
    columns, demand, wording = candidates.columns, asked.demand, asked.wording
    lines: tuple[NDArray[np.signedinteger], ...] = (
        candidates.topic,
        text(candidates, wording),
        nearness(candidates.meanings, wording.meaning),
        capability(candidates, wording),
        stated_limits(candidates),
        industry(candidates),
        region(candidates, demand),
        size(candidates, demand),
        scenario(candidates, demand),
        price(candidates, demand),
        time(candidates, demand),
        columns.firmness,
        columns.evidence,
        columns.track_record,
        freshness(candidates, demand),
        columns.benefit,
    )
    return np.concatenate(lines, dtype=np.int32).reshape(len(lines), -1)
