"""How firms talk: which category a text sounds like, learnt from example sentences (`data/sayings.csv`).

The lexicon knows phrases; a firm that uses none of them is still understood when it sounds like one of the examples.
A ridge regression over pieces of one to three characters, in closed form: no model file, learnt in a fraction of a
second when the first need is read, and whoever adds a sentence to the list teaches it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from services.matching.intake import tables

NO_TOPIC = "-"
"""Stands as the category of sentences that ask for nothing that the catalogue could hold."""

_RUN = re.compile(r"[㐀-鿿]+|[a-z][a-z0-9]*")
_AMOUNT = re.compile("预算|[零〇一二两俩三四五六七八九十百千万亿几半多]+")
"""How much and how many tells no topic."""
_LONGEST = 3
_LEAST_SAYINGS = 2
_RIDGE = 0.5
_USUAL = 60
"""So many sayings a category are usual; where there are more, each teaches less."""
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
        known = [row for row in map(self.rows.get, pieces(folded)) if row is not None]
        if not known:
            return np.zeros(len(self.categories), np.float32)
        total = self.weights.take(known, axis=0).sum(axis=0)
        found: NDArray[np.float32] = total / np.sqrt(self.lengths.take(known).sum() + _SHORT)
        return found


def pieces(folded: str) -> set[str]:
    """The distinct runs of up to three Chinese characters, and the Latin words."""
    found: set[str] = set()
    for run in _RUN.findall(_AMOUNT.sub(" ", folded)):
        if run[0].isascii():
            found.add(run)
        else:
            found.update(run[i : i + n] for n in range(1, _LONGEST + 1) for i in range(len(run) - n + 1))
    return found


@cache
def voice() -> Voice:
    """What the list of sayings teaches."""
    return learn((row["category"], row["text"]) for row in tables.rows("sayings.csv"))


def learn(sayings: Iterable[tuple[str, str]]) -> Voice:
    """What these sentences teach, each given with its category."""
    taught = [(category, pieces(text.lower())) for category, text in sayings]
    counts = Counter(piece for _, found in taught for piece in found)
    rows = {piece: row for row, piece in enumerate(sorted(p for p, n in counts.items() if n >= _LEAST_SAYINGS))}
    rarity = np.array([np.log(1 + len(taught) / (counts[piece] + 0.5)) for piece in rows], np.float32)
    table = np.zeros((len(taught), len(rows)), np.float32)
    for row, (_, found) in enumerate(taught):
        known = [rows[piece] for piece in found if piece in rows]
        table[row, known] = rarity[known] / max(1e-9, float(np.linalg.norm(rarity[known])))
    categories = tuple(sorted({category for category, _ in taught}))
    right = np.array([[category == other for other in categories] for category, _ in taught], np.float32)
    often = Counter(category for category, _ in taught)
    doubt = np.array([max(1.0, often[category] / _USUAL) for category, _ in taught], np.float32)
    share = np.linalg.solve(table @ table.T + _RIDGE * np.diag(doubt), right)
    weights = (table.T @ share) * rarity[:, None]
    return Voice(categories, rows, weights.astype(np.float32), rarity * rarity)
