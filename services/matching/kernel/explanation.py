"""The list for people: every place with its contributions and cautions, what was taken out, and what is unmet."""

from collections import Counter
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING

from services.matching.kernel import cautions, reasons
from services.matching.kernel.constraints import BIT
from services.matching.kernel.parts import Contribution, Elimination, Result, Said
from services.matching.kernel.policy import CRITERIA
from services.matching.kernel.question import Asked
from services.matching.kernel.reasons import Place
from services.matching.snapshot.worth import UNKNOWN

if TYPE_CHECKING:
    from services.matching.kernel.answer import Ranked, Shown

_ELIMINATED = {
    "validity": ("已过期或已停止服务", "expired or no longer offered"),
    "industry": ("不面向企业所在行业", "not for the firm's industry"),
    "region": ("服务范围不含企业所在地区", "not delivered in the firm's region"),
    "size": ("不面向该规模的企业", "not for firms of this size"),
    "budget_max": ("首年费用超出预算一成以上", "first-year cost more than a tenth above the budget"),
    "deadline_days": ("交付周期超出期限一成以上", "lead time more than a tenth beyond the deadline"),
    "delivery": ("没有所要的交付方式", "none of the wanted forms of delivery"),
    "onsite": ("不能上门或到现场", "nobody comes to the firm"),
    "compliance": ("没有声明所需的合规标志", "required compliance mark not declared"),
    "finance_amount": ("额度范围不含所需金额", "amount outside the range offered"),
    "annual_rate_max_bp": ("最低利率高于可接受的利率", "lowest rate above the acceptable one"),
    "term_months": ("期限不合", "term not offered"),
    "collateral": ("要求企业没有提出的抵质押或担保", "asks for a pledge that the firm did not offer"),
    "min_years_operating": ("企业经营年限不足", "the firm has not operated long enough"),
    "min_annual_revenue": ("企业年营收不足", "the firm's revenue is below the minimum"),
}
_POINTS = attrgetter("contribution")


def result(rank: int, shown: "Shown", asked: Asked) -> Result:
    """One explained place."""
    ranked, row, kept = shown
    place = _place(ranked, row, asked)
    values, points = ranked.values[:, row].tolist(), ranked.contributions[:, row].tolist()
    offering, provider = place.entry.offering, place.entry.provider
    content = offering.content
    parts = [
        Contribution(name, weight, None if value == UNKNOWN else value, contribution, *sentence(place, value))
        for name, weight, value, contribution, sentence in zip(
            CRITERIA, asked.weights, values, points, reasons.SENTENCES, strict=True
        )
    ]
    parts.sort(key=_POINTS, reverse=True)
    return Result(
        rank,
        offering.id,
        offering.external_id,
        offering.provider_id,
        content.name,
        provider.content.name if provider else offering.provider_id,
        content.categories,
        content.summary,
        offering.version,
        offering.content_hash,
        sum(points),
        tuple(parts),
        ((cautions.KEPT,) if kept else ()) + cautions.of(place, asked.question.profile),
    )


def _place(ranked: "Ranked", row: int, asked: Asked) -> Place:
    wording, candidates = asked.wording, ranked.candidates
    words, wanted, width = wording.words, wording.wanted, len(wording.words)
    hits = candidates.hits.of(row)
    entry = ranked.entry(row)
    return Place(
        entry=entry,
        content=entry.offering.content,
        demand=asked.demand,
        wording=wording,
        tree=asked.tree,
        said=tuple([words[hit] for hit in hits if hit < wanted]),
        refused=tuple(
            [words[hit - width] for hit in hits if width <= hit < width + wanted]
            + [words[hit] for hit in hits if wanted <= hit < width]
        ),
        total=int(candidates.totals[row]),
        price_unit=int(candidates.columns.price_unit[row]),
    )


def eliminated(broken: Iterable[Mapping[int, int]]) -> tuple[Elimination, ...]:
    """For each constraint how many offers fail it, and how many fail nothing else; the most telling first.

    `broken` counts the offers of each segment by the constraints that they break, as bits.
    """
    patterns: Counter[int] = Counter()
    for part in broken:
        patterns.update(part)
    answer = []
    for name, bit in BIT.items():
        count = sum([number for pattern, number in patterns.items() if pattern & bit])
        only = patterns.get(bit, 0)
        if count:
            zh, en = _ELIMINATED[name]
            text = Said(
                f"{count} 项{zh}，其中 {only} 项仅此一条不符", f"{count} offers: {en}; {only} of them fail nothing else"
            )
            answer.append(Elimination(name, count, only, text))
    return tuple(sorted(answer, key=lambda item: (-item.count, item.constraint)))
