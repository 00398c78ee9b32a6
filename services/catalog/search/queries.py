"""From what a person types to what an engine is asked, the same for every engine."""

from collections.abc import Mapping
from itertools import groupby

from services.catalog.search.port import ANY, Word
from shared import segmentation
from shared.codes import industries, regions

MAX_WORDS = 10
_LONGEST_PHRASE = 10
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


def _merged(pieces: list[str]) -> list[Word]:
    merged: list[Word] = []
    stop = segmentation.stop_words()
    for single, run in groupby(pieces, lambda piece: len(piece) == 1 and not piece.isascii() and piece not in stop):
        together = tuple(run)
        if single and len(together) > 1:
            phrase = together[:_LONGEST_PHRASE]
            merged.append(Word("".join(phrase), phrase, phrase=True))
        else:
            merged += [Word(piece, _parts(piece)) for piece in together]
    return merged


def _parts(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(segmentation.search_tokens(word)))[1:]


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
