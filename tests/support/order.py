"""The order in which two parallel workers take the tests.

pytest-xdist gives each worker one half of the list, and who is through takes over some of the other's end. What runs
whole systems takes longest, and each worker that gets some of it starts a system of its own. So the set of processes
begins one half and everything with a loaded demo begins the other; the many small tests behind them even things out.
"""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
FIRST_HALF, SECOND_HALF = ("tests/deployment/",), ("tests/journeys/", "tests/browser/")


def spread(items: list[T], name: Callable[[T], str]) -> list[T]:
    """The items in that order, which is their own where nothing is said."""
    first = [item for item in items if name(item).startswith(FIRST_HALF)]
    second = [item for item in items if name(item).startswith(SECOND_HALF)]
    rest = [item for item in items if not name(item).startswith(FIRST_HALF + SECOND_HALF)]
    place = max(0, len(items) // 2 - len(first))
    return [*first, *rest[:place], *second, *rest[place:]]
