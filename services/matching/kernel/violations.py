"""The hard constraints once more, in plain Python and row by row, as contract.md section 1 states them.

Written apart from `constraints.py` and sharing nothing with its masks: a served result is checked with it when a
run is stored, and the property tests hold the two against each other.
"""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from shared.codes import industries, regions
from shared.contracts.changes import OfferingRecord, ProviderRecord
from shared.contracts.needs import Enterprise, Must, Profile, Quantities
from shared.contracts.offerings import FinanceTerms, OfferingContent

_TENTH_OVER = Fraction(11, 10)
_COMES = {"onsite-service", "hardware", "offline-event"}


def of(
    offering: OfferingRecord, provider: ProviderRecord | None, profile: Profile, firm: Enterprise, as_of: date
) -> tuple[str, ...]:
    """The names of the constraints that this offering breaks for this need; empty when it breaks none."""
    content, must = offering.content, profile.must
    return (
        *_standing(content, provider, as_of),
        *_addressee(content, profile, firm),
        *_money_and_time(content, must, profile.quantities),
        *_delivery(content, must),
        *_finance(content.finance, must, firm, as_of),
    )


def _standing(content: OfferingContent, provider: ProviderRecord | None, as_of: date) -> Iterator[str]:
    expired = content.valid_until is not None and content.valid_until < as_of
    if expired or provider is None or provider.standing in {"suspended", "exited"}:
        yield "validity"


def _addressee(content: OfferingContent, profile: Profile, firm: Enterprise) -> Iterator[str]:
    if content.industries and firm.industry is not None:
        fits = any(industries.covers(code, firm.industry) for code in content.industries)
        coarser = any(industries.covers(firm.industry, code) for code in content.industries)
        if not fits and not coarser:
            yield "industry"
    if content.regions:
        fits = any(regions.covers(code, firm.region) for code in content.regions)
        coarser = any(regions.covers(firm.region, code) for code in content.regions)
        if not fits and not coarser:
            yield "region"
    size = profile.enterprise_size
    if content.enterprise_sizes and size is not None and size.value not in content.enterprise_sizes:
        yield "size"


def _money_and_time(content: OfferingContent, must: Must, quantities: Quantities) -> Iterator[str]:
    if must.budget_max is not None:
        total = first_year_total(content, quantities)
        if total is not None and total > must.budget_max.value * _TENTH_OVER:
            yield "budget_max"
    lead = content.lead_time_days
    if must.deadline_days is not None and lead is not None and lead > must.deadline_days.value * _TENTH_OVER:
        yield "deadline_days"


def first_year_total(content: OfferingContent, quantities: Quantities) -> int | None:
    """The lowest first-year total in fen; None where no sum of money is stated.

    What one unit costs a year after the discount is a price in whole fen, rounded down, like any that is answered.
    """
    price = content.price
    if price is None or price.model in {"quote", "rate"} or (price.min is None and price.model != "free"):
        return None
    units = 1
    if price.per in {"user-year", "person"} and quantities.users is not None and not _by_machine(content):
        units = quantities.users.value
    low = 0 if price.model == "free" else price.min or 0
    year = low * 12 if price.per == "month" else low
    return year * (10_000 - (content.discount_bp or 0)) // 10_000 * units


def _by_machine(content: OfferingContent) -> bool:
    return re.search(r"每台|/台|按台|每套设备|每机", content.summary + content.description) is not None


def _delivery(content: OfferingContent, must: Must) -> Iterator[str]:
    offered = set(content.delivery)
    if must.delivery is not None and must.delivery.value and offered and not offered & set(must.delivery.value):
        yield "delivery"
    if must.onsite is not None and must.onsite.value and offered and not offered & _COMES:
        text = content.summary + content.description
        if not any(word in text for word in ("上门", "现场", "驻场")):
            yield "onsite"
    if must.compliance is not None:
        held = set(content.compliance) | ({"mlps2"} if "mlps3" in content.compliance else set())
        if not set(must.compliance.value) <= held:
            yield "compliance"


def _finance(terms: FinanceTerms | None, must: Must, firm: Enterprise, as_of: date) -> Iterator[str]:
    if terms is None:
        return
    if must.finance_amount is not None and not _within(must.finance_amount.value, terms.amount_min, terms.amount_max):
        yield "finance_amount"
    lowest = terms.annual_rate_min_bp
    if must.annual_rate_max_bp is not None and lowest is not None and lowest > must.annual_rate_max_bp.value:
        yield "annual_rate_max_bp"
    if must.term_months is not None and not _within(
        must.term_months.value, terms.term_months_min, terms.term_months_max
    ):
        yield "term_months"
    pledged = must.collateral.value if must.collateral else ()
    if pledged and terms.collateral not in {None, "none", *pledged}:
        yield "collateral"
    years, revenue = terms.min_years_operating, terms.min_annual_revenue
    if years is not None and firm.founded is not None and max(0, as_of.year - firm.founded) < years:
        yield "min_years_operating"
    if revenue is not None and firm.annual_revenue is not None and firm.annual_revenue < revenue:
        yield "min_annual_revenue"


def _within(value: int, low: int | None, high: int | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)
