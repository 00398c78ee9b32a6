"""The list for people: every place with its contributions and cautions, what was taken out, and what is unmet."""

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel import cautions, own_limits, reasons
from services.matching.kernel.constraints import BIT
from services.matching.kernel.parts import Elimination, Pattern, Result
from services.matching.kernel.question import Asked
from services.matching.kernel.reasons import Place
from services.matching.kernel.wording import Wording

if TYPE_CHECKING:
    from services.matching.kernel.answer import Ranked, Shown
    from services.matching.kernel.gate import Considered

_ELIMINATED = {
    name: Pattern(f"%d 项{zh}，其中 %d 项仅此一条不符", f"%d offers: {en}; %d of them fail nothing else")
    for name, (zh, en) in {
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
    }.items()
}


def results(shown: "Sequence[Shown]", asked: Asked) -> tuple[Result, ...]:
    """The explained places, in their order."""
    found: list[Result] = []
    for part in {id(place.part): place.part for place in shown}.values():
        found += _of_part(
            part, [(rank, row, kept) for rank, (held, row, kept) in enumerate(shown, 1) if held is part], asked
        )
    return tuple(sorted(found, key=itemgetter(0)))


def _of_part(part: "Ranked", shown: list[tuple[int, int, bool]], asked: Asked) -> Iterator[Result]:
    """The places that one part holds, each given as its rank, its row, and whether it is kept for a newcomer.

    A criterion speaks of all of them before the next one does, which takes half the time.
    """
    rows = np.array([row for _, row, _ in shown])
    values, points = part.values.take(rows, axis=1), part.contributions.take(rows, axis=1)
    places, of_firm = _places(part, rows, asked), cautions.of_firm(asked.question.profile)
    texts = [list(map(say, places, row)) for say, row in zip(reasons.SENTENCES, values.tolist(), strict=True)]
    by_place = (
        values.T.tolist(),
        points.T.tolist(),
        zip(*texts, strict=True),
        (-points.T).argsort(kind="stable").tolist(),
    )
    scored = zip(shown, places, part.scores.take(rows).tolist(), *by_place, strict=True)
    for (rank, _, kept), place, score, worth, given, said, order in scored:
        yield Result(
            rank,
            place.entry.offering,
            place.entry.label,
            score,
            asked.weights,
            worth,
            given,
            said,
            order,
            cautions.of(place, of_firm, kept),
        )


def _places(part: "Ranked", rows: NDArray[np.intp], asked: Asked) -> list[Place]:
    """What there is to say of these rows."""
    candidates, segment, demand, wording = part.candidates, part.considered.segment, asked.demand, asked.wording
    facts = zip(
        segment.rows.take(part.places.take(rows)).tolist(),
        candidates.hits.of(rows),
        candidates.misfit.take(rows).tolist(),
        candidates.industry.take(rows).tolist(),
        candidates.region.take(rows).tolist(),
        candidates.totals.take(rows).tolist(),
        candidates.columns.price_unit.take(rows).tolist(),
        strict=True,
    )
    places = []
    for number, hits, misfit, industry, region, total, unit in facts:
        entry = segment.entries[number]
        content, provider = entry.offering.content, entry.provider.content if entry.provider else None
        said, refused = _words(hits, wording)
        misfits = own_limits.sentences(entry, demand, wording.kinds) if misfit else ()
        places.append(
            Place(demand, asked.tree, entry, content, provider, said, refused, misfits, industry, region, total, unit)
        )
    return places


def _words(hits: list[int], wording: Wording) -> tuple[list[str], list[str]]:
    """Of the words found in a row those that it says, as many as are shown, and those that count against it."""
    words, wanted, width = wording.words, wording.wanted, len(wording.words)
    said = [words[hit] for hit in hits[: reasons.SHOWN] if hit < wanted]
    if not hits or hits[-1] < wanted:
        return said, []
    refused = [words[hit - width] for hit in hits if width <= hit < width + wanted]
    return said, refused + [words[hit] for hit in hits if wanted <= hit < width]


def eliminated(considered: "Sequence[Considered]") -> tuple[Elimination, ...]:
    """For each constraint how many offers fail it, and how many fail nothing else; the most telling first."""
    counts: dict[int, int] = {}
    alone: dict[int, int] = {}
    for part in considered:
        for pattern, number in part.patterns.items():
            left = pattern
            while left:
                bit = left & -left
                counts[bit] = counts.get(bit, 0) + number
                left ^= bit
                if bit == pattern:
                    alone[bit] = alone.get(bit, 0) + number
    found = []
    for name, bit in BIT.items():
        if bit in counts:
            count, only = counts[bit], alone.get(bit, 0)
            text = _ELIMINATED[name].fill(count, only, count, only)
            found.append(Elimination(name, count, only, text))
    return tuple(sorted(found, key=lambda item: (-item.count, item.constraint)))
