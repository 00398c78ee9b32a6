"""The table of contract.md section 1, boundary by boundary: each rule of the kernel and the plain checker."""

from typing import Any

import pytest

from services.matching.kernel import violations
from tests.matching.factories import AS_OF, answered, firm, held, offering, profile, provider

CREDIT = {"kind": "finance", "categories": ("credit-loan",)}


def loan(**terms: Any) -> dict[str, Any]:
    return {**CREDIT, "finance": {"instrument": "credit-loan", **terms}}


def priced(model: str = "subscription", **members: Any) -> dict[str, Any]:
    return {"price": {"model": model, **members}}


# constraint, what the offering states, what the need asks (must / quantities / size / firm members), stays?
CASES: list[tuple[str, dict[str, Any], dict[str, Any], bool]] = [
    # validity
    ("validity", {}, {}, True),
    ("validity", {"valid_until": "2026-11-22"}, {}, True),
    ("validity", {"valid_until": "2026-11-21"}, {}, False),
    # industry: the firm is 3351
    ("industry", {"industries": ("C",)}, {}, True),
    ("industry", {"industries": ("33",)}, {}, True),
    ("industry", {"industries": ("3351",)}, {}, True),
    ("industry", {"industries": ("3352",)}, {}, False),
    ("industry", {"industries": ("34", "335")}, {}, True),
    ("industry", {"industries": ("34",)}, {}, False),
    ("industry", {"industries": ("3351",)}, {"firm": {"industry": "33"}}, True),  # the firm's is coarser
    ("industry", {"industries": ("3452",)}, {"firm": {"industry": "33"}}, False),
    ("industry", {"industries": ("34",)}, {"firm": {"industry": None}}, True),
    # region: the firm is in 330106
    ("region", {"regions": ("000000",)}, {}, True),
    ("region", {"regions": ("330000",)}, {}, True),
    ("region", {"regions": ("330100",)}, {}, True),
    ("region", {"regions": ("330106",)}, {}, True),
    ("region", {"regions": ("330105",)}, {}, False),
    ("region", {"regions": ("330200", "320000")}, {}, False),
    ("region", {"regions": ("330106",)}, {"firm": {"region": "330000"}}, True),  # the firm's is coarser
    ("region", {"regions": ("320500",)}, {"firm": {"region": "330000"}}, False),
    # size
    ("size", {}, {"size": "large"}, True),
    ("size", {"enterprise_sizes": ("micro", "small")}, {"size": "small"}, True),
    ("size", {"enterprise_sizes": ("micro", "small")}, {"size": "medium"}, False),
    ("size", {"enterprise_sizes": ("micro",)}, {"size": "self-employed"}, False),
    ("size", {"enterprise_sizes": ("self-employed",)}, {"size": "self-employed"}, True),
    ("size", {"enterprise_sizes": ("micro", "small", "medium")}, {"size": "large"}, False),
    ("size", {"enterprise_sizes": ("micro",)}, {}, True),  # not computable
    # budget: first-year total after discount against 1.10 × 100,000 fen
    ("budget_max", {}, {"must": {"budget_max": 100_000}}, True),
    ("budget_max", priced("quote"), {"must": {"budget_max": 1}}, True),
    ("budget_max", priced("rate", min=500, per="year"), {"must": {"budget_max": 1}}, True),
    ("budget_max", priced("free"), {"must": {"budget_max": 0}}, True),
    ("budget_max", priced("one-off", min=110_000, per="project"), {"must": {"budget_max": 100_000}}, True),
    ("budget_max", priced("one-off", min=110_001, per="project"), {"must": {"budget_max": 100_000}}, False),
    ("budget_max", priced("one-off", min=110_001, per="project"), {"must": {"budget_max": 10**15}}, True),
    ("budget_max", priced(min=110_000, max=900_000, per="year"), {"must": {"budget_max": 100_000}}, True),
    ("budget_max", priced(min=9_166, per="month"), {"must": {"budget_max": 100_000}}, True),
    ("budget_max", priced(min=9_167, per="month"), {"must": {"budget_max": 100_000}}, False),
    ("budget_max", {**priced(min=137_500, per="year"), "discount_bp": 2000}, {"must": {"budget_max": 100_000}}, True),
    ("budget_max", {**priced(min=137_501, per="year"), "discount_bp": 2000}, {"must": {"budget_max": 100_000}}, True),
    ("budget_max", {**priced(min=137_502, per="year"), "discount_bp": 2000}, {"must": {"budget_max": 100_000}}, False),
    ("budget_max", {**priced(min=61_112, per="user-year"), "discount_bp": 1000},  # 550 yuan each, not 550.008
     {"must": {"budget_max": 5_000_000}, "quantities": {"users": 100}}, True),
    ("budget_max", {**priced(min=61_113, per="user-year"), "discount_bp": 1000},
     {"must": {"budget_max": 5_000_000}, "quantities": {"users": 100}}, False),
    ("budget_max", priced(min=110_001, per="user-year"), {"must": {"budget_max": 100_000}}, False),  # one unit exceeds
    ("budget_max", priced(min=110_000, per="user-year"), {"must": {"budget_max": 100_000}}, True),  # quantity unknown
    ("budget_max", priced(min=11_000, per="user-year"),
     {"must": {"budget_max": 100_000}, "quantities": {"users": 10}}, True),
    ("budget_max", priced(min=11_000, per="user-year"),
     {"must": {"budget_max": 100_000}, "quantities": {"users": 11}}, False),
    ("budget_max", priced(min=10**15, per="month"), {"must": {"budget_max": 10**15}}, False),  # no overflow
    # deadline: against 1.10 × 30 days
    ("deadline_days", {}, {"must": {"deadline_days": 30}}, True),
    ("deadline_days", {"lead_time_days": 33}, {"must": {"deadline_days": 30}}, True),
    ("deadline_days", {"lead_time_days": 34}, {"must": {"deadline_days": 30}}, False),
    ("deadline_days", {"lead_time_days": 0}, {"must": {"deadline_days": 0}}, True),
    # delivery: any of the wanted forms
    ("delivery", {}, {"must": {"delivery": ("saas",)}}, True),
    ("delivery", {"delivery": ("saas",)}, {"must": {"delivery": ("saas", "private-cloud")}}, True),
    ("delivery", {"delivery": ("on-premises",)}, {"must": {"delivery": ("saas",)}}, False),
    ("delivery", {"delivery": ("on-premises",)}, {"must": {"delivery": ()}}, True),
    # on site
    ("onsite", {}, {"must": {"onsite": True}}, True),
    ("onsite", {"delivery": ("saas",)}, {"must": {"onsite": True}}, False),
    ("onsite", {"delivery": ("saas",)}, {"must": {"onsite": False}}, True),
    ("onsite", {"delivery": ("saas", "onsite-service")}, {"must": {"onsite": True}}, True),
    ("onsite", {"delivery": ("hardware",)}, {"must": {"onsite": True}}, True),
    ("onsite", {"delivery": ("offline-event",)}, {"must": {"onsite": True}}, True),
    ("onsite", {"delivery": ("saas",), "description": "工程师上门调试。"}, {"must": {"onsite": True}}, True),
    ("onsite", {"delivery": ("saas",), "description": "可驻场两周。"}, {"must": {"onsite": True}}, True),
    # compliance: a requirement of proof
    ("compliance", {}, {"must": {"compliance": ("xinchuang",)}}, False),
    ("compliance", {}, {"must": {"compliance": ()}}, True),
    ("compliance", {"compliance": ("xinchuang",)}, {"must": {"compliance": ("xinchuang",)}}, True),
    ("compliance", {"compliance": ("mlps3",)}, {"must": {"compliance": ("mlps2",)}}, True),
    ("compliance", {"compliance": ("mlps2",)}, {"must": {"compliance": ("mlps3",)}}, False),
    ("compliance", {"compliance": ("mlps2", "pipl")}, {"must": {"compliance": ("mlps2", "xinchuang")}}, False),
    # finance
    ("finance_amount", loan(), {"must": {"finance_amount": 100}}, True),
    ("finance_amount", loan(amount_min=100, amount_max=200), {"must": {"finance_amount": 100}}, True),
    ("finance_amount", loan(amount_min=100, amount_max=200), {"must": {"finance_amount": 200}}, True),
    ("finance_amount", loan(amount_min=101), {"must": {"finance_amount": 100}}, False),
    ("finance_amount", loan(amount_max=99), {"must": {"finance_amount": 100}}, False),
    ("annual_rate_max_bp", loan(), {"must": {"annual_rate_max_bp": 500}}, True),
    ("annual_rate_max_bp", loan(annual_rate_min_bp=500), {"must": {"annual_rate_max_bp": 500}}, True),
    ("annual_rate_max_bp", loan(annual_rate_min_bp=501), {"must": {"annual_rate_max_bp": 500}}, False),
    ("term_months", loan(term_months_min=6, term_months_max=12), {"must": {"term_months": 12}}, True),
    ("term_months", loan(term_months_min=6, term_months_max=12), {"must": {"term_months": 13}}, False),
    ("term_months", loan(term_months_min=6, term_months_max=12), {"must": {"term_months": 5}}, False),
    ("term_months", loan(term_months_max=12), {"must": {"term_months": 1}}, True),
    ("collateral", loan(), {"must": {"collateral": ("none",)}}, True),
    ("collateral", loan(collateral="none"), {"must": {"collateral": ("none",)}}, True),
    ("collateral", loan(collateral="guarantee"), {"must": {"collateral": ("none",)}}, False),
    ("collateral", loan(collateral="none"), {"must": {"collateral": ("equipment",)}}, True),
    ("collateral", loan(collateral="equipment"), {"must": {"collateral": ("equipment",)}}, True),
    ("collateral", loan(collateral="mortgage"), {"must": {"collateral": ("equipment",)}}, False),
    ("collateral", loan(collateral="guarantee"), {"must": {"collateral": ("guarantee",)}}, True),
    ("collateral", loan(collateral="ip"), {"must": {"collateral": ("receivables", "ip")}}, True),
    ("collateral", loan(collateral="ip"), {"must": {"collateral": ()}}, True),
    ("min_years_operating", loan(min_years_operating=2), {"firm": {"founded": 2024}}, True),
    ("min_years_operating", loan(min_years_operating=2), {"firm": {"founded": 2025}}, False),
    ("min_years_operating", loan(min_years_operating=2), {}, True),
    ("min_years_operating", {}, {"firm": {"founded": 2027}}, True),  # asks for no years at all
    ("min_years_operating", loan(min_years_operating=0), {"firm": {"founded": 2027}}, True),
    ("min_years_operating", loan(min_years_operating=1), {"firm": {"founded": 2027}}, False),
    ("min_annual_revenue", loan(min_annual_revenue=100), {"firm": {"annual_revenue": 100}}, True),
    ("min_annual_revenue", loan(min_annual_revenue=100), {"firm": {"annual_revenue": 99}}, False),
    ("min_annual_revenue", loan(min_annual_revenue=100), {}, True),
]  # fmt: skip


