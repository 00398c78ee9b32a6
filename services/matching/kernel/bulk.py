"""Many needs at once, on all cores: to each the places that `answer.match` would give it, without the explanations.

Needs are taken family by family, so that those about the same thing find its offers still in the cache; needs that
demand the same share one look at the constraints.
"""

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain

from services.matching.kernel import answer, gate, narrowing
from services.matching.kernel.demand import Demand
from services.matching.kernel.gate import Considered
from services.matching.kernel.policy import Policy
from services.matching.kernel.question import Asked, Question
from services.matching.snapshot.snapshot import Snapshot

CHUNK = 250
"""Needs that a process takes at a time."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The places of a need: ids of offerings with their scores, best first."""

    need_hash: str
    considered: int
    eligible: int
    places: tuple[tuple[str, int], ...]


def match(
    snapshot: Snapshot, policy: Policy, questions: Sequence[Question], processes: int | None = None
) -> Iterator[Placed]:
    """The places of each need, in the order of the questions; with more than one process the snapshot is shared.

    Raises policy.WeightOutOfBounds for weights that the policy does not allow.
    """
    order = sorted(range(len(questions)), key=lambda number: (_subject(questions[number]), number))
    pieces = [[questions[number] for number in order[start : start + CHUNK]] for start in range(0, len(order), CHUNK)]
    count = min(processes or os.cpu_count() or 1, len(pieces))
    if count <= 1:
        placed = list(chain.from_iterable(place(snapshot, policy, piece) for piece in pieces))
    else:
        placed = _spread(snapshot, policy, pieces, count)
    found = dict(zip(order, placed, strict=True))
    return (found[number] for number in range(len(questions)))


def place(snapshot: Snapshot, policy: Policy, questions: Sequence[Question]) -> list[Placed]:
    """The places of these needs, in this process."""
    return rank(snapshot, [Asked.of(question, snapshot, policy) for question in questions])


def rank(snapshot: Snapshot, needs: Sequence[Asked]) -> list[Placed]:
    """The places of needs that were made ready for this snapshot."""
    looked: dict[Demand, list[Considered]] = {}
    return [_place(snapshot, asked, looked) for asked in needs]


def _place(snapshot: Snapshot, asked: Asked, looked: dict[Demand, list[Considered]]) -> Placed:
    sure = any(confidence >= asked.policy.gate.sure_confidence for _, confidence in asked.demand.categories)
    key = replace(asked.demand, scenarios=())
    considered = looked.get(key) if sure else None
    if considered is None:
        considered = [gate.consider(segment, gone, asked) for segment, gone in snapshot.segments() if segment.entries]
        looked[key] = considered
    considered = list(narrowing.narrow(considered, snapshot, asked.question.edition).considered)
    ranked = [answer.rank(part, part.eligible, asked) for part in considered]
    chosen = answer.first(ranked, asked)
    return Placed(
        need_hash=asked.question.need_hash,
        considered=sum(len(part.places) for part in considered),
        eligible=sum(len(part.places) for part in ranked),
        places=tuple((part.entry(row).offering.id, int(part.scores[row])) for part, row, _ in chosen),
    )


def _subject(question: Question) -> str:
    return question.profile.categories[0].code if question.profile.categories else ""


def _spread(snapshot: Snapshot, policy: Policy, pieces: list[list[Question]], count: int) -> list[Placed]:
    """Processes that are forked off share the memory of the snapshot and the questions; nothing of them is copied."""
    _Inherited.work = snapshot, policy, pieces
    try:
        with ProcessPoolExecutor(count, multiprocessing.get_context("fork")) as pool:
            return list(chain.from_iterable(pool.map(_piece, range(len(pieces)))))
    finally:
        _Inherited.work = None


class _Inherited:
    """What the processes inherit."""

    work: tuple[Snapshot, Policy, list[list[Question]]] | None = None


def _piece(number: int) -> list[Placed]:
    if _Inherited.work is None:
        raise RuntimeError("a process inherits what it works with")
    snapshot, policy, pieces = _Inherited.work
    return place(snapshot, policy, pieces[number])
