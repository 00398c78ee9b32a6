"""Merge patches (RFC 7396)."""

from typing import Any


def merge(document: Any, patch: Any) -> Any:
    """The document with a merge patch applied: null removes, an object merges, everything else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged
