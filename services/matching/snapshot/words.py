"""Which word stands in which offering: bits, because repeating a word must earn nothing.

A word that an offering says and a word that it refuses are two columns: an even one and the odd one after it.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from services.matching.snapshot.text_model import UNKNOWN

Weights = NDArray[np.float32]
Mask = NDArray[np.bool_]
COMMON = 128
"""A word is common in a bucket where at least one in so many offers has it: a bit for each is then quicker to read, and
takes at most four times the room of their places."""
ABSENT = -1
_ALONE = 2**18
"""From so many products on, the linear algebra library wakes its threads: milliseconds on a busy machine."""
_CELLS = 2**24
"""So many bits are made at a time."""
_NOWHERE = np.zeros(0, np.int32)


@dataclass(frozen=True)
class Hits:
    """Which of the words asked for stand in which rows; `table` has a line for each word that any row may have.

    Words are numbered as they were asked for; those that a row refuses from `width` on.
    """

    width: int
    numbers: NDArray[np.intp]
    table: Mask

    def weigh(self, weights: Weights) -> Weights:
        """Kinds of weights × rows: what the words of each row weigh together.

        `weights` has for each kind the weight of each word said, and then of each word refused. Sums of whole numbers
        below 2^24 are exact in 32-bit floats, in any order.
        """
        weights, table = weights.take(self.numbers, axis=1), self.table.astype(np.float32)
        step = max(1, _ALONE // max(1, weights.size))
        if table.shape[1] <= step:
            return weights @ table
        return np.hstack([weights @ table[:, start : start + step] for start in range(0, table.shape[1], step)])

    def of(self, rows: NDArray[np.intp]) -> list[list[int]]:
        """The words of each of these rows, by their numbers."""
        numbers = self.numbers.tolist()
        return [list(compress(numbers, held)) for held in self.table.take(rows, axis=1).T.tolist()]


@dataclass(frozen=True)
class Words:
    """The words of a bucket of offers, word by word: of a common one a bit for each offer, of a rare one its places."""

    others: Mapping[str, int]
    """The numbers of the words that the text model does not know."""
    order: NDArray[np.int32]
    """For each column its place among those that occur, ABSENT for others; and at last ABSENT twice, for no column."""
    lines: NDArray[np.intp]
    """For each that occurs its line of bits; a rare word has the last one, which is empty."""
    bits: NDArray[np.uint8]
    starts: Sequence[int]
    """Where its places begin, and the end; a common word has none."""
    places: NDArray[np.int32]

    @classmethod
    def index(cls, others: Mapping[str, int], rows: sparse.csr_array) -> "Words":
        """The words of these rows, two columns each, with the numbers of those that the text model does not know."""
        matrix, height = rows.tocsc(), rows.shape[0]
        counts = np.diff(matrix.indptr)
        columns = counts.nonzero()[0]
        counts = counts[columns].astype(np.intp)
        common = counts * COMMON >= height
        listed = np.repeat(common, counts)
        lines = np.repeat(np.arange(common.sum()), counts[common])
        order = np.full(rows.shape[1] + 2, ABSENT, np.int32)
        order[columns] = np.arange(len(columns))
        return cls(
            others=others,
            order=order,
            lines=np.where(common, common.cumsum() - 1, -1),
            bits=_bits(lines, matrix.indices[listed], height),
            starts=[0, *np.where(common, 0, counts).cumsum().tolist()],
            places=matrix.indices[~listed].astype(np.int32),
        )

    def find(self, words: Sequence[str], numbers: NDArray[np.intp], places: NDArray[np.integer]) -> Hits:
        """Where these words, with their numbers in the text model, stand in the offers at these places, which rise."""
        known, at = self.known(self.columns(words, numbers))
        lines = self.lines.take(at)
        table = read_bits(self.bits.take(lines, axis=0), places)
        if len(places):
            rare, listed = self._listed(at, lines)
            rows = places.searchsorted(listed)
            inside = (places.take(rows, mode="clip") == listed).nonzero()[0]
            table[rare.take(inside), rows.take(inside)] = True
        return Hits(len(words), known, table)

    def columns(self, words: Sequence[str], numbers: NDArray[np.intp]) -> NDArray[np.intp]:
        """The columns in which these words are said, and then those in which they are refused; below zero for none."""
        if self.others and len(strange := (numbers == UNKNOWN).nonzero()[0]):
            numbers = numbers.copy()
            numbers[strange] = [self.others.get(words[place], UNKNOWN) for place in strange.tolist()]
        said = 2 * numbers
        return np.concatenate((said, said + 1))

    def known(self, wanted: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
        """Which of these columns occur, and their places among those that do."""
        at = self.order.take(wanted)
        known = (at != ABSENT).nonzero()[0]
        return known, at.take(known)

    def bits_of(self, at: NDArray[np.int32]) -> NDArray[np.uint8]:
        """A line of bits for each word whose column has one of these places among those that occur, rare or not."""
        lines = self.lines.take(at)
        bits = self.bits.take(lines, axis=0)
        rare, listed = self._listed(at, lines)
        np.bitwise_or.at(bits, (rare, listed >> 3), (1 << (listed & 7)).astype(np.uint8))
        return bits

    def _listed(self, at: NDArray[np.int32], lines: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
        """Where the rare ones of these words stand: for each time which of the words, and the place."""
        rare = (lines < 0).nonzero()[0]
        found = [self.places[self.starts[word] : self.starts[word + 1]] for word in at.take(rare).tolist()]
        return np.repeat(rare, [len(some) for some in found]), np.concatenate([_NOWHERE, *found])


def read_bits(lines: NDArray[np.uint8], places: NDArray[np.integer]) -> Mask:
    """Lines × places: which of these bits are set."""
    answer: Mask = (lines.take(places >> 3, axis=1) & (1 << (places & 7)).astype(np.uint8)) != 0
    return answer


def read(
    rows: Iterable[tuple[Sequence[str], Sequence[str]]], numbers: Mapping[str, int]
) -> tuple[Mapping[str, int], sparse.csr_array]:
    """Rows × columns of the words of these rows, each given as its said and its refused words.

    A word with the number n in the text model is said in column 2 n and refused in the next; other words get further
    numbers, which are answered too.
    """
    others: dict[str, int] = {}
    ends, columns = array("q", [0]), array("i")

    def number(word: str) -> int:
        known = numbers.get(word)
        return others.setdefault(word, len(numbers) + len(others)) if known is None else known

    for said, refused in rows:
        columns.extend([2 * number(word) for word in said])
        columns.extend([2 * number(word) + 1 for word in refused])
        ends.append(len(columns))
    stored = np.ones(len(columns), np.bool_), np.array(columns, np.int32), np.array(ends, np.int64)
    return others, sparse.csr_array(stored, shape=(len(ends) - 1, 2 * (len(numbers) + len(others))))


def _bits(lines: NDArray[np.intp], places: NDArray[np.signedinteger], height: int) -> NDArray[np.uint8]:
    """Lines of bits, set at these places; and an empty one."""
    count = int(lines[-1]) + 1 if len(lines) else 0
    packed = np.zeros((count + 1, -(-height // 8)), np.uint8)
    step = max(1, _CELLS // max(1, height))
    for start in range(0, count, step):
        here = slice(*lines.searchsorted((start, start + step)))
        some = np.zeros((min(step, count - start), height), np.bool_)
        some[lines[here] - start, places[here]] = True
        packed[start : start + len(some)] = np.packbits(some, axis=1, bitorder="little")
    return packed
