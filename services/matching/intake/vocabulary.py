"""All phrase lists of intake in one index, so that a text is passed over once."""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import accumulate, chain

from services.matching.intake import categories, demands, phrases, places, trades
from services.matching.intake.phrases import Hit
from services.matching.intake.texts import NeedText

_LISTS: Mapping[str, Callable[[], Sequence[str]]] = {
    "categories": categories.spellings,
    "demands": demands.spellings,
    "places": places.spellings,
    "trades": trades.spellings,
}


def find(text: NeedText) -> Mapping[str, Sequence[Hit]]:
    """The hits of each list, numbered as the list numbers its phrases."""
    known, firsts = _index()
    hits: dict[str, list[Hit]] = {name: [] for name in _LISTS}
    lists = tuple(hits.values())
    for phrase, start, end in phrases.find(known, text):
        place = bisect_right(firsts, phrase) - 1
        lists[place].append(Hit(phrase - firsts[place], start, end))
    return hits


@cache
def _index() -> tuple[phrases.Index, Sequence[int]]:
    """The index, and the number that the first phrase of each list has in it."""
    lists = [spellings() for spellings in _LISTS.values()]
    return phrases.index(chain.from_iterable(lists)), tuple(accumulate(map(len, lists[:-1]), initial=0))
