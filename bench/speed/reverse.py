"""G7: one offering against all standing needs, filtered and scored, beside the same filter in PostgreSQL."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from bench.speed import gin
from bench.speed.corpus import AS_OF, Maker
from bench.speed.gin import Needs
from bench.speed.standing_needs import questions
from services.matching.kernel import policy
from services.matching.kernel.question import Asked
from services.matching.reverse import fitting, values
from services.matching.reverse.offer import Offer
from services.matching.reverse.standing import Standing, Waiting
from services.matching.snapshot import snapshot
from services.matching.snapshot.snapshot import Snapshot
from tests.support import postgresql

BEST, WARM_UP, LEARNED_FROM = 100, 10, 2000


@dataclass(frozen=True)
class Figures:
    """Offers per second over `runs` offerings."""

    needs: int
    runs: int
    survivors: float
    filtered: float
    """Only which needs the offering is eligible for."""
    scored: float
    """Also its exact topic and text score for each, and the best hundred of them."""
    ranked: float
    """Also its whole score by all criteria, as the forward direction gives it, and the best hundred by that."""
    apart: float
    """Only the filter, in PostgreSQL with a GIN index an array."""
    joint: float
    """The same with one GIN index over all arrays."""
    build_seconds: float

    @property
    def ratio(self) -> float:
        """G7."""
        return self.scored / self.apart


def measure(needs: int, runs: int, seed: int = 7) -> Figures:
    """Lets so many needs wait in memory and in PostgreSQL, and offers `runs` offerings to both in random order."""
    maker = Maker(seed)
    catalogue = maker.catalogue(LEARNED_FROM + runs + WARM_UP)
    held = snapshot.build(catalogue.categories, catalogue.providers, catalogue.offerings)
    rules = policy.default()
    waiting = [Waiting.of(str(n), Asked.of(asked, held, rules)) for n, asked in enumerate(questions(maker, needs))]
    started = time.perf_counter()
    standing = Standing.build(waiting, held.tree, rules)
    built = time.perf_counter() - started
    cluster = postgresql.start()
    try:
        families = {code: record.parent for code, record in held.tree.records.items() if record.parent}
        database = Needs(cluster.url, waiting, families)
        del waiting
        return _measure(held, standing, database, runs, built, random.Random(seed))
    finally:
        cluster.stop()


def _measure(
    held: Snapshot, standing: Standing, database: Needs, runs: int, built: float, dice: random.Random
) -> Figures:
    spent: dict[str, float] = dict.fromkeys(("filtered", "scored", "ranked", gin.APART, gin.JOINT), 0.0)
    survivors = []
    for number, row in enumerate(range(len(held.base.entries) - runs - WARM_UP, len(held.base.entries))):
        offer = Offer.of(held.base, row, standing, AS_OF)
        contestants: list[tuple[str, Callable[[], object]]] = [
            ("filtered", lambda row=row: fitting.eligible(standing, _offer(held, standing, row))),
            ("scored", lambda row=row: scored(standing, _offer(held, standing, row))),
            ("ranked", lambda row=row: fitting.best(standing, _offer(held, standing, row), BEST)),
            (gin.APART, lambda offer=offer: database.matching(offer, gin.APART)),
            (gin.JOINT, lambda offer=offer: database.matching(offer, gin.JOINT)),
        ]
        dice.shuffle(contestants)
        for name, act in contestants:
            before = time.perf_counter()
            act()
            spent[name] += (time.perf_counter() - before) * (number >= WARM_UP)
        found = {int(standing.ids[standing.rows[place]]) for place in fitting.eligible(standing, offer)}
        assert found == set(database.matching(offer, gin.JOINT)), "the two filters differ"
        survivors.append(len(found))
    database.close()
    rates = {name: runs / seconds for name, seconds in spent.items()}
    return Figures(
        needs=len(standing),
        runs=runs,
        survivors=fmean(survivors),
        filtered=rates["filtered"],
        scored=rates["scored"],
        ranked=rates["ranked"],
        apart=rates[gin.APART],
        joint=rates[gin.JOINT],
        build_seconds=built,
    )


def _offer(held: Snapshot, standing: Standing, row: int) -> Offer:
    return Offer.of(held.base, row, standing, AS_OF)


def scored(standing: Standing, offer: Offer) -> list[int]:
    """The rows of the needs whose topic and wording the offering meets best."""
    places = fitting.eligible(standing, offer)
    points = values.topic(standing, places, offer) + values.text(standing, places, offer)
    if len(points) > BEST:
        places = places[np.argpartition(points, -BEST)[-BEST:]]
    rows: list[int] = standing.rows[places].tolist()
    return rows
