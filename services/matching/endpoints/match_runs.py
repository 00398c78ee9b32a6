"""/v1/match-runs."""

from typing import Annotated

from fastapi import Path, Response

from services.matching import needs
from services.matching.endpoints.dependencies import CurrentView
from services.matching.endpoints.needs import Asking
from shared import openapi
from shared.contracts.matches import MatchRun, Verification
from shared.database import Reading

router = openapi.router(tags=["match-runs"])
RunId = Annotated[str, Path(max_length=40, description="run_ + UUIDv7")]


@router.get("/v1/match-runs/{run_id}", summary="Read a match run", response_model=MatchRun)
def read_match_run(run_id: RunId, session: Reading, caller: Asking) -> Response:
    """A match run (匹配批次) as it was answered: its places with their reasons, and what was eliminated."""
    return Response(needs.find_run(session, caller, run_id), media_type="application/json")


@router.post("/v1/match-runs/{run_id}/verify", summary="Verify a match run")
def verify_match_run(run_id: RunId, session: Reading, view: CurrentView, caller: Asking) -> Verification:
    """Compute a run again from what is stored, and compare the answers byte for byte.

    The catalogue, the policy and the text statistics are those of then, whatever changed since. Every stored input
    is checked against its hash; what was tampered with is named in `differences`.
    """
    return needs.verify_run(session, caller, run_id, view)
