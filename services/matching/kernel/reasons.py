"""One sentence for each criterion, with the facts that its value rests on, in Chinese and English."""

from collections.abc import Callable
from typing import NamedTuple

from services.matching.kernel import phrases
from services.matching.kernel.criteria import BEST
from services.matching.kernel.demand import Demand
from services.matching.kernel.figures import yuan_en, yuan_zh
from services.matching.kernel.parts import Pattern, Said, spelled
from services.matching.snapshot.categories import Tree
from services.matching.snapshot.code_sets import COVERED
from services.matching.snapshot.columns import NOT_STATED
from services.matching.snapshot.segment import Entry
from services.matching.snapshot.worth import UNKNOWN
from shared.contracts.offerings import OfferingContent
from shared.contracts.providers import ProviderContent

SHOWN = 5
"""So many words are quoted."""
_FOUND_BY_WORDING = Said("由文字相近找到，类别未能确认", "found by its wording; the category is not certain")
_NO_WORDS = Said("说明中没有需求里的用词", "its text uses none of the need's words")
_NO_WISHES = Said("需求没有列出具体愿望", "the need lists no particular wishes")
_NOT_TOUCHED = Said("自述的限制没有触及需求", "its stated limits do not touch the need")
_NO_LEVEL_ASKED = Said("需求没有提出场景等级", "the need names no scenario level")
_NO_LEVEL_STATED = Said("供给没有说明场景等级", "the offer states no scenario level")
_NO_PRICE = Said("价格未公布，需询价", "price not published; ask for a quote")
_NO_EVIDENCE = Said("没有信用等级和证书记录", "no credit grade or certificate on record")
_SPEAKS_OF = Pattern("说明中提到：%b", "its text speaks of: %b")
_FROM = Pattern("首年最低 %b（让利后）", "from %b in the first year, after discount")
_BELOW, _AT, _ABOVE = [
    Pattern(f"首年最低 %b（让利后），{zh}预算 %b", f"from %b in the first year after discount, {en} the budget of %b")
    for zh, en in (("低于", "below"), ("等于", "at"), ("略高于", "just above"))
]
_FREE = Said("免费", "free of charge")


class Place(NamedTuple):
    """What the sentences of one place are made of."""

    demand: Demand
    tree: Tree
    entry: Entry
    content: OfferingContent
    """What the offering says of itself."""
    provider: ProviderContent | None
    """What its provider says of itself."""
    said: list[str]
    """Words of the need that the offering says, the rarest first; as many as are shown."""
    refused: list[str]
    """Words of the need that the offering refuses, and shunned words that it says."""
    misfits: tuple[Said, ...]
    """What makes it an offering of another kind or scale than asked for."""
    industry: int
    """How near its industries come to the firm's, and next its regions: see `code_sets`."""
    region: int
    total: int
    """First-year total after discount in fen, or NOT_STATED."""
    price_unit: int
    """What one price pays for, see `columns`."""


def _topic(place: Place, _: int) -> Said:
    codes, tree = place.content.categories, place.tree
    for wanted, _ in place.demand.categories:
        if wanted in codes:
            return phrases.in_category(tree.name(wanted), tree.name(wanted, "en"))
    for wanted, _ in place.demand.categories:
        family = tree.family(wanted)
        for code in codes:
            if tree.family(code) == family:
                return phrases.bordering(
                    tree.name(code), tree.name(code, "en"), tree.name(wanted), tree.name(wanted, "en")
                )
    return _FOUND_BY_WORDING


def _text(place: Place, _: int) -> Said:
    if not place.said:
        return _NO_WORDS
    words = spelled("、".join(place.said))
    return _SPEAKS_OF.fill(words, words)


def _meaning(_: Place, value: int) -> Said:
    return phrases.NEAR[value // 100]


def _capability(_: Place, value: int) -> Said:
    return _NO_WISHES if value == UNKNOWN else phrases.COVERED_WISHES[value // 100]


def _limits(place: Place, _: int) -> Said:
    if place.misfits:
        return place.misfits[0]
    if not place.refused:
        return _NOT_TOUCHED
    words = "、".join(place.refused[:SHOWN])
    return Said(
        f"自述限制或企业不想要的内容涉及：{words}",
        f"its stated limits, or what the firm does not want, touch: {words}",
    )


def _industry(place: Place, _: int) -> Said:
    return phrases.made_for(place.demand.industry, place.industry)


def _region(place: Place, _: int) -> Said:
    demand, provider = place.demand, place.provider
    if provider is None or place.region < COVERED:
        return phrases.delivered(demand.region, place.region)
    return phrases.delivered_from(demand.region, place.region).fill(
        phrases.seat(provider.region), provider.region.encode()
    )


def _size(place: Place, _: int) -> Said:
    return phrases.for_size(place.demand.size, bool(place.content.enterprise_sizes))


def _scenario(place: Place, value: int) -> Said:
    if not place.demand.scenarios:
        return _NO_LEVEL_ASKED
    if value == UNKNOWN:
        return _NO_LEVEL_STATED
    asked = "、".join(f"{step.scenario} {step.from_level}→{step.to_level} 级" for step in place.demand.scenarios)
    offered = "、".join(f"{step.scenario} {step.from_level}→{step.to_level} 级" for step in place.content.scenarios)
    return Said(f"所需 {asked}；可达 {offered}", f"asked for {asked}; reaches {offered}")


def _price(place: Place, _: int) -> Said:
    total, budget, finance = place.total, place.demand.budget, place.content.finance
    if finance is not None and finance.annual_rate_min_bp is not None:
        return phrases.rates(finance.annual_rate_min_bp, finance.annual_rate_max_bp or finance.annual_rate_min_bp)
    if total == NOT_STATED:
        return _NO_PRICE
    if budget is None:
        return _FROM.fill(yuan_zh(total).encode(), yuan_en(total).encode())
    pattern = _BELOW if total < budget else _AT if total == budget else _ABOVE
    limit_zh, limit_en = phrases.budget(budget)
    return pattern.fill(yuan_zh(total).encode(), limit_zh, yuan_en(total).encode(), limit_en)


def _time(place: Place, _: int) -> Said:
    return phrases.ready_in(place.content.lead_time_days, place.demand.deadline)


def _firmness(_: Place, value: int) -> Said:
    return phrases.STATED[value // 2000]


def _evidence(place: Place, value: int) -> Said:
    provider = place.provider
    if provider is None or value == UNKNOWN:
        return _NO_EVIDENCE
    return phrases.graded(provider.credit_grade, len(provider.certificates))


def _track_record(place: Place, _: int) -> Said:
    return phrases.served(place.provider.customers if place.provider else None)


def _freshness(place: Place, _: int) -> Said:
    return phrases.published(place.entry.offering.published_at.toordinal())


def _benefit(place: Place, value: int) -> Said:
    content = place.content
    if value == BEST and content.price is not None and content.price.model == "free":  # nothing free is worth less
        return _FREE
    return phrases.lets_go(content.discount_bp, content.trial_days)


SENTENCES: tuple[Callable[[Place, int], Said], ...] = (
    _topic, _text, _meaning, _capability, _limits, _industry, _region, _size, _scenario, _price, _time,
    _firmness, _evidence, _track_record, _freshness, _benefit,
)  # fmt: skip
"""In the order of policy.CRITERIA."""
