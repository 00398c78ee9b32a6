"""Changes that could not be taken over: kept with their reason, shown, and tried again when somebody says so."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.matching.models import Generation, ParkedChange
from services.matching.replica.catalogue import FOUNDATION
from shared import clock
from shared.feed import Unreadable
from shared.logs import log


def park(session: Session, generation: int, items: Iterable[Unreadable], tries: int = 1) -> None:
    """Put changes aside; a position that is parked already stays as it is."""
    for item in items:
        there = select(ParkedChange.id).where(
            ParkedChange.generation == generation, ParkedChange.position == item.position
        )
        if item.position != FOUNDATION and session.scalar(there) is not None:
            continue
        log.warning("change parked", position=item.position, reason=item.reason)
        session.add(ParkedChange(**item.model_dump(), generation=generation, tries=tries, parked_at=clock.now()))


def parked(session: Session, generation: int) -> Sequence[ParkedChange]:
    """What a generation could not take over."""
    query = select(ParkedChange).where(ParkedChange.generation == generation)
    return session.scalars(query.order_by(ParkedChange.id)).all()


def replay(session: Session) -> None:
    """Try again: the follower builds a new generation from the present state of the feed, beside the served one.

    A parked change cannot be put in where it was, for runs have been served at that position without it.
    """
    session.execute(update(Generation).where(Generation.state == "live").values(cursor=None))
