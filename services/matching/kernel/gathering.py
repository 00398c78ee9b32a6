"""Gathering what the texts of a field say to many needs: who says a need's words, and how near each text lies to it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.field import Field
from services.matching.kernel.question import Asked
from services.matching.snapshot.words import ABSENT, read_bits

Floats = NDArray[np.float32]
_NO_COLUMN = np.iinfo(np.intp).min


class Gathering:
    """The words of some needs: for each the lines of a table of who says it, and what each line weighs for what."""

    def __init__(self, field: Field, needs: Sequence[Asked]) -> None:
        words = [word for one in needs for word in one.wording.words]
        wanted = field.words.columns(words, np.concatenate([one.wording.numbers for one in needs]))
        columns = np.unique(wanted)
        which, place = field.words.known(columns)
        self._bits = field.words.bits_of(place)
        at = _line(columns[which], wanted).reshape(2, -1)
        ends = np.cumsum([len(one.wording.words) for one in needs]).tolist()
        self._of = {
            id(one): _weighed(one, at[:, end - len(one.wording.words) : end])
            for one, end in zip(needs, ends, strict=True)
        }

    def weigh(self, asked: Asked, places: NDArray[np.intp]) -> Floats:
        """For these places: the rarity of the words said, of those that speak against, and of each wish's.

        Sums of whole numbers below 2^24 are exact, in any order.
        """
        lines, weights = self._of[id(asked)]
        return weights @ read_bits(self._bits.take(lines, axis=0), places).astype(np.float32)


def _line(known: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.intp]:
    """The line of each column in a table of the known ones, ABSENT where it has none."""
    at = known.searchsorted(columns)
    return np.where(np.append(known, _NO_COLUMN).take(at) == columns, at, ABSENT)


def _weighed(asked: Asked, at: NDArray[np.intp]) -> tuple[list[int], Floats]:
    wording = asked.wording
    weights = np.vstack((wording.rarity, wording.avoided, wording.wishes.T)).astype(np.float32)
    (said, refused), known = at, at >= 0
    lines = said[known[0]].tolist()
    if not known[1].any():
        return lines, weights if known[0].all() else weights[:, known[0]]
    against = np.zeros((len(weights), int(known[1].sum())), np.float32)
    against[1] = wording.rarity[known[1]]
    return lines + refused[known[1]].tolist(), np.hstack((weights[:, known[0]], against))
