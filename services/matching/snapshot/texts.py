"""The texts of an offering, cut into words once: what it says of itself, and what it refuses."""

import sys
from dataclasses import dataclass

from services.matching.snapshot import limits, meaning
from shared import segmentation
from shared.contracts.offerings import OfferingContent


@dataclass(frozen=True, slots=True)
class Cut:
    """Distinct words in their order of the alphabet; `features` place the text in the space of meaning."""

    said: tuple[str, ...]
    refused: tuple[str, ...]
    features: frozenset[str]


def cut(content: OfferingContent) -> Cut:
    """Cuts the texts of an offering."""
    parts = limits.read(content.description)
    said = "\n".join((content.name, content.summary, *content.features, *parts.said))
    words = _words(said)
    return Cut(words, _words("\n".join(parts.refused)), meaning.features(said, words))


def _words(text: str) -> tuple[str, ...]:
    return tuple(sorted({sys.intern(word) for word in segmentation.terms(text)}))
