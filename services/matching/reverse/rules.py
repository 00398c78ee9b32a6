"""The hard constraints seen from the offering: which needs it fails, rule by rule.

Each rule is the one of the same name in `constraints`, with the need as the column and the offering as the number.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.constraints import BIT, Mask
from services.matching.reverse.offer import Offer
from services.matching.reverse.standing import Wants
from services.matching.snapshot.code_sets import OUT

Places = NDArray[np.int64]
At = Places | slice


class Rule(NamedTuple):
    """One rule. `binds` says whether the offering could fail anybody by it; `fails` marks, of the needs at some places,
    those that it cannot serve."""

    name: str
    binds: Callable[[Offer], bool]
    fails: Callable[[Wants, At, Offer], Mask]


def _validity(wants: Wants, at: At, offer: Offer) -> Mask:
    return np.full(len(wants.onsite[at]), offer.columns.live_until[0] < offer.as_of.toordinal(), np.bool_)


def _industry(wants: Wants, at: At, offer: Offer) -> Mask:
    answer: Mask = (offer.industry == OUT).take(wants.industry[at])
    return answer


def _region(wants: Wants, at: At, offer: Offer) -> Mask:
    answer: Mask = (offer.region == OUT).take(wants.region[at])
    return answer


def _size(wants: Wants, at: At, offer: Offer) -> Mask:
    sizes = offer.columns.sizes
    answer: Mask = ((wants.size[at] & sizes) == 0) & (sizes != 0)
    return answer


def _budget(wants: Wants, at: At, offer: Offer) -> Mask:
    answer: Mask = wants.limits[offer.columns.price_unit[0]][at] < offer.columns.price
    return answer


def _delivery(wants: Wants, at: At, offer: Offer) -> Mask:
    offered = offer.columns.delivery
    answer: Mask = ((wants.delivery[at] & offered) == 0) & (offered != 0)
    return answer


def _compliance(wants: Wants, at: At, offer: Offer) -> Mask:
    wanted = wants.compliance[at]
    answer: Mask = (wanted & offer.columns.compliance) != wanted
    return answer


def _amount(wants: Wants, at: At, offer: Offer) -> Mask:
    amount = wants.amount[at]
    return (amount >= 0) & ((offer.columns.amount_min > amount) | (offer.columns.amount_max < amount))


def _term(wants: Wants, at: At, offer: Offer) -> Mask:
    term = wants.term[at]
    return (term >= 0) & ((offer.columns.term_min > term) | (offer.columns.term_max < term))


def _years(wants: Wants, at: At, offer: Offer) -> Mask:
    return wants.founded[at] > offer.as_of.year - offer.columns.years_min.astype(np.int32)


def _is_finance(offer: Offer) -> bool:
    return offer.entry.offering.content.finance is not None


RULES = (
    Rule("validity", lambda offer: bool(offer.columns.live_until[0] < offer.as_of.toordinal()), _validity),
    Rule("region", lambda offer: bool((offer.region == OUT).any()), _region),
    Rule("industry", lambda offer: bool((offer.industry == OUT).any()), _industry),
    Rule("budget_max", lambda offer: bool(offer.columns.price[0] > 0), _budget),
    Rule("delivery", lambda offer: bool(offer.columns.delivery[0]), _delivery),
    Rule("size", lambda offer: bool(offer.columns.sizes[0]), _size),
    Rule(
        "deadline_days",
        lambda offer: bool(offer.columns.lead_days[0] > 0),
        lambda wants, at, offer: wants.latest[at] < offer.columns.lead_days,
    ),
    Rule(
        "onsite",
        lambda offer: not offer.columns.visits[0],
        lambda wants, at, _: wants.onsite[at],
    ),
    Rule("compliance", lambda _: True, _compliance),
    Rule("finance_amount", _is_finance, _amount),
    Rule(
        "annual_rate_max_bp",
        lambda offer: bool(offer.columns.rate_min[0]),
        lambda wants, at, offer: wants.rate[at] < offer.columns.rate_min,
    ),
    Rule("term_months", _is_finance, _term),
    Rule(
        "collateral",
        lambda offer: bool(offer.columns.collateral[0]),
        lambda wants, at, offer: (wants.pledges[at] >> offer.columns.collateral) & 1 == 0,
    ),
    Rule("min_years_operating", lambda offer: bool(offer.columns.years_min[0] > 0), _years),
    Rule(
        "min_annual_revenue",
        lambda offer: bool(offer.columns.revenue_min[0]),
        lambda wants, at, offer: wants.revenue[at] < offer.columns.revenue_min,
    ),
)
"""Those that keep the fewest come first."""


def failures(wants: Wants, places: Places, offer: Offer) -> NDArray[np.uint16]:
    """For each of these needs the constraints that the offering breaks, as the bits of `constraints.BIT`."""
    answer = np.zeros(len(places), np.uint16)
    for rule in RULES:
        if rule.binds(offer):
            answer |= rule.fails(wants, places, offer).astype(np.uint16) * np.uint16(BIT[rule.name])
    return answer


def kept(wants: Wants, bucket: slice, offer: Offer) -> Places:
    """The places of a bucket where the offering breaks nothing; each rule looks at what the ones before left."""
    places: Places | None = None
    for rule in RULES:
        if rule.binds(offer):
            if places is None:
                places = (~rule.fails(wants, bucket, offer)).nonzero()[0] + bucket.start
            elif len(places):
                places = places.take((~rule.fails(wants, places, offer)).nonzero()[0])  # sooner than by the mask
    return np.arange(bucket.start, bucket.stop) if places is None else places
