"""/v1/changes: the feed."""

from typing import Annotated

from fastapi import Depends, Query

from services.catalog import changes
from services.catalog.endpoints.statuses import Declared
from shared import openapi
from shared.access import Allow
from shared.contracts.changes import ChangePage, SnapshotPage
from shared.database import Reading
from shared.feed import PAGE

router = openapi.router(tags=["changes"], dependencies=[Depends(Allow("service", "bureau", "admin"))])
Limit = Annotated[int, Query(ge=1, le=PAGE, description="most items on a page")]
GONE: Declared = {410: {}}


@router.get("/v1/changes", summary="Follow the changes", responses=GONE)
def list_changes(
    session: Reading,
    after: Annotated[str | None, Query(max_length=60, description="`next` of the page before, or a snapshot's")] = None,
    limit: Limit = PAGE,
) -> ChangePage:
    """Committed changes after a cursor, in order and without gaps. Follow `next` for ever.

    410 when the cursor can no longer be continued (too old, or from before a restore): begin again from the snapshot.
    """
    return changes.after(session, after, limit)


@router.get("/v1/changes/snapshot", summary="Read the present state", responses=GONE)
def read_snapshot(
    session: Reading,
    page: Annotated[str | None, Query(max_length=300, description="`next` of the page before")] = None,
    limit: Limit = PAGE,
) -> SnapshotPage:
    """The present state: categories, providers, published offerings, live editions. Go on from `cursor`."""
    return changes.snapshot(session, page, limit)
