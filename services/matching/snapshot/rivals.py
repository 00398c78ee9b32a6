"""Kinds that exclude each other: an offer for bid bonds is of no use to who needs a performance bond.

`data/rivals.csv` names matters (what kind of bond, which standard, full or part loads) and their kinds. A text speaks
of kinds; where an offer speaks of some kinds of a matter, the need of others, and they share none, the offer is of
another kind. Each kind is a bit, so that a need is compared with every offer in a few operations on whole columns.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from shared import segmentation
from shared.codes import standards
from shared.contracts.offerings import OfferingContent

_ONLY = re.compile("[只仅]")
Bits = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of a matter: its bit, its names, and how texts speak of it."""

    matter: str
    bit: int
    zh: str
    en: str
    words: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]


@cache
def kinds() -> tuple[Kind, ...]:
    """The kinds of `data/rivals.csv`."""
    text = (
        resources.files(__package__ or "services.matching.snapshot").joinpath("data", "rivals.csv").read_text("utf-8")
    )
    rows = csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(
        Kind(row["matter"], 1 << number, row["kind"], row["name_en"], *_spelled(row["words"].split()))
        for number, row in enumerate(rows)
    )


def _spelled(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[re.Pattern[str], ...]]:
    """The plain words, which are quick to look for, and the patterns."""
    plain = tuple(word for word in words if re.escape(word).replace("\\-", "-") == word)
    return plain, tuple(re.compile(word) for word in words if word not in plain)


@cache
def matters() -> tuple[int, ...]:
    """For each matter the bits of its kinds."""
    found: dict[str, int] = {}
    for kind in kinds():
        found[kind.matter] = found.get(kind.matter, 0) | kind.bit
    return tuple(found.values())


def spoken_of(text: str) -> int:
    """The kinds that a text speaks of."""
    folded = standards.in_digits(segmentation.normalise(text))
    beginnings, words, patterns = _spoken()
    said = {
        bit
        for match in beginnings.finditer(folded)
        for word, bit in words[match[0]]
        if folded.startswith(word, match.start())
    }
    said.update(bit for pattern, bit in patterns if pattern.search(folded))
    return sum(said)


@cache
def _spoken() -> tuple[re.Pattern[str], Mapping[str, Sequence[tuple[str, int]]], Sequence[tuple[re.Pattern[str], int]]]:
    """Where words may begin, the words by their first characters, and the patterns; each with the bit of its kind."""
    words: dict[str, list[tuple[str, int]]] = {}
    for kind in kinds():
        for word in kind.words:
            words.setdefault(word[0], []).append((word, kind.bit))
    patterns = [(pattern, kind.bit) for kind in kinds() for pattern in kind.patterns]
    seconds = {word[1:2] for kind in kinds() for word in kind.words}
    return re.compile(f"{_one_of(words)}(?={_one_of(seconds)})"), words, patterns


def _one_of(characters: Iterable[str]) -> str:
    return f"[{re.escape(''.join(sorted(characters)))}]"


def of(content: OfferingContent, said: Sequence[str]) -> int:
    """The kinds that an offering serves; none of a matter of which its description speaks only in passing.

    It is about a matter when its name, summary, features or a clause with "only" speak of it. `said` are the clauses
    of its description that refuse nothing.
    """
    only = [clause for clause in said if _ONLY.search(clause)]
    core = spoken_of("\n".join((content.name, content.summary, *content.features, *only)))
    if not core:
        return 0
    more = core | spoken_of("\n".join(said))
    return sum(more & matter for matter in matters() if core & matter)


def differ(offered: Bits, asked: Bits) -> NDArray[np.bool_]:
    """Whether of any matter both speak, and share no kind; either side may be one or many."""
    answer = np.zeros(max(len(offered), len(asked)), np.bool_)
    spoken_of_by_any = int(np.bitwise_or.reduce(asked))
    for matter in matters():
        if spoken_of_by_any & matter:
            here, there = offered & matter, asked & matter
            answer = answer | (here != 0) & (there != 0) & (here & there == 0)
    return answer


def named(offered: int, asked: int) -> Iterator[tuple[tuple[Kind, ...], tuple[Kind, ...]]]:
    """For each such matter the kinds that are served and those that were asked for."""
    for matter in matters():
        if asked & matter and offered & matter and not offered & asked & matter:
            yield (
                tuple(kind for kind in kinds() if kind.bit & offered & matter),
                tuple(kind for kind in kinds() if kind.bit & asked & matter),
            )
