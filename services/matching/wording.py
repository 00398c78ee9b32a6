"""The words of a need that a text score looks for, with their weights from the frozen text model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.matching import meaning
from services.matching.meaning import Position
from services.matching.text_model import TextModel
from shared import segmentation

MOST_WORDS = 64
"""Of a long need, the rarest words are looked for; more would only add noise."""


@dataclass(frozen=True)
class Wording:
    """The need's words, their rarity, and which of them each wish and the things to avoid are made of."""

    words: tuple[str, ...]
    rarity: NDArray[np.int64]
    wishes: NDArray[np.int64]
    """words × wishes: the rarity of the word in the wish, 0 where the wish does not use it."""
    avoided: NDArray[np.int64]
    """The rarity of each word that stands only in what the firm does not want."""
    meaning: Position
    """Where the text and the wishes lie in the space of meaning."""

    @classmethod
    def of(cls, text: str, wishes: Sequence[str], avoid: Sequence[str], model: TextModel) -> "Wording":
        """The words of the text and the wishes, without those that only name what is not wanted."""
        unwanted = _terms(avoid)
        wanted = dict.fromkeys([*_terms(wishes), *segmentation.terms(text)])
        words = [word for word in wanted if word not in unwanted]
        if len(words) > MOST_WORDS:
            rarest = sorted(words, key=lambda word: (-model.rarity(word), word))[:MOST_WORDS]
            words = [word for word in words if word in set(rarest)]
        words += [word for word in unwanted if word not in words]
        rarity = np.array([model.rarity(word) for word in words], np.int64)
        in_wishes = np.zeros((len(words), len(wishes)), np.int64)
        for column, wish in enumerate(wishes):
            used = set(segmentation.terms(wish))
            in_wishes[:, column] = [rare if word in used else 0 for word, rare in zip(words, rarity, strict=True)]
        shunned = np.array([word in unwanted for word in words], np.bool_)
        in_wishes[shunned] = 0
        position = model.space.position(meaning.features("\n".join((text, *wishes)), wanted))
        return cls(tuple(words), np.where(shunned, 0, rarity), in_wishes, np.where(shunned, rarity, 0), position)


def _terms(texts: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(word for text in texts for word in segmentation.terms(text))
