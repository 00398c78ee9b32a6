"""Needs that wait for offers, as narrow columns: the snapshot of reverse matching.

The mirror of `segment`: there rows are offerings and a need comes to them, here rows are needs and an offering
comes. A need stands once in the bucket of every level-1 family that it is about; one that is sure of no category
also stands in the bucket of those that an offering may find by its text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.constraints import lenient
from services.matching.kernel.demand import Demand
from services.matching.kernel.policy import Policy
from services.matching.kernel.question import Asked
from services.matching.kernel.wording import Wording
from services.matching.reverse.code_index import CodeIndex
from services.matching.reverse.wanted_topics import WantedTopics
from services.matching.reverse.wanted_words import WantedWords
from services.matching.snapshot.categories import Tree
from services.matching.snapshot.columns import OPEN, PER_UNKNOWN
from shared.codes import industries, regions
from shared.contracts.vocabulary import Collateral, members

UNSURE = ""
"""The bucket of the needs that text alone may find."""
NOT_ASKED = -1
_NO_LIMIT = 2**31 - 1
_ANYTHING = 255
_UNITS = PER_UNKNOWN + 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """A need that waits, made ready once."""

    id: str
    need_hash: str
    demand: Demand
    wording: Wording
    weights: tuple[int, ...]
    edition: str | None = None

    @classmethod
    def of(cls, name: str, asked: Asked) -> "Waiting":
        """What of a question counts here; its day does not, for offers come on a day of their own."""
        return cls(name, asked.question.need_hash, asked.demand, asked.wording, asked.weights, asked.question.edition)


@dataclass(frozen=True)
class Wants:
    """What each need demands, one element a need. What is not demanded is a limit that nothing can break."""

    industry: NDArray[np.int32]
    region: NDArray[np.int32]
    size: NDArray[np.uint8]
    """The firm's size as a bit of the offerings' column; 255 where it is not known, 0 for large."""
    budget: NDArray[np.int64]
    limits: NDArray[np.int64]
    """Price units × rows: the highest price of one unit that stays within 1.10 × the budget."""
    deadline: NDArray[np.int32]
    latest: NDArray[np.int32]
    delivery: NDArray[np.uint8]
    onsite: NDArray[np.bool_]
    compliance: NDArray[np.uint8]
    amount: NDArray[np.int64]
    rate: NDArray[np.int32]
    term: NDArray[np.int32]
    pledges: NDArray[np.uint8]
    """Bit 0: nothing stated by the offering; bit 1 + n: the n-th kind of pledge is met."""
    founded: NDArray[np.int32]
    revenue: NDArray[np.int64]
    units: NDArray[np.int64]
    """Price units × rows: how many of each the first year takes."""
    people: NDArray[np.int32]
    sites: NDArray[np.int32]
    devices: NDArray[np.int32]
    turnover: NDArray[np.int64]
    """These four: what is known of the firm's scale, NOT_ASKED where nothing is."""
    place: NDArray[np.int32]
    """The firm's region code as a number."""
    categories: NDArray[np.int32]
    scenarios: NDArray[np.int32]
    weighing: NDArray[np.int32]

    def take(self, rows: NDArray[np.int32]) -> "Wants":
        """The same columns for these rows."""
        return Wants(*(getattr(self, column.name).take(rows, axis=-1) for column in fields(self)))


@dataclass(frozen=True)
class Standing:
    """Open needs, made ready for one tree, text model and policy. Rows are needs; places are rows in bucket order."""

    tree: Tree
    policy: Policy
    ids: tuple[str, ...]
    hashes: tuple[str, ...]
    rows: NDArray[np.int32]
    buckets: Mapping[str, slice]
    wants: Wants
    industries: CodeIndex
    regions: CodeIndex
    topics: WantedTopics
    """The distinct lists of categories and confidences; `Wants.categories` numbers them."""
    steps: tuple[Demand, ...]
    """One demand for each distinct list of scenarios; `Wants.scenarios` numbers them."""
    weights: tuple[tuple[int, ...], ...]
    words: WantedWords
    editions: Mapping[str, NDArray[np.int32]]
    """Edition → the rows of the needs that are narrowed to it."""

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def build(cls, needs: Iterable[Waiting], tree: Tree, policy: Policy) -> "Standing":
        """These needs; all were made ready with this tree and policy and with one text model."""
        held = sorted(needs, key=lambda need: _main_family(need, tree))  # one bucket, one stretch of memory
        demands = [need.demand for need in held]
        industry_index, industry = CodeIndex.index([demand.industry for demand in demands], industries.lineage)
        region_index, region = CodeIndex.index([demand.region for demand in demands], regions.lineage)
        about, categories = _distinct([demand.categories for demand in demands])
        steps, scenarios = _distinct([_steps(demand) for demand in demands])
        weighings, weighing = _distinct([need.weights for need in held])
        numbers = {"industry": industry, "region": region}
        numbers |= {"categories": categories, "scenarios": scenarios, "weighing": weighing}
        rows, buckets = _buckets(held, tree, policy)
        return cls(
            tree=tree,
            policy=policy,
            ids=tuple(need.id for need in held),
            hashes=tuple(need.need_hash for need in held),
            rows=rows,
            buckets=buckets,
            wants=_wants(demands, numbers).take(rows),
            industries=industry_index,
            regions=region_index,
            topics=WantedTopics.build([demands[row] for row in about], tree),
            steps=tuple(demands[row] for row in steps),
            weights=tuple(held[row].weights for row in weighings),
            words=WantedWords.build(need.wording for need in held),
            editions=_narrowed(held),
        )

    @cached_property
    def no_scenario(self) -> int:
        """The number of the needs that ask for no level step; -1 when there are none."""
        return next((number for number, demand in enumerate(self.steps) if not demand.scenarios), -1)


