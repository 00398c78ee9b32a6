"""One spelling for a value and one hash for it, so that equal content is equal everywhere."""

import hashlib
import json
from typing import Any

from pydantic import BaseModel


def plain(value: BaseModel) -> dict[str, Any]:
    """The model as plain JSON values, without what is absent or empty."""
    dumped = value.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {name: item for name, item in dumped.items() if item not in ([], {})}


def encode(value: Any) -> bytes:
    """Canonical JSON: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(value: Any) -> str:
    """The SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(encode(value)).hexdigest()
