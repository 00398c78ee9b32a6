"""What this process ranks with: the catalogue in memory, kept up with matching's own tables by a thread."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from services.matching import exposure, intake, memory, policies
from services.matching.exposure import NOBODY, Ledger
from services.matching.intake import language
from services.matching.intake.language import Language
from services.matching.kernel.policy import Policy
from services.matching.models import Generation, ParkedChange, PolicyVersion
from services.matching.replica import catalogue, learning, parking
from services.matching.snapshot import snapshot
from services.matching.snapshot.snapshot import Snapshot
from services.matching.snapshot.text_model import TextModel
from shared import clock, problems
from shared.codes.regions import NATIONWIDE
from shared.contracts.changes import Change
from shared.contracts.needs import Enterprise, NeedRequest
from shared.contracts.wire import Text
from shared.database import Database
from shared.logs import log

PAUSE_SECONDS = 0.1
STALE = timedelta(seconds=60)
_PARTIAL = Text(zh="供给目录有变更未能读入，结果可能不全", en="some changes of the catalogue could not be read")
_STALE = Text(zh="供给目录暂未更新，结果可能不是最新", en="the copy of the catalogue is not being kept up to date")
_signs = select(
    Generation.__table__,
    select(func.max(PolicyVersion.revision)).scalar_subquery(),
    exposure.newest_version.scalar_subquery(),
    select(func.count()).where(ParkedChange.generation == Generation.id).scalar_subquery(),
).where(Generation.state == "live")
"""What says whether anything changed that a view is made of: the live generation's row, which policy and ledger are
the newest, and how many changes are parked. Every process asks ten times a second, so it is one query."""


@dataclass(frozen=True)
class View:
    """The catalogue, the policy and the language at one moment; all that a run depends on.

    Values only: a row of the database forgets what it held when the connection is lost at the end of its reading.
    """

    generation: int
    chain: str
    learned_at: int
    snapshot: Snapshot
    language: Language
    policy: Policy
    policy_revision: int
    policy_digest: str
    ledger: Ledger
    behind: int
    """Changes of the feed that are not taken over, or that text statistics are still to be learned from."""
    followed_at: datetime
    partial: bool

    @property
    def position(self) -> int:
        """Where in the feed it stands."""
        return self.snapshot.position

    @property
    def degraded(self) -> Text | None:
        """Why answers rest on a stale or partial copy; null when they do not."""
        if self.partial:
            return _PARTIAL
        return _STALE if clock.now() - self.followed_at > STALE else None


class Live:
    """Holds the newest view; a request takes it once and keeps it to its end."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._view: View | None = None
        self._seen: Row[Any] | None = None

    @property
    def view(self) -> View:
        """The newest view; Unavailable until the catalogue was read for the first time."""
        if self._view is None:
            raise problems.Unavailable(Text(zh="供给目录正在载入", en="the catalogue is being loaded"))
        return self._view

    def refresh(self) -> None:
        """Catch up with the tables."""
        with self._database.read.begin() as session:
            signs = session.execute(_signs).one_or_none()
            if signs == self._seen:
                return
            # From here on the tables may be newer than the signs: then these differ again at the next round.
            served, adopted = catalogue.live(session), policies.newest(session)
            if served is None or adopted is None:
                return
            known = self._view
            if known is None or (known.generation, known.learned_at) != (served.id, served.learned_at):
                held, words = _read(session, served)
            else:
                held, words = known.snapshot, known.language
            held = move(session, held, served.id, served.position)
            self._view = View(
                generation=served.id,
                chain=served.chain,
                learned_at=served.learned_at,
                snapshot=snapshot.rebuild(held) if held.heavy else held,
                language=words,
                policy=known.policy if known and known.policy_revision == adopted.revision else policies.load(adopted),
                policy_revision=adopted.revision,
                policy_digest=adopted.digest,
                ledger=exposure.newest(session, known.ledger if known else NOBODY),
                behind=served.head - served.position + (served.unlearned if learning.due(session, served) else 0),
                followed_at=served.followed_at,
                partial=bool(parking.parked(session, served.id)),
            )
            self._seen = signs

    def run(self, stop: Event) -> None:
        """Refresh until `stop` is set; a failure is logged and tried again."""
        shipped = False
        while not stop.is_set():
            try:
                shipped = shipped or self._ship()
                known = self._view and self._view.language
                self.refresh()
                if self._view and self._view.language is not known:
                    memory.settle()  # whoever refreshes by hand has other things in memory, and would wait
            except Exception as failure:
                log.warning("catalogue not refreshed", kind=type(failure).__name__, exc_info=failure)
                stop.wait(1.0)
            stop.wait(PAUSE_SECONDS)

    def _ship(self) -> bool:
        with self._database.write.begin() as session:
            policies.ship(session)
        return True


def at(session: Session, generation: int, position: int, model: TextModel) -> Snapshot:
    """The catalogue at a position, all of it built from what is stored."""
    held = catalogue.at(session, generation, position)
    return snapshot.build(held.categories, held.providers, held.offerings, model, position, held.editions)


def move(session: Session, known: Snapshot, generation: int, position: int) -> Snapshot:
    """The catalogue at a position, made from that at another one, earlier or later, of the same generation."""
    low, high = sorted((known.position, position))
    touched = {(event.entity, event.entity_id) for event in catalogue.events(session, generation, low, high)}
    held = catalogue.versions(session, generation, position, sorted(touched))
    changes = [
        Change(
            position=known.position + step,  # only to be newer than what is known
            type=entity,
            entity=entity,
            entity_id=entity_id,
            record=record,
            recorded_at=clock.now(),
        )
        for step, ((entity, entity_id), record) in enumerate(held.items(), 1)
    ]
    moved = snapshot.apply(known, changes) if changes else known
    return replace(moved, position=position)


def _read(session: Session, served: Generation) -> tuple[Snapshot, Language]:
    """The catalogue as it stood when the text statistics were learned, and its language: the same in every process."""
    built = at(session, served.id, served.learned_at, learning.recall(session, served.text_model_version))
    words = language.build(entry.offering.content for entry in built.base.entries)
    # Reading a first need loads the word lists (half a second): not while somebody waits for the answer.
    intake.read(NeedRequest(text="预热", enterprise=Enterprise(region=NATIONWIDE)), words, clock.today())
    return built, words
