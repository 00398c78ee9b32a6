"""The honest word: nothing was understood, nothing is eligible, or nothing that is eligible meets the main need."""

import re
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.gate import Considered, Places
from services.matching.kernel.parts import Said, Unmet
from services.matching.kernel.policy import CRITERIA
from services.matching.kernel.question import Asked
from services.matching.snapshot.categories import ANOTHER
from services.matching.snapshot.meaning import nearness
from shared import segmentation
from shared.codes import standards

if TYPE_CHECKING:
    from services.matching.kernel.answer import Ranked

Rows = NDArray[np.intp]
_MEANING = CRITERIA.index("meaning")
_NOT_UNDERSTOOD = Unmet(
    code="not-understood",
    text=Said(
        zh="没有读懂需求属于哪一类，请补充说明要解决什么问题",
        en="the need's category was not understood; please say more about what is to be solved",
    ),
)
_NOTHING_ELIGIBLE = Unmet(
    code="nothing-eligible",
    text=Said(zh="目前没有符合全部硬性条件的供给", en="at present no offer meets every hard constraint"),
)
_ONLY_BORDERING = Unmet(
    code="only-partial",
    text=Said(
        zh="符合硬性条件的供给都只在相邻类别，不直接满足主要需求",
        en="every eligible offer is only of a bordering category; none meets the main need",
    ),
)
_OF_ANOTHER_KIND = Unmet(
    code="only-partial",
    text=Said(
        zh="符合硬性条件的供给按其自己的说明都是别的种类或面向别的规模，不直接满足主要需求",
        en="by its own words every eligible offer is of another kind or for another scale; none meets the main need",
    ),
)
_BETTER_ONES_KEPT_OUT = Unmet(
    code="only-partial",
    text=Said(
        zh="符合硬性条件的供给很少，明显更对口的供给被硬性条件排除，请看可以放宽的条件",
        en="few offers are eligible, and clearly more fitting ones are kept out by the hard constraints: "
        "see which of them could be relaxed",
    ),
)
_BODIES = ("en", "iso", "iec", "gb", "astm", "iatf", "ul", "ansi", "din", "jis", "bs", "cispr", "haccp")
_STANDARD = re.compile(
    rf"(?:(?<![a-z])(?:{'|'.join(_BODIES)})[\s/t-]{{0,3}}(?=\d{{2,6}}(?!\d))|(?<!\d)(?=(?:{'|'.join(standards.NUMBERS)})(?!\d)))(?P<number>\d+)"
)
"""A standard by the body that issues it and its number, or by a number that all know."""
_SIGNS = (*_BODIES, *standards.NUMBERS, *standards.DICTATED)
"""Few needs hold any of these, and the pattern would try every letter."""


def word(ranked: Sequence["Ranked"], asked: Asked) -> Unmet | None:
    """What is to be said of the whole list; None when the main need is met."""
    eligible = sum([len(part.places) for part in ranked])
    if not asked.demand.categories:
        return None if eligible else _NOT_UNDERSTOOD
    if not eligible:
        return _NOTHING_ELIGIBLE
    main = _main(asked)
    direct = [_holding(part.considered, part.places, main) for part in ranked]
    fitting = [(held & ~part.candidates.misfit).nonzero()[0] for part, held in zip(ranked, direct, strict=True)]
    if not any(len(rows) for rows in fitting):
        return _OF_ANOTHER_KIND if any(held.any() for held in direct) else _ONLY_BORDERING
    named = _standards(asked.question.text)
    if named and not _speak_of(ranked, fitting, named.values()):
        return _standards_unknown(named)
    return _BETTER_ONES_KEPT_OUT if _better_kept_out(ranked, fitting, main, asked) else None


def _better_kept_out(ranked: Sequence["Ranked"], fitting: Sequence[Rows], main: Sequence[str], asked: Asked) -> bool:
    """Whether few offers fit, and one that the constraints keep out is clearly nearer to the need in meaning."""
    rule = asked.policy.honesty
    if sum([len(rows) for rows in fitting]) >= rule.few:
        return False
    near = max(int(part.values[_MEANING, rows].max(initial=0)) for part, rows in zip(ranked, fitting, strict=True))
    kept_out = max(_nearest_failing(part.considered, main, asked) for part in ranked)
    return kept_out * 10_000 > near * rule.clearly_better and kept_out - near >= rule.better_by


def _main(asked: Asked) -> tuple[str, ...]:
    """The category read with most confidence, and those read with as good as the same."""
    least = asked.demand.categories[0][1] - asked.policy.honesty.main_margin
    return tuple(code for code, confidence in asked.demand.categories if confidence >= least)


def _holding(part: Considered, places: Places, main: Sequence[str]) -> NDArray[np.bool_]:
    """Which of these places hold one of the main categories."""
    segment = part.segment
    held = [segment.category_sets.nearness(code) >= ANOTHER for code in main]
    return reduce(np.logical_or, held).take(segment.categories.take(places))


def _nearest_failing(part: Considered, main: Sequence[str], asked: Asked) -> int:
    """How near in meaning to the need the nearest offer of a main category is that breaks a constraint."""
    places = part.failing[_holding(part, part.failing, main)]
    near: NDArray[np.int32] = nearness(part.segment.meanings.take(places, axis=0), asked.wording.meaning)
    return int(near.max(initial=0))


def _standards(text: str) -> dict[str, str]:
    """The standards that a text names, each with its number: EN 71 → 71."""
    folded = segmentation.normalise(text)
    if not any(map(folded.__contains__, _SIGNS)):
        return {}
    return {match[0].upper(): match["number"] for match in _STANDARD.finditer(standards.in_digits(folded))}


def _speak_of(ranked: Sequence["Ranked"], fitting: Sequence[Rows], numbers: Iterable[str]) -> bool:
    """Whether any of these offers speaks of any of these standards."""
    sought = tuple(numbers)
    for part, rows in zip(ranked, fitting, strict=True):
        for row in rows.tolist():
            content = part.entry(row).offering.content
            said = "\n".join((content.name, content.summary, *content.features, content.description))
            if any(number in said for number in sought):
                return True
    return False


def _standards_unknown(named: Iterable[str]) -> Unmet:
    zh, en = "、".join(named), ", ".join(named)
    return Unmet(
        code="only-partial",
        text=Said(
            zh=f"需求点名的 {zh}，符合硬性条件的供给没有一项提到，请先询问能否办理",
            en=f"none of the eligible offers speaks of {en}, which the need names: ask first whether it can be done",
        ),
    )
