"""Sets of tree codes (regions, industries) as numbers, so that one look-up answers for every row at once.

Many offerings hold the same set of codes. A row stores the number of its set; a need is compared with each
distinct set once, through an index from code to sets, and the rows read the answer by their set number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OUT, ANY, COARSER = 0, 1, 2
"""The set does not cover the code · the set is empty · covered only in part, because the code asked for is
coarser than the set's codes (or unknown)."""
COVERED = 3
"""From here up: covered; each level nearer than the root adds one."""

Closeness = NDArray[np.uint8]
Lineage = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True)
class CodeSets:
    """The distinct code sets of a segment, indexed by code."""

    sets: tuple[tuple[str, ...], ...]
    lineage: Lineage
    holding: dict[str, NDArray[np.intp]]
    below: dict[str, NDArray[np.intp]]
    unread: Closeness
    """How near each set comes to anything before its codes are read: ANY for the empty one, else OUT."""

    @classmethod
    def index(cls, rows: Sequence[tuple[str, ...]], lineage: Lineage) -> "tuple[CodeSets, NDArray[np.int32]]":
        """The distinct sets of `rows`, and the number of each row's set."""
        numbers: dict[tuple[str, ...], int] = {}
        of_row = [numbers.setdefault(tuple(sorted(set(codes))), len(numbers)) for codes in rows]
        holding: dict[str, list[int]] = {}
        below: dict[str, list[int]] = {}
        for codes, number in numbers.items():
            for code in codes:
                holding.setdefault(code, []).append(number)
            for ancestor in {above for code in codes for above in lineage(code)[1:]}:
                below.setdefault(ancestor, []).append(number)
        unread = np.array([OUT if codes else ANY for codes in numbers], np.uint8)
        index = cls(tuple(numbers), lineage, _arrays(holding), _arrays(below), unread)
        return index, np.array(of_row, np.int32)

    def closeness(self, code: str | None) -> Closeness:
        """How near each set comes to covering `code`: OUT, ANY, COARSER, or COVERED + depth of the cover."""
        answer = self.unread.copy()
        if code is None:
            answer[answer == OUT] = COARSER
        else:
            below = self.below.get(code)
            if below is not None:
                answer[below] = COARSER
            for depth, wider in enumerate(reversed(self.lineage(code)), COVERED):
                holding = self.holding.get(wider)
                if holding is not None:
                    answer[holding] = depth
        return answer


def _arrays(lists: dict[str, list[int]]) -> dict[str, NDArray[np.intp]]:
    return {code: np.array(numbers, np.intp) for code, numbers in lists.items()}
