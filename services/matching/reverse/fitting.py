"""Which open needs an offering fits, and how well: what matching would tell each of them, all at once."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel import ranking
from services.matching.kernel.constraints import BIT
from services.matching.reverse import rules, values
from services.matching.reverse.offer import Offer
from services.matching.reverse.rules import Places
from services.matching.reverse.standing import UNSURE, Standing
from services.matching.reverse.wanted_words import weigh
from services.matching.snapshot import topical


@dataclass(frozen=True)
class Fitting:
    """A need that an offering fits, with the score that matching would give the offering there."""

    need: str
    score: int


@dataclass(frozen=True)
class Considered:
    """The needs in whose topic gate the offering is, and the constraints that it breaks for each, as bits."""

    places: Places
    broken: NDArray[np.uint16]

    @property
    def eligible(self) -> Places:
        """The needs for which it breaks nothing."""
        places: Places = self.places[self.broken == 0]
        return places

    def breaking_only(self, constraint: str) -> Places:
        """The needs for which it breaks this constraint and no other."""
        places: Places = self.places[self.broken == BIT[constraint]]
        return places


def consider(standing: Standing, offer: Offer) -> Considered:
    """Every need of the offering's topic, whatever it breaks."""
    places = [np.arange(bucket.start, bucket.stop) for bucket in _buckets(standing, offer)]
    gated = _once(standing, offer, places, _unsure(standing))
    return Considered(gated, rules.failures(standing.wants, gated, offer))


def eligible(standing: Standing, offer: Offer) -> Places:
    """The needs of the offering's topic for which it breaks nothing."""
    places = [rules.kept(standing.wants, bucket, offer) for bucket in _buckets(standing, offer)]
    unsure = standing.buckets.get(UNSURE)
    open_to_text = rules.kept(standing.wants, unsure, offer) if unsure else _unsure(standing)
    return _once(standing, offer, places, open_to_text)


def best(standing: Standing, offer: Offer, most: int) -> list[Fitting]:
    """The needs that the offering fits best, and the score it has there; ties as in the forward direction."""
    places = eligible(standing, offer)
    points = scores(standing, places, offer)
    if len(points) > most:
        likely = points >= np.partition(points, -most)[-most]
        places, points = places[likely], points[likely]
    provider = offer.entry.provider.content.uscc if offer.entry.provider else ""
    content = offer.entry.offering.content_hash

    ranked = list(zip(standing.rows[places].tolist(), points.tolist(), strict=True))
    shared = Counter(score for _, score in ranked)

    def order(found: tuple[int, int]) -> tuple[int, bytes]:
        row, score = found
        tied = shared[score] > 1
        return -score, ranking.tie_breaker(standing.hashes[row], content, provider) if tied else b""

    return [Fitting(standing.ids[row], score) for row, score in sorted(ranked, key=order)[:most]]


def scores(standing: Standing, places: Places, offer: Offer) -> NDArray[np.int32]:
    """The score of the offering for each of these needs."""
    table = values.table(standing, places, offer)
    weighing = standing.wants.weighing[places]
    answer = np.zeros(len(places), np.int32)
    for number in np.unique(weighing):
        chosen = np.flatnonzero(weighing == number)
        points = ranking.contributions(table[:, chosen], standing.weights[number], standing.policy)
        answer[chosen] = points.sum(axis=0, dtype=np.int32)
    return answer


def _buckets(standing: Standing, offer: Offer) -> list[slice]:
    families = sorted({standing.tree.family(code) for code in offer.entry.offering.content.categories})
    return [standing.buckets[family] for family in families if family in standing.buckets]


def _unsure(standing: Standing) -> Places:
    bucket = standing.buckets.get(UNSURE, slice(0, 0))
    return np.arange(bucket.start, bucket.stop)


def _once(standing: Standing, offer: Offer, by_family: list[Places], unsure: Places) -> Places:
    """Each need once that the offering's editions let in; of those that only text may find, the ones that it finds."""
    unsure = unsure[_found_by_text(standing, unsure, offer)] if len(unsure) else unsure
    parts = [_open(standing, part, offer) for part in (*by_family, unsure) if len(part)]
    if len(parts) < 2:
        return parts[0] if parts else np.zeros(0, np.int64)
    seen, fresh = np.zeros(len(standing), np.bool_), []
    for part in parts:
        rows = standing.rows[part]
        fresh.append(part[~seen[rows]])
        seen[rows] = True
    return np.concatenate(fresh)


def _open(standing: Standing, places: Places, offer: Offer) -> Places:
    """The places of needs that are not narrowed to an edition which does not list the offering."""
    closed = [rows for edition, rows in standing.editions.items() if edition not in offer.editions]
    return places[~np.isin(standing.rows[places], np.concatenate(closed))] if closed else places


def _found_by_text(standing: Standing, places: Places, offer: Offer) -> NDArray[np.bool_]:
    """Which of these needs the offering's text answers: the mirror of the gate's rule."""
    words = standing.words
    told = weigh(words.wording, standing.rows[places], (offer.said > 0) * words.telling)
    reaches = values.text(standing, places, offer) >= standing.policy.gate.text_floor
    answer: NDArray[np.bool_] = reaches & (told >= topical.ENOUGH)
    return answer
