"""The smallest changes of a need that would admit more offers: single ones, and pairs where little is eligible.

Smallest means: no cheaper change of the same constraint (or the same two) admits any offer. A number costs its
relative change, anything else a fixed step. What a change admits is found by asking the constraints again.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from services.matching.columns import Columns
from services.matching.constraints import BIT, CONSTRAINTS, Rows
from services.matching.demand import Demand
from services.matching.gate import Considered, Places
from services.matching.levers import LEVERS, Lever
from services.matching.question import Asked
from shared.contracts.matches import Relaxation
from shared.contracts.wire import Text

MOST, MOST_OFFERINGS = 5, 3
FEW = 10
"""Pairs are looked for when fewer offers than this are eligible."""
_RULES = {constraint.name: constraint for constraint in CONSTRAINTS}


@dataclass(frozen=True)
class Pool:
    """Offers of all segments that break the same constraints, and whether each holds a category of the need."""

    considered: Sequence[Considered]
    places: tuple[Places, ...]
    columns: Columns
    wanted: NDArray[np.bool_]

    @classmethod
    def of(cls, considered: Sequence[Considered], bits: int, demand: Demand) -> "Pool":
        """The offers that break exactly these constraints."""
        codes = {code for code, _ in demand.categories}
        places = tuple(part.breaking(bits) for part in considered)
        parts = [part.segment.columns.take(chosen) for part, chosen in zip(considered, places, strict=True)]
        holding = [_holding(part, chosen, codes) for part, chosen in zip(considered, places, strict=True)]
        return cls(considered, places, Columns.join(parts), np.concatenate(holding))

    def offering(self, row: int) -> str:
        """The id of the offering of a row."""
        for part, places in zip(self.considered, self.places, strict=True):
            if row < len(places):
                return part.entry(int(places[row])).offering.id
            row -= len(places)
        raise IndexError(row)

    def admitted(self, names: Sequence[str], demand: Demand) -> NDArray[np.bool_]:
        """The offers that break none of these constraints under another demand."""
        nothing = np.zeros(0, np.uint8)
        rows = Rows(self.columns, nothing, nothing)
        keeps = [~_RULES[name].fails(rows, demand) for name in names if _RULES[name].asked(demand)]
        whole = np.ones(len(self.wanted), np.bool_)
        admitted: NDArray[np.bool_] = np.logical_and.reduce([whole, *keeps])
        return admitted


@dataclass(frozen=True)
class Change:
    """One way to ask for less: the new values by lever, what it costs, and what it admits."""

    values: tuple[tuple[Lever, int], ...]
    cost: int
    admits: int
    wanted: int
    offerings: tuple[str, ...]


def smallest(considered: Sequence[Considered], asked: Asked) -> tuple[Relaxation, ...]:
    """The changes worth telling: those that admit offers of a category asked for first, then the cheapest."""
    demand = asked.demand
    active = [lever for lever in LEVERS if _RULES[lever.name].asked(demand)]
    changes = [change for lever in active for change in _changes(considered, (lever,), demand)]
    if sum(len(part.eligible) for part in considered) < FEW:
        changes += [change for pair in combinations(active, 2) for change in _changes(considered, pair, demand)]
    changes.sort(key=lambda change: (change.wanted == 0, len(change.values), change.cost, -change.admits))
    return tuple(_told(change, demand) for change in changes[:MOST])


def _changes(considered: Sequence[Considered], levers: tuple[Lever, ...], demand: Demand) -> Iterator[Change]:
    """The cheapest change of these constraints together, and the cheapest that admits a category asked for."""
    pool = Pool.of(considered, sum(BIT[lever.name] for lever in levers), demand)
    if not len(pool.wanted):
        return
    needed = [lever.needed(pool.columns, demand) for lever in levers]
    costs = [lever.cost(values, demand) for lever, values in zip(levers, needed, strict=True)]
    cost: NDArray[np.int64] = np.stack(costs).sum(axis=0)
    told: set[tuple[int, ...]] = set()
    for rows in (np.arange(len(cost)), np.flatnonzero(pool.wanted)):
        if len(rows):
            least = int(cost[rows].min())
            values = _commonest(needed, rows[cost[rows] == least])
            if values not in told:
                told.add(values)
                yield _change(considered, tuple(zip(levers, values, strict=True)), least, demand)


def _commonest(needed: Sequence[NDArray[np.int64]], rows: NDArray[np.intp]) -> tuple[int, ...]:
    """Of changes that cost the same, the one that most rows need."""
    changes = Counter(zip(*(column[rows].tolist() for column in needed), strict=True))
    return min(changes, key=lambda change: (-changes[change], change))


def _change(
    considered: Sequence[Considered], values: tuple[tuple[Lever, int], ...], cost: int, demand: Demand
) -> Change:
    """What a change admits: the offers that break some of its constraints, nothing else, and none of them then."""
    changed = demand
    for lever, value in values:
        changed = lever.demand(changed, value)
    names = [lever.name for lever, _ in values]
    admits = wanted = 0
    nearest: list[tuple[bool, int, str]] = []
    for count in range(1, len(names) + 1):
        for broken in combinations(names, count):
            pool = Pool.of(considered, sum(BIT[name] for name in broken), demand)
            rows = np.flatnonzero(pool.admitted(broken, changed))
            admits, wanted = admits + len(rows), wanted + int(np.count_nonzero(pool.wanted[rows]))
            lots = pool.columns.lot[rows]
            order = rows[np.lexsort((lots, ~pool.wanted[rows]))][:MOST_OFFERINGS]
            nearest += [(not pool.wanted[row], int(pool.columns.lot[row]), pool.offering(int(row))) for row in order]
    offerings = tuple(offering for _, _, offering in sorted(nearest)[:MOST_OFFERINGS])
    return Change(values, cost, admits, wanted, offerings)


def _holding(part: Considered, places: Places, codes: set[str]) -> NDArray[np.bool_]:
    """Which of these places hold one of these categories."""
    numbers, inverse = np.unique(part.segment.categories[places], return_inverse=True)
    held = [not codes.isdisjoint(part.segment.category_sets[number]) for number in numbers]
    return np.array(held, np.bool_)[inverse]


def _told(change: Change, demand: Demand) -> Relaxation:
    words = [lever.words(value) for lever, value in change.values]
    return Relaxation(
        change={lever.name: lever.value(demand, value) for lever, value in change.values},
        admits=change.admits,
        offerings=change.offerings,
        text=Text(
            zh="，且".join(zh for zh, _ in words) + f"，可多 {change.admits} 项",
            en=" and ".join(en for _, en in words) + f" would admit {change.admits} more",
        ),
    )
