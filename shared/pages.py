"""Lists, page by page: keyset cursors in, `{"items", "next"}` and a Link header out."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, Protocol, TypeVar

from fastapi import Query, Request, Response
from pydantic import Field

from shared.contracts.wire import Wire

MOST = 200


class Identified(Protocol):
    """What can stand in a list: lists are ordered by id, that is by time of creation."""

    @property
    def id(self) -> str:
        """Its identifier."""


I = TypeVar("I", bound=Identified)  # noqa: E741 - the item
R = TypeVar("R")
T = TypeVar("T")


class Page(Wire, Generic[T]):
    """A page of a list. Pass `next` as `cursor`, with the same filter, to go on."""

    items: tuple[T, ...] = Field(description="what was found, oldest first")
    next: str | None = Field(description="cursor of the next page; null on the last")


class Paging:
    """A dependency that pages a list: `paging(bound_to, select, show)`.

    `select(after, limit)` gives rows in the order of their ids, `show(row)` the shape of one. A cursor only opens for
    the same `bound_to`: the filter and the caller's organisation.
    """

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=MOST, description="most items on a page")] = 50,
        cursor: Annotated[str | None, Query(max_length=500, description="`next` of the page before")] = None,
    ) -> None:
        self._request = request
        self._response = response
        self._limit = limit
        self._cursor = cursor

    def __call__(
        self, bound_to: Any, select: Callable[[str | None, int], Sequence[R]], show: Callable[[R], I]
    ) -> "Page[I]":  # quoted: pydantic would try to make a model of it
        """The page after the cursor; BadRequest when the cursor is of another list."""
        cursors = self._request.app.state.cursors
        last = cursors.open(self._cursor, bound_to)[0] if self._cursor is not None else None
        rows = select(last, self._limit + 1)
        items = tuple(show(row) for row in rows[: self._limit])
        following = cursors.seal([items[-1].id], bound_to) if len(rows) > self._limit else None
        if following is not None:
            url = self._request.url.include_query_params(cursor=following)
            self._response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
        return Page(items=items, next=following)
