"""Bodies checked as strictly as the server does: unknown members and wrong types are refused with their own codes."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.support.meilisearch.errors import ApiError

Check = Callable[[Any], bool]


def text(value: Any) -> bool:
    return isinstance(value, str)


def number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def flag(value: Any) -> bool:
    return isinstance(value, bool)


def texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(text, value))


def optional(check: Check) -> Check:
    return lambda value: value is None or check(value)


def one_of(*values: str) -> Check:
    return lambda value: value in values


def members(shape: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    def check(value: Any) -> bool:
        known = isinstance(value, dict) and value.keys() <= shape.keys() and value.keys() >= set(required)
        return known and all(shape[name](member) for name, member in value.items())

    return check


def listed(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def mapped(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(text(key) and check(member) for key, member in value.items())


Shape = Mapping[str, tuple[Check, str]]
"""Of each member, its check and the code of the error when it fails."""

UID = re.compile(r"[A-Za-z0-9_-]{1,400}")
_PATTERNS = members(
    {
        "attributePatterns": texts,
        "features": members({"facetSearch": flag, "filter": members({"equality": flag, "comparison": flag})}),
    },
    ("attributePatterns",),
)
_TYPOS = {
    "enabled": flag,
    "minWordSizeForTypos": members({"oneTypo": number, "twoTypos": number}),
    "disableOnWords": texts,
    "disableOnAttributes": texts,
    "disableOnNumbers": flag,
}
LOCALES = [
    "afr",
    "cmn",
    "deu",
    "eng",
    "fra",
    "jpn",
    "kor",
    "rus",
    "spa",
    "ukr",
    "vie",
    "zho",
    "de",
    "en",
    "fr",
    "ja",
    "ko",
    "ru",
    "es",
    "uk",
    "vi",
    "zh",
]
SEARCH: Shape = {
    "q": (optional(text), "invalid_search_q"),
    "filter": (lambda _: True, "invalid_search_filter"),
    "facets": (optional(texts), "invalid_search_facets"),
    "limit": (number, "invalid_search_limit"),
    "offset": (number, "invalid_search_offset"),
    "sort": (optional(texts), "invalid_search_sort"),
    "attributesToRetrieve": (optional(texts), "invalid_search_attributes_to_retrieve"),
    "matchingStrategy": (one_of("last", "all", "frequency"), "invalid_search_matching_strategy"),
    "locales": (optional(listed(one_of(*LOCALES))), "invalid_search_locales"),
}
SETTINGS: Shape = {
    "searchableAttributes": (optional(texts), "invalid_settings_searchable_attributes"),
    "displayedAttributes": (optional(texts), "invalid_settings_displayed_attributes"),
    "filterableAttributes": (
        optional(listed(lambda item: text(item) or _PATTERNS(item))),
        "invalid_settings_filterable_attributes",
    ),
    "sortableAttributes": (optional(texts), "invalid_settings_sortable_attributes"),
    "localizedAttributes": (
        optional(listed(members({"attributePatterns": texts, "locales": listed(one_of(*LOCALES))}))),
        "invalid_settings_localized_attributes",
    ),
    "dictionary": (optional(texts), "invalid_settings_dictionary"),
    "nonSeparatorTokens": (optional(texts), "invalid_settings_non_separator_tokens"),
    "stopWords": (optional(texts), "invalid_settings_stop_words"),
    "synonyms": (optional(mapped(texts)), "invalid_settings_synonyms"),
    "typoTolerance": (optional(members(_TYPOS)), "invalid_settings_typo_tolerance"),
    "pagination": (optional(members({"maxTotalHits": number})), "invalid_settings_pagination"),
    "faceting": (
        optional(
            members({"maxValuesPerFacet": number, "sortFacetValuesBy": mapped(one_of("alpha", "count"))}),
        ),
        "invalid_settings_faceting",
    ),
    "searchCutoffMs": (optional(number), "invalid_settings_search_cutoff_ms"),
}
NEW_INDEX: Shape = {
    "uid": (lambda uid: text(uid) and UID.fullmatch(uid) is not None, "invalid_index_uid"),
    "primaryKey": (optional(text), "invalid_index_primary_key"),
}
SWAP: Shape = {"indexes": (listed(lambda uid: text(uid) and UID.fullmatch(uid)), "invalid_swap_indexes")}


def checked(body: Any, shape: Shape, place: str = "") -> dict[str, Any]:
    """The body, when it is an object of that shape."""
    if not isinstance(body, dict):
        raise ApiError("bad_request", f"Invalid value type{place and f' at `{place}`'}: expected an object")
    for name, value in body.items():
        if name not in shape:
            known = ", ".join(f"`{known}`" for known in shape)
            inside = f" inside `{place}`" if place else ""
            raise ApiError("bad_request", f"Unknown field `{name}`{inside}: expected one of {known}")
        check, code = shape[name]
        if not check(value):
            raise ApiError(code, f"Invalid value type at `{place}.{name}`")
    return body


def required(body: Mapping[str, Any], *names: tuple[str, str]) -> None:
    """Each of (name, code of the error when it is missing) is there."""
    for name, code in names:
        if name not in body:
            raise ApiError(code, f"Missing field `{name}`")
