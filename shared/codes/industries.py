"""GB/T 4754-2017 industries: a section letter ("C"), or two to four digits ("33", "335", "3351").

Source: docs/data-sources.md. A coarser code covers every finer one below it.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from shared import codes


@cache
def _table() -> Mapping[str, tuple[str, str]]:
    return MappingProxyType({row["code"]: (row["parent"], row["name"]) for row in codes.rows("gbt4754_2017.csv")})


@cache
def names() -> Mapping[str, str]:
    """Every industry code with its Chinese name."""
    return MappingProxyType({code: name for code, (_, name) in _table().items()})


def exists(code: str) -> bool:
    """Whether GB/T 4754-2017 knows this code."""
    return code in _table()


@lru_cache(maxsize=8192)
def lineage(code: str) -> tuple[str, ...]:
    """The code and its ancestors, nearest first: class, group, division, section."""
    steps = []
    while code:
        steps.append(code)
        code = _table()[code][0] if code in _table() else ""
    return tuple(steps)


def covers(wider: str, narrower: str) -> bool:
    """Whether `wider` is `narrower` itself or one of its ancestors."""
    return wider in lineage(narrower)
