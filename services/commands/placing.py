"""Needs placed on this machine, on all its cores, straight from matching's database: nothing of it is stored."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.commands.results import Line
from services.matching.batches import Answered, Batch, Outcome, Refused
from services.matching.live import Live, View
from services.matching.settings import MatchingSettings
from services.matching.snapshot.snapshot import Snapshot
from shared.database import Database
from shared.principal import OPERATOR


def rows(todo: Sequence[Line]) -> Iterator[dict[str, Any]]:
    """The result of each need, in their order. Raises problems.Unavailable where matching has no catalogue yet."""
    view = _view()
    needs = [line.taken_apart() for line in todo]
    batch = Batch.of(view, OPERATOR, [body for body, _ in needs])
    for line, (_, reference), outcome in zip(todo, needs, batch.outcomes(), strict=True):
        yield _row(line, reference, outcome, view)


def _view() -> View:
    database = Database(MatchingSettings().database())
    try:
        live = Live(database)
        live.refresh()
        return live.view
    finally:
        database.close()  # before processes are forked off, which must not share a connection


def _row(line: Line, reference: Any, outcome: Outcome, view: View) -> dict[str, Any]:
    if isinstance(outcome, Refused):
        return line.row(reference, outcome.status, "problem", outcome.problem)
    return line.row(reference, 200, "placed", _placed(outcome, view))


def _placed(answered: Answered, view: View) -> dict[str, Any]:
    placed = answered.placed
    return {
        "policy_version": view.policy.version,
        "catalog_position": view.position,
        "categories": answered.categories,
        "considered": placed.considered,
        "eligible": placed.eligible,
        "results": [_place(view.snapshot, rank, *place) for rank, place in enumerate(placed.places, 1)],
    }


def _place(snapshot: Snapshot, rank: int, offering_id: str, score: int) -> dict[str, Any]:
    offering = snapshot.offering(offering_id)
    if offering is None:
        raise LookupError(offering_id)
    provider = snapshot.providers[offering.provider_id]
    return {
        "rank": rank,
        "offering_id": offering_id,
        "external_id": offering.external_id,
        "provider_id": offering.provider_id,
        "name": offering.content.name,
        "provider_name": provider.content.name,
        "score": score,
    }
