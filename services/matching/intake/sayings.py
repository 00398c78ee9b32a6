"""How firms talk: which category a text sounds like, learnt from example sentences and from the lexicon's phrases.

The lexicon knows phrases; a firm that uses none of them is still understood when it sounds like one of the examples
(`data/sayings.csv`). A ridge regression over pieces of one to three characters: no model file, learnt in a fraction
of a second when the first need is read, and whoever adds a sentence to the list teaches it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from services.matching.intake import tables

NO_TOPIC = "-"
"""Stands as the category of sentences that ask for nothing that the catalogue could hold."""
ANY_TOPIC = "*"
"""Stands as the category of what any need may say: what it may cost, by when, where, how good it must be."""

_RUN = re.compile(r"[㐀-鿿]+|[a-z][a-z0-9]*")
_AMOUNT = re.compile(
    r"预算|不超过|最多|顶天|顶多|多少钱|以内|以下|之内|左右|上下|[年月]付|"
    r"[\d零〇一二两俩三四五六七八九十百千万亿几半多]+(?:块钱?|元|个月|个点|年|天|月|日|周|季度|个)?"
)
"""How much, how many and how long tell no topic."""
_RIDGE = 0.7
_ROUNDS = 14
"""So many rounds of conjugate gradients come within a thousandth of the exact solution, at a tenth of its time."""
_USUAL = 200
"""So many sayings and phrases a category are usual; where there are more, each teaches less."""
_GAPS = str.maketrans("()/…+", "     ")
"""What stands between the words of a phrase of the lexicon."""
_SHORT = 500.0
"""A text of few pieces sounds like nothing much, however well they fit."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Per piece of text (`rows` tells its row) its weight for each of `categories`, and its squared length."""

    categories: tuple[str, ...]
    rows: Mapping[str, int]
    weights: NDArray[np.float32]
    lengths: NDArray[np.float32]

    def likeness(self, folded: str) -> NDArray[np.float32]:
        """For each category how much a text sounds like its sentences: about 1 for one of them, 0 for none."""
        return self._likeness(pieces(folded))

    def leaning(self, told: str, asked: str, share: float) -> NDArray[np.float32]:
        """The likeness of a text whose parts tell and ask, where the asking part by itself counts for a share."""
        asking = pieces(asked)
        whole = self._likeness(pieces(told) | asking)
        return whole + np.float32(share) * (self._likeness(asking) - whole)

    def _likeness(self, found: Iterable[str]) -> NDArray[np.float32]:
        known = [row for row in map(self.rows.get, found) if row is not None]
        if not known:
            return np.zeros(len(self.categories), np.float32)
        total = self.weights.take(known, axis=0).sum(axis=0)
        likeness: NDArray[np.float32] = total / np.sqrt(self.lengths.take(known).sum() + _SHORT)
        return likeness


def pieces(folded: str) -> set[str]:
    """The distinct runs of up to three Chinese characters, and the Latin words."""
    found: set[str] = set()
    for run in _RUN.findall(_AMOUNT.sub(" ", folded)):
        if run[0].isascii():
            found.add(run)
        else:
            pairs = list(map(add, run, run[1:]))
            found.update(run, pairs, map(add, pairs, run[2:]))
    return found


@cache
def voice() -> Voice:
    """What the list of sayings teaches, and the phrases of the lexicon."""
    said = [(row["category"], row["text"]) for row in tables.rows("sayings.csv")]
    phrases = [(row["category"], phrase) for row in tables.rows("lexicon.csv") for phrase in row["phrases"].split()]
    return learn(said + [(category, phrase.translate(_GAPS)) for category, phrase in phrases])


def learn(sayings: Iterable[tuple[str, str]]) -> Voice:
    """What these sentences teach, each given with its category."""
    taught = [(category, pieces(text.lower())) for category, text in sayings]
    counts = Counter(piece for _, found in taught for piece in found)
    rows = {piece: row for row, piece in enumerate(sorted(counts))}
    rarity = np.array([np.log(1 + len(taught) / (counts[piece] + 0.5)) for piece in rows], np.float32)
    table = _table([sorted(rows[piece] for piece in found) for _, found in taught], rarity)
    categories = tuple(sorted({category for category, _ in taught}))
    right = np.array([[category == other for other in categories] for category, _ in taught], np.float32)
    often = Counter(category for category, _ in taught)
    doubt = np.array([max(1.0, often[category] / _USUAL) for category, _ in taught], np.float32)
    share = _solved(table, _RIDGE * doubt[:, None], right)
    return Voice(categories, rows, (table.T @ share) * rarity[:, None], rarity * rarity)


def _table(found: Sequence[Sequence[int]], rarity: NDArray[np.float32]) -> Any:
    """One line of length one per sentence: the rarity of each of its pieces."""
    lengths = np.array([len(known) for known in found])
    columns = np.fromiter(chain.from_iterable(found), np.int32, lengths.sum())
    line = np.repeat(np.arange(len(found)), lengths)
    norms = np.sqrt(np.bincount(line, rarity[columns] ** 2, minlength=len(found))).clip(1e-9)
    values = (rarity[columns] / norms[line]).astype(np.float32)
    return sparse.csr_matrix((values, columns, np.concatenate(([0], lengths.cumsum()))), (len(found), len(rarity)))


def _solved(table: Any, ridge: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """The x of (table tableᵀ + ridge) x = right, by conjugate gradients, all columns at once."""
    turned = table.T.tocsr()
    solved, rest, way = np.zeros_like(right), right.copy(), right.copy()
    size = (rest * rest).sum(axis=0)
    for _ in range(_ROUNDS):
        moved = table @ (turned @ way) + ridge * way
        step = size / np.maximum((way * moved).sum(axis=0), 1e-12)
        solved += step * way
        rest -= step * moved
        before, size = size, (rest * rest).sum(axis=0)
        way = rest + size / np.maximum(before, 1e-12) * way
    return solved
