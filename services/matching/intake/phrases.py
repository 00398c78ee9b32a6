"""Finds many phrases in one pass over a text.

A phrase is plain words; `(a/b)` stands for either; `…` for up to ten characters inside one sentence, without a
denial among them; `+` joins parts that stand in one sentence in any order. Examples: `(库存/货)…(对不上/不准)`,
`后缀变了+比特币`. What a phrase begins with, and what must follow that, is looked for by one automaton (Aho-Corasick).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from operator import or_
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from services.matching.intake import denials
from services.matching.intake.texts import NeedText

_NO_SECOND = 1
"""The bit of phrases that have no second part, or one that may stand anywhere in the sentence."""
_LONGEST_GAP = 10
_STRETCH = 16
"""What follows a part at a gap begins in the stretch of so many characters that the part ends in, or in the next."""
_SENTENCE_END = "。！!？?；;\n"
_BARRED = re.compile(
    f"[{_SENTENCE_END}不没别莫](?<!能不(?=能))(?<!有没(?=有))(?<!可不(?=可以))(?<![是要会行]不(?=[是要会行]))"
    f"(?<![{denials.MAKES_A_WORD}]别)"
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
    """The spellings of first and second parts, each a literal with a number, and what each may begin or go on with.

    Phrases are many and lie all over the memory, second parts are few and each is a bit: whether a literal begins a
    phrase whose second part can follow is seen without looking at the phrase.
    """

    literals: AhoCorasick
    seconds: tuple[int, ...]
    """The second parts that a literal is a spelling of."""
    wanted: tuple[int, ...]
    """The second parts of the phrases that a literal begins."""
    begun: tuple[tuple[tuple[int, int, Tail | None], ...], ...]
    """The phrases that a literal begins: the second part of each, its number, its tail."""


def index(phrases: Iterable[str]) -> Index:
    """Prepare the phrases; the number of a phrase is its place in the given order."""
    parts: dict[str, int] = defaultdict(lambda: _NO_SECOND << len(parts) + 1)
    begun: dict[str, list[tuple[int, int, Tail | None]]] = defaultdict(list)
    for number, phrase in enumerate(phrases):
        first, *rest = re.split(r"[…+]", phrase)
        tail = Tail(tuple(tuple(_spellings(part)) for part in rest), "+" in phrase) if rest else None
        entry = (parts[rest[0]] if rest and "+" not in phrase else _NO_SECOND, number, tail)
        for literal in dict.fromkeys(_spellings(first)):
            begun[literal].append(entry)
    seconds: dict[str, int] = defaultdict(int)
    for part, bit in parts.items():
        for literal in _spellings(part):
            seconds[literal] |= bit
    literals = sorted(begun.keys() | seconds.keys(), key=lambda literal: (len(literal), literal))
    return Index(
        AhoCorasick(literals, implementation=Implementation.ContiguousNFA, store_patterns=False),
        tuple(seconds[literal] for literal in literals),
        tuple(reduce(or_, (second for second, _, _ in begun[literal]), 0) for literal in literals),
        tuple(tuple(begun[literal]) for literal in literals),
    )


def _spellings(part: str) -> Iterator[str]:
    """(库存/货)不准 → 库存不准, 货不准."""
    choices = [option.strip("()").split("/") for option in re.findall(r"\([^)]*\)|[^()]+", part)]
    return ("".join(combination) for combination in product(*choices))


def find(known: Index, text: NeedText) -> list[Hit]:
    """All phrases that stand in the text, each once, where it stands first."""
    folded, seconds, wanted = text.folded, known.seconds, known.wanted
    standing = known.literals.find_matches_as_indexes(folded, overlapping=True)
    stretches = [_NO_SECOND] * (len(folded) // _STRETCH + 2)
    for literal, start, _ in standing:
        stretches[start // _STRETCH] |= seconds[literal]
    near = list(map(or_, stretches, stretches[1:]))
    beginnings = [(start, end, it) for it, start, end in standing if wanted[it] & near[end // _STRETCH]]
    found: dict[int, Hit] = {}
    for start, end, literal in sorted(beginnings):
        if _is_whole(folded, start, end):
            possible = near[end // _STRETCH]
            for second, number, tail in known.begun[literal]:
                if second & possible and number not in found:
                    last = _end(tail, folded, start, end) if tail else end
                    if last:
                        found[number] = Hit(number, start, last)
    return list(found.values())


def _end(tail: Tail, folded: str, start: int, end: int) -> int:
    """Where the phrase ends whose first part stands here; 0 when its other parts are not there."""
    if not tail.anywhere:
        return _follow(tail.parts, folded, end)
    if not all(any(literal in folded for literal in part) for part in tail.parts):
        return 0
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
            end = start + len(literal)
            if folded.startswith(literal, start) and _is_whole(folded, start, end):
                last = _follow(others, folded, end) if others else end
                if last:
                    return last
    return 0


def _stands(literal: str, sentence: str) -> bool:
    """Whether the literal stands in the sentence, a Latin one as a whole word."""
    start = sentence.find(literal)
    while start >= 0:
        if _is_whole(sentence, start, start + len(literal)):
            return True
        start = sentence.find(literal, start + 1)
    return False


def _is_whole(folded: str, start: int, end: int) -> bool:
    """Whether what stands here is not cut out of a longer Latin word: crm is not in crmn."""
    return not (_is_latin(folded[start - 1 : start + 1]) or _is_latin(folded[end - 1 : end + 1]))


def _is_latin(pair: str) -> bool:
    """Whether these are two letters or digits of one Latin word."""
    return pair.isascii() and pair.isalnum() and len(pair) == 2
