"""The journal: every step that an application, a provider or an offering takes, for those whom it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalog.admission import reasons
from services.catalog.admission.tables import Step
from services.catalog.lifecycle import Transition
from shared import clock
from shared.principal import Principal

Entity = Literal["application", "provider", "offering", "edition"]


@dataclass(frozen=True)
class Grounds:
    """Why a step is taken: a reason code of the step's group, and a note."""

    reason: str | None = None
    note: str | None = None


NONE = Grounds()


def check(step: Transition, grounds: Grounds) -> None:
    """Invalid unless a step that needs a reason is given one of its group."""
    if step.reasons:
        reasons.require(step.reasons, grounds.reason or "")


def record(
    session: Session,
    caller: Principal,
    entity: Entity,
    entity_id: str,
    step: Transition,
    source: str,
    grounds: Grounds = NONE,
) -> None:
    """Write that a step was taken, in the transaction in which it is."""
    session.add(
        Step(
            entity=entity,
            entity_id=entity_id,
            name=step.name,
            source=source,
            target=step.target,
            role=caller.role,
            reason=grounds.reason,
            note=grounds.note,
            at=clock.now(),
        )
    )


def of(session: Session, entity: Entity, entity_id: str) -> Sequence[Step]:
    """The steps that something took, oldest first."""
    query = select(Step).where(Step.entity == entity, Step.entity_id == entity_id)
    return session.scalars(query.order_by(Step.id)).all()
