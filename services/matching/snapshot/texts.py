"""The texts of an offering, cut into words once: what it says of itself, and what it refuses."""

import sys
from dataclasses import dataclass

from services.matching.snapshot import limits, meaning, rivals, scale
from services.matching.snapshot.scale import Scale
from shared import segmentation
from shared.contracts.offerings import OfferingContent


@dataclass(frozen=True, slots=True)
class Cut:
    """Distinct words in their order of the alphabet; `features` place the text in the space of meaning.

    Of the description also the clauses that refuse something, and those that set a condition.
    """

    said: tuple[str, ...]
    refused: tuple[str, ...]
    features: frozenset[str]
    refusals: tuple[str, ...]
    conditions: tuple[str, ...]
    kinds: int
    """The kinds of matters that exclude each other which it serves, as bits of `rivals`."""
    scale: Scale


def cut(content: OfferingContent) -> Cut:
    """Cuts the texts of an offering."""
    parts = limits.read(content.description)
    said = "\n".join((content.name, content.summary, *content.features, *parts.said))
    words = _words(said)
    refused = _words("\n".join(parts.refused))
    return Cut(
        said=words,
        refused=refused,
        features=meaning.features(segmentation.normalise(said), words),
        refusals=parts.refused,
        conditions=parts.conditions,
        kinds=rivals.of(content, parts.said),
        scale=scale.read(parts.said),
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(sorted({sys.intern(word) for word in segmentation.terms(text)}))
