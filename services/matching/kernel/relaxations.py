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

from services.matching.kernel.constraints import ABSENT, BIT, CONSTRAINTS, Rows
from services.matching.kernel.demand import Demand
from services.matching.kernel.gate import Considered, Places
from services.matching.kernel.levers import LEVERS, Lever
from services.matching.kernel.parts import Relaxation, Said
from services.matching.kernel.question import Asked
from services.matching.snapshot.columns import Columns

MOST, MOST_OFFERINGS = 5, 3
FEW = 10
"""Pairs are looked for when fewer offers than this are eligible."""
_RULES = {constraint.name: constraint for constraint in CONSTRAINTS}


@dataclass(frozen=True)
class Pool:
    """The offers of all segments that break nothing but constraints that the firm can change, one or two of them."""

    parts: tuple[tuple[Considered, Places], ...]
    columns: Columns
    broken: NDArray[np.uint16]
    wanted: NDArray[np.bool_]
    """Whether each holds a category of the need."""

    @classmethod
    def of(cls, considered: Sequence[Considered], names: Sequence[str]) -> "Pool":
        """The offers that only these constraints keep out."""
        patterns = [BIT[name] for name in names] + [BIT[one] | BIT[two] for one, two in combinations(names, 2)]
        inside = np.zeros(ABSENT + 1, np.bool_)
        inside[patterns] = True
        chosen = [np.flatnonzero(inside[part.broken]) for part in considered]
        parts = tuple((part, part.places[found]) for part, found in zip(considered, chosen, strict=True))
        return cls(
            parts,
            Columns.join([part.segment.columns.take(places) for part, places in parts]),
            np.concatenate([part.broken[found] for part, found in zip(considered, chosen, strict=True)]),
            np.concatenate([part.holding(places) for part, places in parts]),
        )

    def offering(self, row: int) -> str:
        """The id of the offering of a row."""
        for part, places in self.parts:
            if row < len(places):
                return part.entry(int(places[row])).offering.id
            row -= len(places)
        raise IndexError(row)

    def admitted(self, names: Sequence[str], demand: Demand) -> NDArray[np.intp]:
        """The offers that break some of these constraints, nothing else, and none of them under another demand."""
        nothing = np.zeros(0, np.uint8)
        rows = Rows(self.columns, nothing, nothing)
        out = (self.broken & ~np.uint16(sum(BIT[name] for name in names))) != 0
        for name in names:
            if _RULES[name].asked(demand):
                out |= _RULES[name].fails(rows, demand)
        return np.flatnonzero(~out)


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
    if not considered or not active:
        return ()
    pool = Pool.of(considered, [lever.name for lever in active])
    attempts: list[tuple[Lever, ...]] = [(lever,) for lever in active]
    if sum(len(part.eligible) for part in considered) < FEW:
        attempts += combinations(active, 2)
    changes = [change for levers in attempts for change in _changes(pool, levers, demand)]
    changes.sort(key=lambda change: (change.wanted == 0, len(change.values), change.cost, -change.admits))
    return tuple(_told(change, demand) for change in changes[:MOST] if change.admits)


def _changes(pool: Pool, levers: tuple[Lever, ...], demand: Demand) -> Iterator[Change]:
    """The cheapest change of these constraints together, and the cheapest that admits a category asked for."""
    breaking = np.flatnonzero(pool.broken == sum(BIT[lever.name] for lever in levers))
    if not len(breaking):
        return
    columns, wanted = pool.columns.take(breaking), pool.wanted[breaking]
    needed = [lever.needed(columns, demand) for lever in levers]
    costs = [lever.cost(values, demand) for lever, values in zip(levers, needed, strict=True)]
    cost: NDArray[np.int64] = np.stack(costs).sum(axis=0)
    told: set[tuple[int, ...]] = set()
    for rows in (np.arange(len(cost)), np.flatnonzero(wanted)):
        if len(rows):
            least = int(cost[rows].min())
            values = _commonest(needed, rows[cost[rows] == least])
            if values not in told:
                told.add(values)
                yield _change(pool, tuple(zip(levers, values, strict=True)), least, demand)


def _commonest(needed: Sequence[NDArray[np.int64]], rows: NDArray[np.intp]) -> tuple[int, ...]:
    """Of changes that cost the same, the one that most rows need."""
    changes = Counter(zip(*(column[rows].tolist() for column in needed), strict=True))
    return min(changes, key=lambda change: (-changes[change], change))


def _change(pool: Pool, values: tuple[tuple[Lever, int], ...], cost: int, demand: Demand) -> Change:
    """What a change admits."""
    changed = demand
    for lever, value in values:
        changed = lever.demand(changed, value)
    rows = pool.admitted([lever.name for lever, _ in values], changed)
    wanted = pool.wanted[rows]
    first = rows[np.lexsort((pool.columns.lot[rows], ~wanted))][:MOST_OFFERINGS]
    offerings = tuple(pool.offering(int(row)) for row in first)
    return Change(values, cost, len(rows), int(np.count_nonzero(wanted)), offerings)


def _told(change: Change, demand: Demand) -> Relaxation:
    words = [lever.words(value) for lever, value in change.values]
    return Relaxation(
        change={lever.name: lever.value(demand, value) for lever, value in change.values},
        admits=change.admits,
        offerings=change.offerings,
        text=Said(
            zh="，且".join(zh for zh, _ in words) + f"，可多 {change.admits} 项",
            en=" and ".join(en for _, en in words) + f" would admit {change.admits} more",
        ),
    )
