"""Match runs: answered once, stored with all they depended on, and computed again whenever somebody doubts them."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import insert
from sqlalchemy.orm import Session

from services.matching import exposure, live
from services.matching.kernel import answer, violations, writing
from services.matching.kernel.answer import Answer
from services.matching.kernel.parts import Said
from services.matching.kernel.policy import Policy
from services.matching.kernel.question import Question
from services.matching.live import View
from services.matching.models import Need, PolicyVersion, Run
from services.matching.policies import load
from services.matching.replica import catalogue, learning
from services.matching.snapshot.snapshot import Snapshot
from shared import canonical
from shared.contracts.matches import Difference, Verification
from shared.contracts.needs import NeedRequest, Profile
from shared.contracts.wire import Text

_made = insert(Run.__table__)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Circumstances:
    """What of a run is given and not computed."""

    id: str
    need_id: str
    created_at: datetime
    degraded: Text | None
    established: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MadeRun:
    """A run as it was computed."""

    given: Circumstances
    found: Answer

    @cached_property
    def document(self) -> bytes:
        """The run's bytes, which are stored, hashed and served: a `shared.contracts.matches.MatchRun`."""
        reason = self.given.degraded
        degraded = Said(reason.zh, reason.en) if reason else None
        return writing.run(self.found, self.given.id, self.given.need_id, self.given.created_at, degraded)


def request_bytes(request: NeedRequest) -> bytes:
    """A request as it is stored; what was not stated stays away, for a stated null says something."""
    return canonical.encode(request.model_dump(mode="json", by_alias=True, exclude_unset=True))


def need_hash(request: NeedRequest) -> str:
    """What orders equal scores: the same whether or not the need is narrowed to an edition."""
    return digest(
        canonical.encode(request.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude={"edition"}))
    )


def digest(document: bytes) -> str:
    """The SHA-256 of stored bytes, in hex."""
    return hashlib.sha256(document).hexdigest()


def day(request: NeedRequest) -> date:
    """The run's only clock: an accepted need has one."""
    if request.as_of is None:
        raise ValueError("a run has a day")
    return request.as_of


def question(request: NeedRequest, profile: Profile, established: frozenset[str]) -> Question:
    """An accepted need as the kernel is asked."""
    return Question(
        profile=profile,
        enterprise=request.enterprise,
        as_of=day(request),
        need_hash=need_hash(request),
        text=request.text or "",
        top_k=request.top_k,
        weights=request.profile.weights,
        established=established,
        edition=request.edition,
    )


def compute(
    snapshot: Snapshot, policy: Policy, request: NeedRequest, profile: Profile, given: Circumstances
) -> MadeRun:
    """The run that these inputs make, always the same; `request.as_of` must be set.

    Raises policy.WeightOutOfBounds.
    """
    asked = question(request, profile, given.established)
    found = answer.match(snapshot, policy, asked)
    assert_kept(snapshot, asked, [result.offering_id for result in found.results])
    return MadeRun(given, found)


def keep(session: Session, view: View, request: bytes, profile: bytes, run: MadeRun) -> None:
    """Store a run with all that it depended on, each as its bytes; its need is stored already."""
    row = {
        "id": run.given.id,
        "need_id": run.given.need_id,
        "need_digest": digest(request),
        "profile": profile,
        "profile_digest": digest(profile),
        "policy_revision": view.policy_revision,
        "policy_digest": view.policy_digest,
        "text_model_version": run.found.text_model_version,
        "generation": view.generation,
        "position": view.position,
        "chain": view.chain,
        "ledger_version": view.ledger.version,
        "answer": run.document,
        "answer_digest": digest(run.document),
        "created_at": run.given.created_at,
    }
    session.execute(_made, row)
    exposure.count(session, run.given.id, [result.provider_id for result in run.found.results])


def verify(session: Session, row: Run, view: View | None = None) -> Verification:
    """Check every stored input against its hash, then compute the run again and compare byte for byte.

    With a view the catalogue of then is made from it, which saves reading all of it into memory once more.
    """
    differences = tuple(_tampered(session, row)) or tuple(_recomputed(session, row, view))
    return Verification(verified=not differences, differences=differences)


