"""Finds many phrases in one pass over a text.

A phrase is plain words; `(a/b)` stands for either; `…` for up to ten characters inside one sentence, without a
denial among them; `+` joins parts that stand in one sentence in any order. Examples: `(库存/货)…(对不上/不准)`,
`后缀变了+比特币`. What a phrase begins with, and what must follow that, is looked for by one automaton (Aho-Corasick).
"""

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, product
from operator import itemgetter
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from services.matching.intake.texts import NeedText

NO_SECOND = -1
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
    """The spellings of first and second parts, each a literal with a number, and what each may begin or go on with.

    Phrases are many and lie all over the memory, second parts are few: whether a phrase's one can stand in the text is
    seen without looking at the phrase.
    """

    literals: AhoCorasick
    begun: tuple[tuple[int, ...], ...]
    """The phrases that begin with a literal."""
    followed: tuple[tuple[int, ...], ...]
    """The second parts that a literal is a spelling of."""
    seconds: "array[int]"
    """The second part of each phrase, or NO_SECOND."""
    tails: tuple[Tail | None, ...]


def index(phrases: Iterable[str]) -> Index:
    """Prepare the phrases; the number of a phrase is its place in the given order."""
    literals: dict[str, int] = defaultdict(count().__next__)
    parts: dict[str, int] = defaultdict(count().__next__)
    begun: dict[int, list[int]] = defaultdict(list)
    seconds = array("i")
    tails: list[Tail | None] = []
    for number, phrase in enumerate(phrases):
        first, *rest = re.split(r"[…+]", phrase)
        for literal in dict.fromkeys(_spellings(first)):
            begun[literals[literal]].append(number)
        seconds.append(parts[rest[0]] if rest else NO_SECOND)
        tails.append(Tail(tuple(tuple(_spellings(part)) for part in rest), "+" in phrase) if rest else None)
    followed: dict[int, list[int]] = defaultdict(list)
    for part, number in parts.items():
        for literal in dict.fromkeys(_spellings(part)):
            followed[literals[literal]].append(number)
    return Index(
        AhoCorasick(literals, implementation=Implementation.ContiguousNFA, store_patterns=False),
        tuple(tuple(begun[literal]) for literal in literals.values()),
        tuple(tuple(followed[literal]) for literal in literals.values()),
        seconds,
        tuple(tails),
    )


def _spellings(part: str) -> Iterator[str]:
    """(库存/货)不准 → 库存不准, 货不准."""
    choices = [option.strip("()").split("/") for option in re.findall(r"\([^)]*\)|[^()]+", part)]
    return ("".join(combination) for combination in product(*choices))


def find(known: Index, text: NeedText) -> list[Hit]:
    """All phrases that stand in the text, each once, where it stands first."""
    folded, seconds = text.folded, known.seconds
    standing = known.literals.find_matches_as_indexes(folded, overlapping=True)
    possible = {NO_SECOND}.union(*[known.followed[literal] for literal, _, _ in standing])
    found: dict[int, Hit] = {}
    for literal, start, end in sorted(standing, key=itemgetter(1, 2)):
        begun = [number for number in known.begun[literal] if seconds[number] in possible and number not in found]
        if begun and _is_whole(folded, start, end):
            for number in begun:
                tail = known.tails[number]
                last = _end(tail, folded, start, end) if tail else end
                if last:
                    found[number] = Hit(number, start, last)
    return list(found.values())


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
    return len(pair) == 2 and pair.isascii() and pair.isalnum()
