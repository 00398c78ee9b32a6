"""The words that standing needs look for, as sparse rows: how much of each need's wording one offering covers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.matching import meaning
from services.matching.meaning import DIMENSIONS
from services.matching.wording import Wording

Sums = NDArray[np.int64]
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Rarities:
    """Sparse rows of words with their rarity."""

    starts: NDArray[np.int64]
    words: NDArray[np.int32]
    rarity: NDArray[np.int64]

    @classmethod
    def stack(cls, rows: Iterable[Iterable[tuple[int, int]]]) -> "Rarities":
        """Rows of (word's number, its rarity)."""
        starts, words, rarity = [0], [], []
        for row in rows:
            for word, rare in row:
                words.append(word)
                rarity.append(rare)
            starts.append(len(words))
        return cls(np.array(starts, np.int64), np.array(words, np.int32), np.array(rarity, np.int64))

    def found(self, rows: Rows, counted: NDArray[np.bool_]) -> Sums:
        """For each of these rows the rarity of its words that count."""
        starts = self.starts[rows]
        lengths = self.starts[rows + 1] - starts
        ends = lengths.cumsum()
        if not len(rows) or not ends[-1]:
            return np.zeros(len(rows), np.int64)
        entries = np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1])
        sums = np.concatenate(([0], (self.rarity[entries] * counted[self.words[entries]]).cumsum()))
        answer: Sums = sums[ends] - sums[ends - lengths]
        return answer


@dataclass(frozen=True)
class WantedWords:
    """One row a need: its wording, what it shuns, its wishes (a row each), and its place in the space of meaning."""

    numbers: Mapping[str, int]
    wording: Rarities
    whole: Sums
    shunned: Rarities
    wishes: Rarities
    wished: Sums
    """The whole rarity of each wish."""
    first_wish: NDArray[np.int64]
    meanings: NDArray[np.int8]

    @classmethod
    def build(cls, wordings: Iterable[Wording]) -> "WantedWords":
        """The words of these needs, in their order."""
        held = list(wordings)
        numbers: dict[str, int] = {}
        of = [[numbers.setdefault(word, len(numbers)) for word in wording.words] for wording in held]
        wishes = [
            [(word, rare) for word, rare in zip(words, column, strict=True) if rare]
            for words, wording in zip(of, held, strict=True)
            for column in wording.wishes.T.tolist()
            if any(column)
        ]
        counts = [int((wording.wishes.sum(axis=0) > 0).sum()) for wording in held]
        return cls(
            numbers=numbers,
            wording=Rarities.stack(_some(words, wording.rarity) for words, wording in zip(of, held, strict=True)),
            whole=np.array([max(1, int(wording.rarity.sum())) for wording in held], np.int64),
            shunned=Rarities.stack(_some(words, wording.avoided) for words, wording in zip(of, held, strict=True)),
            wishes=Rarities.stack(wishes),
            wished=np.array([sum(rare for _, rare in wish) for wish in wishes], np.int64),
            first_wish=np.concatenate(([0], np.cumsum(counts, dtype=np.int64))),
            meanings=np.array([wording.meaning for wording in held], np.int8).reshape(-1, DIMENSIONS),
        )

    def marked(self, words: Iterable[str]) -> NDArray[np.bool_]:
        """Which of the wanted words are among these."""
        marks = np.zeros(len(self.numbers), np.bool_)
        marks[[self.numbers[word] for word in words if word in self.numbers]] = True
        return marks

    def nearness(self, rows: Rows, position: meaning.Position) -> NDArray[np.int32]:
        """How near each need lies to an offering in the space of meaning."""
        return meaning.nearness(self.meanings[rows], position)


def _some(words: list[int], rarity: NDArray[np.int64]) -> Iterable[tuple[int, int]]:
    return ((word, rare) for word, rare in zip(words, rarity.tolist(), strict=True) if rare)
