"""Random offerings, firms and profiles that touch every field the rules read; the seed decides everything."""

import random
from typing import Any

from shared.contracts.changes import OfferingRecord
from shared.contracts.needs import Enterprise, Profile
from shared.contracts.vocabulary import Collateral, Compliance, Delivery, EnterpriseSize, FirmSize, members
from tests.matching import factories

CATEGORIES = ("mes", "production-scheduling", "quality-management", "erp", "inventory-sales", "credit-loan")
INDUSTRIES = ("C", "33", "335", "3351", "3352", "34", "3484", "62")
REGIONS = ("000000", "330000", "330100", "330106", "330105", "330200", "320000", "320500")
PHRASES = (
    "扫码报工", "看板看进度", "排产插单", "首检巡检", "批次追溯", "多仓调拨", "手机开单", "计件工资", "设备联网",
    "不含硬件", "只做离散制造", "不接定制开发", "工程师驻场", "纯线上交付", "按月结算", "随借随还", "无需抵押",
    "三十人起订", "适合二十台以内的厂", "只接年营收五百万元以上的企业", "整车运输", "零担专线", "商标注册", "专利申请",
)  # fmt: skip
MONEY = (0, 90_000, 100_000, 109_999, 110_000, 110_001, 250_000, 5_000_000)


def some(dice: random.Random, values: tuple[Any, ...], most: int = 3) -> tuple[Any, ...]:
    """None, one or some of the values."""
    return tuple(dice.sample(values, dice.randint(0, min(most, len(values)))))


def maybe(dice: random.Random, value: Any) -> dict[str, Any]:
    """The member, or nothing."""
    return value if dice.random() < 0.6 else {}


def offering(dice: random.Random, number: int, owner: int | None = None) -> OfferingRecord:
    """A random offering of provider `owner` (default: its own)."""
    low = dice.choice(MONEY)
    price = {
        "model": dice.choice(("one-off", "subscription", "per-use", "quote", "free", "rate")),
        "min": low,
        "per": dice.choice((None, "project", "year", "month", "user-year", "use", "person", "day")),
    }
    finance = {
        "instrument": "credit-loan",
        **maybe(dice, {"amount_min": dice.choice((0, 100, 200)), "amount_max": dice.choice((200, 300))}),
        **maybe(dice, {"annual_rate_min_bp": dice.choice((300, 500, 700))}),
        **maybe(dice, {"term_months_min": dice.choice((0, 6, 12)), "term_months_max": dice.choice((12, 36))}),
        **maybe(dice, {"collateral": dice.choice(members(Collateral))}),
        **maybe(dice, {"min_years_operating": dice.choice((0, 2, 5))}),
        **maybe(dice, {"min_annual_revenue": dice.choice((100, 1_000_000))}),
    }
    kind = dice.choice(("product", "service", "finance"))
    return factories.offering(
        number,
        owner or number,
        kind=kind,
        categories=tuple(dice.sample(CATEGORIES, dice.randint(1, 3))),
        summary="，".join(dice.sample(PHRASES, 2)),
        description="，".join(dice.sample(PHRASES, dice.randint(3, 9))) + "。",
        industries=some(dice, INDUSTRIES),
        regions=some(dice, REGIONS),
        enterprise_sizes=some(dice, members(EnterpriseSize)),
        delivery=some(dice, members(Delivery)),
        compliance=some(dice, members(Compliance)),
        **maybe(dice, {"price": price}),
        **maybe(dice, {"lead_time_days": dice.choice((0, 30, 33, 34, 90))}),
        **maybe(dice, {"discount_bp": dice.choice((0, 1000, 3333))}),
        **maybe(dice, {"valid_until": dice.choice(("2026-11-21", "2026-11-22", "2030-01-01"))}),
        **({"finance": finance} if kind == "finance" else {}),
    )


def enterprise(dice: random.Random) -> Enterprise:
    """A random firm."""
    return Enterprise.model_validate(
        {
            "region": dice.choice(REGIONS[1:]),
            **maybe(dice, {"industry": dice.choice(INDUSTRIES)}),
            **maybe(dice, {"founded": dice.choice((2010, 2021, 2024))}),
            **maybe(dice, {"annual_revenue": dice.choice((0, 100, 10**9))}),
        }
    )


def profile(dice: random.Random) -> Profile:
    """A random profile with a few hard constraints."""
    must: dict[str, Any] = {
        "budget_max": dice.choice(MONEY),
        "deadline_days": dice.choice((0, 30, 60)),
        "delivery": some(dice, members(Delivery)),
        "onsite": dice.random() < 0.5,
        "compliance": some(dice, members(Compliance), 2),
        "finance_amount": dice.choice((50, 100, 250)),
        "annual_rate_max_bp": dice.choice((400, 500, 600)),
        "term_months": dice.choice((3, 12, 24)),
        "collateral": some(dice, members(Collateral), 2),
    }
    chosen = {name: must[name] for name in dice.sample(sorted(must), dice.randint(0, 4))}
    return factories.profile(
        *dice.sample(CATEGORIES, dice.randint(1, 2)),
        must=chosen,
        quantities=maybe(dice, {"users": dice.choice((1, 3, 40))}),
        size=dice.choice((None, *members(FirmSize))),
        wishes=some(dice, PHRASES),
        avoid=some(dice, PHRASES, 1),
        scenarios=maybe(dice, {"scenarios": [{"scenario": "生产管控", "from": 0, "to": 2}]}).get("scenarios", []),
    )
