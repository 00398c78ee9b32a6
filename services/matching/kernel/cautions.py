"""What to ask before signing: unknowns, borderline figures, and the limits that an offering states itself."""

from collections.abc import Iterator

from services.matching.kernel import own_limits
from services.matching.kernel.figures import yuan_en, yuan_zh
from services.matching.kernel.parts import Said
from services.matching.kernel.reasons import Place
from services.matching.snapshot.columns import NOT_STATED, PER_UNKNOWN, VISITS
from shared.codes import industries, regions
from shared.contracts.needs import Profile

_MOST_CLAUSES = 3
KEPT = Said(
    zh="新入驻服务商保留展示位；仅按得分会更靠后",
    en="a place kept for newcomers; by score alone it would stand further down",
)


def of(place: Place, profile: Profile) -> tuple[Said, ...]:
    """The cautions of one place, the weightiest first."""
    found = [*_money(place), *_time(place), *_delivery(place), *_reach(place), *_own_words(place), *_firm(profile)]
    return tuple([Said(*words) for words in found])


def _money(place: Place) -> Iterator[tuple[str, str]]:
    budget = place.demand.budget
    if place.content.finance is not None:
        return
    if place.total == NOT_STATED:
        yield "价格未公布，请先询价", "the price is not published: ask for a quote first"
    elif budget is not None and place.total > budget:
        yield (
            f"首年 {yuan_zh(place.total)}，超出预算 {yuan_zh(budget)} 不到一成",
            f"{yuan_en(place.total)} in the first year, less than a tenth above the budget of {yuan_en(budget)}",
        )
    if place.price_unit == PER_UNKNOWN:
        yield "按次或按天计价，总价取决于用量", "priced by use or day: the total depends on how much is used"


def _time(place: Place) -> Iterator[tuple[str, str]]:
    days, deadline = place.content.lead_time_days, place.demand.deadline
    if deadline is None:
        return
    if days is None:
        yield "未说明交付周期，请确认能否赶上期限", "no lead time stated: ask whether the deadline can be met"
    elif days > deadline:
        yield (
            f"约需 {days} 天，略超 {deadline} 天期限",
            f"takes about {days} days, just beyond the deadline of {deadline}",
        )


def _delivery(place: Place) -> Iterator[tuple[str, str]]:
    content = place.content
    if place.demand.delivery is not None and not content.delivery:
        yield "未说明交付方式", "form of delivery not stated"
    if place.demand.onsite and not VISITS & set(content.delivery):
        yield "上门或现场服务请事先约定", "agree beforehand on who comes to the firm"
    if place.demand.collateral and content.finance is not None and content.finance.collateral is None:
        yield "未说明是否需要抵质押或担保", "not stated whether a pledge is wanted"


def _reach(place: Place) -> Iterator[tuple[str, str]]:
    content, demand = place.content, place.demand
    if not content.regions:
        yield "未说明服务地区", "delivery area not stated"
    elif not set(regions.lineage(demand.region)) & set(content.regions):
        yield "企业地区填写较粗，请核对服务范围", "the firm's region is coarse: check the delivery area"
    if content.industries and (
        demand.industry is None or not set(industries.lineage(demand.industry)) & set(content.industries)
    ):
        yield "企业行业填写较粗，请核对适用行业", "the firm's industry is coarse: check the industries named"
    if demand.size is None and content.enterprise_sizes:
        yield "企业规模无法计算，请核对适用规模", "the firm's size cannot be computed: check the sizes named"


def _own_words(place: Place) -> Iterator[tuple[str, str]]:
    """The offering's own limits: those that touch the need first, then its conditions."""
    entry = place.entry
    yield from own_limits.sentences(entry, place.demand, place.wording.kinds)
    touching: list[str] = []
    if place.refused:
        touching = [clause for clause in entry.refusals if any(word in clause.lower() for word in place.refused)]
    for clause in (*touching, *entry.conditions)[:_MOST_CLAUSES]:
        yield f"供给自述：{clause}", f"in the offer's own words: {clause}"


def _firm(profile: Profile) -> Iterator[tuple[str, str]]:
    for conflict in profile.conflicts:
        zh, _, en = conflict.partition(" / ")
        yield zh, en or zh
