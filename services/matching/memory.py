"""What a process keeps for long, arranged for those who read it while somebody waits.

A catalogue in memory is millions of objects, and a need touches some thousands of them all over the place. On small
pages the processor then spends a good part of the time looking up where in memory they are; see decision 17.
"""

import ctypes
import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

_SELF = Path("/proc/self")
_SMALL, _BIG = 2**12, 2**21
_ENTRY = 8
"""Bytes that the kernel tells of each small page; the highest bit says whether there is memory behind it."""
_PRESENT = np.uint64(1 << 63)
_MOSTLY = 0.75
"""A big page takes all its room at once: one that is less full than this stays small, such as a thread's stack."""
_ADVISE, _COLLAPSE = 14, 25
"""MADV_HUGEPAGE and MADV_COLLAPSE (Linux 6.1; an older one does it by and by once it is advised)."""


def settle() -> None:
    """Say, once a catalogue was read anew, that what is in memory now stays.

    The collector of garbage will not walk it again, and it moves to big pages where the system has them.
    """
    gc.unfreeze()  # the catalogue served until now may go
    gc.collect()
    gc.freeze()  # millions of records that stay would be walked again and again while somebody waits
    if sys.platform == "linux":
        _enlarge()


def _enlarge() -> None:
    """Move to big pages what fills them; what cannot be moved stays as it is."""
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    for start in _full():
        advise(start, _BIG, _ADVISE)
        advise(start, _BIG, _COLLAPSE)


def _full() -> Iterator[int]:
    """The addresses at which a big page would be mostly full of what the process has written."""
    with (_SELF / "pagemap").open("rb") as pagemap:
        for start, end in _written():
            pagemap.seek(start // _SMALL * _ENTRY)
            told = np.frombuffer(pagemap.read((end - start) // _SMALL * _ENTRY), np.uint64)
            present = ((told & _PRESENT) != 0).reshape(-1, _BIG // _SMALL).mean(axis=1)
            yield from (start + _BIG * int(number) for number in (present >= _MOSTLY).nonzero()[0])


def _written() -> Iterator[tuple[int, int]]:
    """The stretches of whole big pages that belong to no file and may be written."""
    for line in (_SELF / "maps").read_text().splitlines():
        area, rights, _, _, inode, *_ = line.split()
        if rights.startswith("rw") and inode == "0":
            start, end = (int(address, 16) for address in area.split("-"))
            start, end = -(-start // _BIG) * _BIG, end // _BIG * _BIG
            if start < end:
                yield start, end
