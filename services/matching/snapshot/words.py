"""Which word stands in which row: a sparse matrix of bits, because repeating a word must earn nothing."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.int64]
LINE = 16
"""Words of a row that stand together: a line of the processor's cache, so that rows are gathered by lines."""


@dataclass(frozen=True)
class Hits:
    """Which of the words asked for stand in which rows: an entry for each, row by row.

    Words are numbered as they were asked for; those that a row refuses from `width` on.
    """

    height: int
    width: int
    rows: NDArray[np.intp]
    words: NDArray[np.unsignedinteger]

    def weigh(self, weights: Weights) -> NDArray[np.int64]:
        """The sum of the weights of each row's words; `weights` has one for each word said and, if longer, refused.

        Sums of whole numbers below 2^53 are exact in floats, in any order.
        """
        of_word = np.zeros(2 * self.width)
        of_word[: len(weights)] = weights
        return np.bincount(self.rows, of_word.take(self.words), self.height).astype(np.int64)

    def of(self, row: int) -> list[int]:
        """The words of one row, by their numbers."""
        start, end = self.rows.searchsorted((row, row + 1))
        numbers: list[int] = self.words[start:end].tolist()
        return sorted(numbers)


@dataclass(frozen=True)
class WordMatrix:
    """Rows × distinct words, one bit each, in lines of words; what is left of a row's last line names no word.

    A word that a row says and a word that it refuses are two columns: an even one and the odd one after it.
    """

    columns: Mapping[str, int]
    first: NDArray[np.int64]
    """The first line of each row, and the end."""
    lines: NDArray[np.int32]

    @classmethod
    def build(cls, rows: Iterable[tuple[Sequence[str], Sequence[str]]]) -> "WordMatrix":
        """The matrix of these rows, each given as its said and its refused words."""
        columns: dict[str, int] = {}
        lengths, indices = array("q"), array("i")
        for said, refused in rows:
            indices.extend([columns.setdefault(word, 2 * len(columns)) for word in said])
            indices.extend([columns.setdefault(word, 2 * len(columns)) + 1 for word in refused])
            lengths.append(len(said) + len(refused))
        counts = np.array(lengths, np.int64)
        first = np.concatenate(([0], (-(-counts // LINE)).cumsum()))
        lines = np.full(first[-1] * LINE, 2 * len(columns), np.int32)
        lines[np.arange(len(indices)) + np.repeat(first[:-1] * LINE - counts.cumsum() + counts, counts)] = indices
        return cls(columns, first, lines.reshape(-1, LINE))

    @property
    def indices(self) -> NDArray[np.int32]:
        """The columns of all rows, one after the other."""
        return self.lines[self.lines < 2 * len(self.columns)]

    @property
    def starts(self) -> NDArray[np.int64]:
        """Where each row begins in `indices`, and the end."""
        words = np.count_nonzero(self.lines < 2 * len(self.columns), axis=1)
        return np.concatenate(([0], words.cumsum()))[self.first]

    def find(self, rows: NDArray[np.int32], words: Sequence[str]) -> Hits:
        """Where these words stand in these rows."""
        width = len(words)
        number = np.zeros(2 * len(self.columns) + 1, np.min_scalar_type(2 * width))
        for place, word in enumerate(words, 1):
            column = self.columns.get(word)
            if column is not None:
                number[column], number[column + 1] = place, width + place
        starts = self.first.take(rows)
        counts = self.first.take(rows + 1) - starts
        ends = counts.cumsum()
        total = int(ends[-1]) if len(rows) else 0
        at = np.repeat(starts - ends + counts, counts)
        at += np.arange(total)
        found = number.take(self.lines.take(at, axis=0)).ravel()
        hits = np.flatnonzero(found != 0)
        return Hits(len(rows), width, (ends * LINE).searchsorted(hits, "right"), found.take(hits) - 1)
