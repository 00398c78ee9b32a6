"""The honest word: nothing was understood, nothing is eligible, or nothing that is eligible meets the main need."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.gate import Considered, Places
from services.matching.kernel.parts import Said, Unmet
from services.matching.kernel.question import Asked
from services.matching.snapshot.meaning import nearness

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
_BETTER_ONES_KEPT_OUT = Unmet(
    code="only-partial",
    text=Said(
        zh="符合硬性条件的供给很少，明显更对口的供给被硬性条件排除，请看可以放宽的条件",
        en="few offers are eligible, and clearly more fitting ones are kept out by the hard constraints: "
        "see which of them could be relaxed",
    ),
)


def word(considered: Sequence[Considered], asked: Asked) -> Unmet | None:
    """What is to be said of the whole list; None when the main need is met."""
    eligible = sum(len(part.eligible) for part in considered)
    if not eligible:
        return _NOTHING_ELIGIBLE if asked.demand.categories else _NOT_UNDERSTOOD
    if not asked.demand.categories:
        return None
    inside = [part.holding(part.eligible) for part in considered]
    direct = sum(int(np.count_nonzero(holding)) for holding in inside)
    if not direct:
        return _ONLY_BORDERING
    rule = asked.policy.honesty
    if direct >= rule.few:
        return None
    fitting = max(_nearest(part, part.eligible[held], asked) for part, held in zip(considered, inside, strict=True))
    kept_out = max(_nearest(part, _kept_out(part), asked) for part in considered)
    return _BETTER_ONES_KEPT_OUT if kept_out * 10_000 > fitting * rule.clearly_better else None


def _kept_out(part: Considered) -> Places:
    """The offers of a category asked for that break a constraint."""
    places: Places = part.places[part.broken != 0]
    return places[part.holding(places)]


def _nearest(part: Considered, places: Places, asked: Asked) -> int:
    """How near in meaning the nearest of these offers is to the need."""
    near: NDArray[np.int32] = nearness(part.segment.meanings[part.segment.rows[places]], asked.wording.meaning)
    return int(near.max(initial=0))
