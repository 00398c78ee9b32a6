"""One sentence for each criterion, with the facts that its value rests on, in Chinese and English."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from services.matching.kernel import own_limits
from services.matching.kernel.demand import Demand
from services.matching.kernel.figures import percent, yuan_en, yuan_zh
from services.matching.kernel.wording import Wording
from services.matching.snapshot.categories import Tree
from services.matching.snapshot.columns import NOT_STATED
from services.matching.snapshot.segment import Entry
from services.matching.snapshot.worth import UNKNOWN
from shared.codes import industries, regions
from shared.contracts.offerings import OfferingContent

Sentence = tuple[str, str]
SIZES = {
    "self-employed": ("个体工商户", "self-employed"),
    "micro": ("微型", "micro"),
    "small": ("小型", "small"),
    "medium": ("中型", "medium-sized"),
    "large": ("大型", "large"),
}
_SHOWN = 5


class Place(NamedTuple):
    """What the sentences of one place are made of."""

    entry: Entry
    content: OfferingContent
    """What the offering says of itself."""
    demand: Demand
    wording: Wording
    tree: Tree
    said: tuple[str, ...]
    """Words of the need that the offering says."""
    refused: tuple[str, ...]
    """Words of the need that the offering refuses, and shunned words that it says."""
    total: int
    """First-year total after discount in fen, or NOT_STATED."""
    price_unit: int
    """What one price pays for, see `columns`."""


_full_name = lru_cache(maxsize=8192)(regions.full_name)


def _topic(place: Place, _: int) -> Sentence:
    codes, tree = place.content.categories, place.tree
    for wanted, _ in place.demand.categories:
        if wanted in codes:
            return f"属于所需类别“{tree.name(wanted)}”", f"in the category asked for: {tree.name(wanted, 'en')}"
    for wanted, _ in place.demand.categories:
        for code in codes:
            if tree.distance(wanted, code) == 1:
                return (
                    f"类别“{tree.name(code)}”与所需的“{tree.name(wanted)}”相邻",
                    f"{tree.name(code, 'en')} borders on {tree.name(wanted, 'en')}",
                )
    return "由文字相近找到，类别未能确认", "found by its wording; the category is not certain"


def _text(place: Place, _: int) -> Sentence:
    if not place.said:
        return "说明中没有需求里的用词", "its text uses none of the need's words"
    words = "、".join(place.said[:_SHOWN])
    return f"说明中提到：{words}", f"its text speaks of: {words}"


def _meaning(_: Place, value: int) -> Sentence:
    share = value // 100
    return f"说明与需求的语义接近度 {share}%", f"its text is {share}% near to the need in meaning"


def _capability(_: Place, value: int) -> Sentence:
    if value == UNKNOWN:
        return "需求没有列出具体愿望", "the need lists no particular wishes"
    share = value // 100
    return f"具体愿望的覆盖程度约 {share}%", f"covers about {share}% of the particular wishes"


def _limits(place: Place, _: int) -> Sentence:
    misfit = next(own_limits.sentences(place.entry, place.demand, place.wording.kinds), None)
    if misfit is not None:
        return misfit
    if not place.refused:
        return "自述的限制没有触及需求", "its stated limits do not touch the need"
    words = "、".join(place.refused[:_SHOWN])
    return (
        f"自述限制或企业不想要的内容涉及：{words}",
        f"its stated limits, or what the firm does not want, touch: {words}",
    )


def _industry(place: Place, _: int) -> Sentence:
    codes, firm = place.content.industries, place.demand.industry
    if not codes:
        return "不限行业", "for any industry"
    if firm is None:
        return "企业行业未知，供给限定了行业", "the firm's industry is unknown, and the offer names industries"
    held = next((code for code in industries.lineage(firm) if code in codes), None)
    if held is None:
        return "企业行业代码较粗，需核对供给所列行业", "the firm's industry is coarse; check the industries named"
    return f"面向“{industries.names()[held]}”（{held}）", f"made for industry {held}"


def _region(place: Place, _: int) -> Sentence:
    codes, firm = place.content.regions, place.demand.region
    if not codes:
        return "未说明服务地区", "delivery area not stated"
    held = next((code for code in regions.lineage(firm) if code in codes), None)
    if held is None:
        return "企业地区较粗，需核对服务范围", "the firm's region is coarse; check the delivery area"
    provider = place.entry.provider
    seat = _full_name(provider.content.region) if provider else ""
    return (
        f"服务范围含{_full_name(held)}，服务商在{seat}" if seat else f"服务范围含{_full_name(held)}",
        f"delivers to {held}" + (f"; the provider is seated in {provider.content.region}" if provider else ""),
    )


def _size(place: Place, _: int) -> Sentence:
    size, sizes = place.demand.size, place.content.enterprise_sizes
    if size is None:
        return "企业规模无法计算", "the firm's size cannot be computed"
    zh, en = SIZES[size]
    if not sizes:
        return f"不限规模（企业为{zh}）", f"for firms of any size (this one is {en})"
    return f"面向{zh}企业", f"made for {en} firms"


def _scenario(place: Place, value: int) -> Sentence:
    if not place.demand.scenarios:
        return "需求没有提出场景等级", "the need names no scenario level"
    if value == UNKNOWN:
        return "供给没有说明场景等级", "the offer states no scenario level"
    asked = "、".join(f"{step.scenario} {step.from_level}→{step.to_level} 级" for step in place.demand.scenarios)
    offered = "、".join(f"{step.scenario} {step.from_level}→{step.to_level} 级" for step in place.content.scenarios)
    return f"所需 {asked}；可达 {offered}", f"asked for {asked}; reaches {offered}"


def _price(place: Place, _: int) -> Sentence:
    total, budget = place.total, place.demand.budget
    finance = place.content.finance
    if finance is not None and finance.annual_rate_min_bp is not None:
        low, high = (
            percent(finance.annual_rate_min_bp),
            percent(finance.annual_rate_max_bp or finance.annual_rate_min_bp),
        )
        return f"年化 {low}–{high}", f"annual rate {low}–{high}"
    if total == NOT_STATED:
        return "价格未公布，需询价", "price not published; ask for a quote"
    if budget is None:
        return f"首年最低 {yuan_zh(total)}（让利后）", f"from {yuan_en(total)} in the first year, after discount"
    place_zh, place_en = (
        ("低于", "below") if total < budget else ("等于", "at") if total == budget else ("略高于", "just above")
    )
    return (
        f"首年最低 {yuan_zh(total)}（让利后），{place_zh}预算 {yuan_zh(budget)}",
        f"from {yuan_en(total)} in the first year after discount, {place_en} the budget of {yuan_en(budget)}",
    )


def _time(place: Place, _: int) -> Sentence:
    days, deadline = place.content.lead_time_days, place.demand.deadline
    if days is None:
        return "未说明交付周期", "lead time not stated"
    if deadline is None:
        return f"约 {days} 天可用", f"ready in about {days} days"
    if days <= deadline:
        return (
            f"约 {days} 天可用，在 {deadline} 天期限内",
            f"ready in about {days} days, within the deadline of {deadline}",
        )
    return (
        f"约 {days} 天可用，略超 {deadline} 天期限",
        f"ready in about {days} days, just beyond the deadline of {deadline}",
    )


def _firmness(_: Place, value: int) -> Sentence:
    stated = value // 2000
    return f"关键条件写明了 {stated}/5 项", f"states {stated} of 5 key conditions"


def _evidence(place: Place, value: int) -> Sentence:
    provider = place.entry.provider
    if provider is None or value == UNKNOWN:
        return "没有信用等级和证书记录", "no credit grade or certificate on record"
    grade = provider.content.credit_grade or "–"
    count = len(provider.content.certificates)
    return f"服务商信用等级 {grade}，证书 {count} 项", f"credit grade {grade}, {count} certificates"


def _track_record(place: Place, _: int) -> Sentence:
    provider = place.entry.provider
    if provider is None or provider.content.customers is None:
        return "服务企业数未知", "number of firms served unknown"
    return f"已服务 {provider.content.customers} 家企业", f"has served {provider.content.customers} firms"


def _freshness(place: Place, _: int) -> Sentence:
    day = place.entry.offering.published_at.date().isoformat()
    return f"{day} 发布", f"published {day}"


def _benefit(place: Place, _: int) -> Sentence:
    price, content = place.content.price, place.content
    if price is not None and price.model == "free":
        return "免费", "free of charge"
    zh, en = [], []
    if content.discount_bp:
        zh.append(f"让利 {percent(content.discount_bp)}")
        en.append(f"{percent(content.discount_bp)} off")
    if content.trial_days:
        zh.append(f"试用 {content.trial_days} 天")
        en.append(f"{content.trial_days} days of trial")
    return "，".join(zh) or "没有让利说明", ", ".join(en) or "no discount stated"


SENTENCES: tuple[Callable[[Place, int], Sentence], ...] = (
    _topic, _text, _meaning, _capability, _limits, _industry, _region, _size, _scenario, _price, _time,
    _firmness, _evidence, _track_record, _freshness, _benefit,
)  # fmt: skip
"""In the order of policy.CRITERIA."""
