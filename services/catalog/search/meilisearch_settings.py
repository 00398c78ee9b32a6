"""The settings of the index on a Meilisearch server, as code: what differs from the server's defaults, and why.

A change here needs a raised form (`documents`), so that the index is built anew beside the present one: the server
would otherwise re-index in place while it is searched.
"""

from typing import Any

from services.catalog.search.port import CODE_FIELDS, MAX_HITS, TEXT_FIELDS
from shared import lexicon, segmentation

PRIMARY_KEY = "id"
ENTRY = "entry"
"""What an entry of the index is: an offering, or the index's own notes, which no search of offerings may see."""
OFFERING, MARK, REQUEST = "offering", "mark", "request"
LOCALE = "cmn"
CUTOFF_MS = 500
MAX_CATEGORIES = 1000


def settings() -> dict[str, Any]:
    """The body of PATCH /indexes/{uid}/settings."""
    return {
        # In the order of what a hit in them tells; codes and numbers are filtered, never searched.
        "searchableAttributes": list(TEXT_FIELDS),
        # What is shown comes from the database, so a stolen search key reads ids only.
        "displayedAttributes": [PRIMARY_KEY, ENTRY, "mark", "form"],
        "filterableAttributes": [
            _filterable([ENTRY, *CODE_FIELDS], comparison=False),
            _filterable(["price", "valid_until"], comparison=True),
        ],
        "sortableAttributes": ["published"],
        # Chinese is never taken for Japanese, which short words otherwise are.
        "localizedAttributes": [{"attributePatterns": ["*"], "locales": [LOCALE]}],
        # The words of the trade stay whole, as in our own segmentation.
        "dictionary": sorted(segmentation.domain_words()),
        # Our words may hold these; without them as separators no word can be taken for an exclusion either.
        "nonSeparatorTokens": ["#", "+", "-", "."],
        "synonyms": _synonyms(),
        # Dropped above the engines, the same for both, and only where something else was typed.
        "stopWords": [],
        # Text is written as words that are already cut: only Latin words have typos worth guessing.
        "typoTolerance": {"enabled": True, "disableOnNumbers": True},
        "pagination": {"maxTotalHits": MAX_HITS},
        "faceting": {"maxValuesPerFacet": MAX_CATEGORIES, "sortFacetValuesBy": {"*": "count"}},
        "searchCutoffMs": CUTOFF_MS,
    }


def _filterable(attributes: list[str], *, comparison: bool) -> dict[str, Any]:
    """Attributes to filter by; their values are never searched as facets."""
    features = {"facetSearch": False, "filter": {"equality": True, "comparison": comparison}}
    return {"attributePatterns": attributes, "features": features}


def _synonyms() -> dict[str, list[str]]:
    """Each word of a group with the others: the server takes synonyms in one direction."""
    return {word: [other for other in group if other != word] for group in lexicon.synonyms() for word in group}
