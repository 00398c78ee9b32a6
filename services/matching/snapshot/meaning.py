"""Meaning beyond the same word: a small space learned from the catalogue's own language (latent semantics).

Words that stand in similar offerings lie near each other, so 划痕 finds 划伤. The space is part of the frozen
text model: it is learned once, stored as small integers, and then every position and every nearness is exact
integer arithmetic that any machine repeats. A text's position does not grow with repetition: each feature
counts once, and positions have length one.
"""

import base64
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from shared import segmentation

DIMENSIONS = 96
UNIT = 127
"""Length of a position; its coordinates fit into a byte."""
_MOST_FEATURES, _LARGEST = 40_000, 2**15 - 1
_FAINT = 1e-6

_COSINES = (np.arange(UNIT * UNIT + 1) * 10_000 // (UNIT * UNIT)).astype(np.int32)

Position = NDArray[np.int8]


def features(text: str, words: Iterable[str]) -> frozenset[str]:
    """The words of a folded text, and its pairs of neighbouring characters that are not mere grammar."""
    runs = _speaking().findall(text)
    return frozenset(words).union(*(map(add, run, run[1:]) for run in runs))


@dataclass(frozen=True)
class Space:
    """A direction for each feature; rarer features have longer ones."""

    rows: Mapping[str, int]
    directions: NDArray[np.int16]

    @classmethod
    def learn(cls, texts: Sequence[frozenset[str]]) -> "Space":
        """The space of these texts, each given as the set of its features."""
        counts = Counter(feature for text in texts for feature in text)
        common = sorted((f for f, n in counts.items() if n > 1), key=lambda f: (-counts[f], f))[:_MOST_FEATURES]
        rows = {feature: row for row, feature in enumerate(sorted(common))}
        rarity = np.array([np.log(1 + len(texts) / (counts[feature] + 0.5)) for feature in rows])
        directions = _directions(texts, rows, rarity)
        scale = _LARGEST / max(1e-9, float(np.abs(directions).max(initial=0.0)))
        return cls(rows, np.rint(directions * scale).astype(np.int16))

    def position(self, found: Iterable[str]) -> Position:
        """Where a text with these features lies: a vector of length UNIT, or zero if no feature is known."""
        return self.middle(np.array([row for row in map(self.rows.get, found) if row is not None], np.intp))

    def middle(self, rows: NDArray[np.intp]) -> Position:
        """The same for features of these rows."""
        total = self.directions.take(rows, axis=0).sum(axis=0, dtype=np.int64)
        length = math.sqrt(total.dot(total))
        return np.rint(total * UNIT / length).astype(np.int8) if length else np.zeros(len(total), np.int8)

    def document(self) -> dict[str, object]:
        """The space as a JSON document."""
        packed = base64.b64encode(self.directions.astype("<i2").tobytes()).decode()
        return {"features": list(self.rows), "directions": packed}

    @classmethod
    def load(cls, document: Mapping[str, Any]) -> "Space":
        """The space that `document` was made of."""
        packed = np.frombuffer(base64.b64decode(document["directions"]), "<i2")
        directions = packed.reshape(-1, DIMENSIONS).astype(np.int16)
        return cls({name: row for row, name in enumerate(document["features"])}, directions)


def nearness(positions: NDArray[np.int8], position: Position) -> NDArray[np.int32]:
    """Cosine of each position to one, × 10,000, below zero as zero (rounding may lift it above one: cut)."""
    return cosines(multiplied(positions, position))


def cosines(products: NDArray[np.float32]) -> NDArray[np.int32]:
    """The same of their products: there are so few whole numbers that each is divided once, for good."""
    return _COSINES.take(products.astype(np.intp), mode="clip")


def multiplied(positions: NDArray[np.int8], position: Position) -> NDArray[np.float32]:
    """The products of each position with one: whole numbers below 2^24, exact in 32-bit floats in any order.

    Row by row and not by `@`: that one is slow for integers, and for floats it wakes the threads of the linear
    algebra library, which costs milliseconds on a busy machine.
    """
    answer: NDArray[np.float32] = np.vecdot(positions, position.astype(np.float32))
    return answer


@cache
def _speaking() -> re.Pattern[str]:
    """A run of Chinese characters without those that carry no meaning of their own: 㐀 to 鿿, no grammar."""
    grammar = "".join(sorted(word for word in segmentation.stop_words() if len(word) == 1))
    return re.compile(rf"[^\u0000-\u33ff\ua000-\U0010ffff{re.escape(grammar)}]+")


def _directions(
    texts: Sequence[frozenset[str]], rows: Mapping[str, int], rarity: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Features × DIMENSIONS: the strongest directions of the weighted text matrix (truncated SVD)."""
    ends, columns = [0], []
    for text in texts:
        columns += sorted(rows[feature] for feature in text if feature in rows)
        ends.append(len(columns))
    from scipy.sparse.linalg import svds  # noqa: PLC0415 - a tenth of a second, and only who learns needs it

    matrix = sparse.csr_array((rarity[columns], columns, ends), shape=(len(texts), len(rows)))
    lengths = np.sqrt(np.asarray((matrix * matrix).sum(axis=1)).ravel())
    matrix = sparse.csr_array(sparse.diags_array(1 / np.maximum(lengths, 1e-9)) @ matrix)
    rank = min(DIMENSIONS, min(matrix.shape) - 1)
    if rank < 1:
        return np.zeros((len(rows), DIMENSIONS))
    start = np.ones(min(matrix.shape))
    _, strengths, right = svds(matrix, k=rank, v0=start)
    right = right[strengths > _FAINT * strengths.max()]  # what is left of the rest is rounding
    largest = np.abs(right).argmax(axis=1)
    right *= np.sign(right[np.arange(len(right)), largest])[:, None]  # a direction and its opposite mean the same
    spread = np.zeros((len(rows), DIMENSIONS))
    spread[:, : len(right)] = right.T * rarity[:, None]
    return spread
