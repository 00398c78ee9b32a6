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

TEXT_FIELDS: Mapping[str, float] = {"name": 4.0, "topics": 2.0, "description": 1.0, "provider": 1.0, "inner": 0.5}
"""The searched fields with their weights, most telling first.

`topics` = summary, features and names of categories; `inner` = the words inside longer words of all these, and the
longer words whose inner words all occur.
"""

CODE_FIELDS = ("categories", "regions", "inside_regions", "industries", "inside_industries", "sizes", "editions")
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
    """A word to look for: a word as it is cut, or characters that stand side by side (`phrase`).

    `synonyms` count like the word itself. `begins`: it is one character, taken for the beginning of words.
    """

    text: str
    phrase: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    begins: bool = False


@dataclass(frozen=True)
class Query:
    """What to find: phrases and the rarest known words must occur, the others lift; every condition must hold.

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
    """What was found: ids in the engine's order (newest first without words), how many in all, counts by category.

    `mark` is the mark of the index that was searched.
    """

    ids: tuple[str, ...] = ()
    total: int = 0
    categories: Mapping[str, int] = field(default_factory=dict)
    mark: str | None = None


class Unsearchable(Exception):
    """The index is missing, broken or of an older form: answer degraded, and build it again."""


class Unreachable(Unsearchable):
    """The engine does not answer, or not sensibly: answer degraded, and try again later; its index may be sound."""


class Target(Protocol):
    """What documents are written to."""

    def put(self, found: Iterable[Document]) -> None:
        """Add or replace documents; not visible before `confirm`."""

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents out; unknown ids are passed over; not visible before `confirm`."""

    def confirm(self, mark: str) -> None:
        """Make everything since the last `confirm` durable and visible, then remember `mark`."""


class Building(Target, Protocol):
    """An index that is built beside the one that is searched."""

    def swap(self) -> None:
        """Take the place of the present index; readers see the old one or the new one, never a mixture."""

    def drop(self) -> None:
        """Give it up; the present index stays."""


class Searchable(Protocol):
    """What can be searched."""

    def search(self, query: Query) -> Hits:
        """Find; Unsearchable when there is nothing to search in."""


class Index(Searchable, Target, Protocol):
    """A search engine. Writing belongs to one process, the indexer; reading to any."""

    def beside(self) -> Building:
        """Begin a new index beside the present one, which stays writable meanwhile."""

    def mark(self) -> str | None:
        """The last mark; null when there is no usable index; Unreachable when the engine does not answer."""

    def ask_anew(self) -> None:
        """Ask the indexer to build the index anew; any process may ask. Unsearchable when there is none."""

    def asked_anew(self) -> bool:
        """Whether somebody asked, and it is not done yet."""

    def close(self) -> None:
        """Let go of files, locks and connections."""
