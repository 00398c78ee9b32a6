"""/v1/offerings/search."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from services.catalog import discovery
from services.catalog.discovery import Asked, FoundOfferings, Wanted
from shared import openapi
from shared.access import PUBLIC, Allow
from shared.contracts.checks import CategoryCode, IndustryCode, RegionCode
from shared.contracts.vocabulary import EnterpriseSize
from shared.database import Reading
from shared.principal import Principal

router = openapi.router(tags=["offerings"])


def wanted(
    q: Annotated[str | None, Query(max_length=200, description="free text; operators have no meaning in it")] = None,
    category: Annotated[CategoryCode | None, Query(description="category; level 1 includes its children")] = None,
    region: Annotated[
        RegionCode | None, Query(description="delivered in this GB/T 2260 region or a part of it, or nothing said")
    ] = None,
    industry: Annotated[
        IndustryCode | None, Query(description="made for this GB/T 4754 industry or a part of it, or for any")
    ] = None,
    size: Annotated[EnterpriseSize | None, Query(description="for firms of this size, or of any")] = None,
    price_max: Annotated[
        int | None,
        Query(ge=0, le=10**15, description="most that one unit costs in the first year, in fen; unknown stays"),
    ] = None,
    edition: Annotated[
        str | None, Query(max_length=40, description="id of a live edition (推荐目录 第N期) that lists it")
    ] = None,
) -> Wanted:
    """What is looked for."""
    return Wanted(q, category, region, industry, size, price_max, edition)


def asked(
    wanted: Annotated[Wanted, Depends(wanted)],
    request: Request,
    limit: Annotated[int, Query(ge=1, le=50, description="most items on a page")] = 20,
    cursor: Annotated[str | None, Query(max_length=500, description="`next` of the page before")] = None,
) -> Asked:
    """What the engine says of it; a dependency, for the session must come after it."""
    state = request.app.state
    offset = state.cursors.open(cursor, wanted.bound_to())[0] if cursor is not None else 0
    return discovery.ask(state.search_index, wanted, offset, limit)


@router.get("/v1/offerings/search", summary="Search published offerings")
def search_offerings(
    _caller: Annotated[Principal, Depends(Allow(*PUBLIC))],
    wanted: Annotated[Wanted, Depends(wanted)],
    asked: Annotated[Asked, Depends(asked)],
    session: Reading,
    request: Request,
    response: Response,
) -> FoundOfferings:
    """Published, unexpired offerings by free Chinese text and filters, with counts by category.

    The text's rarest known word must occur, the others lift. A filter keeps offers that say nothing on its subject,
    as matching does. The order is the search engine's: it is for browsing; what fits a firm is told by /v1/needs.
    `degraded` tells that the index is behind, or that it is missing or its engine silent: then only the newest
    offerings are searched, by the same rules. A listing goes 1,000 deep; what is published meanwhile can move items
    between pages.
    """
    found = discovery.search(session, wanted, asked)
    following = discovery.more(found.total, asked.query.offset, asked.query.limit)
    if following is None:
        return found
    sealed = request.app.state.cursors.seal([following], wanted.bound_to())
    url = request.url.include_query_params(cursor=sealed)
    response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
    return found.model_copy(update={"next": sealed})
