"""The smallest changes of a need that would admit more offers: single ones, and pairs where little is eligible.

Smallest means: no cheaper change of the same constraint (or the same two) admits any offer. A number costs its
relative change, anything else a fixed step. What a change admits is found by asking the constraints again.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
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
    """The offers of all segments that break nothing but constraints that some attempt would change."""

    parts: tuple[tuple[Considered, Places], ...]
    columns: Columns
    broken: NDArray[np.uint16]
    wanted: NDArray[np.bool_]
    """Whether each holds a category of the need."""

    @classmethod
    def of(cls, considered: Sequence[Considered], patterns: Collection[int]) -> "Pool":
        """The offers that break just the constraints of one of these patterns."""
        inside = np.zeros(ABSENT + 1, np.bool_)
        inside[list(patterns)] = True
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
        out = (self.broken & ~np.uint16(_pattern(names))) != 0
        for name in names:
            if _RULES[name].asked(demand):
                out |= _RULES[name].fails(rows, demand)
        return np.flatnonzero(~out)


@dataclass(frozen=True)
class Change:
    """One way to ask for less: the new values by lever, what it costs, and the rows that it admits."""

    values: tuple[tuple[Lever, int], ...]
    cost: int
    admits: NDArray[np.intp]
    wanted: NDArray[np.bool_]


def smallest(considered: Sequence[Considered], asked: Asked) -> tuple[Relaxation, ...]:
    """The changes worth telling: those that admit offers of a category asked for first, then the cheapest."""
    demand = asked.demand
    active = [lever for lever in LEVERS if _RULES[lever.name].asked(demand)]
    attempts: list[tuple[Lever, ...]] = [(lever,) for lever in active]
    if sum(len(part.eligible) for part in considered) < FEW:
        attempts += combinations(active, 2)
    occurring = set().union(*(part.patterns for part in considered))
    attempts = [levers for levers in attempts if _pattern([lever.name for lever in levers]) in occurring]
    if not attempts:
        return ()
    alone = {BIT[lever.name] for levers in attempts for lever in levers}
    pool = Pool.of(considered, alone | {_pattern([lever.name for lever in levers]) for levers in attempts})
    changes = [change for levers in attempts for change in _changes(pool, levers, demand)]
    changes.sort(key=lambda change: (not change.wanted.any(), len(change.values), change.cost, -len(change.admits)))
    return tuple(_told(change, pool, demand) for change in changes[:MOST] if len(change.admits))


def _pattern(names: Iterable[str]) -> int:
    """These constraints as the bits of what an offer breaks."""
    return sum([BIT[name] for name in names])


def _changes(pool: Pool, levers: tuple[Lever, ...], demand: Demand) -> Iterator[Change]:
    """The cheapest change of these constraints together, and the cheapest that admits a category asked for."""
    breaking = np.flatnonzero(pool.broken == _pattern([lever.name for lever in levers]))
    columns, wanted = pool.columns.take(breaking), pool.wanted[breaking]
    needed = [lever.needed(columns, demand) for lever in levers]
    costs = [lever.cost(values, demand) for lever, values in zip(levers, needed, strict=True)]
    cost = costs[0] if len(costs) == 1 else costs[0] + costs[1]
    told: set[tuple[int, ...]] = set()
    for price in (cost, cost[wanted]):
        if len(price):
            least = int(price.min())
            cheapest = (cost == least) if price is cost else (cost == least) & wanted
            values = _commonest(needed, np.flatnonzero(cheapest))
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
    return Change(values, cost, rows, pool.wanted[rows])


def _first(change: Change, pool: Pool) -> NDArray[np.intp]:
    """The few that are named: those of a category asked for first, in an order that neither ids nor insertion know."""
    rows, wanted = change.admits, change.wanted
    if np.count_nonzero(wanted) >= MOST_OFFERINGS:
        rows, wanted = rows[wanted], wanted[wanted]
    return rows[np.lexsort((pool.columns.lot[rows], ~wanted))][:MOST_OFFERINGS]


def _told(change: Change, pool: Pool, demand: Demand) -> Relaxation:
    words, count = [lever.words(value) for lever, value in change.values], len(change.admits)
    return Relaxation(
        change={lever.name: lever.value(demand, value) for lever, value in change.values},
        admits=count,
        offerings=tuple([pool.offering(row) for row in _first(change, pool).tolist()]),
        text=Said(
            zh="，且".join(zh for zh, _ in words) + f"，可多 {count} 项",
            en=" and ".join(en for _, en in words) + f" would admit {count} more",
        ),
    )
