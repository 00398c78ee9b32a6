"""G8: many needs at once on one core, beside the textbook way: one sparse matrix product of everything."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bench.speed.corpus import Maker
from bench.speed.standing_needs import questions
from services.matching.batches import CHUNK
from services.matching.kernel import bulk, constraints, gate, policy
from services.matching.kernel.gate import Near
from services.matching.kernel.question import Asked, Question
from services.matching.snapshot import snapshot, words
from services.matching.snapshot.segment import Segment
from services.matching.snapshot.snapshot import Snapshot

PIECE = 50
"""Needs that one product takes at a time: 50 dense rows of everything are as much as a cache holds."""
TOP = 10


@dataclass(frozen=True)
class Figures:
    """Milliseconds of processor time for a need whose words are cut already: ours over `runs` needs, the product over
    every tenth piece of them, in between.

    Ours gives the whole score by all criteria, the product the text score alone.
    """

    offers: int
    runs: int
    products: int
    survivors: float
    bulk_ms: float
    product_ms: float

    @property
    def ratio(self) -> float:
        """G8."""
        return self.product_ms / self.bulk_ms


def measure(size: int, runs: int, seed: int = 7) -> Figures:
    """Places `runs` needs on a catalogue of this size in both ways, piece by piece in turn, on one core."""
    maker = Maker(seed)
    catalogue = maker.catalogue(size)
    held = snapshot.build(catalogue.categories, catalogue.providers, catalogue.offerings)
    return compare(held, list(questions(maker, runs)))


def compare(held: Snapshot, asked: Sequence[Question]) -> Figures:
    """Both ways on this snapshot, laid out for each beforehand; the needs are in the order in which bulk takes them."""
    rules, tree = policy.default(), held.tree
    everything, ground = Everything(held.base), bulk.Ground(held)
    for family in held.base.buckets:
        ground.fields(family)
    ready = [Asked.of(question, held, rules) for question in asked]
    ready.sort(key=lambda one: tree.family(one.demand.categories[0][0]))
    ours, product, products = 0.0, 0.0, 0
    survivors: list[int] = []
    for start in range(0, len(ready), CHUNK):
        chunk = ready[start : start + CHUNK]
        before = time.process_time()
        placed = bulk.rank(ground, chunk)
        ours += time.process_time() - before
        for piece in (chunk[first : first + PIECE] for first in range(0, len(chunk), 10 * PIECE)):
            before = time.process_time()
            everything.best(piece)
            product += time.process_time() - before
            products += len(piece)
        survivors += [one.eligible for one in placed]
    return Figures(
        offers=len(held),
        runs=len(ready),
        products=products,
        survivors=fmean(survivors),
        bulk_ms=1000 * ours / len(ready),
        product_ms=1000 * product / products,
    )


class Everything:
    """All offers × all words as one sparse matrix of text impacts."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._numbers, matrix = words.read(((entry.said, ()) for entry in segment.entries), {})
        factors = np.zeros(len(segment.entries), np.float32)
        factors[segment.rows] = segment.columns.length_factor
        self._impacts = sparse.csr_array(matrix.multiply(factors[:, None])).T.tocsr()

    def best(self, needs: Sequence[Asked]) -> list[NDArray[np.intp]]:
        """The ten eligible offers of each need with the best text score: product, mask, partition."""
        scores = (self._wanted(needs) @ self._impacts).toarray()
        answer = []
        for line, asked in zip(scores, needs, strict=True):
            line[self._segment.rows[self._fails(asked)]] = -1
            answer.append(np.argpartition(line, -TOP)[-TOP:])
        return answer

    def _wanted(self, needs: Sequence[Asked]) -> sparse.csr_array:
        columns = self._numbers
        starts, indices, rarity = [0], [], []
        for asked in needs:
            known = [(columns[word], rare) for word, rare in zip(asked.wording.words, asked.wording.rarity, strict=True)
                     if word in columns]  # fmt: skip
            indices += [column for column, _ in known]
            rarity += [float(rare) for _, rare in known]
            starts.append(len(indices))
        shape = (len(needs), self._impacts.shape[0])
        return sparse.csr_array((np.array(rarity, np.float32), indices, starts), shape)

    def _fails(self, asked: Asked) -> NDArray[np.bool_]:
        near = Near.of(self._segment, asked.demand)
        every = gate.rows(self._segment, near, slice(len(self._segment.rows)))
        broken = constraints.failures(every, asked.demand) != 0
        families = {asked.tree.family(code) for code, _ in asked.demand.categories}
        outside = np.ones(len(broken), np.bool_)
        for family in families & self._segment.buckets.keys():
            outside[self._segment.buckets[family].places] = False
        answer: NDArray[np.bool_] = broken | outside
        return answer
