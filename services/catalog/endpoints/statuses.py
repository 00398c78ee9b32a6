"""Answers that an operation declares in the document beside the usual ones."""

from typing import Any

Declared = dict[int | str, dict[str, Any]]
GUARDED: Declared = {409: {}, 412: {}, 428: {}}
"""Of an update under If-Match."""
