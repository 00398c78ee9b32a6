"""Many needs at once: to each the places that `answer.match` would give it, without the explanations.

Those that are sure of their topic are placed on a family's offers together (`crowd`). The few others, those that text
alone may answer, that ask for a level step or that are narrowed to an edition, go one by one, as in `answer`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from services.matching.kernel import answer, crowd, gate, narrowing
from services.matching.kernel.crowd import Kind, Scored
from services.matching.kernel.field import Field
from services.matching.kernel.policy import Policy
from services.matching.kernel.question import Asked, Question
from services.matching.snapshot.segment import Entry
from services.matching.snapshot.snapshot import Snapshot

_NONE = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Placed:
    """The places of a need: ids of offerings with their scores, best first."""

    need_hash: str
    considered: int
    eligible: int
    places: tuple[tuple[str, int], ...]


class Ground:
    """A snapshot laid out for many needs, family by family as they are asked for. It serves one snapshot only."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._fields: dict[str, list[Field]] = {}

    def fields(self, family: str) -> list[Field]:
        """The offers of a family, one field a segment that has any."""
        known = self._fields.get(family)
        if known is None:
            segments = self.snapshot.segments
            known = [Field(segment, gone, family) for segment, gone in segments if family in segment.buckets]
            self._fields[family] = known
        return known


def place(ground: Ground, policy: Policy, questions: Sequence[Question]) -> list[Placed]:
    """The places of each need, in the order given.

    Raises policy.WeightOutOfBounds for weights that the policy does not allow.
    """
    return rank(ground, [Asked.of(question, ground.snapshot, policy) for question in questions])


def rank(ground: Ground, needs: Sequence[Asked]) -> list[Placed]:
    """The places of needs that were made ready for this snapshot."""
    together: dict[tuple[tuple[int, ...], int, tuple[str, ...]], list[int]] = {}
    placed: dict[int, Placed] = {}
    for number, asked in enumerate(needs):
        if _is_plain(asked):
            families = sorted({asked.tree.family(code) for code, _ in asked.demand.categories})
            key = asked.weights, asked.demand.as_of, tuple(families)
            together.setdefault(key, []).append(number)
        else:
            placed[number] = _alone(ground.snapshot, asked)
    for (_, _, about), numbers in together.items():
        placed |= zip(numbers, _crowd(ground, about, [needs[number] for number in numbers]), strict=True)
    return [placed[number] for number in range(len(needs))]


def _is_plain(asked: Asked) -> bool:
    """Whether only its families' offers count, and nothing asks for more than their columns."""
    sure = asked.policy.gate.sure(confidence for _, confidence in asked.demand.categories)
    return sure and not asked.demand.scenarios and asked.question.edition is None


def _crowd(ground: Ground, families: Sequence[str], needs: Sequence[Asked]) -> Iterator[Placed]:
    """The places of needs of one kind that are about these families."""
    kind = Kind(needs[0].policy, needs[0].weights, needs[0].demand.as_of)
    of_fields = []
    seen: dict[int, int] = {}
    for family in families:
        for field in ground.fields(family):
            bits = seen.get(id(field.segment), 0)
            of_fields.append(crowd.score(field, kind, needs, bits))
            seen[id(field.segment)] = bits | 1 << field.bit
    for asked, parts in zip(needs, zip(*of_fields, strict=True) if of_fields else repeat(()), strict=False):
        yield _first(asked, parts)


def _first(asked: Asked, parts: Sequence[Scored]) -> Placed:
    """The places of a need, chosen as `answer.first` does."""
    scores = parts[0].scores if len(parts) == 1 else np.concatenate([_NONE, *(part.scores for part in parts)])

    def entry(number: int) -> Entry:
        for field, _, places, _ in parts:
            if number < len(places):
                return field.segment.entries[int(field.rows[places[number]])]
            number -= len(places)
        raise IndexError(number)

    chosen = answer.choose(scores, entry, asked)
    return Placed(
        need_hash=asked.question.need_hash,
        considered=sum(part.considered for part in parts),
        eligible=len(scores),
        places=tuple([(entry(number).offering.id, int(scores[number])) for number, _ in chosen]),
    )


def _alone(snapshot: Snapshot, asked: Asked) -> Placed:
    gated = gate.every(snapshot, asked)
    considered = narrowing.narrow(gated, snapshot, asked.question.edition).considered
    ranked = [answer.rank(part, part.eligible, asked) for part in considered]
    chosen = answer.first(ranked, asked)
    return Placed(
        need_hash=asked.question.need_hash,
        considered=sum(len(part.places) for part in considered),
        eligible=sum(len(part.places) for part in ranked),
        places=tuple((part.entry(row).offering.id, int(part.scores[row])) for part, row, _ in chosen),
    )
