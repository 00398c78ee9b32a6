"""Queries for Meilisearch: the search text built from words, the filter from a tree, and the answer read strictly."""

from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from services.catalog.search import documents
from services.catalog.search.meilisearch_filters import Compare, Every, Filter, In, Not, Some, written
from services.catalog.search.meilisearch_settings import ENTRY, LOCALE, MARK, OFFERING, PRIMARY_KEY, REQUEST
from services.catalog.search.port import MAX_HITS, Hits, Query, Unreachable, Unsearchable, Word

S = TypeVar("S", bound=BaseModel)


def body(uid: str, query: Query) -> dict[str, Any]:
    """The body of POST /multi-search: the search, and the mark of the index that answers it."""
    return {"queries": [{"indexUid": uid, **search(query)}, {"indexUid": uid, **mark()}]}


def search(query: Query) -> dict[str, Any]:
    """What is asked for a query of the port."""
    asked: dict[str, Any] = {
        "q": text(query.words),
        "filter": written(conditions(query)),
        "facets": ["categories", ENTRY],
        "limit": max(1, min(query.limit, MAX_HITS)),
        "offset": query.offset,
        "attributesToRetrieve": [PRIMARY_KEY],
        "matchingStrategy": "frequency",
        "locales": [LOCALE],
    }
    return asked if query.words else {**asked, "sort": ["published:desc"]}


def notes(uid: str) -> dict[str, Any]:
    """The body of POST /multi-search for the index's own notes, which a search key may read too."""
    asked = {"q": "", "filter": written(In(ENTRY, [REQUEST])), "limit": 1, "attributesToRetrieve": [PRIMARY_KEY]}
    return {"queries": [{"indexUid": uid, **asked}, {"indexUid": uid, **mark()}]}


def mark() -> dict[str, Any]:
    """What is asked for the mark."""
    return {"q": "", "filter": written(In(ENTRY, [MARK])), "limit": 1, "attributesToRetrieve": ["mark", "form"]}


def text(words: tuple[Word, ...]) -> str:
    """The words as a search text.

    They hold letters, digits, and `+#.-` between them, so nothing in them is an operator; the quotes of phrases are
    ours. The server takes a last word for a beginning unless a blank follows.
    """
    said = " ".join('"' + " ".join(word.phrase) + '"' if word.phrase else word.text for word in words)
    return said if not words or words[-1].begins else said + " "


def conditions(query: Query) -> Filter:
    """The filter: always of what is an offering and still offered; then all that the query asks for.

    NOT holds where a price or a last day is missing: unknown is not false.
    """
    parts: list[Filter] = [In(ENTRY, [OFFERING]), Not(Compare("valid_until", "<", query.as_of.toordinal()))]
    if query.price_max is not None:
        parts.append(Not(Compare("price", ">", query.price_max)))
    asked = (Some([In(field, codes) for field, codes in condition.items()]) for condition in query.conditions)
    return Every([*parts, *asked])


class _Hit(BaseModel):
    id: str


class _Mark(BaseModel):
    mark: str
    form: str


class _Ids(BaseModel):
    hits: list[_Hit]


class _Found(_Ids):
    facets: dict[str, dict[str, int]] = Field(alias="facetDistribution")


class _Marks(BaseModel):
    hits: list[_Mark]


class _Searched(BaseModel):
    results: tuple[_Found, _Marks]


class _Noted(BaseModel):
    results: tuple[_Ids, _Marks]


def hits(answer: Any) -> Hits:
    """What was found, from the answer; Unsearchable when the index is of another form or not finished."""
    found, marks = _read(_Searched, answer).results
    mark = _current(marks)
    if mark is None:
        raise Unsearchable("the index is of another form")
    # Counted by a facet that every offering has: the server's own total ends at the deepest hit that it lists.
    total = found.facets.get(ENTRY, {}).get(OFFERING, 0)
    return Hits(tuple(hit.id for hit in found.hits), total, found.facets.get("categories", {}), mark)


def read_notes(answer: Any) -> tuple[str | None, bool]:
    """The mark (null when the index is of another form), and whether somebody asked to build it anew."""
    asked, marks = _read(_Noted, answer).results
    return _current(marks), bool(asked.hits)


def _current(marks: _Marks) -> str | None:
    return next((found.mark for found in marks.hits if found.form == documents.form()), None)


def _read(shape: type[S], answer: Any) -> S:
    try:
        return shape.model_validate(answer)
    except ValidationError as garbage:
        raise Unreachable("the search engine does not answer as documented") from garbage
