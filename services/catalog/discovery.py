"""Finding published offerings: the engine finds and counts, the database tells what is shown.

So nothing unpublished is ever shown, however far the index is behind; and without an index or an engine the answer
comes from the newest offerings in the database, and says so instead of failing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from pydantic import ConfigDict, Field
from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from services.catalog import fallback, records
from services.catalog.editions import membership
from services.catalog.editions.membership import ListedIn
from services.catalog.models import Category, ChangeRow, FeedState, Offering, Provider
from services.catalog.search import queries
from services.catalog.search.highlights import Fragment, fragments
from services.catalog.search.port import MAX_HITS, Hits, Index, Query, Unreachable, Unsearchable, Word
from services.catalog.tokens import open_cursor
from shared import clock, problems
from shared.contracts.offerings import Price
from shared.contracts.vocabulary import OfferingKind
from shared.contracts.wire import Flag, Integer, Text, Wire

STALE_AFTER = timedelta(seconds=5)
_AMONG = f"{fallback.CONSIDERED}"
_NO_INDEX = Text(
    zh=f"搜索索引尚未建好，只在最新的 {_AMONG} 条供给中查找",
    en=f"the search index is not ready: only the newest {_AMONG} offerings are searched",
)
_NO_ENGINE = Text(
    zh=f"搜索引擎暂时没有应答，只在最新的 {_AMONG} 条供给中查找",
    en=f"the search engine does not answer: only the newest {_AMONG} offerings are searched",
)
_BEHIND = Text(zh="搜索索引落后于目录，结果可能不是最新", en="the search index is behind the catalogue")
_NOTHING = Text(zh="没有已发布的供给符合检索词和筛选条件", en="no published offering fits the words and filters")


class FoundOffering(Wire):
    """A published offering that was found."""

    offering_id: str = Field(description="the offering")
    external_id: str | None = Field(None, description="its code at its source, e.g. O00001")
    provider_id: str = Field(description="the provider")
    provider_name: str = Field(description="name of the provider")
    kind: OfferingKind = Field(description="kind of offering")
    categories: tuple[str, ...] = Field(description="level-2 category codes, the main one first")
    regions: tuple[str, ...] = Field(description="where it is delivered; empty = not stated")
    price: Price | None = Field(None, description="list price; null = not stated")
    version: Integer = Field(ge=1, description="the published version")
    name: str = Field(description="what it is called")
    summary: str = Field(description="what it does for whom")
    name_fragments: tuple[Fragment, ...] = Field(description="the name, with what was searched for marked")
    summary_fragments: tuple[Fragment, ...] = Field(description="the summary, marked in the same way")
    editions: tuple[ListedIn, ...] = Field(
        description="live editions of recommended catalogues that list it (入选第N期)"
    )


class CategoryCount(Wire):
    """How many of all found offerings are filed under a category."""

    code: str = Field(description="category code")
    parent: str | None = Field(description="code of its level-1 category; null on level 1")
    name_zh: str = Field(description="Chinese name")
    name_en: str = Field(description="English name")
    count: Integer = Field(ge=1, description="found offerings in it; on level 1 including those of its children")


class FoundOfferings(Wire):
    """A page of found offerings."""

    items: tuple[FoundOffering, ...] = Field(description="this page, in the engine's order; newest first without q")
    total: Integer = Field(ge=0, description="how many were found in all")
    categories: tuple[CategoryCount, ...] = Field(
        description="counts by category over all that was found, largest first"
    )
    next: str | None = Field(None, description="cursor of the next page; null on the last")
    empty_reason: Text | None = Field(None, description="why nothing was found; null when something was")
    degraded: Flag = Field(False, description="true when the index is missing, silent or behind")
    degraded_reason: Text | None = Field(None, description="why the answer is degraded")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [],
                    "total": 0,
                    "categories": [],
                    "next": None,
                    "empty_reason": {"zh": _NOTHING.zh, "en": _NOTHING.en},
                    "degraded": False,
                    "degraded_reason": None,
                }
            ]
        }
    )


@dataclass(frozen=True)
class Wanted:
    """What is looked for; null = not narrowed."""

    q: str | None = None
    category: str | None = None
    region: str | None = None
    industry: str | None = None
    size: str | None = None
    price_max: int | None = None
    edition: str | None = None

    @property
    def text(self) -> str:
        """The free text; empty where there is none."""
        return (self.q or "").strip()

    def bound_to(self) -> list[Any]:
        """What a cursor of this search belongs to."""
        return ["search", asdict(self)]

    def conditions(self) -> tuple[queries.Condition, ...]:
        """The filters as conditions of a query."""
        meanings = (
            (queries.in_category, self.category),
            (queries.in_region, self.region),
            (queries.for_industry, self.industry),
            (queries.for_size, self.size),
            (queries.in_edition, self.edition),
        )
        return tuple(meaning(code) for meaning, code in meanings if code is not None)


@dataclass(frozen=True)
class Asked:
    """A query, with what the engine finds for it or the reason why it finds nothing."""

    query: Query
    hits: Hits | None
    reason: Text | None


def ask(index: Index, wanted: Wanted, offset: int, limit: int) -> Asked:
    """What the engine says, asked before there is a session, so that a slow engine keeps no connection waiting."""
    words = queries.words(wanted.text)
    query = Query(words, wanted.conditions(), wanted.price_max, clock.today(), limit, offset)
    try:
        return Asked(query, queries.search(index, query), None)
    except Unreachable:
        return Asked(query, None, _NO_ENGINE)
    except Unsearchable:
        return Asked(query, None, _NO_INDEX)


def search(session: Session, wanted: Wanted, asked: Asked) -> FoundOfferings:
    """A page of published offerings, its `next` left open; degraded when the index is missing, silent or behind.

    400 for a category that does not exist, or an edition that is not live.
    """
    query, hits, reason = asked.query, asked.hits, asked.reason
    tree = {row.code: row for row in session.scalars(select(Category))}
    if wanted.category is not None and wanted.category not in tree:
        item = problems.parameter("category", "unknown-category", "没有这个类目", "there is no such category")
        raise problems.BadRequest(errors=[item])
    if wanted.edition is not None:
        membership.require_live(session, wanted.edition)
    if wanted.text and not query.words:
        return FoundOfferings(items=(), total=0, categories=(), empty_reason=_NOTHING)
    if hits is None:
        newest = fallback.newest(session, tree, wanted.category, wanted.region, wanted.edition)
        hits = queries.search(newest, query)
    elif _behind(session, hits.mark):
        reason = _BEHIND
    listings = membership.of(session, hits.ids)
    return FoundOfferings(
        items=tuple(_found(row, query.words, listings.get(row[0].id, ())) for row in _hydrated(session, hits.ids)),
        total=hits.total,
        categories=_counts(tree, hits),
        empty_reason=None if hits.total else reason or _NOTHING,
        degraded=reason is not None,
        degraded_reason=reason,
    )


def more(total: int, offset: int, limit: int) -> int | None:
    """Where the next page begins; null when there is none, or none that is listed."""
    following = offset + limit
    return following if following < min(total, MAX_HITS) else None


def lag(session: Session, index: Index) -> dict[str, Any]:
    """How many changes the index is behind the feed, for /readyz. Without the engine the catalogue is ready too."""
    try:
        mark = index.mark()
    except Unreachable:
        return {"reachable": False}
    if mark is None:
        return {"built": False}
    _, position = open_cursor(mark)
    return {"built": True, "behind": session.scalars(select(FeedState.head)).one() - position}


def _behind(session: Session, mark: str | None) -> bool:
    """Whether a change waits for longer than it should, be it for the indexer or for the relay."""
    if mark is None:
        return True
    _, position = open_cursor(mark)
    waiting = (
        select(ChangeRow.recorded_at).where(ChangeRow.position > position).order_by(ChangeRow.position).limit(1),
        select(ChangeRow.recorded_at).where(ChangeRow.position.is_(None)).order_by(ChangeRow.id).limit(1),
    )
    oldest = [moment for query in waiting if (moment := session.scalar(query)) is not None]
    return bool(oldest) and clock.now() - min(oldest) > STALE_AFTER


def _hydrated(session: Session, ids: Sequence[str]) -> list[Row[Any]]:
    shown: Select[Any] = records.published().add_columns(Provider.content["name"].as_string())
    rows = {row[0].id: row for row in session.execute(shown.where(Offering.id.in_(ids)))}
    return [rows[identifier] for identifier in ids if identifier in rows]


def _found(row: Any, words: Sequence[Word], editions: tuple[ListedIn, ...]) -> FoundOffering:
    offering, version, provider_name = row
    content = version.content
    return FoundOffering(
        offering_id=offering.id,
        external_id=offering.external_id,
        provider_id=offering.provider_id,
        provider_name=provider_name,
        kind=content["kind"],
        categories=tuple(content["categories"]),
        regions=tuple(content.get("regions", ())),
        price=content.get("price"),
        version=version.version,
        name=content["name"],
        summary=content["summary"],
        name_fragments=fragments(content["name"], words),
        summary_fragments=fragments(content["summary"], words),
        editions=editions,
    )


def _counts(tree: dict[str, Category], hits: Hits) -> tuple[CategoryCount, ...]:
    largest_first = sorted(hits.categories.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        CategoryCount(
            code=code, parent=tree[code].parent, name_zh=tree[code].name_zh, name_en=tree[code].name_en, count=count
        )
        for code, count in largest_first
        if code in tree
    )
