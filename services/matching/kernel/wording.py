"""The words of a need that a text score looks for, with their weights from the frozen text model."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from services.matching.snapshot import meaning, rivals
from services.matching.snapshot.meaning import Position
from services.matching.snapshot.text_model import Numbers, TextModel
from shared import segmentation

MOST_WORDS = 64
"""Of a long need, the rarest words are looked for; more would only add noise."""


@dataclass(frozen=True)
class Wording:
    """The need's words, their rarity, and which of them each wish and the things to avoid are made of."""

    words: tuple[str, ...]
    numbers: Numbers
    """Of the words in the text model."""
    rarity: NDArray[np.int64]
    wishes: NDArray[np.int64]
    """words × wishes: the rarity of the word in the wish, 0 where the wish does not use it."""
    wished: tuple[int, ...]
    """The rarity of each wish's words together."""
    avoided: NDArray[np.int64]
    """The rarity of each word that stands only in what the firm does not want."""
    meaning: Position
    """Where the text and the wishes lie in the space of meaning."""
    wanted: int
    """The first so many of the words are wanted, the rarest first; the rest is only shunned."""
    kinds: int
    """The kinds of matters that exclude each other which it speaks of, see `rivals`."""

    @classmethod
    def of(cls, text: str, wishes: Sequence[str], avoid: Sequence[str], model: TextModel) -> "Wording":
        """The words of the text and the wishes, without those that only name what is not wanted."""
        folded = segmentation.normalise(text)
        unwanted = _terms(avoid)
        by_wish = [_terms((wish,)) for wish in wishes]
        found = dict.fromkeys(chain(*by_wish, segmentation.terms(folded)))
        wanted = sorted(found.keys() - unwanted.keys())
        known, shunned = model.find(wanted), model.find(unwanted)
        rarity = model.rarities(known)
        rarest = (-rarity).argsort(kind="stable")[:MOST_WORDS]
        words, rare = [wanted[place] for place in rarest.tolist()], rarity.take(rarest).tolist()
        none = [0] * len(unwanted)
        in_wishes = [[r if word in used else 0 for word, r in zip(words, rare, strict=True)] + none for used in by_wish]
        lines = (rare, none, [0] * len(rare), model.rarities(shunned).tolist(), *in_wishes)
        table = np.array(list(chain.from_iterable(lines)), np.int64).reshape(len(lines) - 2, -1)
        others = meaning.features("\n".join((folded, *map(segmentation.normalise, wishes))), found).difference(wanted)
        return cls(
            words=(*words, *unwanted),
            numbers=np.concatenate((known.take(rarest), shunned)),
            rarity=table[0],
            wishes=table[2:].T,
            wished=tuple(map(sum, in_wishes)),
            avoided=table[1],
            meaning=model.position(np.concatenate((known, model.find(others)))),
            wanted=len(words),
            kinds=rivals.spoken_of(_without(text, avoid) if avoid else folded),
        )


def _without(text: str, avoid: Sequence[str]) -> str:
    for unwanted in avoid:
        text = text.replace(unwanted, "")
    return text


def _terms(texts: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(word for text in texts for word in segmentation.terms(text))