def _narrowed(held: Sequence[Waiting]) -> dict[str, NDArray[np.int32]]:
    rows: dict[str, list[int]] = {}
    for row, need in enumerate(held):
        if need.edition is not None:
            rows.setdefault(need.edition, []).append(row)
    return {edition: np.array(found, np.int32) for edition, found in rows.items()}


def _main_family(need: Waiting, tree: Tree) -> str:
    return tree.family(need.demand.categories[0][0]) if need.demand.categories else UNSURE


def _steps(demand: Demand) -> tuple[tuple[str, int, int], ...]:
    return tuple((step.scenario, step.from_level, step.to_level) for step in demand.scenarios)


def _distinct(values: Sequence[object]) -> tuple[list[int], NDArray[np.int32]]:
    """The first row of each distinct value, and the number of each row's value."""
    numbers: dict[object, int] = {}
    first = []
    for row, value in enumerate(values):
        if value not in numbers:
            numbers[value] = len(numbers)
            first.append(row)
    return first, np.array([numbers[value] for value in values], np.int32)


def _buckets(held: Sequence[Waiting], tree: Tree, policy: Policy) -> tuple[NDArray[np.int32], dict[str, slice]]:
    members_of: dict[str, list[int]] = {}
    for row, need in enumerate(held):
        categories = need.demand.categories
        for family in {tree.family(code) for code, _ in categories}:
            members_of.setdefault(family, []).append(row)
        sure = policy.gate.sure(confidence for _, confidence in categories)
        if not sure and need.wording.words:
            members_of.setdefault(UNSURE, []).append(row)
    order: list[int] = []
    buckets = {}
    for family in sorted(members_of):
        buckets[family] = slice(len(order), len(order) + len(members_of[family]))
        order += members_of[family]
    return np.array(order, np.int32), buckets


def _wants(demands: Sequence[Demand], numbers: Mapping[str, NDArray[np.int32]]) -> Wants:
    def column(values: Iterable[int | None], kind: type, otherwise: int = NOT_ASKED) -> NDArray[np.generic]:
        return np.array([otherwise if value is None else value for value in values], kind)

    limits = [
        [OPEN if demand.budget is None else lenient(demand.budget) // count for count in demand.units]
        for demand in demands
    ]
    made = {
        "size": column((None if d.size is None else d.size_bit for d in demands), np.uint8, _ANYTHING),
        "budget": column((d.budget for d in demands), np.int64),
        "limits": np.array(limits, np.int64).reshape(-1, _UNITS).T,
        "deadline": column((d.deadline for d in demands), np.int32),
        "latest": column((None if d.deadline is None else lenient(d.deadline) for d in demands), np.int32, _NO_LIMIT),
        "delivery": column((d.delivery for d in demands), np.uint8, _ANYTHING),
        "onsite": np.array([d.onsite for d in demands], np.bool_),
        "compliance": column((d.compliance for d in demands), np.uint8, 0),
        "amount": column((d.amount for d in demands), np.int64),
        "rate": column((d.rate for d in demands), np.int32, _NO_LIMIT),
        "term": column((d.term for d in demands), np.int32),
        "pledges": column((_pledges(d) for d in demands), np.uint8, _ANYTHING),
        "founded": column((d.founded for d in demands), np.int32, 0),
        "revenue": column((d.revenue for d in demands), np.int64, OPEN),
        "units": np.array([d.units for d in demands], np.int64).reshape(-1, _UNITS).T,
        "people": column((d.people for d in demands), np.int32),
        "sites": column((d.sites for d in demands), np.int32),
        "devices": column((d.devices for d in demands), np.int32),
        "turnover": column((d.revenue for d in demands), np.int64),
        "place": column((int(d.region) for d in demands), np.int32),
    }
    return Wants(**made, **numbers)  # type: ignore[arg-type]


def _pledges(demand: Demand) -> int | None:
    if demand.collateral is None:
        return None
    return 1 | sum(2 << number for number, pledge in enumerate(members(Collateral)) if pledge in demand.pledges)
