"""match() in process, interleaved with the raw engine query on the same offers.

match() runs from the parsed body to the answer's bytes: read the text, cut its words, filter, rank, explain, spell out;
without storing the run. What it takes once the text is read stands in columns of its own: the engine reads nothing.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean, median

import numpy as np

from bench.relevance import judged
from bench.speed.corpus import AS_OF, PUBLISHED, Catalogue, Maker
from bench.speed.engine import Engine
from services.matching import intake, memory
from services.matching.intake import language
from services.matching.intake.language import Language
from services.matching.kernel import answer, constraints, gate, policy, writing
from services.matching.kernel.gate import Considered, Near
from services.matching.kernel.question import Asked, Question
from services.matching.snapshot import snapshot
from services.matching.snapshot.snapshot import Snapshot
from shared.codes.regions import NATIONWIDE
from shared.contracts.needs import Enterprise, NeedRequest

WARM_UP = 5
Seconds = tuple[float, float]
"""Of the wall clock, of the processor."""
Act = Callable[[], object]
LEARNED_FROM = 20_000
"""So many offerings are enough to learn the catalogue's language from."""


@dataclass(frozen=True)
class Timed:
    """Medians of interleaved pairs: milliseconds of ours and of the engine's, and their ratio."""

    ours_ms: float
    engine_ms: float
    ratio: float
    cpu_ratio: float
    """The same in processor time, which other work on the machine disturbs less."""

    @classmethod
    def of(cls, ours: Sequence[Seconds], theirs: Sequence[Seconds]) -> "Timed":
        """The medians of these times."""
        pairs = list(zip(ours, theirs, strict=True))
        return cls(
            ours_ms=1000 * median(wall for wall, _ in ours),
            engine_ms=1000 * median(wall for wall, _ in theirs),
            ratio=median(mine[0] / other[0] for mine, other in pairs),
            cpu_ratio=median(mine[1] / other[1] for mine, other in pairs),
        )


@dataclass(frozen=True)
class Figures:
    """Medians in milliseconds over `runs` needs; means of the counts."""

    catalogue: str
    offers: int
    runs: int
    build_seconds: float
    survivors: float
    considered: float
    match: Timed
    """From the parsed body to the bytes: G1."""
    read: Timed
    """The same, once the text is read: from the profile to the bytes."""
    recall: float
    """Share of the exhaustively best ten that are served: G3."""
    segments: int
    characters: float
    """Mean length of the needs' texts."""
    terms: float
    """Mean number of words that both contestants look for."""


class Contest:
    """A catalogue held by both contestants."""

    def __init__(self, catalogue: Catalogue) -> None:
        started = time.perf_counter()
        self.held = snapshot.build(catalogue.categories, catalogue.providers, catalogue.offerings)
        self.build_seconds = time.perf_counter() - started
        self.language = language.build(offering.content for offering in catalogue.offerings[:LEARNED_FROM])
        self.engine = Engine(self.held)
        self.policy = policy.default()
        question(NeedRequest(text="预热", enterprise=Enterprise(region=NATIONWIDE)), self.language)
        memory.settle()  # as the service does, when it has read a first need

    def run(self, name: str, needs: Sequence[NeedRequest], seed: int) -> Figures:
        """Measures the needs one by one, the contestants in random order; the first few only warm up.

        What follows the reading is measured in a pass of its own: what a text was cut into is remembered for a while.

        Nothing else happens between the measured calls: a scan of everything there, as `recall` needs one, would
        empty the processor's caches of both contestants before every single call. So that comes afterwards.
        """
        asked = [Asked.of(question(need, self.language), self.held, self.policy) for need in needs]
        queries = [self.engine.query(one.demand, one.wording.words) for one in asked]
        searches = [partial(self.engine.search, query) for query in queries]
        dice = random.Random(seed)
        spellings = [partial(spell, self.held, self.policy, one.question) for one in asked]
        responses = [partial(respond, self.held, self.policy, need, self.language) for need in needs]
        read = _interleaved(spellings, searches, dice)
        match = _interleaved(responses, searches, dice)
        found = [answer.match(self.held, self.policy, one.question) for one in asked]
        return Figures(
            catalogue=name,
            offers=len(self.held),
            runs=len(needs) - WARM_UP,
            build_seconds=self.build_seconds,
            survivors=fmean(one.eligible for one in found),
            considered=fmean(one.considered for one in found),
            match=match,
            read=read,
            recall=fmean(
                recall(self.held, one, [result.offering_id for result in served.results])
                for one, served in zip(asked, found, strict=True)
            ),
            segments=self.engine.segments,
            characters=fmean(len(need.text or "") for need in needs),
            terms=fmean(len(one.wording.words) for one in asked),
        )


