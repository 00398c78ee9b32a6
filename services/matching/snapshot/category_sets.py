"""The distinct sets of categories that offerings hold, so that a need is compared with each of them once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.matching.snapshot.categories import ANOTHER, BORDERING, MAIN, Tree

_NONE = np.zeros(0, np.intp)


@dataclass(frozen=True)
class CategorySets:
    """The distinct sets of a segment, each with its codes in the order given; indexed by family and by code."""

    sets: tuple[tuple[str, ...], ...]
    tree: Tree
    bordering: dict[str, NDArray[np.intp]]
    another: dict[str, NDArray[np.intp]]
    main: dict[str, NDArray[np.intp]]
    _nearness: dict[str, NDArray[np.uint8]] = field(init=False, default_factory=dict, compare=False)

    @classmethod
    def index(cls, rows: Sequence[tuple[str, ...]], tree: Tree) -> "tuple[CategorySets, NDArray[np.int32]]":
        """The distinct sets of `rows`, and the number of each row's set."""
        numbers: dict[tuple[str, ...], int] = {}
        of_row = [numbers.setdefault(codes, len(numbers)) for codes in rows]
        bordering: dict[str, list[int]] = {}
        another: dict[str, list[int]] = {}
        main: dict[str, list[int]] = {}
        for codes, number in numbers.items():
            for code in codes:
                another.setdefault(code, []).append(number)
                bordering.setdefault(tree.family(code), []).append(number)
            main.setdefault(codes[0], []).append(number)
        indexes = ({key: np.array(sets) for key, sets in index.items()} for index in (bordering, another, main))
        return cls(tuple(numbers), tree, *indexes), np.array(of_row, np.int32)

    def nearness(self, code: str) -> NDArray[np.uint8]:
        """How near each set comes to a code: STRANGE, BORDERING, ANOTHER or MAIN; found once for a code of the tree."""
        known = self._nearness.get(code)
        if known is None:
            known = np.zeros(len(self.sets), np.uint8)
            known[self.bordering.get(self.tree.family(code), _NONE)] = BORDERING
            known[self.another.get(code, _NONE)] = ANOTHER
            known[self.main.get(code, _NONE)] = MAIN
            if code in self.tree.records:
                self._nearness[code] = known
        return known
