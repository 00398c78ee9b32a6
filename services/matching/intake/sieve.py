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
Table: TypeAlias = NDArray[np.bool_]

WIDEST = 3
"""So many characters are looked at, at most."""
_STEP, _SPREAD, _BITS = np.uint32(65_599), np.uint32(2_654_435_761), 16


def codes(text: str) -> tuple[Codes, ...]:
    """A number for each single character of a text, for each two neighbours, and for each three."""
    single = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    widths = [single]
    for width in range(1, WIDEST):
        widths.append(widths[-1][:-1] * _STEP + single[width:])
    return tuple(numbers * _SPREAD >> np.uint32(32 - _BITS) for numbers in widths)


def code(opening: str) -> int:
    """The number of up to three characters."""
    return int(codes(opening)[len(opening) - 1][0])


def table(numbers: Iterable[int] | Codes) -> Table:
    """A table of these numbers."""
    known = np.zeros(1 << _BITS, np.bool_)
    known[numbers if isinstance(numbers, np.ndarray) else list(numbers)] = True
    return known
