"""What an offering could change to fit more needs: for each constraint the changes to try, the smallest first.

Every change only loosens: whoever was served before is still served. A change is a merge patch of the offering's
content, as `PATCH /v1/offerings/{id}` takes it.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.figures import percent, yuan_en, yuan_zh
from services.matching.kernel.levers import LABELS
from services.matching.reverse.offer import Offer
from services.matching.reverse.rules import Places
from services.matching.reverse.standing import Standing
from services.matching.snapshot import columns
from services.matching.snapshot.columns import OPEN
from services.matching.snapshot.segment import Entry
from shared.codes import industries, regions
from shared.contracts.offerings import FinanceTerms, OfferingContent
from shared.contracts.vocabulary import Compliance, Delivery, EnterpriseSize, members

SIZES = {
    "self-employed": ("个体工商户", "self-employed people"),
    "micro": ("微型企业", "micro firms"),
    "small": ("小型企业", "small firms"),
    "medium": ("中型企业", "medium-sized firms"),
}
_ONSITE: Delivery = "onsite-service"


@dataclass(frozen=True)
class Change:
    """A change of the content, and how people say it."""

    patch: dict[str, Any]
    zh: str
    en: str


class Lever(NamedTuple):
    """One constraint that an offering can loosen. `options` gives the changes to try, the smallest first, for the
    needs at some places, all of which fail on this constraint alone, and for the least number to be won."""

    constraint: str
    options: Callable[[Standing, Places, Offer, int], Iterator[Change]]


def changed(entry: Entry, change: Change) -> Entry:
    """The offering as it would be."""
    document = entry.offering.content.model_dump(mode="json", by_alias=True)
    for name, value in change.patch.items():
        document[name] = {**document[name], **value} if isinstance(value, dict) else value
    content = OfferingContent.model_validate_json(json.dumps(document))
    return replace(entry, offering=entry.offering.model_copy(update={"content": content}))


def _content(offer: Offer) -> OfferingContent:
    return offer.entry.offering.content


def _terms(offer: Offer) -> FinanceTerms:
    terms = _content(offer).finance
    if terms is None:
        raise ValueError("only finance has such terms")
    return terms


def _nth_highest(values: NDArray[Any], least: int) -> int:
    """What a limit must come down to for so many of these to allow it."""
    return int(np.sort(values)[-least])


def _nth_lowest(values: NDArray[Any], least: int) -> int:
    return int(np.sort(values)[least - 1])


def _rounded_down(amount: int) -> int:
    """The first two figures of an amount and zeros: no need's own limit is told."""
    return amount // _third_figure(amount) * _third_figure(amount)


