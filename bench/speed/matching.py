"""One measured size of catalogue: match() from the parsed request to the answer's bytes, beside the raw query."""

import gc
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from bench.speed.corpus import AS_OF, Maker
from bench.speed.engine import Engine
from services.matching import answer, constraints, intake, policy, snapshot
from services.matching.gate import Considered
from services.matching.intake import language
from services.matching.intake.language import Language
from services.matching.question import Asked, Question
from services.matching.snapshot import Snapshot
from shared.contracts.matches import MatchRun
from shared.contracts.needs import NeedRequest

WARM_UP = 5


@dataclass(frozen=True)
class Figures:
    """Medians in milliseconds over `runs` needs."""

    offers: int
    runs: int
    build_seconds: float
    survivors: float
    considered: float
    match_ms: float
    engine_ms: float
    ratio: float
    """Median of the ratios of the interleaved pairs: G1."""
    recall: float
    """Share of the exhaustively best ten that are served: G3."""
    segments: int


def measure(size: int, runs: int, seed: int = 7) -> Figures:
    """Builds a catalogue of this size and measures `runs` needs on it, the two contestants in random order."""
    maker = Maker(seed)
    catalogue = maker.catalogue(size)
    started = time.perf_counter()
    held = snapshot.build(catalogue.categories, catalogue.providers, catalogue.offerings)
    built = time.perf_counter() - started
    spoken = language.build(offering.content for offering in catalogue.offerings[:20_000])
    engine = Engine(held)
    rules = policy.default()
    dice = random.Random(seed)
    gc.collect()
    gc.freeze()  # as the service does: millions of records would be walked again and again
    ours, theirs, survivors, considered, recalls = [], [], [], [], []
    for number, request in enumerate(maker.needs(runs + WARM_UP)):
        question = _question(request, spoken)
        asked = Asked.of(question, held, rules)
        query = engine.query(asked.demand, asked.wording.words)
        contestants: list[tuple[list[float], Callable[[], object]]] = [
            (ours, lambda request=request: respond(held, rules, request, spoken)),
            (theirs, lambda query=query: engine.search(query)),
        ]
        dice.shuffle(contestants)
        for times, act in contestants:
            before = time.perf_counter()
            act()
            if number >= WARM_UP:
                times.append((time.perf_counter() - before) * 1000)
        found = answer.match(held, rules, question)
        survivors.append(found.eligible)
        considered.append(found.considered)
        recalls.append(recall(held, asked, [result.offering_id for result in found.results]))
    return Figures(
        offers=size,
        runs=runs,
        build_seconds=built,
        survivors=fmean(survivors),
        considered=fmean(considered),
        match_ms=median(ours),
        engine_ms=median(theirs),
        ratio=median(ours_ / theirs_ for ours_, theirs_ in zip(ours, theirs, strict=True)),
        recall=fmean(recalls),
        segments=engine.segments,
    )


def respond(held: Snapshot, rules: policy.Policy, request: NeedRequest, spoken: Language) -> bytes:
    """From the parsed body to the answer's bytes, without storing the run."""
    found = answer.match(held, rules, _question(request, spoken))
    fields = {name: getattr(found, name) for name in found.__dataclass_fields__}
    run = MatchRun.model_construct(id="run_0", need_id="need_0", created_at=None, **fields)  # type: ignore[arg-type]
    return run.model_dump_json(warnings=False).encode()


def _question(request: NeedRequest, spoken: Language) -> Question:
    profile = intake.read(request, spoken, AS_OF)
    return Question(profile, request.enterprise, AS_OF, "0" * 64, request.text or "", request.top_k)


def recall(held: Snapshot, asked: Asked, served: Sequence[str]) -> float:
    """Of the ten best by brute force, the share that is served."""
    best = exhaustive(held, asked)
    return len(set(best) & set(served)) / len(best) if best else 1.0


def exhaustive(held: Snapshot, asked: Asked) -> list[str]:
    """The list by brute force: the gate and the constraints asked of every offer, no bucket and no slice."""
    segment = held.base
    _, places = np.unique(segment.rows, return_index=True)
    wanted = {code for code, _ in asked.demand.categories}
    bordering = wanted | {other for code in wanted for other in held.tree.siblings(code)}
    inside = np.array([not bordering.isdisjoint(codes) for codes in segment.category_sets])
    whole = Considered.none(segment, asked.demand)
    broken = constraints.failures(whole.rows(places), asked.demand)
    places = places[inside[segment.categories[places]] & (broken == 0)]
    ranked = answer.rank(whole, places, asked)
    return [part.entry(row).offering.id for part, row in answer.first([ranked], asked)]
