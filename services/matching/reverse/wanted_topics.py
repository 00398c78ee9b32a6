"""What standing needs are about: the distinct lists of categories, held against one offering's set all at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel import criteria
from services.matching.kernel.criteria import Values
from services.matching.kernel.demand import Demand
from services.matching.snapshot.categories import Tree

Table = NDArray[np.intp]


@dataclass(frozen=True)
class WantedTopics:
    """Lists × places: which category stands there, and where in `scales` the values of its kinds begin.

    A list that is shorter than the longest is filled up with a category that is worth nothing, whatever its kind.
    """

    tree: Tree
    codes: tuple[str, ...]
    code: Table
    scale: Table
    scales: Values
    _known: dict[tuple[str, ...], Values] = field(default_factory=dict, compare=False)

    @classmethod
    def build(cls, demands: Sequence[Demand], tree: Tree) -> "WantedTopics":
        """The lists of these demands."""
        asked = [
            (row, place, wanted)
            for row, demand in enumerate(demands)
            for place, (wanted, _) in enumerate(demand.categories)
        ]
        shape = len(demands), 1 + max((place for _, place, _ in asked), default=0)
        code, scale = np.zeros(shape, np.intp), np.full(shape, len(asked), np.intp)
        numbers: dict[str, int] = {}
        for number, (row, place, wanted) in enumerate(asked):
            code[row, place], scale[row, place] = numbers.setdefault(wanted, len(numbers)), number
        scales = [criteria.topic_scale(demands[row], place) for row, place, _ in asked]
        kinds = np.array([*scales, (0,) * criteria.KINDS], np.int32)
        return cls(tree, tuple(numbers) or ("",), code, scale * criteria.KINDS, kinds.ravel())

    def values(self, offered: tuple[str, ...]) -> Values:
        """The topic value of an offering of these categories for each list."""
        known = self._known.get(offered)
        if known is None:
            kinds = np.array([self.tree.kind(code, offered) for code in self.codes], np.intp)
            known = self._known[offered] = self.scales.take(self.scale + kinds.take(self.code)).max(axis=1)
        return known
