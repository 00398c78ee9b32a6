"""An immutable piece of the catalogue in memory: narrow columns in category buckets, and the words of each row.

A row stands once in the bucket of every level-1 family that its categories belong to, so the topic gate of a
need is one contiguous slice for each family it is about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.matching.snapshot import columns, label, texts, words
from services.matching.snapshot.categories import Tree
from services.matching.snapshot.category_sets import CategorySets
from services.matching.snapshot.code_sets import CodeSets
from services.matching.snapshot.columns import Columns, Records
from services.matching.snapshot.meaning import DIMENSIONS, Position
from services.matching.snapshot.scale import Scale
from services.matching.snapshot.text_model import TextModel
from services.matching.snapshot.words import Words
from shared.codes import industries, regions
from shared.contracts.changes import OfferingRecord, ProviderRecord
from shared.contracts.offerings import ScenarioStep


@dataclass(frozen=True, slots=True)
class Entry:
    """An offering with its provider, its words, its own limits, and its place in the space of meaning."""

    offering: OfferingRecord
    provider: ProviderRecord | None
    said: tuple[str, ...]
    refused: tuple[str, ...]
    refusals: tuple[str, ...]
    """The clauses of its text that refuse something."""
    conditions: tuple[str, ...]
    """The clauses that set a condition."""
    kinds: int
    """The kinds of matters that exclude each other which it serves, as bits of `rivals`."""
    scale: Scale
    """For how large a firm it is meant by its own words."""
    meaning: Position
    label: bytes
    """What stands on it in every answer."""

    @classmethod
    def read(cls, offering: OfferingRecord, provider: ProviderRecord | None, model: TextModel) -> "Entry":
        """Cuts and places the texts of an offering."""
        cut = texts.cut(offering.content)
        where = model.space.position(cut.features)
        return cls(
            offering=offering,
            provider=provider,
            said=cut.said,
            refused=cut.refused,
            refusals=cut.refusals,
            conditions=cut.conditions,
            kinds=cut.kinds,
            scale=cut.scale,
            meaning=where,
            label=label.of(offering, provider),
        )

    def facts(self, length_factor: int) -> tuple[int, ...]:
        """Its row of `Columns`."""
        return columns.facts(self.offering, self.provider, length_factor, (self.kinds, *self.scale))


@dataclass(frozen=True)
class Bucket:
    """The offers of a level-1 family: its bit, their places, and the words of each."""

    bit: int
    places: slice
    words: Words
    strictest: Columns
    """One row that asks as much as any of them."""

    @cached_property
    def every(self) -> NDArray[np.int64]:
        """All its places, one by one."""
        return np.arange(self.places.start, self.places.stop)


@dataclass(frozen=True)
class Segment:
    """Rows are offerings; places are rows in bucket order, where a row of two families has two places."""

    entries: tuple[Entry, ...]
    row_of: Mapping[str, int]
    columns: Columns
    rows: NDArray[np.int32]
    families: NDArray[np.uint64]
    buckets: Mapping[str, Bucket]
    categories: NDArray[np.intp]
    category_sets: CategorySets
    scenarios: NDArray[np.intp]
    scenario_sets: tuple[tuple[ScenarioStep, ...], ...]
    industries: NDArray[np.intp]
    industry_sets: CodeSets
    regions: NDArray[np.intp]
    region_sets: CodeSets
    meanings: NDArray[np.int8]
    records: Records
    """What the criteria look at of each place, with the numbers of its sets."""

    def facts(self, row: int) -> Columns:
        """The columns of one row."""
        place = int(self._places[row])
        return self.columns.take(slice(place, place + 1))

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """A place of each row."""
        answer = np.zeros(len(self.entries), np.intp)
        answer[self.rows] = np.arange(len(self.rows))
        return answer

    @cached_property
    def first(self) -> NDArray[np.bool_]:
        """Which places are the first of their row, for what must count every offering once."""
        answer = np.zeros(len(self.rows), np.bool_)
        answer[np.unique(self.rows, return_index=True)[1]] = True
        return answer

    @classmethod
    def build(cls, entries: Sequence[Entry], tree: Tree, model: TextModel) -> "Segment":
        """The segment of these entries; their order changes nothing that a need can see."""
        content = [entry.offering.content for entry in entries]
        rows, families, slices = _buckets([item.categories for item in content], tree)
        others, said = words.read(((entry.said, entry.refused) for entry in entries), model.numbers)
        facts = [entry.facts(model.length_factor(len(entry.said))) for entry in entries]
        category_sets, category_of = CategorySets.index([item.categories for item in content], tree)
        scenario_numbers: dict[tuple[ScenarioStep, ...], int] = {}
        scenarios_of = [scenario_numbers.setdefault(item.scenarios, len(scenario_numbers)) for item in content]
        industry_sets, industry_of = CodeSets.index([item.industries for item in content], industries.lineage)
        region_sets, region_of = CodeSets.index([item.regions for item in content], regions.lineage)
        facts_of = Columns.stack(facts[row] for row in rows)
        sets: dict[str, NDArray[np.int32]] = {
            "categories": category_of[rows],
            "scenarios": np.array(scenarios_of, np.int32)[rows],
            "industries": industry_of[rows],
            "regions": region_of[rows],
        }
        return cls(
            entries=tuple(entries),
            row_of={entry.offering.id: row for row, entry in enumerate(entries)},
            columns=facts_of,
            rows=rows,
            families=families,
            buckets={
                family: Bucket(bit, places, Words.index(others, said[rows[places]]), facts_of.take(places).strictest())
                for family, (bit, places) in slices.items()
            },
            category_sets=category_sets,
            scenario_sets=tuple(scenario_numbers),
            industry_sets=industry_sets,
            region_sets=region_sets,
            meanings=np.array([entry.meaning for entry in entries], np.int8).reshape(-1, DIMENSIONS)[rows],
            records=facts_of.records(**sets),
            **{name: of_place.astype(np.intp) for name, of_place in sets.items()},
        )


def _buckets(
    categories: Sequence[tuple[str, ...]], tree: Tree
) -> tuple[NDArray[np.int32], NDArray[np.uint64], dict[str, tuple[int, slice]]]:
    """Rows in bucket order, the families of each place as bits, and family → (its bit, its slice)."""
    of_row = [{tree.family(code) for code in codes} for codes in categories]
    members: dict[str, list[int]] = {}
    for row, families in enumerate(of_row):
        for family in families:
            members.setdefault(family, []).append(row)
    number = {family: place % 64 for place, family in enumerate(sorted(members))}
    masks = [sum({1 << number[family] for family in families}) for families in of_row]
    order: list[int] = []
    buckets = {}
    for family in sorted(members):
        buckets[family] = (number[family], slice(len(order), len(order) + len(members[family])))
        order += members[family]
    rows = np.array(order, np.int32)
    return rows, np.array(masks, np.uint64)[rows] if order else np.array([], np.uint64), buckets
