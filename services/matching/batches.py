"""Many needs at once, without a trace: each is checked, read and placed as if it was submitted, on all cores.

Nothing is explained and nothing stored, so it is many times as fast; who wants to know more of a need submits it.
"""

import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from services.matching import intake, runs
from services.matching.acceptance import accept
from services.matching.kernel import bulk
from services.matching.kernel.bulk import Ground, Placed
from services.matching.kernel.question import Question
from services.matching.live import View
from shared import bodies, validation
from shared.contracts.needs import NeedRequest
from shared.principal import Principal
from shared.problems import Problem

CHUNK = 500
"""Needs that a process takes at a time: enough of them to gain from each other."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The categories that were read of a need, and its places."""

    categories: tuple[str, ...]
    placed: Placed


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a need is refused: the status and the document of the problem."""

    status: int
    problem: dict[str, Any]


Outcome = Answered | Refused


@dataclass(frozen=True)
class Batch:
    """The work of all processes: forked off, they share the memory of the catalogue, and nothing of it is copied."""

    view: View
    caller: Principal
    ground: Ground
    needs: Sequence[bytes]

    @classmethod
    def of(cls, view: View, caller: Principal, needs: Sequence[bytes]) -> "Batch":
        """Lays the catalogue out for these needs, each a body of `POST /v1/needs`."""
        ground = Ground(view.snapshot)
        for family in {view.snapshot.tree.family(code) for code in view.snapshot.tree.records}:
            ground.fields(family)
        return cls(view, caller, ground, needs)

    def outcomes(self) -> Iterator[Outcome]:
        """What becomes of each need, in their order, a chunk after the other."""
        starts = range(0, len(self.needs), CHUNK)
        count = min(os.cpu_count() or 1, len(starts))
        if count <= 1:
            for start in starts:
                yield from self.chunk(start)
            return
        gc.freeze()  # else the collector of each process would write to, and so copy, all that they share
        with ProcessPoolExecutor(count, multiprocessing.get_context("fork"), _inherit, (self,)) as pool:
            try:
                for outcomes in pool.map(_chunk, starts):
                    yield from outcomes
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def chunk(self, start: int) -> list[Outcome]:
        """What becomes of the needs from this one on, as many as make a chunk."""
        read = [self._question(body) for body in self.needs[start : start + CHUNK]]
        questions = [item for item in read if isinstance(item, Question)]
        placed = iter(bulk.place(self.ground, self.view.policy, questions))
        return [item if isinstance(item, Refused) else self._answered(item, next(placed)) for item in read]

    def _question(self, body: bytes) -> Question | Refused:
        try:
            request = validation.parsed(NeedRequest, bodies.check_json(body))
            accepted = accept(request, self.caller, self.view, demo=False)
        except Problem as refused:
            return Refused(refused.status, refused.document())
        profile = intake.read(accepted, self.view.language, runs.day(accepted))
        return runs.question(accepted, profile, self.view.ledger.established)

    def _answered(self, question: Question, placed: Placed) -> Answered:
        runs.assert_kept(self.view.snapshot, question, [offering_id for offering_id, _ in placed.places])
        return Answered(tuple(read.code for read in question.profile.categories), placed)


class _Inherited:
    """What a process works on."""

    batch: Batch


def _inherit(batch: Batch) -> None:
    _Inherited.batch = batch
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command is interrupted, and it ends its processes


def _chunk(start: int) -> list[Outcome]:
    return _Inherited.batch.chunk(start)
