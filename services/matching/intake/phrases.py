"""Finds many phrases in one pass over a text.

A phrase is plain words; `(a/b)` stands for either; `…` for up to ten characters inside one sentence; `+` joins
parts that stand in one sentence in any order. Example: `(库存/货)…(对不上/不准)`, `后缀变了+比特币`.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.matching.intake.texts import NeedText

_GAP = 10
_DENIED = re.compile(r"[不没别莫]")
_LATIN = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Hit:
    """The phrase with this number stands in the text, its first part beginning at `start`."""

    phrase: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Index:
    """Phrases cut into literal pieces, looked up by first character and length."""

    lengths: Mapping[str, tuple[int, ...]]
    places: Mapping[str, tuple[tuple[int, int], ...]]
    parts: tuple[int, ...]
    ordered: tuple[bool, ...]


def index(phrases: Iterable[str]) -> Index:
    """Prepare the phrases; the number of a phrase is its place in the given order."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    parts: list[int] = []
    ordered: list[bool] = []
    for number, phrase in enumerate(phrases):
        pieces = re.split(r"[…+]", phrase)
        parts.append(len(pieces))
        ordered.append("+" not in phrase)
        for place, piece in enumerate(pieces):
            for literal in dict.fromkeys(_spellings(piece)):
                places[literal].append((number, place))
    lengths: dict[str, set[int]] = defaultdict(set)
    for literal in places:
        lengths[literal[0]].add(len(literal))
    return Index(
        {first: tuple(sorted(known)) for first, known in lengths.items()},
        {literal: tuple(known) for literal, known in places.items()},
        tuple(parts),
        tuple(ordered),
    )


def _spellings(piece: str) -> Iterator[str]:
    """(库存/货)不准 → 库存不准, 货不准."""
    choices = [option.strip("()").split("/") for option in re.findall(r"\([^)]*\)|[^()]+", piece)]
    for combination in itertools.product(*choices):
        yield "".join(combination)


def find(known: Index, text: NeedText) -> list[Hit]:
    """All phrases that stand in the text, each once, where it stands first."""
    folded, found = text.folded, {}
    open_parts: dict[tuple[int, int], tuple[int, dict[int, tuple[int, int]]]] = {}
    sentence_of = _sentences(text)
    for start, first in enumerate(folded):
        for length in known.lengths.get(first, ()):
            piece = folded[start : start + length]
            if len(piece) < length or piece not in known.places:
                continue
            for number, place in known.places[piece]:
                if number in found or not _whole(folded, start, start + length):
                    continue
                if known.parts[number] == 1:
                    found[number] = Hit(number, start, start + length)
                    continue
                sentence = sentence_of[start]
                seen = open_parts.setdefault((number, sentence), (sentence, {}))[1]
                hit = _extend(known, folded, number, place, start, start + length, seen)
                if hit is not None:
                    found[number] = hit
    return list(found.values())


def _extend(
    known: Index, folded: str, number: int, place: int, start: int, end: int, seen: dict[int, tuple[int, int]]
) -> Hit | None:
    """Add a part to what has been seen of a phrase in this sentence; the hit when it is complete."""
    last = known.parts[number] - 1
    if not known.ordered[number]:
        seen[place] = (start, end)
        if len(seen) <= last:
            return None
        return Hit(number, min(s for s, _ in seen.values()), max(e for _, e in seen.values()))
    if place == 0:
        seen[0] = (start, end)
        return None
    before = seen.get(place - 1)
    if before is None or start < before[1] or start - before[1] > _GAP or _DENIED.search(folded[before[1] : start]):
        return None
    seen[place] = (before[0], end)
    return Hit(number, before[0], end) if place == last else None


def _whole(folded: str, start: int, end: int) -> bool:
    """Latin words count only whole: crm is not in crmn."""
    if _LATIN.match(folded[start]) and start and _LATIN.match(folded[start - 1]):
        return False
    return not (_LATIN.match(folded[end - 1]) and end < len(folded) and _LATIN.match(folded[end]))


def _sentences(text: NeedText) -> list[int]:
    sentences: list[int] = []
    for clause in text.clauses:
        sentences += [clause.sentence] * (clause.end - len(sentences))
    return sentences + [text.clauses[-1].sentence] * (len(text.folded) - len(sentences))
