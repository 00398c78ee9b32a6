"""The text of a need, folded for reading, with its clauses and the way back to the words as they were typed."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from services.matching.intake import patterns, tables
from services.matching.snapshot import numerals
from shared import segmentation
from shared.codes import standards

T = TypeVar("T")

_FORMAL = re.compile(
    "[壹贰叁肆伍陆柒捌玖][零壹贰叁肆伍陆柒捌玖拾佰仟萬億万亿]*(?=[拾佰仟萬億万亿元圆圓块])[拾佰仟萬億万亿]*"
)
_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿")
_STOP = patterns.starting("，,。！!？?；;、\n…—:：", r"[，,。！!？?；;、\n…]|—+|(?<!\d)[:：]|[:：](?!\d)")
_PAUSE = re.compile(r"(?<=[㐀-鿿%])[\t ]|[\t ](?=[㐀-鿿])")
_LAST_LETTERS = re.compile(r"[A-Za-z0-9]{1,2}$")
_FIRST_LETTERS = re.compile(r"[A-Za-z0-9]{1,2}")
_BLANK = re.compile("[\r\t \u200b\ufeff]")
_NO_NUMBER = re.compile(rf"[{numerals.SIGNS}]{{21,}}")
"""More digits than any amount has. As numbers they would overflow, and every pattern would try each of their parts."""


class Found(NamedTuple, Generic[T]):
    """A value that stands in the folded text from `start` to `end`, with a confidence from 0 to 100."""

    value: T
    start: int
    end: int
    confidence: int = 90


class Clause(NamedTuple):
    """A stretch of the folded text between two punctuation marks."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NeedText:
    """`folded` is what the readers see; `origin` tells for each of its characters where it was typed."""

    typed: str
    folded: str
    origin: Sequence[int]
    clauses: tuple[Clause, ...]
    ends: tuple[int, ...]
    """Of the clauses."""

    def words(self, start: int, end: int) -> str:
        """The words as they were typed, for evidence."""
        if start >= end:
            return ""
        return self.typed[self.origin[start] : self.origin[end - 1] + 1].strip()

    def clause_at(self, position: int) -> Clause:
        """The clause that holds a position."""
        return self.clauses[bisect_right(self.ends, position, 0, len(self.ends) - 1)]

    def before(self, position: int, longest: int) -> str:
        """The part of the same clause before a position, at most `longest` characters."""
        start = self.clause_at(position).start
        return self.folded[max(start, position - longest) : position]

    def after(self, position: int, longest: int) -> str:
        """The part of the same clause from a position on, at most `longest` characters."""
        end = self.clause_at(max(position - 1, 0)).end
        return self.folded[position : min(end, position + longest)]


def fold(typed: str) -> NeedText:
    """Resolve full-width and upper case, drop blanks beside Chinese, repair frequent slips, cut clauses."""
    paused = _with_commas(typed)
    folded = segmentation.normalise(paused)
    origin: Sequence[int] = range(len(folded))
    if len(folded) != len(typed) or _BLANK.search(folded):
        folded, origin = _spelled_out(paused)
    folded = _repair(folded)
    clauses = _clauses(folded)
    return NeedText(typed, folded, origin, clauses, tuple(clause.end for clause in clauses))


def _with_commas(typed: str) -> str:
    """Commas for blanks where somebody sets nothing else between phrases: 想贷三百万 五年 房子可以抵押."""
    phrases = typed.split()
    if len(phrases) < 3 or sum(map(len, phrases)) < 4 * len(phrases) or _STOP.search(typed):
        return typed
    return _PAUSE.sub("，", typed)


def _spelled_out(typed: str) -> tuple[str, list[int]]:
    """Folding character by character, for texts in which it moves the others."""
    characters: list[str] = []
    origin: list[int] = []
    for index, raw in enumerate(typed):
        for character in segmentation.normalise(raw):
            if _BLANK.match(character) and not _keeps_blank(typed, index):
                continue
            characters.append(character)
            origin.append(index)
    return "".join(characters), origin


def _keeps_blank(typed: str, index: int) -> bool:
    """A blank stays between two Latin words or numbers (EN 71), not between single letters (E R P)."""
    before = _LAST_LETTERS.search(typed[:index].rstrip()[-2:])
    after = _FIRST_LETTERS.match(typed[index + 1 :].lstrip()[:2])
    if before is None or after is None:
        return False
    return len(before[0]) > 1 or len(after[0]) > 1


def _repair(folded: str) -> str:
    """Plain for formal numerals, # for endless ones, right for frequent slips and voice input; all keep the length."""
    folded = _FORMAL.sub(lambda match: match[0].translate(_PLAIN), folded)
    folded = _NO_NUMBER.sub(lambda match: "#" * len(match[0]), folded)
    wrong, right = _corrections()
    for slip, start, end in wrong.find_matches_as_indexes(folded):
        folded = folded[:start] + right[slip] + folded[end:]
    return folded


@cache
def _corrections() -> tuple[AhoCorasick, Sequence[str]]:
    right = {row["wrong"]: row["right"] for row in tables.rows("corrections.csv")} | standards.DICTATED
    wrong = AhoCorasick(right, MatchKind.LeftmostLongest, store_patterns=False, implementation=Implementation.DFA)
    return wrong, tuple(right.values())


def _clauses(folded: str) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    start = 0
    for stop in _STOP.finditer(folded):
        at, end = stop.span()
        if folded[at] == "," and folded[at - 1 : at].isdigit() and folded[end : end + 3].isdigit():
            continue  # inside a number
        if at > start:
            clauses.append(Clause(start, at))
        start = end
    if start < len(folded) or not clauses:
        clauses.append(Clause(start, len(folded)))
    return tuple(clauses)
