"""What standing needs are about: the distinct lists of categories, held against one offering's set all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel import criteria
from services.matching.kernel.criteria import Values
from services.matching.kernel.demand import Demand
from services.matching.snapshot.categories import ANOTHER, BORDERING, MAIN, Tree

Table = NDArray[np.intp]
_NONE = np.zeros(0, np.intp)


@dataclass(frozen=True)
class WantedTopics:
    """Lists × places: which category stands there, and where in `scales` the values of its kinds begin.

    A list that is shorter than the longest is filled up with a category that is worth nothing, whatever its kind.
    """

    tree: Tree
    codes: Mapping[str, int]
    """The number of each category."""
    families: Mapping[str, Table]
    """The numbers of those of each family."""
    code: Table
    scale: Table
    scales: Values
    _known: dict[tuple[str, ...], Values] = field(default_factory=dict, compare=False)

    @classmethod
    def build(cls, demands: Sequence[Demand], tree: Tree) -> "WantedTopics":
        """The lists of these demands."""
        numbers: dict[str, int] = {}
        scales = [criteria.topic_scale(demand, place) for demand in demands for place in range(len(demand.categories))]
        nothing = len(scales)
        shape = len(demands), max((len(demand.categories) for demand in demands), default=0) or 1
        code, scale, next_scale = np.zeros(shape, np.intp), np.full(shape, nothing, np.intp), 0
        for row, demand in enumerate(demands):
            for place, (wanted, _) in enumerate(demand.categories):
                code[row, place] = numbers.setdefault(wanted, len(numbers))
                scale[row, place], next_scale = next_scale, next_scale + 1
        kinds = np.array([*scales, (0,) * criteria.KINDS], np.int32)
        families: dict[str, list[int]] = {}
        for wanted, number in (numbers or {"": 0}).items():
            families.setdefault(tree.family(wanted), []).append(number)
        members = {family: np.array(found, np.intp) for family, found in families.items()}
        return cls(tree, numbers or {"": 0}, members, code, scale * criteria.KINDS, kinds.ravel())

    def values(self, offered: tuple[str, ...]) -> Values:
        """The topic value of an offering of these categories for each list."""
        known = self._known.get(offered)
        if known is None:
            values = self.scales.take(self.scale + self._kinds(offered).take(self.code))
            known = self._known[offered] = values.max(axis=1)
        return known

    def _kinds(self, offered: tuple[str, ...]) -> Table:
        """How near the set comes to each category, as `Tree.kind` tells it of one."""
        kinds = np.zeros(len(self.codes), np.intp)
        for code in offered:
            kinds[self.families.get(self.tree.family(code), _NONE)] = BORDERING
        for code in reversed(offered):
            if code in self.codes:
                kinds[self.codes[code]] = MAIN if code == offered[0] else ANOTHER
        return kinds
