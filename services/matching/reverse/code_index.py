"""The distinct tree codes (regions, industries) that needs name, so that one offering's set is compared with each once.

The mirror of `code_sets`: there one code is held against many sets, here one set against many codes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.matching.snapshot.code_sets import ANY, COARSER, COVERED, Closeness, Lineage


@dataclass(frozen=True)
class CodeIndex:
    """Distinct codes by number (None: not known), and for every code the numbers of those at or below it."""

    numbers: Mapping[str | None, int]
    lineage: Lineage
    under: Mapping[str, NDArray[np.int32]]
    _known: dict[tuple[str, ...], Closeness] = field(default_factory=dict, compare=False)

    @classmethod
    def index(cls, codes: Iterable[str | None], lineage: Lineage) -> "tuple[CodeIndex, NDArray[np.int32]]":
        """The index of these codes, and the number of each."""
        numbers: dict[str | None, int] = {}
        of_row = [numbers.setdefault(code, len(numbers)) for code in codes]
        under: dict[str, list[int]] = {}
        for code, number in numbers.items():
            for wider in lineage(code) if code is not None else ():
                under.setdefault(wider, []).append(number)
        arrays = {code: np.array(found, np.int32) for code, found in under.items()}
        return cls(numbers, lineage, arrays), np.array(of_row, np.int32)

    def closeness(self, codes: tuple[str, ...]) -> Closeness:
        """How near this set of codes comes to covering each distinct code; the scale is that of `code_sets`.

        Many offerings have the same set.
        """
        known = self._known.get(codes)
        if known is None:
            known = self._known[codes] = self._closeness(codes)
        return known

    def _closeness(self, codes: tuple[str, ...]) -> Closeness:
        if not codes:
            return np.full(len(self.numbers), ANY, np.uint8)
        answer = np.zeros(len(self.numbers), np.uint8)
        coarser = {None}.union(*(self.lineage(code)[1:] for code in codes)) & self.numbers.keys()
        answer[[self.numbers[code] for code in coarser]] = COARSER
        depths = {code: len(self.lineage(code)) - 1 for code in codes}
        for code in sorted(depths, key=depths.__getitem__):
            answer[self.under.get(code, _NONE)] = COVERED + depths[code]
        return answer


_NONE = np.array([], np.int32)
