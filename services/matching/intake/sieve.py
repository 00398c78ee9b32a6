"""Tells for all places of a text at once what can stand there, so that only the few likely ones are looked at.

Thousands of phrases lie all over the memory; to look up each place of a text among them takes the processor longer
than everything else that is done with the text. The first characters of the phrases, as numbers of 16 bits, fit into
tables that are looked up for the whole text in one operation. What is not in a table does not stand there; what is,
may.
"""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Codes: TypeAlias = NDArray[np.uint32]
Table: TypeAlias = NDArray[np.uint8]

WIDEST = 3
"""So many characters are looked at, at most."""
_STEP, _SPREAD, _BITS = np.uint32(65_599), np.uint32(2_654_435_761), 16
_WIDTHS = np.array([1 << width for width in range(WIDEST)], np.uint8)
"""What stands in a table for openings of one character, of two, and of three."""
_BEYOND = "\0" * (WIDEST - 1)


def codes(text: str) -> Codes:
    """Places × widths: a number for the one character, the two and the three that stand at each place of a text."""
    single = np.frombuffer((text + _BEYOND).encode("utf-32-le", "surrogatepass"), np.uint32)
    pairs = single[:-1] * _STEP + single[1:]
    triples = pairs[:-1] * _STEP + single[2:]
    return np.array((single[: len(text)], pairs[: len(text)], triples)).T * _SPREAD >> np.uint32(32 - _BITS)


def code(opening: str) -> int:
    """The number of up to three characters."""
    return int(codes(opening)[0, len(opening) - 1])


def table(openings: Iterable[str]) -> Table:
    """A table of these openings."""
    known = np.zeros(1 << _BITS, np.uint8)
    for opening in openings:
        known[code(opening)] |= _WIDTHS[len(opening) - 1]
    return known


def places(known: Table, numbers: Codes) -> list[tuple[int, int]]:
    """Where the openings of a table may stand in a text of these numbers, in their order, each with its width."""
    starts, widths = (known.take(numbers) & _WIDTHS).nonzero()
    return list(zip(starts.tolist(), (widths + 1).tolist(), strict=True))


def standing(numbers: Codes, openings: Codes) -> NDArray[np.intp]:
    """Which of these openings, given as their numbers, may stand in a text of these numbers: their places."""
    there = np.zeros(1 << _BITS, np.bool_)
    there[numbers] = True
    return there.take(openings).nonzero()[0]
