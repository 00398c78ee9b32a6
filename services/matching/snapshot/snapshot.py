"""The published catalogue in memory: an immutable base, and a small delta of the latest changes over it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from services.matching.snapshot import texts
from services.matching.snapshot.categories import Tree
from services.matching.snapshot.segment import Entry, Segment
from services.matching.snapshot.text_model import SAMPLE, TextModel
from shared.contracts.changes import CategoryRecord, Change, EditionRecord, OfferingRecord, ProviderRecord

HEAVY = 2000
"""From this many rows in the delta on, a rebuild is worth its time."""


@dataclass(frozen=True)
class Snapshot:
    """What matching ranks. Nothing in it changes: `apply` makes a new one and shares what stayed the same."""

    tree: Tree
    providers: Mapping[str, ProviderRecord]
    text_model: TextModel
    position: int
    base: Segment
    gone: NDArray[np.bool_]
    """Rows of the base that the delta replaces or that left the catalogue."""
    delta: Segment
    offerings_of: Mapping[str, frozenset[str]]
    """Provider → ids of its offerings, to bring them up to date when it changes."""
    editions: Mapping[str, EditionRecord] = field(default_factory=dict)
    _listed: dict[tuple[str, bool], NDArray[np.bool_]] = field(init=False, default_factory=dict, compare=False)

    def __len__(self) -> int:
        return len(self.base.entries) - int(self.gone.sum()) + len(self.delta.entries)

    @property
    def heavy(self) -> bool:
        """Whether the delta has grown so large that a rebuild pays."""
        return len(self.delta.entries) > max(HEAVY, len(self.base.entries) // 50)

    def offering(self, offering_id: str) -> OfferingRecord | None:
        """A published offering by its id."""
        entry = self.entry(offering_id)
        return entry.offering if entry else None

    def entry(self, offering_id: str) -> Entry | None:
        """A published offering with its provider and its words."""
        found = self.find(offering_id)
        return found[0].entries[found[1]] if found else None

    def find(self, offering_id: str) -> tuple[Segment, int] | None:
        """In which segment and which of its rows a published offering stands."""
        row = self.delta.row_of.get(offering_id)
        if row is not None:
            return self.delta, row
        row = self.base.row_of.get(offering_id)
        return None if row is None or self.gone[row] else (self.base, row)

    @cached_property
    def segments(self) -> tuple[tuple[Segment, NDArray[np.bool_] | None], ...]:
        """The segments that hold anything, each with its rows that do not count (None: all count)."""
        both = (self.base, self.gone if self.gone.any() else None), (self.delta, None)
        return tuple([(segment, gone) for segment, gone in both if segment.entries])

    def listed(self, edition: str, segment: Segment) -> NDArray[np.bool_]:
        """Which rows of one of the two segments an edition lists; found once, when it is first asked for."""
        key = edition, segment is self.base
        known = self._listed.get(key)
        if known is None:
            rows = [segment.row_of[name] for name in self.editions[edition].offerings if name in segment.row_of]
            known = np.zeros(len(segment.entries), np.bool_)
            known[rows] = True
            self._listed[key] = known
        return known


def build(
    categories: Iterable[CategoryRecord],
    providers: Iterable[ProviderRecord],
    offerings: Iterable[OfferingRecord],
    text_model: TextModel | None = None,
    position: int = 0,
    editions: Iterable[EditionRecord] = (),
) -> Snapshot:
    """The snapshot of these records at this position of the feed.

    Without a text model, one is learned from the offerings: do that at a release or a full rebuild only, for
    the order of two offers may change with it.
    """
    tree = Tree.grow(categories)
    known = {provider.id: provider for provider in providers}
    offers = list(offerings)
    model = text_model or learn(offers)
    entries = [Entry.read(offering, known.get(offering.provider_id), model) for offering in offers]
    owned: dict[str, set[str]] = {}
    for entry in entries:
        owned.setdefault(entry.offering.provider_id, set()).add(entry.offering.id)
    base = Segment.build(entries, tree, model)
    return Snapshot(
        tree=tree,
        providers=known,
        text_model=model,
        position=position,
        base=base,
        gone=np.zeros(len(entries), np.bool_),
        delta=Segment.build((), tree, model),
        offerings_of={provider: frozenset(ids) for provider, ids in owned.items()},
        editions={edition.id: edition for edition in editions},
    )


def learn(offerings: Iterable[OfferingRecord]) -> TextModel:
    """The text model of these offerings; of a large catalogue, of those that come first by content hash."""
    sample = sorted({offering.content_hash: offering for offering in offerings}.items())[:SAMPLE]
    return TextModel.learn([texts.cut(offering.content) for _, offering in sample])


def rebuild(snapshot: Snapshot) -> Snapshot:
    """The same catalogue with an empty delta and the same text model."""
    live = [entry for row, entry in enumerate(snapshot.base.entries) if not snapshot.gone[row]]
    entries = live + list(snapshot.delta.entries)
    base = Segment.build(entries, snapshot.tree, snapshot.text_model)
    empty = Segment.build((), snapshot.tree, snapshot.text_model)
    return replace(snapshot, base=base, gone=np.zeros(len(entries), np.bool_), delta=empty)


def apply(snapshot: Snapshot, changes: Iterable[Change]) -> Snapshot:
    """A new snapshot with these changes on top; applying a change twice is harmless.

    Costs what the delta costs. A change of the category tree rebuilds the base's buckets.
    """
    draft = _Draft(snapshot)
    for change in changes:
        draft.take(change)
    return draft.finish()


class _Draft:
    """The changes being gathered for a new snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._from = snapshot
        self._position = snapshot.position
        self._providers = dict(snapshot.providers)
        self._categories = dict(snapshot.tree.records)
        self._owned = dict(snapshot.offerings_of)
        self._editions = dict(snapshot.editions)
        self._touched: dict[str, OfferingRecord | None] = {}

    def take(self, change: Change) -> None:
        """Notes one change."""
        if change.position <= self._position:
            return
        self._position = change.position
        record = change.record
        if change.entity == "category":
            self._categories.pop(change.entity_id, None)
            if isinstance(record, CategoryRecord):
                self._categories[record.id] = record
        elif change.entity == "edition":
            self._editions.pop(change.entity_id, None)
            if isinstance(record, EditionRecord):
                self._editions[record.id] = record
        elif change.entity == "provider":
            self._providers.pop(change.entity_id, None)
            if isinstance(record, ProviderRecord):
                self._providers[record.id] = record
            for offering_id in self._owned.get(change.entity_id, ()):
                self._touched.setdefault(offering_id, self._from.offering(offering_id))
        else:
            self._touched[change.entity_id] = record if isinstance(record, OfferingRecord) else None
            if isinstance(record, OfferingRecord):
                owned = self._owned.get(record.provider_id, frozenset())
                self._owned[record.provider_id] = owned | {record.id}

    def finish(self) -> Snapshot:
        """The new snapshot."""
        old = self._from
        gone = old.gone.copy()
        gone[[old.base.row_of[touched] for touched in self._touched if touched in old.base.row_of]] = True
        kept = {entry.offering.id: entry for entry in old.delta.entries if entry.offering.id not in self._touched}
        fresh = {
            offering.id: Entry.read(offering, self._providers.get(offering.provider_id), old.text_model)
            for offering in self._touched.values()
            if offering is not None
        }
        tree = Tree.grow(self._categories.values())
        changed_tree = tree != old.tree
        delta = Segment.build([*kept.values(), *fresh.values()], tree, old.text_model)
        new = replace(
            old,
            tree=tree,
            providers=self._providers,
            position=self._position,
            gone=gone,
            delta=delta,
            offerings_of=self._owned,
            editions=self._editions,
        )
        return rebuild(new) if changed_tree else new
