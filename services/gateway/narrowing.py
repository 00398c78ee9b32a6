"""What a widget key is narrowed to, and whether a request stays inside of it.

A key may be narrowed to a region, to categories and to an edition. The widget sends what the key says; a request that
asks for more is refused at the door, so a page cannot widen its own key. Narrowing never touches the order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from shared import bodies, problems
from shared.codes import regions
from shared.contracts.wire import Text

SEARCH, NEED = "search_offerings", "submit_need"
_OUTSIDE = Text(zh="超出此密钥限定的地区、类别或目录期", en="outside the region, categories or edition of this key")


@dataclass(frozen=True)
class Narrowing:
    """The bounds of a key; absent or empty = none."""

    region: str | None = None
    categories: tuple[str, ...] = ()
    edition: str | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Narrowing":
        """The bounds as they are stored."""
        return cls(stored.get("region"), tuple(stored.get("categories") or ()), stored.get("edition"))

    def check(self, operation: str, query: bytes, body: bytes) -> None:
        """Forbidden when a search or a need asks for more than the key allows."""
        if self == Narrowing():
            return
        if operation == SEARCH:
            given = parse_qs(query.decode("latin-1"), keep_blank_values=True)
            self._check(given.get("region", ()), given.get("category", ()), given.get("edition", ()))
        elif operation == NEED:
            need = _object(bodies.check_json(body))
            listed = _object(need.get("profile")).get("categories")
            place = _object(need.get("enterprise")).get("region")
            self._check([place], listed if isinstance(listed, list) else (), [need.get("edition")])

    def _check(self, places: Sequence[Any], categories: Sequence[Any], editions: Sequence[Any]) -> None:
        wide = self.region or regions.NATIONWIDE
        kept = (
            self.region is None or _all(places, lambda place: isinstance(place, str) and regions.covers(wide, place)),
            not self.categories or _all(categories, lambda code: code in self.categories),
            self.edition is None or _all(editions, lambda edition: edition == self.edition),
        )
        if not all(kept):
            raise problems.Forbidden(_OUTSIDE)


def _all(given: Sequence[Any], inside: Callable[[Any], bool]) -> bool:
    """Something was given, and all of it is inside."""
    return bool(given) and all(inside(value) for value in given)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
