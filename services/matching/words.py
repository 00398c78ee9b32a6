"""Which word stands in which row: a sparse matrix of bits, because repeating a word must earn nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True)
class WordMatrix:
    """Rows × distinct words, one bit each. `columns` names the column of a word."""

    columns: Mapping[str, int]
    bits: sparse.csr_array

    @classmethod
    def build(cls, rows: Sequence[Iterable[str]], columns: dict[str, int]) -> "WordMatrix":
        """The matrix of these rows; `columns` grows by the words that it does not hold yet."""
        ends, indices = [0], []
        for words in rows:
            indices += sorted(columns.setdefault(word, len(columns)) for word in words)
            ends.append(len(indices))
        numbers = np.array(indices, np.int32)
        ones = np.ones(len(numbers), np.uint8)
        width = max(1, len(columns))
        matrix = sparse.csr_array((ones, numbers, np.array(ends, np.int32)), shape=(len(rows), width))
        return cls(columns, matrix)

    def incidence(self, rows: NDArray[np.int32], words: Sequence[str]) -> NDArray[np.uint8]:
        """A dense table rows × words: 1 where the row holds the word."""
        answer = np.zeros((len(rows), len(words)), np.uint8)
        place = np.zeros(self.bits.shape[1], np.int16)
        for number, word in enumerate(words, 1):
            column = self.columns.get(word)
            if column is not None and column < len(place):
                place[column] = number
        chosen = self.bits[rows]
        found = place[chosen.indices]
        hits = np.flatnonzero(found)
        if len(hits):
            answer[np.searchsorted(chosen.indptr, hits, "right") - 1, found[hits] - 1] = 1
        return answer
