"""All phrase lists of intake in one index, so that a text is passed over once."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

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
    known, owners = _index()
    hits: dict[str, list[Hit]] = {name: [] for name in _LISTS}
    for hit in phrases.find(known, text):
        name, number = owners[hit.phrase]
        hits[name].append(Hit(number, hit.start, hit.end))
    return hits


@cache
def _index() -> tuple[phrases.Index, tuple[tuple[str, int], ...]]:
    lists = {name: spellings() for name, spellings in _LISTS.items()}
    owners = tuple((name, number) for name, spelled in lists.items() for number in range(len(spelled)))
    return phrases.index(phrase for spelled in lists.values() for phrase in spelled), owners