class BrokenConstraint(AssertionError):
    """The kernel would serve an offering that breaks a hard constraint: better no answer than that one."""


def assert_kept(snapshot: Snapshot, question: Question, served: Iterable[str]) -> None:
    """That no offering served breaks a hard constraint, by a checker of its own; BrokenConstraint otherwise."""
    ids = set(served)
    if question.edition and not ids <= set(snapshot.editions[question.edition].offerings):
        raise BrokenConstraint("edition")
    for offering_id in ids:
        offering = snapshot.offering(offering_id)
        if offering is None:
            raise BrokenConstraint("published")
        provider = snapshot.providers.get(offering.provider_id)
        broken = violations.of(offering, provider, question.profile, question.enterprise, question.as_of)
        if broken:
            raise BrokenConstraint(", ".join(broken))


def _tampered(session: Session, row: Run) -> Iterator[Difference]:
    need = session.get_one(Need, row.need_id)
    policy = session.get_one(PolicyVersion, row.policy_revision)
    if digest(need.request) != row.need_digest:
        yield _differs("need", "需求原文与存档摘要不符", "the stored need does not have its hash")
    if digest(row.profile) != row.profile_digest:
        yield _differs("profile", "需求画像与存档摘要不符", "the stored profile does not have its hash")
    if digest(policy.document) != row.policy_digest:
        yield _differs("policy", "排序策略与存档摘要不符", "the stored policy does not have its hash")
    try:
        learning.recall(session, row.text_model_version)
    except LookupError:
        yield _differs(
            "text-model", "文本统计与其版本不符", "the stored text statistics are not those of their version"
        )
    try:
        exposure.recall(session, row.ledger_version)
    except LookupError:
        yield _differs("exposure", "展示台账与其版本不符", "the stored exposure ledger is not that of its version")
    if digest(row.answer) != row.answer_digest:
        yield _differs("answer", "答复与存档摘要不符", "the stored answer does not have its hash")
    for name, document in catalogue.documents(session, row.generation, row.position):
        if digest(document) != name:
            yield _differs("records", f"目录记录 {name} 与其摘要不符", f"record {name} does not have its hash")
    if catalogue.chain(session, row.generation, row.position) != row.chain:
        yield _differs("catalogue", "目录版本与批次所记不符", "the catalogue is not the one that the run recorded")


def _recomputed(session: Session, row: Run, view: View | None) -> Iterator[Difference]:
    answered = json.loads(row.answer)
    again = _again(session, row, view).document
    if again == row.answer:
        return
    recomputed = json.loads(again)
    names = sorted(name for name in answered.keys() | recomputed if answered.get(name) != recomputed.get(name))
    listed = ", ".join(names) or "bytes"
    yield _differs("result", f"重新计算的结果不同：{listed}", f"computed again, these differ: {listed}")


def _again(session: Session, row: Run, view: View | None) -> MadeRun:
    ledger = exposure.recall(session, row.ledger_version)
    reason = json.loads(row.answer)["degraded_reason"]
    return compute(
        _catalogue(session, row, view),
        load(session.get_one(PolicyVersion, row.policy_revision)),
        NeedRequest.model_validate_json(session.get_one(Need, row.need_id).request),
        Profile.model_validate_json(row.profile),
        Circumstances(row.id, row.need_id, row.created_at, Text(**reason) if reason else None, ledger.established),
    )


def _catalogue(session: Session, row: Run, view: View | None) -> Snapshot:
    ranked_with = (row.generation, row.text_model_version)
    if view and (view.generation, view.snapshot.text_model.version) == ranked_with:
        return live.move(session, view.snapshot, row.generation, row.position)
    model = learning.recall(session, row.text_model_version)
    return live.at(session, row.generation, row.position, model)


def _differs(part: str, zh: str, en: str) -> Difference:
    return Difference(part=part, text=Text(zh=zh, en=en))
