"""The documented error codes that the routes here can give, with their statuses and types."""

from typing import Any

INVALID = "invalid_request"
CODES: dict[str, tuple[int, str]] = {
    "api_key_already_exists": (409, INVALID),
    "api_key_not_found": (404, INVALID),
    "bad_request": (400, INVALID),
    "document_not_found": (404, INVALID),
    "immutable_index_uid": (400, INVALID),
    "index_already_exists": (409, INVALID),
    "index_not_found": (404, INVALID),
    "index_primary_key_already_exists": (400, INVALID),
    "invalid_api_key": (403, "auth"),
    "invalid_api_key_actions": (400, INVALID),
    "invalid_api_key_description": (400, INVALID),
    "invalid_api_key_expires_at": (400, INVALID),
    "invalid_api_key_indexes": (400, INVALID),
    "invalid_api_key_name": (400, INVALID),
    "invalid_api_key_uid": (400, INVALID),
    "invalid_content_type": (415, INVALID),
    "invalid_document_id": (400, INVALID),
    "invalid_index_limit": (400, INVALID),
    "invalid_index_offset": (400, INVALID),
    "invalid_index_primary_key": (400, INVALID),
    "invalid_index_uid": (400, INVALID),
    "invalid_search_attributes_to_retrieve": (400, INVALID),
    "invalid_search_facets": (400, INVALID),
    "invalid_search_filter": (400, INVALID),
    "invalid_search_limit": (400, INVALID),
    "invalid_search_locales": (400, INVALID),
    "invalid_search_matching_strategy": (400, INVALID),
    "invalid_search_offset": (400, INVALID),
    "invalid_search_q": (400, INVALID),
    "invalid_search_sort": (400, INVALID),
    "invalid_swap_duplicate_index_found": (400, INVALID),
    "invalid_swap_indexes": (400, INVALID),
    "malformed_payload": (400, INVALID),
    "missing_api_key_actions": (400, INVALID),
    "missing_api_key_expires_at": (400, INVALID),
    "missing_api_key_indexes": (400, INVALID),
    "missing_authorization_header": (401, "auth"),
    "missing_content_type": (415, INVALID),
    "missing_document_id": (400, INVALID),
    "missing_index_uid": (400, INVALID),
    "missing_payload": (400, INVALID),
    "missing_swap_indexes": (400, INVALID),
    "not_found": (404, INVALID),
    "task_not_found": (404, INVALID),
    "too_many_search_requests": (503, "system"),
}
SETTINGS = (
    "dictionary displayed_attributes faceting filterable_attributes localized_attributes non_separator_tokens "
    "pagination search_cutoff_ms searchable_attributes sortable_attributes stop_words synonyms typo_tolerance"
)
CODES |= {f"invalid_settings_{name}": (400, INVALID) for name in SETTINGS.split()}


class ApiError(Exception):
    """An error as the server tells it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self._type = CODES[code]
        self.code = code
        self.message = message

    def document(self) -> dict[str, Any]:
        return {
            "message": self.message,
            "code": self.code,
            "type": self._type,
            "link": f"https://docs.meilisearch.com/errors#{self.code}",
        }


def index_not_found(uid: str) -> ApiError:
    return ApiError("index_not_found", f"Index `{uid}` not found.")
