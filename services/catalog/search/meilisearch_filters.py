"""Filters for Meilisearch as a tree that is written out in one place, every name and value quoted.

Nothing that a person typed is ever put into the text of a filter by formatting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class In:
    """One of the values is among those of the attribute; an attribute that is missing has none."""

    attribute: str
    values: Sequence[str]


@dataclass(frozen=True)
class Compare:
    """The attribute is there and compares so with a number."""

    attribute: str
    operator: Literal["<", ">", "<=", ">="]
    number: int


@dataclass(frozen=True)
class Not:
    """The other does not hold; also true where the attribute is missing."""

    other: "Filter"


@dataclass(frozen=True)
class Every:
    """All hold."""

    parts: Sequence["Filter"]


@dataclass(frozen=True)
class Some:
    """At least one holds."""

    parts: Sequence["Filter"]


Filter = In | Compare | Not | Every | Some


def written(asked: Filter) -> str:
    """The filter in the server's language."""
    match asked:
        case In(attribute, values):
            return f"{quoted(attribute)} IN [{', '.join(map(quoted, values))}]"
        case Compare(attribute, operator, number):
            return f"{quoted(attribute)} {operator} {number:d}"
        case Not(other):
            return f"NOT ({written(other)})"
        case Every(parts):
            return " AND ".join(f"({written(part)})" for part in parts)
        case Some(parts):
            return " OR ".join(f"({written(part)})" for part in parts)


def quoted(text: str) -> str:
    """A name or a value between quotes; a backslash and a quote in it are escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
