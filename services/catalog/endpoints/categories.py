"""/v1/categories."""

from typing import Annotated

from fastapi import Depends, Response

from services.catalog import categories
from services.catalog.endpoints.statuses import GUARDED
from services.catalog.resources import Categories, Category
from shared import openapi
from shared.access import PUBLIC, Allow
from shared.database import Reading, Writing
from shared.preconditions import Seen, etag
from shared.principal import Principal

router = openapi.router(tags=["categories"])


@router.get("/v1/categories", summary="List the categories", dependencies=[Depends(Allow(*PUBLIC))])
def list_categories(response: Response, session: Reading) -> Categories:
    """The category tree (类目树), two levels, in its order. Its `ETag` is needed to replace it."""
    return _answer(response, *categories.tree(session))


@router.put(
    "/v1/categories",
    summary="Replace the category tree",
    responses=GUARDED,
)
def replace_categories(
    tree: Categories,
    response: Response,
    session: Writing,
    seen: Seen,
    caller: Annotated[Principal, Depends(Allow("bureau", "admin", ownership="own"))],
) -> Categories:
    """Put another tree in place of the whole present one. It is one for the whole country: 403 for a bureau of less.

    Refused (422, with pointers) when it is not a tree of two levels, or when a published offering still uses a
    level-2 code that would go; 412 when somebody replaced the tree meanwhile.
    """
    return _answer(response, *categories.replace(session, caller, seen, tree.items))


def _answer(response: Response, rows: categories.Rows, revision: int) -> Categories:
    response.headers["ETag"] = etag(revision)
    return Categories(items=tuple(Category.of(row) for row in rows))
