"""The order in which three parallel workers take the tests.

pytest-xdist gives each worker one third of the list, and who is through takes over some of the others' end. What runs
whole systems takes longest, and each worker that gets some of it starts a system of its own. So the set of processes
begins one third, systems that are killed and the browser another, the journeys through a loaded demo the last; the
many small tests behind them even things out. On two cores there are three workers because whoever starts, kills and
asks processes waits a quarter of the time.
"""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
BEGINNINGS = (("tests/deployment/",), ("tests/journeys/test_kill.py", "tests/browser/"), ("tests/journeys/",))
"""What each third begins with; an item belongs to the first that it begins with."""


def spread(items: list[T], name: Callable[[T], str]) -> list[T]:
    """The items in that order, which is their own where nothing is said."""
    begun: dict[str, list[T]] = {start: [] for starts in BEGINNINGS for start in starts}
    rest: list[T] = []
    for item in items:
        begun.get(next(filter(name(item).startswith, begun), ""), rest).append(item)
    ordered: list[T] = []
    for number, starts in enumerate(BEGINNINGS, 1):
        ordered += [item for start in starts for item in begun[start]]
        room = max(0, len(items) * number // len(BEGINNINGS) - len(ordered))
        ordered += rest[:room]
        rest = rest[room:]
    return [*ordered, *rest]
