"""The catalogue's own language: which words speak for which category, learnt from the offerings.

A naive Bayes classifier over binary words: an offering's name, summary and features speak for its categories, the
main one fully and the others by half. It is built with the snapshot, never per need, and carries a version.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.matching.snapshot import topical
from shared import segmentation


class Worded(Protocol):
    """What is read of an offering's content."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def summary(self) -> str:
        """One sentence."""

    @property
    def description(self) -> str:
        """The long text."""

    @property
    def features(self) -> tuple[str, ...]:
        """Short functional terms."""

    @property
    def categories(self) -> tuple[str, ...]:
        """Its categories, the main one first."""


@dataclass(frozen=True, slots=True)
class Language:
    """Per word (`rows` tells its row) the weight for each of `categories`; words that tell nothing are left out."""

    version: str
    categories: tuple[str, ...]
    rows: Mapping[str, int]
    weights: NDArray[np.float32]

    def scores(self, words: Iterable[str]) -> NDArray[np.float32]:
        """For each category the sum of the weights of the distinct words, divided by the root of their number."""
        known = list({self.rows[word] for word in words if word in self.rows})
        total: NDArray[np.float32] = self.weights[known].sum(axis=0)
        return total / np.float32(math.sqrt(len(known) or 1))

    def witnesses(self, words: Iterable[str]) -> NDArray[np.int64]:
        """For each category the topical weight of the distinct words that speak for it clearly."""
        known = list({word for word in words if word in self.rows})
        clear = self.weights[[self.rows[word] for word in known]] >= _CLEARLY
        weight: NDArray[np.int64] = np.array([topical.weight(word) for word in known], np.int64) @ clear
        return weight


EMPTY = Language("language-empty", (), {}, np.zeros((0, 0), np.float32))
"""A language without words, for reading before there is a catalogue."""

_SMOOTHING = 1.0
_SHRINKAGE = 3.0
_LEAST_OFFERINGS = 4
_CLEARLY = 1.0


def build(offerings: Iterable[Worded]) -> Language:
    """The language of a catalogue; the same offerings in any order give the same language."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    for offering in offerings:
        words = _words(offering)
        for rank, category in enumerate(offering.categories):
            share = 2 if rank == 0 else 1
            sizes[category] += share
            for word, weight in words.items():
                counts[word][category] += share * weight
    categories = tuple(sorted(sizes))
    weights = _weights(counts, categories, np.array([sizes[c] for c in categories], np.float64))
    matrix = np.array(list(weights.values()), np.float32).reshape(len(weights), len(categories))
    rows = {word: row for row, word in enumerate(weights)}
    return Language(_version(rows, categories, matrix), categories, rows, matrix)


def _words(offering: Worded) -> dict[str, int]:
    """The words with how much their place counts: name and features 2, summary and description 1."""
    strong = set(segmentation.terms(" ".join((offering.name, *offering.features))))
    weak = set(segmentation.terms(f"{offering.summary} {offering.description}")) - strong
    return dict.fromkeys(sorted(weak), 1) | dict.fromkeys(sorted(strong), 2)


def _weights(
    counts: Mapping[str, Counter[str]], categories: tuple[str, ...], sizes: NDArray[np.float64]
) -> dict[str, NDArray[np.float32]]:
    """log P(word | category) / P(word), kept positive: a word speaks for, never against; few mentions speak less."""
    position = {category: index for index, category in enumerate(categories)}
    weights: dict[str, NDArray[np.float32]] = {}
    for word in sorted(counts):
        row = np.zeros(len(categories))
        for category, count in counts[word].items():
            row[position[category]] = count
        total = row.sum()
        if total <= _LEAST_OFFERINGS:
            continue
        overall = total / sizes.sum()
        lift = (row + _SMOOTHING * overall) / (sizes + _SMOOTHING) / overall
        weight = np.log(np.maximum(lift, 1.0)) * row / (row + _SHRINKAGE)
        if weight.max() > 0.5:
            weights[word] = weight.astype(np.float32)
    return weights


def _version(rows: Iterable[str], categories: tuple[str, ...], weights: NDArray[np.float32]) -> str:
    digest = hashlib.sha256("\n".join((*categories, "", *rows)).encode())
    digest.update(np.round(weights, 3).astype("<f4").tobytes())
    return f"language-{digest.hexdigest()[:12]}"
