"""The smallest changes of a need that would admit more offers: single ones, and pairs where little is eligible.

Smallest means: no cheaper change of the same constraint (or the same two) admits any offer. A number costs its
relative change, anything else a fixed step. What a change admits is found by asking the constraints again.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import combinations
from operator import add, itemgetter
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.constraints import BIT, CONSTRAINTS, Mask, Rows
from services.matching.kernel.demand import Demand
from services.matching.kernel.gate import Considered, Places
from services.matching.kernel.levers import LEVERS, Lever, Numbers
from services.matching.kernel.parts import Relaxation, Said
from services.matching.kernel.question import Asked
from services.matching.snapshot.columns import Columns

MOST, MOST_OFFERINGS = 5, 3
FEW = 10
"""Pairs are looked for when fewer offers than this are eligible."""
_RULES = {constraint.name: constraint for constraint in CONSTRAINTS}
_NO_SETS = np.zeros(0, np.bool_)
_SMALL = 10_000
"""Below are all numbers but money: few enough to count each."""
_DRAWN = 2**62
"""Above every lot."""
Kind = TypeVar("Kind", bound=np.generic)


class Group(NamedTuple):
    """The offers of all segments that break just the same constraints."""

    parts: tuple[tuple[Considered, Places], ...]
    columns: Columns
    wanted: NDArray[np.bool_]
    """Whether each holds a category of the need."""

    @classmethod
    def of(cls, considered: Sequence[Considered], pattern: int) -> "Group | None":
        """The offers that break just the constraints of a pattern, if there are any."""
        parts = tuple([(part, part.breaking(pattern)) for part in considered if pattern in part.patterns])
        if not parts:
            return None
        columns = Columns.join([part.segment.columns.take(places) for part, places in parts])
        return cls(parts, columns, _joined([part.holding(places) for part, places in parts]))

    def admitted(self, levers: Sequence[Lever], demand: Demand) -> Mask:
        """Which offers break none of these constraints under another demand."""
        rows = Rows(self.columns, _NO_SETS, _NO_SETS)
        rules = [_RULES[lever.name] for lever in levers]
        fails = [rule.fails(rows, demand) for rule in rules if rule.asked(demand)]
        return ~reduce(np.logical_or, fails) if fails else np.ones(len(self.wanted), np.bool_)

    def drawn(self, rows: NDArray[np.intp]) -> list[tuple[int, int]]:
        """Those few of these rows that are named first, each with its lot: an order unknown to ids and insertion."""
        lots, drawn = self._lots(rows), []
        for _ in range(min(MOST_OFFERINGS, len(rows))):
            first = int(lots.argmin())  # of equal lots the first
            drawn.append((lots.item(first), rows.item(first)))
            lots[first] = _DRAWN
        return drawn

    def _lots(self, rows: NDArray[np.intp]) -> Numbers:
        if len(self.parts) > 1:
            return self.columns.lot.take(rows)
        ((part, places),) = self.parts
        return part.segment.columns.lot.take(places.take(rows))  # leaves out those of all other rows

    def offering(self, row: int) -> str:
        """The id of the offering of a row."""
        for part, places in self.parts:
            if row < len(places):
                return part.entry(places.item(row)).offering.id
            row -= len(places)
        raise IndexError(row)


class Change(NamedTuple):
    """One way to ask for less: the new values by lever, what it costs, and which rows of some groups it admits."""

    values: tuple[tuple[Lever, int], ...]
    cost: int
    admits: list[tuple[Group, Mask]]
    number: int
    """How many these are."""
    wanted: bool
    """Whether it admits an offer of a category asked for."""


def smallest(considered: Sequence[Considered], asked: Asked) -> tuple[Relaxation, ...]:
    """The changes worth telling: those that admit offers of a category asked for first, then the cheapest."""
    demand = asked.demand
    active = [lever for lever in LEVERS if _RULES[lever.name].asked(demand)]
    alone = [(lever, Group.of(considered, BIT[lever.name])) for lever in active]
    changes = [change for lever, group in alone if group for change in _changes(group, (), (lever,), demand)]
    if sum([len(part.eligible) for part in considered]) < FEW:
        for (one, first), (other, second) in combinations(alone, 2):
            pattern = BIT[one.name] | BIT[other.name]
            if group := Group.of(considered, pattern):
                changes += _changes(group, [apart for apart in (first, second) if apart], (one, other), demand)
    changes.sort(key=lambda change: (not change.wanted, len(change.values), change.cost, -change.number))
    return tuple([_told(change, demand) for change in changes[:MOST] if change.number])


def _changes(group: Group, apart: Sequence[Group], levers: tuple[Lever, ...], demand: Demand) -> Iterator[Change]:
    """The cheapest change of these constraints together, and the cheapest that admits a category asked for.

    `group` breaks all of them, those apart break one of several.
    """
    touched = (group, *apart)
    needed = [lever.needed(group.columns, demand) for lever in levers]
    cost = reduce(add, [lever.cost(values, demand) for lever, values in zip(levers, needed, strict=True)])
    first = _cheapest(needed, cost)
    yield _change(touched, levers, *first, demand)
    wanted = group.wanted.nonzero()[0]
    if 0 < len(wanted) < len(group.wanted):
        other = _cheapest(
            [values.take(wanted) for values in needed], cost if isinstance(cost, int) else cost.take(wanted)
        )
        if other[0] != first[0]:
            yield _change(touched, levers, *other, demand)


def _cheapest(needed: Sequence[Numbers], cost: Numbers | int) -> tuple[tuple[int, ...], int]:
    """The change that costs least, and its cost; of several the one that most rows need."""
    if isinstance(cost, int):
        return _commonest(needed), cost
    least = cost.min()
    rows = (cost == least).nonzero()[0]
    return _commonest([values.take(rows) for values in needed]), int(least)


def _commonest(columns: Sequence[Numbers]) -> tuple[int, ...]:
    """What stands in most rows; of equally common ones the lowest."""
    if len(columns[0]) == 1:
        return tuple([int(column[0]) for column in columns])
    if len(columns) == 1 and columns[0].max() < _SMALL:
        return (int(np.bincount(columns[0]).argmax()),)
    changes = Counter(zip(*[column.tolist() for column in columns], strict=True))
    return min(changes, key=lambda change: (-changes[change], change))


def _change(
    touched: Sequence[Group], levers: tuple[Lever, ...], values: tuple[int, ...], cost: int, demand: Demand
) -> Change:
    """What a change admits."""
    for lever, value in zip(levers, values, strict=True):
        demand = lever.demand(demand, value)
    admits = [(group, group.admitted(levers, demand)) for group in touched]
    number = wanted = 0
    for group, held in admits:
        number += int(np.count_nonzero(held))
        wanted += int(np.count_nonzero(held & group.wanted))
    return Change(tuple(zip(levers, values, strict=True)), cost, admits, number, wanted > 0)


def _first(change: Change) -> tuple[str, ...]:
    """The few that are named: those of a category asked for before all others."""
    few = min(MOST_OFFERINGS, change.number)
    named = _drawn([(group, held & group.wanted) for group, held in change.admits]) if change.wanted else []
    if len(named) < few:
        named += _drawn([(group, held & ~group.wanted) for group, held in change.admits])
    return tuple([group.offering(row) for _, group, row in named[:few]])


def _drawn(some: Sequence[tuple[Group, Mask]]) -> list[tuple[int, Group, int]]:
    drawn = [(lot, group, row) for group, held in some for lot, row in group.drawn(held.nonzero()[0])]
    return drawn if len(some) == 1 else sorted(drawn, key=itemgetter(0))


def _joined(parts: Sequence[NDArray[Kind]]) -> NDArray[Kind]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _told(change: Change, demand: Demand) -> Relaxation:
    words = [lever.words(value) for lever, value in change.values]
    return Relaxation(
        change={lever.name: lever.value(demand, value) for lever, value in change.values},
        admits=change.number,
        offerings=_first(change),
        text=Said(
            zh=f"{'，且'.join([zh for zh, _ in words])}，可多 {change.number} 项",
            en=f"{' and '.join([en for _, en in words])} would admit {change.number} more",
        ),
    )
