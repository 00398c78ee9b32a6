"""Whether an offering is, by its own words, of another kind than asked for or for firms of another scale.

Not a hard constraint, for descriptions are not typed: the criterion `limits` gives nothing, and a caution says why.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.demand import Demand
from services.matching.kernel.figures import yuan_en, yuan_zh
from services.matching.kernel.parts import Said
from services.matching.snapshot import rivals
from services.matching.snapshot.columns import Columns
from services.matching.snapshot.scale import NO_BOUND, Scale
from services.matching.snapshot.segment import Entry

Known = NDArray[np.signedinteger]
_BOUNDLESS = 2**62
_MEASURES = {"people": ("人", "people"), "sites": ("家门店", "shops"), "devices": ("台设备", "machines")}


def misfit(columns: Columns, demand: Demand, kinds: int) -> NDArray[np.bool_]:
    """Which offerings are of another kind or scale than this need; what is not known lies outside no bound."""
    answer: NDArray[np.bool_] = columns.turnover_min > (_BOUNDLESS if demand.revenue is None else demand.revenue)
    for measure in _MEASURES:
        count = getattr(demand, measure)
        if count is not None:
            answer = answer | _outside(count, *_bounds(columns, measure))
    return answer | rivals.differ(columns.kinds, np.array([kinds], np.int64)) if kinds else answer


def beyond(columns: Columns, people: Known, sites: Known, devices: Known, turnover: Known) -> NDArray[np.bool_]:
    """The same for the scale of many firms; what is not known of one is below zero."""
    outside: NDArray[np.bool_] = (turnover >= 0) & (turnover < columns.turnover_min)
    for measure, count in zip(_MEASURES, (people, sites, devices), strict=True):
        outside = outside | (count >= 0) & _outside(count, *_bounds(columns, measure))
    return outside


def _bounds(columns: Columns, measure: str) -> tuple[Known, Known]:
    return getattr(columns, f"{measure}_min"), getattr(columns, f"{measure}_max")


def _outside(count: Known | int, low: Known, high: Known) -> NDArray[np.bool_]:
    outside: NDArray[np.bool_] = (low > count) | ((high < count) & (high != NO_BOUND))
    return outside


def sentences(entry: Entry, demand: Demand, kinds: int) -> tuple[Said, ...]:
    """What makes an offering a misfit, with the facts."""
    of_kinds = _of_kinds(entry.kinds, kinds) if entry.kinds and kinds else ()
    return (*of_kinds, *_of_scale(entry.scale, demand)) if any(entry.scale) else tuple(of_kinds)


def _of_kinds(offered: int, asked: int) -> Iterator[Said]:
    for some, others in rivals.named(offered, asked):
        yield Said(
            f"说明只提到{'、'.join(kind.zh for kind in some)}，需求要的是{'、'.join(kind.zh for kind in others)}",
            f"its text speaks only of {', '.join(kind.en for kind in some)}; "
            f"asked for: {', '.join(kind.en for kind in others)}",
        )


def _of_scale(scale: Scale, demand: Demand) -> Iterator[Said]:
    bounds = scale._asdict()
    for measure, (zh, en) in _MEASURES.items():
        count, low, high = getattr(demand, measure), bounds[f"{measure}_min"], bounds[f"{measure}_max"]
        if count is not None and count < low:
            yield Said(f"自述 {low} {zh}起，企业为 {count} {zh}", f"by its own words from {low} {en} on; here {count}")
        if count is not None and high != NO_BOUND and count > high:
            yield Said(
                f"自述适合 {high} {zh}以内，企业为 {count} {zh}", f"by its own words up to {high} {en}; here {count}"
            )
    low = scale.revenue_min
    if demand.revenue is not None and demand.revenue < low:
        yield Said(
            f"自述面向年营收 {yuan_zh(low)}以上，企业为 {yuan_zh(demand.revenue)}",
            f"by its own words for revenues from {yuan_en(low)} on; here {yuan_en(demand.revenue)}",
        )
