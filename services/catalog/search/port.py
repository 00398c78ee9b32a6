"""What the catalogue needs of a search engine: a few verbs on flat documents, with the meaning kept above engines.

Text arrives cut into words, filters arrive as codes; an engine only finds. Its order is its own, its scores stay
inside. Everything that must mean the same with every engine (words, filters, facets) is decided in `queries` and
`documents`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

MAX_HITS = 1000
"""How deep a listing goes; also what bounds an engine's work."""

TEXT_FIELDS: Mapping[str, float] = {"name": 4.0, "topics": 2.0, "description": 1.0, "provider": 1.0}
"""The searched fields with their weights. `topics` = summary, features and names of categories."""

CODE_FIELDS = ("categories", "regions", "inside_regions", "industries", "inside_industries", "sizes")
ANY = "*"
"""Stands in a code field for "says nothing", which is not the same as "fits nothing"."""


@dataclass(frozen=True)
class Document:
    """A published offering as it is indexed. Texts are words separated by blanks."""

    id: str
    texts: Mapping[str, str]
    codes: Mapping[str, tuple[str, ...]]
    price: int | None
    valid_until: date | None
    published: int


@dataclass(frozen=True)
class Word:
    """A word to look for. `parts` are the words inside it, all of which stand for it; `phrase`: side by side only."""

    text: str
    parts: tuple[str, ...] = ()
    phrase: bool = False


@dataclass(frozen=True)
class Query:
    """What to find: the rarest known word is required, the others lift; every condition must hold.

    A condition is alternatives of (field, codes): one of the codes in one of the fields. Offers without a price or
    without a last day pass those bounds.
    """

    words: tuple[Word, ...] = ()
    conditions: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    price_max: int | None = None
    as_of: date = date.min
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True)
class Hits:
    """What was found: ids in the engine's order (newest first without words), how many in all, counts by category."""

    ids: tuple[str, ...] = ()
    total: int = 0
    categories: Mapping[str, int] = field(default_factory=dict)


class Unsearchable(Exception):
    """The index is missing, broken or of an older form: answer degraded, and build it again."""


class Index(Protocol):
    """A search engine. Writing belongs to one process, the indexer; reading to any."""

    def put(self, found: Iterable[Document]) -> None:
        """Add or replace documents; not visible before `confirm`."""

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents out; unknown ids are passed over; not visible before `confirm`."""

    def confirm(self, mark: str) -> None:
        """Make everything since the last `confirm` durable and visible, then remember `mark`."""

    def rebuild(self, found: Iterable[Document], mark: str) -> None:
        """Build anew beside the present index and swap it in; readers see the old one or the new one."""

    def mark(self) -> str | None:
        """The last mark; null when there is no usable index."""

    def search(self, query: Query) -> Hits:
        """Find; Unsearchable when there is nothing to search in."""

    def close(self) -> None:
        """Let go of files and locks."""
