"""The criteria seen from the offering: its value for each of some needs, equal to what `criteria` gives that need."""

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel import criteria, own_limits
from services.matching.kernel.criteria import BEST, Values
from services.matching.reverse.offer import Offer
from services.matching.reverse.rules import Places
from services.matching.reverse.standing import NOT_ASKED, Standing
from services.matching.reverse.wanted_words import weigh
from services.matching.snapshot import rivals
from services.matching.snapshot.code_sets import Closeness
from services.matching.snapshot.columns import NOT_STATED, OPEN
from services.matching.snapshot.worth import UNKNOWN


def table(standing: Standing, places: Places, offer: Offer) -> Values:
    """All values, criteria × needs, in the order of `policy.CRITERIA`."""
    rows, facts = standing.rows[places], offer.columns
    lines: tuple[NDArray[np.signedinteger], ...] = (
        topic(standing, places, offer),
        text(standing, places, offer),
        standing.words.nearness(rows, offer.entry.meaning),
        _capability(standing, places, offer),
        _stated_limits(standing, places, offer),
        criteria.INDUSTRY_SCALE.take(offer.industry.take(standing.wants.industry[places])),
        _region(standing, places, offer, offer.region.take(standing.wants.region[places])),
        _size(standing, places, offer),
        _scenario(standing, places, offer),
        _price(standing, places, offer),
        _time(standing, places, offer),
        facts.firmness,
        facts.evidence,
        facts.track_record,
        criteria.freshness_of(facts.published, offer.as_of.toordinal()),
        facts.benefit,
    )
    answer = np.empty((len(lines), len(places)), np.int32)
    for number, line in enumerate(lines):
        answer[number] = line
    return answer


def topic(standing: Standing, places: Places, offer: Offer) -> Values:
    """Nearness of the categories."""
    return standing.topics.values(offer.entry.offering.content.categories).take(standing.wants.categories[places])


def text(standing: Standing, places: Places, offer: Offer) -> Values:
    """Share of the need's wording that the offering's text covers."""
    rows = standing.rows[places]
    covered = weigh(standing.words.wording, rows, offer.said)
    factor = offer.columns.length_factor.astype(np.int64)
    value: Values = np.minimum(BEST, 2 * covered * factor // standing.words.whole[rows]).astype(np.int32)
    return value


def _capability(standing: Standing, places: Places, offer: Offer) -> Values:
    words, rows = standing.words, standing.rows[places]
    answer = np.full(len(places), UNKNOWN, np.int32)
    starts, counts = words.first_wish[rows], words.first_wish[rows + 1] - words.first_wish[rows]
    some = np.flatnonzero(counts)
    if len(some):
        ends = counts[some].cumsum()
        wishes = np.repeat(starts[some] - ends + counts[some], counts[some]) + np.arange(ends[-1])
        covered = np.minimum(BEST, 2 * weigh(words.wishes, wishes, offer.said) * BEST // words.wished[wishes])
        answer[some] = np.add.reduceat(covered, ends - counts[some]) // counts[some]
    return answer


def _stated_limits(standing: Standing, places: Places, offer: Offer) -> Values:
    words, rows = standing.words, standing.rows[places]
    against = weigh(words.shunned, rows, offer.said)
    if offer.refused.any():
        against = against + weigh(words.wording, rows, offer.refused)
    wants, facts = standing.wants, offer.columns
    beyond = own_limits.beyond(
        facts, wants.people[places], wants.sites[places], wants.devices[places], wants.turnover[places]
    )
    misfit = beyond | rivals.differ(facts.kinds, words.kinds[rows])
    return np.where(misfit, np.int32(0), criteria.limits_value(against))


def _region(standing: Standing, places: Places, offer: Offer, closeness: Closeness) -> Values:
    return criteria.region_value(closeness, offer.columns.seat, standing.wants.place[places])


def _size(standing: Standing, places: Places, offer: Offer) -> Values:
    sizes, size = offer.columns.sizes, standing.wants.size[places]
    value = np.where(sizes == 0, 6000, np.where(sizes & size, BEST, 0))
    return np.where(size == 255, UNKNOWN, value).astype(np.int32)


def _scenario(standing: Standing, places: Places, offer: Offer) -> Values:
    asked = standing.wants.scenarios[places]
    if (asked == standing.no_scenario).all():
        return np.full(len(places), UNKNOWN, np.int32)
    steps = offer.entry.offering.content.scenarios
    numbers, inverse = np.unique(asked, return_inverse=True)
    values = [
        UNKNOWN if number == standing.no_scenario else criteria.scenario_of(steps, standing.steps[number])
        for number in numbers
    ]
    value: Values = np.array(values, np.int32)[inverse]
    return value


def _price(standing: Standing, places: Places, offer: Offer) -> Values:
    price, wants = int(offer.columns.price[0]), standing.wants
    if price == NOT_STATED:
        return np.full(len(places), UNKNOWN, np.int32)
    counts = wants.units[offer.columns.price_unit[0]][places]
    totals = criteria.capped(price, counts)
    budget, revenue = wants.budget[places], wants.revenue[places]
    known = (revenue > 0) & (revenue < OPEN)
    without = np.where(known, criteria.price_share(totals, np.maximum(1, revenue)), UNKNOWN)
    return np.where(budget == NOT_ASKED, without, criteria.within(totals, budget)).astype(np.int32)


def _time(standing: Standing, places: Places, offer: Offer) -> Values:
    days, deadline = offer.columns.lead_days.astype(np.int64), standing.wants.deadline[places].astype(np.int64)
    if days[0] == NOT_STATED:
        return np.full(len(places), UNKNOWN, np.int32)
    value = np.where(deadline == NOT_ASKED, criteria.time_alone(days), criteria.within(days, deadline))
    return value.astype(np.int32)
