"""What to ask before signing: unknowns, borderline figures, and the limits that an offering states itself."""

from collections.abc import Sequence

from services.matching.kernel.demand import Demand
from services.matching.kernel.figures import yuan_en, yuan_zh
from services.matching.kernel.parts import Pattern, Said, spelled
from services.matching.kernel.reasons import Place
from services.matching.snapshot.code_sets import ANY, COVERED
from services.matching.snapshot.columns import NOT_STATED, PER_UNKNOWN, VISITS
from services.matching.snapshot.segment import Entry
from shared.contracts.needs import Profile
from shared.contracts.offerings import OfferingContent

Sayings = tuple[Said, ...]
_MOST_CLAUSES = 3
_OWN_WORDS = Pattern("供给自述：%b", "in the offer's own words: %b")
KEPT = Said(
    zh="新入驻服务商保留展示位；仅按得分会更靠后",
    en="a place kept for newcomers; by score alone it would stand further down",
)
_NO_PRICE = Said("价格未公布，请先询价", "the price is not published: ask for a quote first")
_BY_USE = Said("按次或按天计价，总价取决于用量", "priced by use or day: the total depends on how much is used")
_NO_LEAD_TIME = Said("未说明交付周期，请确认能否赶上期限", "no lead time stated: ask whether the deadline can be met")
_NO_DELIVERY = Said("未说明交付方式", "form of delivery not stated")
_AGREE_ON_VISITS = Said("上门或现场服务请事先约定", "agree beforehand on who comes to the firm")
_NO_PLEDGE = Said("未说明是否需要抵质押或担保", "not stated whether a pledge is wanted")
_NO_AREA = Said("未说明服务地区", "delivery area not stated")
_COARSE_REGION = Said("企业地区填写较粗，请核对服务范围", "the firm's region is coarse: check the delivery area")
_COARSE_INDUSTRY = Said("企业行业填写较粗，请核对适用行业", "the firm's industry is coarse: check the industries named")
_NO_SIZE = Said("企业规模无法计算，请核对适用规模", "the firm's size cannot be computed: check the sizes named")


def of(place: Place, of_firm: Sayings, kept: bool) -> list[Said]:
    """The cautions of one place, the weightiest first; what is asked here spares most places most of the looking."""
    found = [KEPT] if kept else []
    if place.content.finance is None:
        found += _money(place.total, place.demand.budget, place.price_unit)
    if place.demand.deadline is not None:
        found += _time(place.content.lead_time_days, place.demand.deadline)
    found += _delivery(place.content, place.demand)
    found += _reach(place)
    found += place.misfits
    if place.entry.conditions or place.refused:
        found += _own_words(place.entry, place.refused)
    found += of_firm
    return found


def of_firm(profile: Profile) -> Sayings:
    """Where the text and the firm disagree: the same in every place."""
    conflicts = [conflict.partition(" / ") for conflict in profile.conflicts]
    return tuple([Said(zh, en or zh) for zh, _, en in conflicts])


def _money(total: int, budget: int | None, unit: int) -> Sayings:
    by_use = (_BY_USE,) if unit == PER_UNKNOWN else ()
    if total == NOT_STATED:
        return (_NO_PRICE, *by_use)
    if budget is None or total <= budget:
        return by_use
    beyond = Said(
        f"首年 {yuan_zh(total)}，超出预算 {yuan_zh(budget)} 不到一成",
        f"{yuan_en(total)} in the first year, less than a tenth above the budget of {yuan_en(budget)}",
    )
    return (beyond, *by_use)


def _time(days: int | None, deadline: int) -> Sayings:
    if days is None:
        return (_NO_LEAD_TIME,)
    if days <= deadline:
        return ()
    beyond = f"takes about {days} days, just beyond the deadline of {deadline}"
    return (Said(f"约需 {days} 天，略超 {deadline} 天期限", beyond),)


def _delivery(content: OfferingContent, demand: Demand) -> list[Said]:
    found = []
    if demand.delivery is not None and not content.delivery:
        found.append(_NO_DELIVERY)
    if demand.onsite and VISITS.isdisjoint(content.delivery):
        found.append(_AGREE_ON_VISITS)
    if demand.collateral and content.finance is not None and content.finance.collateral is None:
        found.append(_NO_PLEDGE)
    return found


def _reach(place: Place) -> list[Said]:
    found = []
    if place.region < COVERED:
        found.append(_NO_AREA if place.region == ANY else _COARSE_REGION)
    if place.industry < COVERED and place.industry != ANY:
        found.append(_COARSE_INDUSTRY)
    if place.demand.size is None and place.content.enterprise_sizes:
        found.append(_NO_SIZE)
    return found


def _own_words(entry: Entry, refused: Sequence[str]) -> list[Said]:
    """The offering's own limits: those that touch the need first, then its conditions."""
    clauses = entry.conditions[:_MOST_CLAUSES]
    if refused:
        touching = [clause for clause in entry.refusals if any(word in clause.lower() for word in refused)]
        clauses = (*touching, *clauses)[:_MOST_CLAUSES]
    return [_OWN_WORDS.fill(words, words) for words in map(spelled, clauses)]
