"""The matching kernel: a question and a snapshot in, ranked and explained offers out. A pure function."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel import criteria, explanation, gate, narrowing, own_limits, ranking, relaxations, unmet
from services.matching.kernel.criteria import Candidates
from services.matching.kernel.gate import Considered, Places
from services.matching.kernel.parts import Elimination, Relaxation, Result, Unmet
from services.matching.kernel.policy import Policy
from services.matching.kernel.question import Asked, Question
from services.matching.snapshot.columns import Columns
from services.matching.snapshot.segment import Entry
from services.matching.snapshot.snapshot import Snapshot
from shared.contracts.matches import NarrowedTo


@dataclass(frozen=True)
class Answer:
    """Everything of a match run but its ids and its time; the fields are those of `shared.contracts.matches`."""

    policy_version: str
    text_model_version: str
    catalog_position: int
    as_of: date
    considered: int
    eligible: int
    edition: NarrowedTo | None
    results: tuple[Result, ...]
    eliminated: tuple[Elimination, ...]
    relaxations: tuple[Relaxation, ...]
    unmet: Unmet | None


@dataclass(frozen=True)
class Ranked:
    """Offers of one segment with their values (criteria × rows), contributions and scores."""

    considered: Considered
    places: Places
    candidates: Candidates
    values: NDArray[np.int32]
    contributions: NDArray[np.int32]
    scores: NDArray[np.int32]

    def entry(self, row: int) -> Entry:
        """The offering of a row."""
        return self.considered.entry(self.places.item(row))


class Shown(NamedTuple):
    """An offer in the list: its segment's table, its row in it, and whether the place was kept for a newcomer."""

    part: Ranked
    row: int
    kept: bool


def match(snapshot: Snapshot, policy: Policy, question: Question) -> Answer:
    """Ranks every eligible offer exactly and explains the first `top_k`.

    Raises policy.WeightOutOfBounds for weights that the policy does not allow.
    """
    asked = Asked.of(question, snapshot, policy)
    gated = gate.every(snapshot, asked)
    narrowed = narrowing.narrow(gated, snapshot, question.edition)
    considered = narrowed.considered
    ranked = [rank(part, part.eligible, asked) for part in considered]
    return Answer(
        policy_version=policy.version,
        text_model_version=snapshot.text_model.version,
        catalog_position=snapshot.position,
        as_of=question.as_of,
        considered=sum(len(part.places) for part in considered),
        eligible=sum(len(part.places) for part in ranked),
        edition=narrowed.to,
        results=explanation.results(first(ranked, asked), asked),
        eliminated=explanation.eliminated(considered),
        relaxations=relaxations.smallest(considered, asked),
        unmet=narrowing.explained(unmet.word(ranked, asked), narrowed),
    )


def rank(part: Considered, places: Places, asked: Asked) -> Ranked:
    """Scores the offers at these places on every criterion."""
    segment, near = part.segment, part.near
    records = segment.records.take(places)
    columns = Columns.of(records)
    wording, inside = asked.wording, places - part.bucket.places.start
    hits = part.bucket.words.find(wording.words, wording.numbers, inside)
    candidates = Candidates(
        columns=columns,
        topic=near.topic.take(records["categories"]),
        industry=near.industry.take(records["industries"]),
        region=near.region.take(records["regions"]),
        hits=hits,
        found=hits.weigh(criteria.word_weights(wording)).astype(np.int64),
        meanings=segment.meanings.take(places, axis=0),
        scenarios=records["scenarios"],
        scenario_sets=segment.scenario_sets,
        misfit=own_limits.misfit(columns, asked.demand, wording.kinds),
        totals=criteria.first_year_totals(columns, asked.demand),
    )
    values = criteria.table(candidates, asked)
    points = ranking.contributions(values, asked.weights, asked.policy)
    return Ranked(part, places, candidates, values, points, points.sum(axis=0, dtype=np.int32))


def first(ranked: Sequence[Ranked], asked: Asked) -> list[Shown]:
    """The places of the list, best first."""
    if len(ranked) == 1:
        alone = ranked[0]
        return [Shown(alone, row, kept) for row, kept in choose(alone.scores, alone.entry, asked)]
    scores = np.concatenate([np.zeros(0, np.int32), *(part.scores for part in ranked)])
    starts = list(accumulate([len(part.scores) for part in ranked], initial=0))

    def locate(number: int) -> tuple[Ranked, int]:
        which = bisect_right(starts, number) - 1
        return ranked[which], number - starts[which]

    def entry(number: int) -> Entry:
        part, row = locate(number)
        return part.entry(row)

    return [Shown(*locate(number), kept) for number, kept in choose(scores, entry, asked)]


def choose(scores: NDArray[np.int32], entry: Callable[[int], Entry], asked: Asked) -> list[tuple[int, bool]]:
    """Which of some scored offers stand in the list, best first, and whether the place was kept for a newcomer."""

    def owner(number: int) -> str:
        return entry(number).offering.provider_id

    def tie(number: int) -> bytes:
        found = entry(number)
        provider = found.provider.content.uscc if found.provider else ""
        return ranking.tie_breaker(asked.question.need_hash, found.offering.content_hash, provider)

    question, policy = asked.question, asked.policy
    order = ranking.in_order(scores, tie, question.top_k)
    chosen, kept = ranking.share_out(order, owner, question.top_k, policy.diversity), None
    if policy.newcomers and question.established:
        chosen, kept = ranking.keep_place(
            chosen, scores, lambda number: owner(number) in question.established, tie, policy.newcomers
        )
    return [(number, number == kept) for number in chosen]
