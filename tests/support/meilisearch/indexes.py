"""An index: its settings, its documents, and how it is searched."""

import fnmatch
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.support.meilisearch import filters, matching
from tests.support.meilisearch.errors import ApiError
from tests.support.meilisearch.words import Cutter

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,511}")
DEFAULTS: dict[str, Any] = {
    "searchableAttributes": ["*"],
    "displayedAttributes": ["*"],
    "filterableAttributes": [],
    "sortableAttributes": [],
    "localizedAttributes": None,
    "dictionary": [],
    "nonSeparatorTokens": [],
    "stopWords": [],
    "synonyms": {},
    "typoTolerance": {"enabled": True},
    "pagination": {"maxTotalHits": 1000},
    "faceting": {"maxValuesPerFacet": 100, "sortFacetValuesBy": {"*": "alpha"}},
    "searchCutoffMs": None,
}


class Index:
    """One index, as the tasks made it."""

    def __init__(self, uid: str, primary_key: str | None) -> None:
        self.uid = uid
        self.primary_key = primary_key
        self.settings = dict(DEFAULTS)
        self.documents: dict[str, dict[str, Any]] = {}
        self._inverted: matching.Inverted | None = None

    def configure(self, given: Mapping[str, Any]) -> None:
        """Change settings; null means the default again."""
        for name, value in given.items():
            self.settings[name] = DEFAULTS[name] if value is None else value
        self._inverted = None

    def add(self, documents: list[dict[str, Any]], primary_key: str | None) -> int:
        """Add or replace documents, all or none."""
        key = self.primary_key or primary_key or "id"
        if primary_key is not None and self.primary_key not in (None, primary_key):
            raise ApiError(
                "index_primary_key_already_exists", f"Index already has a primary key: `{self.primary_key}`."
            )
        taken = {}
        for document in documents:
            if key not in document:
                raise ApiError("missing_document_id", f"Document doesn't have a `{key}` attribute.")
            taken[_identifier(document[key])] = document
        self.primary_key = key
        self.documents |= taken
        self._inverted = None
        return len(documents)

    def delete(self, ids: list[Any]) -> int:
        """Take documents out; unknown ones are passed over."""
        gone = [self.documents.pop(str(identifier), None) for identifier in ids]
        self._inverted = None
        return sum(document is not None for document in gone)

    def search(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a search."""
        query = asked.get("q") or ""
        passes = filters.judge(asked.get("filter"), self._may_filter, self._patterns())
        order = self._order(asked.get("sort") or [])
        facets = self._facets(asked.get("facets"))
        found, per_term = self._words().find(query, asked.get("matchingStrategy", "last"))
        universe = [uid for uid, document in self.documents.items() if uid in found and passes(document)]
        universe.sort(key=lambda uid: (-sum(uid in having for having in per_term), *order(self.documents[uid])))
        deepest = self.settings["pagination"].get("maxTotalHits", 1000)
        offset, limit = asked.get("offset", 0), asked.get("limit", 20)
        listed = universe[:deepest][offset : offset + limit]
        shown = self._shown(asked.get("attributesToRetrieve"))
        answer: dict[str, Any] = {
            "hits": [{name: value for name, value in self.documents[uid].items() if shown(name)} for uid in listed],
            "query": query,
            "processingTimeMs": 0,
            "limit": limit,
            "offset": offset,
            "estimatedTotalHits": min(len(universe), deepest),
        }
        if asked.get("facets") is not None:
            answer["facetDistribution"] = {name: self._counted(name, universe) for name in facets}
            answer["facetStats"] = {}
        return answer

    def _words(self) -> matching.Inverted:
        if self._inverted is None:
            cutter = Cutter(
                tuple(self.settings["dictionary"]),
                frozenset(self.settings["nonSeparatorTokens"]),
                frozenset(self.settings["stopWords"]),
            )
            searched = self.settings["searchableAttributes"]
            self._inverted = matching.Inverted(
                {
                    uid: matching.places(document, document if searched == ["*"] else searched, cutter)
                    for uid, document in self.documents.items()
                },
                self.settings,
                cutter,
            )
        return self._inverted

    def _patterns(self) -> list[str]:
        given = self.settings["filterableAttributes"]
        return [p for item in given for p in ([item] if isinstance(item, str) else item["attributePatterns"])]

    def _may_filter(self, attribute: str, way: str) -> bool:
        """The first rule whose pattern fits decides."""
        for item in self.settings["filterableAttributes"]:
            if isinstance(item, str):
                if attribute == item:
                    return True
                continue
            if any(fnmatch.fnmatchcase(attribute, pattern) for pattern in item["attributePatterns"]):
                ways = item.get("features", {}).get("filter", {"equality": True, "comparison": False})
                return way == "any" or bool(ways.get(way, way == "equality"))
        return False

    def _order(self, sort: list[str]) -> Any:
        rules = []
        for rule in sort:
            attribute, _, direction = rule.rpartition(":")
            if direction not in ("asc", "desc"):
                raise ApiError("invalid_search_sort", f"Invalid syntax for the sort parameter: `{rule}`.")
            if attribute not in self.settings["sortableAttributes"]:
                raise ApiError("invalid_search_sort", f"Attribute `{attribute}` is not sortable.")
            rules.append((attribute, -1 if direction == "desc" else 1))

        def key(document: Mapping[str, Any]) -> tuple[Any, ...]:
            values = [(document.get(attribute), sign) for attribute, sign in rules]
            return tuple((value is None, 0 if value is None else value * sign) for value, sign in values)

        return key

    def _facets(self, asked: list[str] | None) -> list[str]:
        if unknown := [name for name in asked or [] if not self._may_filter(name, "any")]:
            raise ApiError(
                "invalid_search_facets",
                f"Invalid facet distribution: Attributes `{', '.join(unknown)}` are not filterable.",
            )
        return asked or []

    def _counted(self, name: str, universe: list[str]) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for uid in universe:
            value = self.documents[uid].get(name)
            counts.update(
                {str(one) for one in (value if isinstance(value, list) else [] if value is None else [value])}
            )
        largest = self.settings["faceting"].get("maxValuesPerFacet", 100)
        return dict(counts.most_common(largest))

    def _shown(self, asked: list[str] | None) -> Any:
        displayed = self.settings["displayedAttributes"]
        wanted = ["*"] if asked is None else asked
        return lambda name: ("*" in displayed or name in displayed) and ("*" in wanted or name in wanted)


def _identifier(value: Any) -> str:
    said = str(value)
    if isinstance(value, bool) or not isinstance(value, str | int) or not _IDENTIFIER.fullmatch(said):
        raise ApiError(
            "invalid_document_id",
            f"Document identifier `{said}` is invalid. A document identifier can be of type integer or string, "
            "only composed of alphanumeric characters (a-z A-Z 0-9), hyphens (-) and underscores (_), "
            "and can not be more than 511 bytes.",
        )
    return said