@pytest.mark.parametrize(("constraint", "states", "asks", "stays"), CASES)
def test_boundary(constraint: str, states: dict[str, Any], asks: dict[str, Any], stays: bool) -> None:
    asks = dict(asks)
    enterprise = firm(**asks.pop("firm", {}))
    offer = offering(**states)
    wanted = profile(*offer.content.categories, **asks)
    answer = answered(held(offer), wanted, enterprise)
    assert answer.considered == 1
    assert answer.eligible == len(answer.results) == int(stays)
    broken = [] if stays else [constraint]
    assert [item.constraint for item in answer.eliminated] == broken
    assert [(item.count, item.only) for item in answer.eliminated] == [(1, 1)] * len(broken)
    assert list(violations.of(offer, provider(), wanted, enterprise, AS_OF)) == broken


@pytest.mark.parametrize(
    ("standing", "stays"),
    [("active", True), ("warned", True), ("rectifying", True), ("suspended", False), ("exited", False)],
)
def test_standing_of_the_provider(standing: str, stays: bool) -> None:
    answer = answered(held(provider(standing=standing), offering()))
    assert answer.eligible == int(stays)
    broken = violations.of(offering(), provider(standing=standing), profile(), firm(), AS_OF)
    assert list(broken) == ([] if stays else ["validity"])


def test_a_refused_visit_is_no_visit() -> None:
    offer = offering(delivery=("saas",), description="远程指导，不上门。")
    assert answered(held(offer), profile(must={"onsite": True})).eligible == 0


def test_prices_by_shop_and_machine_multiply_with_what_was_read() -> None:
    by_shop = offering(1, price={"model": "subscription", "min": 40_000, "per": "year"}, description="每店每年收费。")
    by_machine = offering(2, price={"model": "per-use", "min": 40_000, "per": "use"}, description="每台设备一个盒子。")
    wanted = profile(must={"budget_max": 100_000}, quantities={"sites": 3, "devices": 3})
    assert answered(held(by_shop, by_machine), wanted).eligible == 0
    unknown = profile(must={"budget_max": 100_000})
    assert answered(held(by_shop, by_machine), unknown).eligible == 2


def test_an_offer_that_breaks_two_rules_counts_for_both_and_as_only_for_none() -> None:
    offer = offering(regions=("320000",), industries=("34",))
    answer = answered(held(offer, offering(2, regions=("320000",))))
    counts = {item.constraint: (item.count, item.only) for item in answer.eliminated}
    assert counts == {"region": (2, 1), "industry": (1, 0)}
