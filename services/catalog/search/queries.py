"""From what a person types to what an engine is asked, the same for every engine."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import groupby

from services.catalog.search.port import ANY, Hits, Query, Searchable, Word
from shared import lexicon, segmentation
from shared.codes import industries, regions

MAX_WORDS = 10
_LONGEST_PHRASE = 10
LONG_SECONDS = 0.5
Condition = Mapping[str, tuple[str, ...]]


def words(text: str) -> tuple[Word, ...]:
    """The words worth looking for, at most ten: words of the trade before others, in the order of the text.

    Characters that belong to no dictionary word (云栈) are looked for side by side. Words that say nothing and
    single characters count only when there is nothing else.
    """
    found = list(dict.fromkeys(_merged(segmentation.cut(text))))
    telling = [word for word in found if len(word.text) > 1 and word.text not in segmentation.stop_words()]
    trade = segmentation.domain_words()
    return tuple(sorted(telling or found, key=lambda word: word.text not in trade)[:MAX_WORDS])


def ways(asked: tuple[Word, ...]) -> Iterator[tuple[Word, ...]]:
    """What to look for, and, while nothing is found, what to look for instead.

    All words; then without the phrases, for the name that nobody bears must not hide the rest; then each word alone,
    for equally rare words need not occur together.
    """
    yield asked
    plain = tuple(word for word in asked if not word.phrase)
    if plain and len(plain) < len(asked):
        yield plain
    if len(asked) > 1:
        yield from ((word,) for word in asked)


def search(index: Searchable, query: Query, long: float = LONG_SECONDS) -> Hits:
    """What is found in the first of the ways that finds something; no further way is tried after so many seconds."""
    began = time.monotonic()
    found = Hits()
    for attempt in ways(query.words):
        found = index.search(replace(query, words=attempt))
        if found.total or time.monotonic() - began > long:
            break
    return found


def _merged(pieces: list[str]) -> list[Word]:
    merged: list[Word] = []
    stop = segmentation.stop_words()
    for single, run in groupby(pieces, lambda piece: len(piece) == 1 and not piece.isascii() and piece not in stop):
        together = tuple(run)
        if single and len(together) > 1:
            phrase = together[:_LONGEST_PHRASE]
            merged.append(Word("".join(phrase), phrase))
        else:
            merged += [Word(piece, synonyms=_synonyms().get(piece, ()), begins=len(piece) == 1) for piece in together]
    return merged


@cache
def _synonyms() -> Mapping[str, tuple[str, ...]]:
    groups = lexicon.synonyms()
    return {word: tuple(other for other in group if other != word) for group in groups for word in group}


def in_category(code: str) -> Condition:
    """Offers filed under a category, or under one of its children."""
    return {"categories": (code,)}


def in_region(code: str) -> Condition:
    """Offers delivered in a region: a code covers it, or lies inside it, or none is stated."""
    return {"regions": (ANY, *regions.lineage(code)), "inside_regions": (code,)}


def for_industry(code: str) -> Condition:
    """Offers made for an industry: a code covers it, or lies inside it, or any is welcome."""
    return {"industries": (ANY, *industries.lineage(code)), "inside_industries": (code,)}


def for_size(size: str) -> Condition:
    """Offers for firms of a size."""
    return {"sizes": (ANY, size)}


def in_edition(edition_id: str) -> Condition:
    """Offers that a live edition of a recommended catalogue lists."""
    return {"editions": (edition_id,)}