def _interleaved(ours: Sequence[Act], theirs: Sequence[Act], dice: random.Random) -> Timed:
    """Both acts of each need in random order; the first few only warm up."""
    times: tuple[list[Seconds], list[Seconds]] = [], []
    for number, acts in enumerate(zip(ours, theirs, strict=True)):
        for which in dice.sample((0, 1), 2):
            before, busy = time.perf_counter(), time.thread_time()
            acts[which]()
            if number >= WARM_UP:
                times[which].append((time.perf_counter() - before, time.thread_time() - busy))
    return Timed.of(*times)


def measure(size: int, runs: int, seed: int) -> Figures:
    """A synthetic catalogue of this size, and synthetic needs."""
    maker = Maker(seed)
    return Contest(maker.catalogue(size)).run("synthetic", list(maker.needs(runs + WARM_UP)), seed)


def measure_demo(seed: int = 7) -> Figures:
    """The demo catalogue and the judged needs, as they are."""
    needs = [
        NeedRequest(text=need.text, enterprise=Enterprise.model_validate(need.enterprise), as_of=AS_OF)
        for need in judged.load()
    ]
    return Contest(Maker(seed).demo()).run("demo", needs, seed)


def respond(held: Snapshot, rules: policy.Policy, need: NeedRequest, spoken: Language) -> bytes:
    """From the parsed body to the answer's bytes, without storing the run."""
    return spell(held, rules, question(need, spoken))


def spell(held: Snapshot, rules: policy.Policy, asked: Question) -> bytes:
    """From what was read to the answer's bytes."""
    return writing.run(answer.match(held, rules, asked), "run_0", "need_0", PUBLISHED)


def question(need: NeedRequest, spoken: Language) -> Question:
    """A need as it is matched; reading its text is part of what is measured."""
    profile = intake.read(need, spoken, AS_OF)
    return Question(profile, need.enterprise, AS_OF, "0" * 64, need.text or "", need.top_k)


def recall(held: Snapshot, asked: Asked, served: Sequence[str]) -> float:
    """Of the ten best by brute force, the share that is served."""
    best = exhaustive(held, asked)
    return len(set(best) & set(served)) / len(best) if best else 1.0


def exhaustive(held: Snapshot, asked: Asked) -> list[str]:
    """The list by brute force: the gate and the constraints asked of every offer, no bucket and no slice."""
    segment = held.base
    wanted = {code for code, _ in asked.demand.categories}
    bordering = wanted | {other for code in wanted for other in held.tree.siblings(code)}
    inside = np.array([not bordering.isdisjoint(codes) for codes in segment.category_sets.sets])
    near = Near.of(segment, asked.demand)
    broken = constraints.failures(gate.rows(segment, near, slice(len(segment.rows))), asked.demand)
    fit = segment.first & inside[segment.categories] & (broken == 0)
    ranked = []
    for bucket in segment.buckets.values():
        places = fit[bucket.places].nonzero()[0] + bucket.places.start
        part = Considered(segment, bucket, near, places, broken[places])
        ranked.append(answer.rank(part, places, asked))
    return [part.entry(row).offering.id for part, row, _ in answer.first(ranked, asked)]
