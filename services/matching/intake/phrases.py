"""Finds many phrases in one pass over a text.

A phrase is plain words; `(a/b)` stands for either; `…` for up to ten characters inside one sentence, without a
denial among them; `+` joins parts that stand in one sentence in any order. Examples: `(库存/货)…(对不上/不准)`,
`后缀变了+比特币`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product
from operator import add

from services.matching.intake.texts import NeedText

_GAP = "[^。！!？?；;\n不没别莫]{0,10}?"
_OUTSIDE = re.compile("[。！!？?；;\n]")


@dataclass(frozen=True, slots=True)
class Hit:
    """The phrase with this number stands in the text from `start` to `end`."""

    phrase: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tail:
    """What must follow the first part of a phrase, or stand with it in the sentence."""

    pattern: re.Pattern[str]
    anywhere: bool


@dataclass(frozen=True, slots=True)
class Index:
    """First parts by their first two characters; per first part the numbers of its phrases; the tails by number."""

    openings: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, tuple[int, ...]]
    tails: tuple[Tail | None, ...]


def index(phrases: Iterable[str]) -> Index:
    """Prepare the phrases; the number of a phrase is its place in the given order."""
    openings: dict[str, set[str]] = defaultdict(set)
    numbers: dict[str, list[int]] = defaultdict(list)
    tails: list[Tail | None] = []
    for number, phrase in enumerate(phrases):
        first, *rest = re.split(r"[…+]", phrase)
        for literal in dict.fromkeys(_spellings(first)):
            openings[literal[:2]].add(literal)
            numbers[literal].append(number)
        tails.append(_tail(rest, anywhere="+" in phrase) if rest else None)
    return Index(
        {start: tuple(sorted(literals)) for start, literals in openings.items()},
        {literal: tuple(known) for literal, known in numbers.items()},
        tuple(tails),
    )


def _spellings(part: str) -> Iterator[str]:
    """(库存/货)不准 → 库存不准, 货不准."""
    choices = [option.strip("()").split("/") for option in re.findall(r"\([^)]*\)|[^()]+", part)]
    return ("".join(combination) for combination in product(*choices))


def _tail(parts: list[str], *, anywhere: bool) -> Tail:
    sources = [f"(?:{'|'.join(_source(spelling) for spelling in _spellings(part))})" for part in parts]
    if anywhere:
        return Tail(re.compile("".join(f"(?=.*?{source})" for source in sources)), anywhere=True)
    return Tail(re.compile("".join(_GAP + source for source in sources)), anywhere=False)


def _source(literal: str) -> str:
    """The literal as a pattern; Latin words count only whole."""
    start = "(?<![a-z0-9])" if literal[0].isascii() else ""
    return start + re.escape(literal) + ("(?![a-z0-9])" if literal[-1].isascii() else "")


def find(known: Index, text: NeedText) -> list[Hit]:
    """All phrases that stand in the text, each once, where it stands first."""
    folded, openings = text.folded, known.openings
    pairs = map(add, folded, chain(folded[1:], " "))
    begun = [(start, first, pair) for start, (first, pair) in enumerate(zip(folded, pairs, strict=True))
             if pair in openings or first in openings]  # fmt: skip
    found: dict[int, Hit] = {}
    for start, first, pair in begun:
        for literal in chain(openings.get(first, ()), openings.get(pair, ())):
            if folded.startswith(literal, start) and _whole(folded, start, literal):
                _add(found, known, literal, folded, start)
    return list(found.values())


def _add(found: dict[int, Hit], known: Index, literal: str, folded: str, start: int) -> None:
    """The phrases that begin with this literal and are complete."""
    end, tails = start + len(literal), known.tails
    for number in known.phrases[literal]:
        if number not in found:
            tail = tails[number]
            last = end if tail is None else _end(tail, folded, start, end)
            if last:
                found[number] = Hit(number, start, last)


def _end(tail: Tail, folded: str, start: int, end: int) -> int:
    """Where the phrase ends whose first part stands here; 0 when its other parts are not there."""
    if not tail.anywhere:
        match = tail.pattern.match(folded, end)
        return match.end() if match else 0
    stop = _OUTSIDE.search(folded, end)
    begun = max((mark.end() for mark in _OUTSIDE.finditer(folded, 0, start)), default=0)
    sentence = folded[begun : stop.start() if stop else len(folded)]
    return end if tail.pattern.match(sentence) else 0


def _whole(folded: str, start: int, literal: str) -> bool:
    """Whether the literal is not cut out of a longer Latin word: crm is not in crmn."""
    if not (literal[0].isascii() or literal[-1].isascii()):
        return True
    before, after = folded[start - 1 : start] if start else "", folded[start + len(literal) :][:1]
    latin_before = literal[0].isascii() and before.isascii() and before.isalnum()
    return not (latin_before or (literal[-1].isascii() and after.isascii() and after.isalnum()))
