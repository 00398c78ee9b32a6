"""The words that standing needs look for: how much of each need's wording one offering covers.

With one text model a word is as rare in every need, so a row holds word numbers only; rows are filled up to one width
with a word that nobody says, because a rectangle is summed several times faster than rows of their own length.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.wording import Wording
from services.matching.snapshot import meaning, topical
from services.matching.snapshot.meaning import DIMENSIONS

Sums = NDArray[np.int64]
Rows = NDArray[np.signedinteger]
Words = NDArray[np.unsignedinteger]
Rarity = NDArray[np.float32]
"""For each wanted word its rarity where an offering says it, else 0; the last is the word that nobody says.

In 32-bit floats because they are summed fast; exact all the same, for every sum stays below 2^24.
"""


@dataclass(frozen=True)
class WantedWords:
    """One row a need: its wording, what it shuns, its wishes (a row each), and its place in the space of meaning."""

    numbers: Mapping[str, int]
    rarity: Rarity
    telling: Rarity
    """For each word how much it tells of a topic."""
    wording: Words
    whole: Sums
    shunned: Words
    wishes: Words
    wished: Sums
    """The whole rarity of each wish."""
    first_wish: NDArray[np.int64]
    meanings: NDArray[np.int8]
    kinds: NDArray[np.int64]

    @classmethod
    def build(cls, wordings: Iterable[Wording]) -> "WantedWords":
        """The words of these needs, in their order."""
        held = list(wordings)
        numbers: dict[str, int] = {}
        rarity: dict[int, int] = {}

        def numbered(wording: Wording, rarities: NDArray[np.int64]) -> list[int]:
            row = []
            for word, rare in zip(wording.words, rarities.tolist(), strict=True):
                if rare:
                    number = numbers.setdefault(word, len(numbers))
                    rarity[number] = rare
                    row.append(number)
            return row

        wording = [numbered(one, one.rarity) for one in held]
        shunned = [numbered(one, one.avoided) for one in held]
        wishes = [[row for wish in one.wishes.T if (row := numbered(one, wish))] for one in held]
        flat = [wish for of_need in wishes for wish in of_need]
        pad = len(numbers)
        return cls(
            numbers=numbers,
            rarity=np.array([*(rarity[number] for number in range(pad)), 0], np.float32),
            telling=np.array([*map(topical.weight, numbers), 0], np.float32),
            wording=_rectangle(wording, pad),
            whole=np.array([max(1, sum(rarity[number] for number in row)) for row in wording], np.int64),
            shunned=_rectangle(shunned, pad),
            wishes=_rectangle(flat, pad),
            wished=np.array([sum(rarity[number] for number in wish) for wish in flat], np.int64),
            first_wish=np.cumsum([0, *(len(of_need) for of_need in wishes)], dtype=np.int64),
            meanings=np.array([wording.meaning for wording in held], np.int8).reshape(-1, DIMENSIONS),
            kinds=np.array([wording.kinds for wording in held], np.int64),
        )

    def heard(self, words: Iterable[str]) -> Rarity:
        """The rarity of these words where they are wanted."""
        found = [number for number in map(self.numbers.get, words) if number is not None]
        answer = np.zeros_like(self.rarity)
        if found:
            answer[found] = self.rarity[found]
        return answer

    def nearness(self, rows: Rows, position: meaning.Position) -> NDArray[np.int32]:
        """How near each need lies to an offering in the space of meaning."""
        return meaning.nearness(self.meanings[rows], position)


def weigh(wanted: Words, rows: Rows, heard: Rarity) -> Sums:
    """For each of these rows the rarity of its words that were heard.

    Summed by einsum and not by a product with ones, which wakes the threads of the linear algebra library.
    """
    sums: Sums = np.einsum("ij->i", heard.take(wanted.take(rows, axis=0))).astype(np.int64)
    return sums


def _rectangle(rows: Sequence[Sequence[int]], pad: int) -> Words:
    """One row a need, filled up with `pad`, in numbers as narrow as can be: reading them is most of the work."""
    answer = np.full((len(rows), max(map(len, rows), default=0)), pad, np.min_scalar_type(pad))
    for number, row in enumerate(rows):
        answer[number, : len(row)] = row
    return answer
