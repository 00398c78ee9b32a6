"""Frozen text statistics: computed at a release or a rebuild, never per offering.

With the same text model, adding an offering changes nobody else's text score. All numbers are integers, so
that sums are exact and a run can be replayed byte for byte on any machine.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.matching.snapshot.meaning import Position, Space
from services.matching.snapshot.texts import Cut

SCALE = 1000
"""An idf of 1.0 is stored as 1000."""
SAMPLE = 5000
"""Of a larger catalogue, so many offerings are learned from."""

UNKNOWN = -1
"""The number of a word that a text model does not know."""
Numbers = NDArray[np.intp]

_SATURATION, _LENGTH_SHARE = 1.2, 0.75  # k1 and b of BM25


@dataclass(frozen=True)
class TextModel:
    """How rare each word is, how long a text is on average (in distinct words), and how near words are."""

    documents: int
    average_length: int
    idf: Mapping[str, int]
    space: Space

    @classmethod
    def learn(cls, texts: Sequence[Cut]) -> "TextModel":
        """The statistics of these texts; their order does not matter."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(text.said)
        length = sum(len(text.said) for text in texts)
        idf = {word: _idf(count, len(texts)) for word, count in sorted(counts.items()) if count > 1}
        space = Space.learn(sorted((text.features for text in texts), key=sorted))
        return cls(len(texts), max(1, round(length / max(1, len(texts)))), idf, space)

    @classmethod
    def load(cls, document: Mapping[str, Any]) -> "TextModel":
        """The model that `document` was made of."""
        space = Space.load(document["space"])
        return cls(document["documents"], document["average_length"], document["idf"], space)

    def document(self) -> dict[str, object]:
        """The model as a JSON document, to be stored and loaded again."""
        return {
            "documents": self.documents,
            "average_length": self.average_length,
            "idf": dict(self.idf),
            "space": self.space.document(),
        }

    @cached_property
    def version(self) -> str:
        """A name that changes with any number in the model."""
        canonical = json.dumps(self.document(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return "text-" + hashlib.sha256(canonical.encode()).hexdigest()[:16]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """A number for everything the model knows: its row for each feature of the space, further ones for words."""
        numbers = dict(self.space.rows)
        for word in self.idf:
            numbers.setdefault(word, len(numbers))
        return numbers

    def find(self, words: Iterable[str]) -> Numbers:
        """The numbers of these words, UNKNOWN for those that the model has not seen."""
        numbers = self.numbers
        return np.array([numbers.get(word, UNKNOWN) for word in words], np.intp)

    def rarities(self, numbers: Numbers) -> NDArray[np.int64]:
        """For each its idf × 1000; a word that the model has not seen is as rare as one seen once."""
        return self._rarities.take(numbers)

    def position(self, numbers: Numbers) -> Position:
        """Where a text lies in the space of meaning whose features and words have these numbers."""
        return self.space.middle(numbers[numbers.view(np.uintp) < len(self.space.rows)])

    @cached_property
    def _rarities(self) -> NDArray[np.int64]:
        """By number, and at last, where UNKNOWN finds it, that of an unknown word."""
        rarest = _idf(1, max(1, self.documents))
        return np.array([*(self.idf.get(word, rarest) for word in self.numbers), rarest], np.int64)

    def length_factor(self, length: int) -> int:
        """What a text of this many distinct words counts, in basis points: 10,000 for an average one.

        BM25 with binary term frequency: a longer text earns less for each word, repeating a word nothing.
        """
        relative = 1 - _LENGTH_SHARE + _LENGTH_SHARE * length / self.average_length
        return round(10_000 * (1 + _SATURATION) / (1 + _SATURATION * relative))


def _idf(count: int, documents: int) -> int:
    return round(SCALE * math.log(1 + (documents - count + 0.5) / (count + 0.5)))
