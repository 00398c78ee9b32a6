"""The constraints that a firm can change, and for each offer the least change that would admit it.

Where a firm is, what it makes, how large and how old it is cannot be changed: those constraints have no lever.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.constraints import LENIENCE
from services.matching.kernel.criteria import first_year_totals
from services.matching.kernel.demand import Demand
from services.matching.kernel.figures import percent, yuan_en, yuan_zh
from services.matching.snapshot.columns import Columns
from shared.contracts.vocabulary import Collateral, Compliance, Delivery, members

Numbers = NDArray[np.int64]
STEP = 2500
"""What it costs to give up or to add one thing that is not a number: as much as changing a number by a quarter."""
_YUAN = 100
_DELIVERY, _COMPLIANCE, _COLLATERAL = members(Delivery), members(Compliance), members(Collateral)
_HOLDS = np.arange(256)[:, None] >> np.arange(8) & 1
"""Whether each set of eight things, as a byte, holds each of them."""

LABELS = {
    "saas": ("SaaS 云服务", "SaaS"),
    "private-cloud": ("私有云部署", "private cloud"),
    "on-premises": ("本地部署", "on-premises deployment"),
    "hardware": ("硬件交付", "hardware"),
    "onsite-service": ("上门服务", "on-site service"),
    "remote-service": ("远程交付", "remote service"),
    "online-course": ("线上课程", "online courses"),
    "offline-event": ("线下活动", "offline events"),
    "xinchuang": ("国产化适配", "domestic-technology adaptation"),
    "mlps2": ("等保二级", "MLPS level 2"),
    "mlps3": ("等保三级", "MLPS level 3"),
    "iso27001": ("ISO 27001", "ISO 27001"),
    "pipl": ("个人信息保护合规", "personal-information protection"),
    "classified-protection-ready": ("等保预适配", "MLPS readiness"),
    "none": ("信用", "none"),
    "guarantee": ("担保", "a guarantee"),
    "mortgage": ("房产抵押", "a mortgage"),
    "receivables": ("应收账款质押", "receivables"),
    "ip": ("知识产权质押", "intellectual property"),
    "equipment": ("设备抵押", "equipment"),
}


@dataclass(frozen=True)
class Lever:
    """One changeable constraint.

    `needed` gives for each row the least new value that would admit it, as a number, and `cost` what those values
    cost, one number where all cost the same; `demand` applies such a number to a demand, `value` is what the need
    would state, `words` says it to people.
    """

    name: str
    needed: Callable[[Columns, Demand], Numbers]
    cost: Callable[[Numbers, Demand], Numbers | int]
    demand: Callable[[Demand, int], Demand]
    value: Callable[[Demand, int], object]
    words: Callable[[int], tuple[str, str]]


def _relative(new: Numbers, old: int) -> Numbers:
    return np.abs(new - old) * 10_000 // max(1, old)


def _budget(columns: Columns, demand: Demand) -> Numbers:
    return _upward(first_year_totals(columns, demand) * LENIENCE[1], LENIENCE[0] * _YUAN) * _YUAN


def _deadline(columns: Columns, _: Demand) -> Numbers:
    return _upward(columns.lead_days.astype(np.int64) * LENIENCE[1], LENIENCE[0])


def _upward(numbers: Numbers, by: int) -> Numbers:
    """The quotients, rounded upward."""
    return (numbers + (by - 1)) // by


def _nearest(low: Numbers, high: Numbers, wanted: int) -> Numbers:
    return np.where(low > wanted, low, high).astype(np.int64)


def _commonest_bit(offered: NDArray[np.uint8]) -> Numbers:
    """For each row the one of its bits that most rows have, of equally common ones the lowest."""
    counts = np.bincount(offered)
    occurring = counts.nonzero()[0]  # of 256 sets a few dozen at most
    holds = _HOLDS.take(occurring, axis=0)
    order = (-(counts.take(occurring) @ holds)).argsort(kind="stable")
    chosen = np.zeros(len(counts), np.int64)
    chosen[occurring] = 1 << order.take(holds.take(order, axis=1).argmax(axis=1))
    answer: Numbers = chosen.take(offered)
    return answer


def _missing(columns: Columns, demand: Demand) -> Numbers:
    return (np.uint8(demand.compliance or 0) & ~columns.compliance).astype(np.int64)


def _names(vocabulary: tuple[str, ...], bits: int) -> list[str]:
    return [name for place, name in enumerate(vocabulary) if bits >> place & 1]


def _say(zh: str, en: str, names: list[str]) -> tuple[str, str]:
    labels = [LABELS[name] for name in names]
    return f"{zh}{'、'.join([label for label, _ in labels])}", f"{en} {', '.join([label for _, label in labels])}"


def _pledge(number: int) -> Collateral:
    return cast(Collateral, _COLLATERAL[number - 1])


def _flat(_: Numbers, __: Demand) -> int:
    return STEP


def _without(demand: Demand, marks: int) -> Demand:
    return demand._replace(compliance=((demand.compliance or 0) & ~marks) or None)


def _with_pledge(demand: Demand, number: int) -> Demand:
    return demand._replace(collateral=(*(demand.collateral or ()), _pledge(number)))


LEVERS = (
    Lever(
        "budget_max",
        _budget,
        lambda new, demand: _relative(new, demand.budget or 0),
        lambda demand, new: demand._replace(budget=new),
        lambda _, new: new,
        lambda new: (f"预算放宽到 {yuan_zh(new)}", f"a budget of {yuan_en(new)}"),
    ),
    Lever(
        "deadline_days",
        _deadline,
        lambda new, demand: _relative(new, demand.deadline or 0),
        lambda demand, new: demand._replace(deadline=new),
        lambda _, new: new,
        lambda new: (f"期限放宽到 {new} 天", f"a deadline of {new} days"),
    ),
    Lever(
        "delivery",
        lambda columns, _: _commonest_bit(columns.delivery),
        _flat,
        lambda demand, bit: demand._replace(delivery=(demand.delivery or 0) | bit),
        lambda demand, bit: _names(_DELIVERY, (demand.delivery or 0) | bit),
        lambda bit: _say("接受", "accepting", _names(_DELIVERY, bit)),
    ),
    Lever(
        "onsite",
        lambda columns, _: np.zeros(len(columns.visits), np.int64),
        _flat,
        lambda demand, _: demand._replace(onsite=False),
        lambda _, __: None,
        lambda _: ("不要求上门", "no visit on site"),
    ),
    Lever(
        "compliance",
        _missing,
        lambda marks, _: STEP * np.bitwise_count(marks).astype(np.int64),
        _without,
        lambda demand, marks: _names(_COMPLIANCE, (demand.compliance or 0) & ~marks) or None,
        lambda marks: _say("不要求", "without requiring", _names(_COMPLIANCE, marks)),
    ),
    Lever(
        "finance_amount",
        lambda columns, demand: _nearest(columns.amount_min, columns.amount_max, demand.amount or 0),
        lambda new, demand: _relative(new, demand.amount or 0),
        lambda demand, new: demand._replace(amount=new),
        lambda _, new: new,
        lambda new: (f"融资金额改为 {yuan_zh(new)}", f"an amount of {yuan_en(new)}"),
    ),
    Lever(
        "annual_rate_max_bp",
        lambda columns, _: columns.rate_min.astype(np.int64),
        lambda new, demand: _relative(new, demand.rate or 0),
        lambda demand, new: demand._replace(rate=new),
        lambda _, new: new,
        lambda new: (f"可接受年化放宽到 {percent(new)}", f"an annual rate up to {percent(new)}"),
    ),
    Lever(
        "term_months",
        lambda columns, demand: _nearest(
            columns.term_min.astype(np.int64), columns.term_max.astype(np.int64), demand.term or 0
        ),
        lambda new, demand: _relative(new, demand.term or 0),
        lambda demand, new: demand._replace(term=new),
        lambda _, new: new,
        lambda new: (f"期限改为 {new} 个月", f"a term of {new} months"),
    ),
    Lever(
        "collateral",
        lambda columns, _: columns.collateral.astype(np.int64),
        _flat,
        _with_pledge,
        lambda demand, number: [*(demand.collateral or ()), _pledge(number)],
        lambda number: (f"愿意提供{LABELS[_pledge(number)][0]}", f"offering {LABELS[_pledge(number)][1]}"),
    ),
)
