"""The topic gate and the hard constraints over one segment: who is considered, and what each breaks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel import constraints, criteria
from services.matching.kernel.constraints import ABSENT, Rows
from services.matching.kernel.criteria import Values
from services.matching.kernel.demand import Demand
from services.matching.kernel.question import Asked
from services.matching.snapshot import topical
from services.matching.snapshot.categories import ANOTHER
from services.matching.snapshot.code_sets import OUT, Closeness
from services.matching.snapshot.segment import Bucket, Entry, Segment
from services.matching.snapshot.snapshot import Snapshot

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
        count = len(segment.category_sets.sets)
        direct = [kind >= ANOTHER for kind in kinds]
        return cls(
            segment.industry_sets.closeness(demand.industry),
            segment.region_sets.closeness(demand.region),
            criteria.topics(kinds, demand, count),
            reduce(np.logical_or, direct) if direct else np.zeros(count, np.bool_),
        )


@dataclass(frozen=True)
class Considered:
    """The offers of the topic gate in one bucket: their places, and the constraints that each breaks, as bits."""

    segment: Segment
    bucket: Bucket
    near: Near
    places: Places
    broken: NDArray[np.uint16]

    @cached_property
    def eligible(self) -> Places:
        """The places that break nothing."""
        chosen: Places = self.places.take((self.broken == 0).nonzero()[0])
        return chosen

    @cached_property
    def patterns(self) -> Mapping[int, int]:
        """The combinations of constraints that occur, as bits, and how many places break just these."""
        counts = np.bincount(self.broken)
        occurring = counts.nonzero()[0]
        return dict(zip(occurring.tolist(), counts.take(occurring).tolist(), strict=True))

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
        chosen: Places = self.places.take((self.broken == pattern).nonzero()[0])
        return chosen

    def holding(self, places: Places) -> NDArray[np.bool_]:
        """Which of these places hold a category that was read, not only a bordering one."""
        return self.near.direct.take(self.segment.categories.take(places))

    def entry(self, place: int) -> Entry:
        """The offering at a place."""
        return self.segment.entries[self.segment.rows.item(place)]


def every(snapshot: Snapshot, asked: Asked) -> list[Considered]:
    """The offers of the topic gate, bucket by bucket."""
    return [part for segment, gone in snapshot.segments for part in consider(segment, gone, asked)]


def consider(segment: Segment, gone: NDArray[np.bool_] | None, asked: Asked) -> list[Considered]:
    """Gathers the offers of the need's families, and where no category is sure also those that its text finds."""
    demand, seen = asked.demand, np.uint64(0)
    near = Near.of(segment, demand)
    families = sorted({asked.tree.family(code) for code, _ in demand.categories} & segment.buckets.keys())
    parts = []
    whole = gone is None
    for bucket in [segment.buckets[family] for family in families]:
        asking = rows(segment, near, bucket.places)._replace(strictest=bucket.strictest)
        broken = constraints.failures(asking, demand)
        if seen:
            whole = False
            broken[(segment.families[bucket.places] & seen) != 0] = ABSENT
        seen |= np.uint64(1 << bucket.bit)
        parts.append(Considered(segment, bucket, near, bucket.every, broken))
    if not asked.policy.gate.sure(confidence for _, confidence in demand.categories):
        for bucket in [bucket for family, bucket in segment.buckets.items() if family not in families]:
            places = _found_by_text(segment, bucket, asked, seen)
            broken = constraints.failures(rows(segment, near, places), demand)
            parts.append(Considered(segment, bucket, near, places, broken))
    return parts if whole else [_present(part, gone) for part in parts]


def rows(segment: Segment, near: Near, places: Places | slice) -> Rows:
    """What the constraints compare, for these places."""
    return Rows(
        segment.columns.take(places),
        (near.industry == OUT).take(segment.industries[places]),
        (near.region == OUT).take(segment.regions[places]),
    )


def _present(part: Considered, gone: NDArray[np.bool_] | None) -> Considered:
    """Without the offers that do not count."""
    if gone is not None:
        part.broken[gone[part.segment.rows[part.places]]] = ABSENT
    present = part.broken != ABSENT
    return part if present.all() else replace(part, places=part.places[present], broken=part.broken[present])


def _found_by_text(segment: Segment, bucket: Bucket, asked: Asked, seen: np.uint64) -> Places:
    """Places outside the families already seen that say enough topical words and reach the floor; one for each row."""
    wording, inside = asked.wording, bucket.places
    fresh = segment.first[inside] & ((segment.families[inside] & seen) == 0)
    places = fresh.nonzero()[0]
    telling = [topical.weight(word) for word in wording.words[: wording.wanted]]
    weights = np.zeros((2, 2 * len(wording.words)), np.float32)
    weights[:, : wording.wanted] = wording.rarity[: wording.wanted], telling
    said, told = bucket.words.find(wording.words, wording.numbers, places).weigh(weights).astype(np.int64)
    places += inside.start
    values = criteria.text_value(said, segment.columns.length_factor[places], wording)
    found: Places = places[(values >= asked.policy.gate.text_floor) & (told >= topical.ENOUGH)]
    return found
