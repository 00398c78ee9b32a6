"""/v1/policy."""

from typing import Annotated

from fastapi import Depends, Response

from services.matching import policies
from services.matching.kernel.policy import Policy
from services.matching.models import PolicyVersion
from shared import openapi
from shared.access import ANYONE, Allow
from shared.database import Reading, Writing
from shared.preconditions import Seen, etag
from shared.principal import Principal

router = openapi.router(tags=["policy"])


@router.get("/v1/policy", summary="Read the ranking policy", dependencies=[Depends(Allow(*ANYONE))])
def read_policy(response: Response, session: Reading) -> Policy:
    """The policy that ranks at this moment: what each criterion looks at and what it counts, in both languages."""
    return _tagged(response, policies.in_force(session))


@router.put("/v1/policy", summary="Adopt a ranking policy", responses={409: {}, 412: {}, 428: {}})
def adopt_policy(
    proposed: Policy,
    response: Response,
    session: Writing,
    seen: Seen,
    caller: Annotated[Principal, Depends(Allow("admin"))],
) -> Policy:
    """Put another policy in force, under a version that was never used. Runs made before keep theirs.

    Needs that are submitted from then on are ranked by it, within a second in every process.
    """
    return _tagged(response, policies.adopt(session, caller, proposed, seen))


def _tagged(response: Response, row: PolicyVersion) -> Policy:
    response.headers["ETag"] = etag(row.revision)
    return policies.load(row)
