"""G7: one offering against all standing needs, filtered and scored, beside the same filter in PostgreSQL."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean, median

from bench.speed.corpus import AS_OF, Maker
from bench.speed.gin import Needs
from bench.speed.standing_needs import questions
from services.matching import policy, snapshot
from services.matching.question import Asked
from services.matching.reverse import fitting
from services.matching.reverse.fitting import Fitting
from services.matching.reverse.offer import Offer
from services.matching.reverse.standing import Standing, Waiting
from services.matching.segment import Entry
from services.matching.snapshot import Snapshot
from tests.support import postgresql

BEST, WARM_UP, LEARNED_FROM = 100, 10, 2000


@dataclass(frozen=True)
class Figures:
    """Medians in milliseconds over `runs` offerings."""

    needs: int
    runs: int
    survivors: float
    reverse_ms: float
    filter_ms: float
    database_ms: float
    ratio: float
    """Median of the ratios of the interleaved pairs, as offers per second: G7."""
    build_seconds: float


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
    ours, filters, theirs, survivors = [], [], [], []
    for number, entry in enumerate(held.base.entries[-runs - WARM_UP :]):
        offer = Offer.of(entry, standing, held.text_model, AS_OF)
        contestants: list[tuple[list[float], Callable[[], object]]] = [
            (ours, lambda entry=entry: reverse(held, standing, entry)),
            (filters, lambda offer=offer: fitting.eligible(standing, offer)),
            (theirs, lambda offer=offer: database.matching(offer)),
        ]
        dice.shuffle(contestants)
        for times, act in contestants:
            before = time.perf_counter()
            act()
            if number >= WARM_UP:
                times.append((time.perf_counter() - before) * 1000)
        found = {int(standing.ids[standing.rows[place]]) for place in fitting.eligible(standing, offer)}
        assert found == set(database.matching(offer)), "the two filters differ"
        survivors.append(len(found))
    database.close()
    return Figures(
        needs=len(standing),
        runs=runs,
        survivors=fmean(survivors),
        reverse_ms=median(ours),
        filter_ms=median(filters),
        database_ms=median(theirs),
        ratio=median(their / our for their, our in zip(theirs, ours, strict=True)),
        build_seconds=built,
    )


def reverse(held: Snapshot, standing: Standing, entry: Entry) -> list[Fitting]:
    """From an offering to the needs it fits best, with their exact scores."""
    return fitting.best(standing, Offer.of(entry, standing, held.text_model, AS_OF), BEST)
