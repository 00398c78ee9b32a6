"""The needs that are open, held in memory for offerings to be held against; read from the tables when asked for."""

import time
from dataclasses import replace
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.matching import runs
from services.matching.kernel.policy import WeightOutOfBounds
from services.matching.kernel.question import Asked, Question
from services.matching.live import View
from services.matching.models import Need, Run
from services.matching.reverse.standing import Standing, Waiting
from shared.contracts.needs import NeedRequest, Profile

MOST = 100_000
"""Of more open needs, the newest count."""
_CHUNK = 500
_REST = 20
"""After a slow reading so many times its duration passes before the next: at most a twentieth of a core."""
_QUICK_SECONDS = 0.05


class OpenNeeds:
    """Keeps what was read; every process has its own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made_for: tuple[object, ...] = ()
        self._waiting: dict[str, Waiting] = {}
        self._standing: Standing | None = None
        self._rest_until = 0.0

    def standing(self, session: Session, view: View) -> Standing:
        """The open needs as they stand, or as they stood a moment ago when there are very many."""
        with self._lock:
            made_for = (view.snapshot.text_model.version, view.policy_revision, view.snapshot.tree)
            if made_for != self._made_for:
                self._made_for, self._waiting, self._standing = made_for, {}, None
            started = time.monotonic()
            if self._standing is None or started >= self._rest_until:
                self._standing = self._read(session, view, self._standing)
                spent = time.monotonic() - started
                self._rest_until = started + spent + (_REST * spent if spent > _QUICK_SECONDS else 0)
            return self._standing

    def _read(self, session: Session, view: View, known: Standing | None) -> Standing:
        newest = select(Need.id).where(Need.withdrawn_at.is_(None)).order_by(Need.id.desc()).limit(MOST)
        open_now = session.scalars(newest).all()
        if known is not None and set(known.ids) == set(open_now):
            return known
        missing = [name for name in open_now if name not in self._waiting]
        for start in range(0, len(missing), _CHUNK):
            self._waiting |= _ready(session, view, missing[start : start + _CHUNK])
        self._waiting = {name: self._waiting[name] for name in open_now}
        return Standing.build(self._waiting.values(), view.snapshot.tree, view.policy)


def _ready(session: Session, view: View, names: list[str]) -> dict[str, Waiting]:
    query = select(Need.id, Need.request, Run.need_digest, Run.profile).join(Run).where(Need.id.in_(names))
    return {
        name: Waiting.of(name, _asked(view, _question(view, request, digest, profile)))
        for name, request, digest, profile in session.execute(query).all()
    }


def _question(view: View, request: bytes, digest: str, profile: bytes) -> Question:
    asked, read = NeedRequest.model_validate_json(request), Profile.model_validate_json(profile)
    question = Question(
        read,
        asked.enterprise,
        runs.day(asked),
        runs.need_hash(asked) if "edition" in asked.model_fields_set else digest,
        asked.text or "",
        asked.top_k,
        asked.profile.weights,
        edition=asked.edition,
    )
    if view.policy.gate.sure(category.confidence for category in read.categories):
        # Its words find no offering: only its constraints are looked at.
        bare = read.model_copy(update={"wishes": (), "avoid": ()})
        return replace(question, profile=bare, text="")
    return question


def _asked(view: View, question: Question) -> Asked:
    """The question made ready; with the policy's own weights where its own are no longer allowed."""
    try:
        return Asked.of(question, view.snapshot, view.policy)
    except WeightOutOfBounds:
        return Asked.of(replace(question, weights=None), view.snapshot, view.policy)
