"""The figures of contract.md, as pure functions over ranked lists of offering codes."""

from collections.abc import Iterable, Mapping, Sequence
from math import log2
from statistics import fmean

from bench.relevance.judged import Need

Lists = Mapping[str, Sequence[str]]
"""Need code → the offering codes served for it, best first."""
DEPTH = 10


def gain(grade: int) -> int:
    """What an offer of this grade is worth."""
    return 2**grade - 1


def discounted(grades: Iterable[int]) -> float:
    """Discounted cumulative gain of grades in their order."""
    return sum(gain(grade) / log2(place + 2) for place, grade in enumerate(grades))


def ndcg(need: Need, served: Sequence[str]) -> float:
    """nDCG@10 of one list; what was not judged counts as grade 0."""
    ideal = discounted(sorted(need.grades.values(), reverse=True)[:DEPTH])
    return discounted(need.grades.get(code, 0) for code in served[:DEPTH]) / ideal


def condensed(need: Need, served: Sequence[str]) -> float:
    """nDCG@10 of the list without what was not judged."""
    return ndcg(need, [code for code in served if code in need.grades])


def fulfillable(needs: Iterable[Need]) -> list[Need]:
    """The needs that some offer of grade 2 or better answers: what nDCG and `first` are measured on."""
    return [need for need in needs if need.best >= 2]


def summary(needs: Sequence[Need], lists: Lists) -> dict[str, float]:
    """nDCG@10, condensed nDCG@10, judged@10, recall of grade 3 at 10, and how often the first offer is right."""
    measured = fulfillable(needs)
    with_best = [need for need in measured if need.best == 3]
    return {
        "nDCG@10": fmean(ndcg(need, lists[need.code]) for need in measured),
        "condensed nDCG@10": fmean(condensed(need, lists[need.code]) for need in measured),
        "judged@10": fmean([_judged(need, lists[need.code]) for need in measured if lists[need.code]] or [0.0]),
        "recall of grade 3 @10": fmean(_recall(need, lists[need.code]) for need in with_best),
        "first offer >= 2": fmean(_first_is_right(need, lists[need.code]) for need in measured),
    }


def unmet(needs: Sequence[Need], said: Mapping[str, bool]) -> tuple[float, float]:
    """Precision and recall of saying "unmet", against the needs whose best grade is at most 1."""
    truly = {need.code for need in needs if need.best <= 1}
    claimed = {code for code, claim in said.items() if claim}
    right = len(truly & claimed)
    return (right / len(claimed) if claimed else 0.0, right / len(truly) if truly else 1.0)


def _judged(need: Need, served: Sequence[str]) -> float:
    return fmean(code in need.grades for code in served[:DEPTH])


def _recall(need: Need, served: Sequence[str]) -> float:
    best = {code for code, grade in need.grades.items() if grade == 3}
    return len(best & set(served[:DEPTH])) / min(len(best), DEPTH)


def _first_is_right(need: Need, served: Sequence[str]) -> bool:
    return bool(served) and need.grades.get(served[0], 0) >= 2
