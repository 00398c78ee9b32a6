"""G2: an explained match through the gateway, beside the raw engine query on the same offers."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

import httpx2

from bench.load import offers
from bench.load.system import SERVICES, System
from bench.speed.corpus import Catalogue, Maker
from bench.speed.matching import Contest, question
from services.matching.kernel.question import Asked
from shared.contracts.needs import NeedRequest
from shared.principal import GATEWAY

WARM_UP = 5


@dataclass(frozen=True)
class Figures:
    """Medians in milliseconds over `runs` needs asked one after the other; means of the counts."""

    offers: int
    runs: int
    survivors: float
    bytes: float
    through_ms: float
    engine_ms: float
    ratio: float
    """Median of the ratios of the interleaved pairs: G2."""
    through_cpu_ms: float
    """Mean processor time of all three services."""
    engine_cpu_ms: float


class Engine:
    """The engine's side of the contest, over the catalogue that matching holds too."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._contest = Contest(catalogue)
        self.offers = len(self._contest.held)

    def search(self, need: NeedRequest) -> Callable[[], int]:
        """The raw query of a need, made and ready to be run."""
        contest = self._contest
        asked = Asked.of(question(need, contest.language), contest.held, contest.policy)
        query = contest.engine.query(asked.demand, asked.wording.words)
        return lambda: contest.engine.search(query)


def lay(size: int, seed: int) -> Callable[[Path], None]:
    """Puts a catalogue of this size into matching's tables, before it starts."""
    return lambda folder: offers.lay(folder, Maker(seed).catalogue(size))


def measure(system: System, size: int, runs: int, seed: int) -> Figures:
    """Asks both, need by need, in random order; matching holds the catalogue of `lay(size, seed)`."""
    maker = Maker(seed)
    engine = Engine(maker.catalogue(size))
    headers = {"Authorization": f"Bearer {system.key('bureau')}", "Content-Type": "application/json"}
    with httpx2.Client(base_url=system.urls[GATEWAY], headers=headers, timeout=60, trust_env=False) as client:
        return _interleaved(system, client, engine, list(maker.needs(runs + WARM_UP)), random.Random(seed))


def _interleaved(
    system: System, client: httpx2.Client, engine: Engine, needs: Sequence[NeedRequest], dice: random.Random
) -> Figures:
    pairs: list[tuple[float, float]] = []
    survivors, sizes = [], []
    busy, spent = 0.0, 0.0
    for number, need in enumerate(needs):
        search, body = engine.search(need), need.model_dump_json(exclude_unset=True)
        times: dict[str, float] = {}
        if number == WARM_UP:
            busy, spent = system.seconds(*SERVICES), 0.0
        for name in dice.sample(("through", "engine"), 2):
            before, taken = time.perf_counter(), time.thread_time()
            if name == "engine":
                search()
                spent += time.thread_time() - taken
            else:
                answer = client.post("/v1/needs", content=body)
            times[name] = time.perf_counter() - before
        assert answer.status_code == 201, answer.text
        if number >= WARM_UP:
            pairs.append((times["through"], times["engine"]))
            survivors.append(answer.json()["match_run"]["eligible"])
            sizes.append(len(answer.content))
    runs = len(pairs)
    return Figures(
        offers=engine.offers,
        runs=runs,
        survivors=fmean(survivors),
        bytes=fmean(sizes),
        through_ms=1000 * median(through for through, _ in pairs),
        engine_ms=1000 * median(raw for _, raw in pairs),
        ratio=median(through / raw for through, raw in pairs),
        through_cpu_ms=1000 * (system.seconds(*SERVICES) - busy) / runs,
        engine_cpu_ms=1000 * spent / runs,
    )