def _rounded_up(amount: int) -> int:
    return -(-amount // _third_figure(amount)) * _third_figure(amount)


def _third_figure(amount: int) -> int:
    return int(10 ** max(0, len(str(amount)) - 2))


def _validity(_: Standing, __: Places, offer: Offer, ___: int) -> Iterator[Change]:
    day = offer.as_of.isoformat()
    yield Change({"valid_until": day}, f"有效期至少延长到 {day}", f"extending its validity to {day} or later")


def _narrowest(codes: list[str], lineage: Callable[[str], tuple[str, ...]], least: int) -> list[str]:
    """The codes that cover at least so many of these, narrow ones first, then those that cover most."""
    covered = Counter(wider for code in codes for wider in lineage(code))
    enough = [code for code, count in covered.items() if count >= least]
    return sorted(enough, key=lambda code: (-len(lineage(code)), -covered[code], code))


def _region(standing: Standing, places: Places, offer: Offer, least: int) -> Iterator[Change]:
    firms = [f"{number:06}" for number in standing.wants.place[places].tolist()]
    for code in _narrowest(firms, regions.lineage, least):
        wider = [*_content(offer).regions, code]
        yield Change({"regions": wider}, f"服务区域加上{regions.full_name(code)}", f"adding the region {code}")


def _industry(standing: Standing, places: Places, offer: Offer, least: int) -> Iterator[Change]:
    codes = list(standing.industries.numbers)
    firms = [codes[number] or "" for number in standing.wants.industry[places].tolist()]
    for code in _narrowest(firms, industries.lineage, least):
        wider, label = [*_content(offer).industries, code], industries.names().get(code, code)
        yield Change({"industries": wider}, f"适用行业加上{label}（{code}）", f"adding the industry {code}")


def _most_wanted(wanted: NDArray[np.uint8], names: tuple[str, ...]) -> list[str]:
    """The names by how many of these sets of bits hold them."""
    counts = {name: int(((wanted >> np.uint8(place)) & 1).sum()) for place, name in enumerate(names)}
    return sorted((name for name in names if counts[name]), key=lambda name: -counts[name])


def _size(standing: Standing, places: Places, offer: Offer, _: int) -> Iterator[Change]:
    for name in _most_wanted(standing.wants.size[places], members(EnterpriseSize)):
        zh, en = SIZES[name]
        yield Change({"enterprise_sizes": [*_content(offer).enterprise_sizes, name]}, f"面向{zh}", f"serving {en} too")


def _budget(standing: Standing, places: Places, offer: Offer, least: int) -> Iterator[Change]:
    price = _content(offer).price
    limit = _nth_highest(standing.wants.limits[offer.columns.price_unit[0]][places], least)
    if price is not None and price.min is not None:
        low = _rounded_down(price.min * limit // columns.first_year_price(offer.entry.offering)[0])
        yield Change(
            {"price": {"min": low}}, f"最低价降到 {yuan_zh(low)}", f"lowering the lowest price to {yuan_en(low)}"
        )


def _deadline(standing: Standing, places: Places, _: Offer, least: int) -> Iterator[Change]:
    days = _nth_highest(standing.wants.latest[places], least)
    yield Change({"lead_time_days": days}, f"交付周期缩短到 {days} 天", f"shortening the lead time to {days} days")


def _delivery(standing: Standing, places: Places, offer: Offer, _: int) -> Iterator[Change]:
    for name in _most_wanted(standing.wants.delivery[places], members(Delivery)):
        zh, en = LABELS[name]
        yield Change({"delivery": [*_content(offer).delivery, name]}, f"增加{zh}", f"adding {en}")


def _onsite(_: Standing, __: Places, offer: Offer, ___: int) -> Iterator[Change]:
    zh, en = LABELS[_ONSITE]
    yield Change({"delivery": [*_content(offer).delivery, _ONSITE]}, f"增加{zh}", f"adding {en}")


def _compliance(standing: Standing, places: Places, offer: Offer, _: int) -> Iterator[Change]:
    missing = Counter((standing.wants.compliance[places] & ~offer.columns.compliance).tolist())
    for marks in sorted(missing, key=lambda marks: (marks.bit_count(), -missing[marks], marks)):
        names = [name for place, name in enumerate(members(Compliance)) if marks >> place & 1]
        zh, en = "、".join(LABELS[name][0] for name in names), " and ".join(LABELS[name][1] for name in names)
        declared = [*_content(offer).compliance, *names]
        yield Change({"compliance": declared}, f"取得并声明{zh}", f"obtaining and declaring {en}")


def _amount(standing: Standing, places: Places, offer: Offer, least: int) -> Iterator[Change]:
    wanted, terms = standing.wants.amount[places], _terms(offer)
    below, above = wanted[wanted < (terms.amount_min or 0)], wanted[wanted > _or_open(terms.amount_max)]
    if len(below) >= least:
        low = _rounded_down(_nth_highest(below, least))
        yield Change(
            {"finance": {"amount_min": low}}, f"最低额度降到 {yuan_zh(low)}", f"amounts from {yuan_en(low)} on"
        )
    if len(above) >= least:
        high = _rounded_up(_nth_lowest(above, least))
        yield Change(
            {"finance": {"amount_max": high}}, f"最高额度提到 {yuan_zh(high)}", f"amounts up to {yuan_en(high)}"
        )


def _rate(standing: Standing, places: Places, _: Offer, least: int) -> Iterator[Change]:
    rate = _nth_highest(standing.wants.rate[places], least)
    patch = {"finance": {"annual_rate_min_bp": rate}}
    yield Change(patch, f"最低年化降到 {percent(rate)}", f"a lowest annual rate of {percent(rate)}")


def _term(standing: Standing, places: Places, offer: Offer, least: int) -> Iterator[Change]:
    wanted, terms = standing.wants.term[places], _terms(offer)
    below, above = wanted[wanted < (terms.term_months_min or 0)], wanted[wanted > _or_open(terms.term_months_max)]
    if len(below) >= least:
        low = _nth_highest(below, least)
        yield Change({"finance": {"term_months_min": low}}, f"最短期限降到 {low} 个月", f"terms from {low} months on")
    if len(above) >= least:
        high = _nth_lowest(above, least)
        yield Change(
            {"finance": {"term_months_max": high}}, f"最长期限放宽到 {high} 个月", f"terms up to {high} months"
        )


def _collateral(_: Standing, __: Places, ___: Offer, ____: int) -> Iterator[Change]:
    yield Change({"finance": {"collateral": "none"}}, "不要求抵质押和担保", "asking for no pledge")


def _years(standing: Standing, places: Places, offer: Offer, least: int) -> Iterator[Change]:
    years = _nth_highest(offer.as_of.year - standing.wants.founded[places], least)
    if years >= 0:
        patch = {"finance": {"min_years_operating": years}}
        yield Change(patch, f"经营年限要求降到 {years} 年", f"asking for {years} years of operation")


def _revenue(standing: Standing, places: Places, _: Offer, least: int) -> Iterator[Change]:
    low = _rounded_down(_nth_highest(standing.wants.revenue[places], least))
    patch = {"finance": {"min_annual_revenue": low}}
    yield Change(patch, f"年营收要求降到 {yuan_zh(low)}", f"asking for an annual revenue of {yuan_en(low)}")


def _or_open(limit: int | None) -> int:
    return OPEN if limit is None else limit


LEVERS = (
    Lever("validity", _validity),
    Lever("region", _region),
    Lever("industry", _industry),
    Lever("size", _size),
    Lever("budget_max", _budget),
    Lever("deadline_days", _deadline),
    Lever("delivery", _delivery),
    Lever("onsite", _onsite),
    Lever("compliance", _compliance),
    Lever("finance_amount", _amount),
    Lever("annual_rate_max_bp", _rate),
    Lever("term_months", _term),
    Lever("collateral", _collateral),
    Lever("min_years_operating", _years),
    Lever("min_annual_revenue", _revenue),
)
