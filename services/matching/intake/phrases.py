"""Finds many phrases in one pass over a text.

A phrase is plain words; `(a/b)` stands for either; `…` for up to ten characters inside one sentence, without a
denial among them; `+` joins parts that stand in one sentence in any order. Examples: `(库存/货)…(对不上/不准)`,
`后缀变了+比特币`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matching.intake import sieve
from services.matching.intake.texts import NeedText

_LONGEST_GAP = 10
_SENTENCE_END = "。！!？?；;\n"
_BARRED = re.compile(
    f"[{_SENTENCE_END}不没别莫](?<!能不(?=能))(?<!有没(?=有))(?<!可不(?=可以))(?<![是要会行]不(?=[是要会行]))"
)
"""A denial or the end of the sentence; 能不能 asks and denies nothing."""
_SEEN_BEHIND = 2
"""So many characters behind a denial tell whether it is one."""
_OUTSIDE = re.compile(f"[{_SENTENCE_END}]")


class Hit(NamedTuple):
    """The phrase with this number stands in the text from `start` to `end`."""

    phrase: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tail:
    """What must follow the first part of a phrase, or stand with it in the sentence."""

    parts: tuple[tuple[str, ...], ...]
    """The spellings of each further part."""
    anywhere: bool


@dataclass(frozen=True, slots=True)
class Index:
    """Where phrases may begin, the lengths of the long first parts, what begins with each first part, and the tails."""

    openings: sieve.Table
    """How first parts begin."""
    lengths: Mapping[str, tuple[int, ...]]
    """Of the longer first parts that begin with these characters."""
    phrases: Mapping[str, tuple[int, ...]]
    tails: tuple[Tail | None, ...]
    seconds: NDArray[np.uint32]
    """How second parts begin, as numbers of the sieve: one of these must stand in the text."""
    owners: NDArray[np.intp]
    """The phrase of each."""


def index(phrases: Iterable[str]) -> Index:
    """Prepare the phrases; the number of a phrase is its place in the given order."""
    numbers: dict[str, list[int]] = defaultdict(list)
    tails: list[Tail | None] = []
    seconds: list[tuple[int, int]] = []
    for number, phrase in enumerate(phrases):
        first, *rest = re.split(r"[…+]", phrase)
        for literal in dict.fromkeys(_spellings(first)):
            numbers[literal].append(number)
        parts = tuple(tuple(_spellings(part)) for part in rest)
        tails.append(Tail(parts, anywhere="+" in phrase) if parts else None)
        openings = {spelling[:2] for spelling in parts[0]} if parts else ()
        seconds += [(sieve.code(opening), number) for opening in openings]
    lengths: dict[str, set[int]] = defaultdict(set)
    for literal in numbers:
        lengths[literal[: sieve.WIDEST]].add(len(literal))
    return Index(
        sieve.table(lengths),
        {opening: tuple(sorted(known)) for opening, known in lengths.items()},
        {literal: tuple(known) for literal, known in numbers.items()},
        tuple(tails),
        np.array([code for code, _ in seconds], np.uint32),
        np.array([number for _, number in seconds], np.intp),
    )


def _spellings(part: str) -> Iterator[str]:
    """(库存/货)不准 → 库存不准, 货不准."""
    choices = [option.strip("()").split("/") for option in re.findall(r"\([^)]*\)|[^()]+", part)]
    return ("".join(combination) for combination in product(*choices))


def find(known: Index, text: NeedText) -> list[Hit]:
    """All phrases that stand in the text, each once, where it stands first."""
    folded, tails = text.folded, known.tails
    codes = sieve.codes(folded)
    possible = _possible(known, codes)
    found: dict[int, Hit] = {}
    for start, end, numbers in _begun(known, folded, codes):
        for number in numbers:
            tail = tails[number]
            if number in found or not (tail is None or possible[number]):
                continue
            last = _end(tail, folded, start, end) if tail else end
            if last:
                found[number] = Hit(number, start, last)
    return list(found.values())


def _possible(known: Index, codes: sieve.Codes) -> bytes:
    """For each phrase of several parts 0 if none of the text's characters could begin the second."""
    possible = np.zeros(len(known.tails), np.bool_)
    possible[known.owners.take(sieve.standing(codes, known.seconds))] = True
    return possible.tobytes()


def _begun(known: Index, folded: str, codes: sieve.Codes) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Where first parts stand in the text, in their order, and the phrases that begin with them."""
    for start, width in sieve.places(known.openings, codes):
        lengths = (width,) if width < sieve.WIDEST else known.lengths.get(folded[start : start + width], ())
        for length in lengths:
            literal = folded[start : start + length]
            begun = known.phrases.get(literal)
            if begun and _is_whole(folded, start, literal):
                yield start, start + length, begun


def _end(tail: Tail, folded: str, start: int, end: int) -> int:
    """Where the phrase ends whose first part stands here; 0 when its other parts are not there."""
    if not tail.anywhere:
        return _follow(tail.parts, folded, end)
    stop = _OUTSIDE.search(folded, end)
    begun = max((mark.end() for mark in _OUTSIDE.finditer(folded, 0, start)), default=0)
    sentence = folded[begun : stop.start() if stop else len(folded)]
    return end if all(any(_stands(literal, sentence) for literal in part) for part in tail.parts) else 0


def _follow(parts: Sequence[tuple[str, ...]], folded: str, at: int) -> int:
    """Where the last of these parts ends when each stands a short gap behind the one before, the first behind `at`."""
    spellings, *others = parts
    near = [literal for literal in spellings if folded.find(literal, at, at + _LONGEST_GAP + len(literal)) >= 0]
    if not near:
        return 0
    barred = _BARRED.search(folded, at, at + _LONGEST_GAP + _SEEN_BEHIND)
    stop = min(at + _LONGEST_GAP, barred.start() if barred else len(folded))
    for start in range(at, stop + 1):
        for literal in near:
            if folded.startswith(literal, start) and _is_whole(folded, start, literal):
                end = start + len(literal)
                last = _follow(others, folded, end) if others else end
                if last:
                    return last
    return 0


def _stands(literal: str, sentence: str) -> bool:
    """Whether the literal stands in the sentence, a Latin one as a whole word."""
    start = sentence.find(literal)
    while start >= 0:
        if _is_whole(sentence, start, literal):
            return True
        start = sentence.find(literal, start + 1)
    return False


def _is_whole(folded: str, start: int, literal: str) -> bool:
    """Whether the literal is not cut out of a longer Latin word: crm is not in crmn."""
    if not (literal[0].isascii() or literal[-1].isascii()):
        return True
    before, after = folded[start - 1 : start] if start else "", folded[start + len(literal) :][:1]
    latin_before = literal[0].isascii() and before.isascii() and before.isalnum()
    return not (latin_before or (literal[-1].isascii() and after.isascii() and after.isalnum()))
