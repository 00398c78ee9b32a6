"""The topic gate and the hard constraints over one segment: who is considered, and what each breaks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel import constraints, criteria
from services.matching.kernel.constraints import ABSENT, Rows
from services.matching.kernel.criteria import Values
from services.matching.kernel.demand import Demand
from services.matching.kernel.question import Asked
from services.matching.kernel.wording import Wording
from services.matching.snapshot import topical
from services.matching.snapshot.categories import ANOTHER
from services.matching.snapshot.code_sets import Closeness
from services.matching.snapshot.segment import Entry, Segment

Places = NDArray[np.int64]


class Near(NamedTuple):
    """How near each distinct set of codes in a segment comes to a need: found once, and read by every row."""

    industry: Closeness
    region: Closeness
    topic: Values
    """The value of each set of categories."""
    direct: NDArray[np.bool_]
    """Which of them hold a category that was read, not only a bordering one."""

    @classmethod
    def of(cls, segment: Segment, demand: Demand) -> "Near":
        """How near the sets of this segment come."""
        kinds = [segment.category_sets.nearness(code) for code, _ in demand.categories]
        direct = np.zeros(len(segment.category_sets.sets), np.bool_)
        for kind in kinds:
            direct |= kind >= ANOTHER
        return cls(
            segment.industry_sets.closeness(demand.industry),
            segment.region_sets.closeness(demand.region),
            criteria.topics(kinds, demand, len(direct)),
            direct,
        )


@dataclass(frozen=True)
class Considered:
    """The offers of the topic gate in one segment: their places, and the constraints that each breaks, as bits."""

    segment: Segment
    near: Near
    places: Places
    broken: NDArray[np.uint16]

    @classmethod
    def none(cls, segment: Segment, demand: Demand) -> "Considered":
        """No offers yet, but how near all may come."""
        return cls(segment, Near.of(segment, demand), np.array([], np.int64), np.array([], np.uint16))

    @cached_property
    def eligible(self) -> Places:
        """The places that break nothing."""
        chosen: Places = self.places[self.broken == 0]
        return chosen

    @cached_property
    def patterns(self) -> Mapping[int, int]:
        """How many places break just these constraints, for each combination that occurs."""
        counts = np.bincount(self.broken)
        occurring = counts.nonzero()[0]
        return dict(zip(occurring.tolist(), counts[occurring].tolist(), strict=True))

    def only(self, listed: NDArray[np.bool_]) -> "Considered":
        """The offers whose rows of the segment are listed."""
        kept = listed[self.segment.rows[self.places]]
        return replace(self, places=self.places[kept], broken=self.broken[kept])

    @property
    def failing(self) -> Places:
        """The places that break something."""
        chosen: Places = self.places[self.broken != 0]
        return chosen

    def breaking(self, pattern: int) -> Places:
        """The places that break just these constraints."""
        chosen: Places = self.places.take(np.flatnonzero(self.broken == pattern))
        return chosen

    def holding(self, places: Places) -> NDArray[np.bool_]:
        """Which of these places hold a category that was read, not only a bordering one."""
        return self.near.direct.take(self.segment.categories.take(places))

    def entry(self, place: int) -> Entry:
        """The offering at a place."""
        return self.segment.entries[int(self.segment.rows[place])]

    def rows(self, places: "Places | slice") -> Rows:
        """What the constraints compare, for these places."""
        segment = self.segment
        return Rows(
            segment.columns.take(places),
            self.near.industry.take(segment.industries[places]),
            self.near.region.take(segment.regions[places]),
        )


def consider(segment: Segment, gone: NDArray[np.bool_] | None, asked: Asked) -> Considered:
    """Gathers the offers of the need's families, and where no category is sure also those that its text finds."""
    demand, tree, gate = asked.demand, asked.tree, asked.policy.gate
    whole = Considered.none(segment, demand)
    families = sorted({tree.family(code) for code, _ in demand.categories} & segment.buckets.keys())
    parts, seen = [], np.uint64(0)
    for family in families:
        bit, bucket = segment.buckets[family]
        broken = constraints.failures(whole.rows(bucket), demand)
        if seen:
            broken[(segment.families[bucket] & seen) != 0] = ABSENT
        seen |= np.uint64(1 << bit)
        parts.append((np.arange(bucket.start, bucket.stop), broken))
    if not any(confidence >= gate.sure_confidence for _, confidence in demand.categories):
        found = _found_by_text(segment, asked.wording, gate.text_floor, seen)
        parts.append((found, constraints.failures(whole.rows(found), demand)))
    places = np.concatenate([part for part, _ in parts]) if parts else whole.places
    broken = np.concatenate([part for _, part in parts]) if parts else whole.broken
    if gone is not None:
        broken[gone[segment.rows[places]]] = ABSENT
    present = broken != ABSENT
    if present.all():
        return Considered(segment, whole.near, places, broken)
    return Considered(segment, whole.near, places[present], broken[present])


def _found_by_text(segment: Segment, wording: Wording, floor: int, seen: np.uint64) -> Places:
    """Places outside the families already seen that say enough topical words and reach the floor; one for each row."""
    if not len(segment.entries) or not wording.wanted:
        return np.array([], np.int64)
    places = segment.first_places[(segment.families[segment.first_places] & seen) == 0]
    hits = segment.words.find(segment.rows[places], wording.words)
    values = criteria.text_value(hits, segment.columns.length_factor[places], wording)
    telling = np.array([topical.weight(word) for word in wording.words[: wording.wanted]], np.int64)
    found: Places = places[(values >= floor) & (hits.weigh(telling) >= topical.ENOUGH)]
    return found
