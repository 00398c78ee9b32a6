"""Narrowing to an edition (推荐目录 第N期): offers of the topic that the edition does not list are not considered.

Nothing else changes. Scales are fixed and no offer's score depends on another, so what is left keeps its score and its
order; and a need without an edition does not come here at all.
"""

from collections.abc import Sequence
from typing import NamedTuple

from services.matching.kernel.gate import Considered
from services.matching.kernel.parts import Said, Unmet
from services.matching.snapshot.snapshot import Snapshot
from shared.contracts.matches import NarrowedTo


class Narrowing(NamedTuple):
    """What is left of the gate, which edition did it, and how many offers outside of it break no constraint."""

    considered: Sequence[Considered]
    to: NarrowedTo | None
    elsewhere: int


def narrow(considered: Sequence[Considered], snapshot: Snapshot, edition: str | None) -> Narrowing:
    """Keeps what the edition lists; everything when there is none. KeyError for one that the snapshot does not hold."""
    if edition is None:
        return Narrowing(considered, None, 0)
    record = snapshot.editions[edition]
    kept = [part.only(snapshot.listed(edition, part.segment)) for part in considered]
    gone = sum(len(part.places) for part in considered) - sum(len(part.places) for part in kept)
    elsewhere = sum(len(part.eligible) for part in considered) - sum(len(part.eligible) for part in kept)
    return Narrowing(kept, NarrowedTo(id=edition, number=record.number, title=record.title, left_out=gone), elsewhere)


def explained(word: Unmet | None, narrowing: Narrowing) -> Unmet | None:
    """The honest word of a narrowed run: that nothing is left lies, or does not lie, in the edition."""
    to, there = narrowing.to, narrowing.elsewhere
    if to is None or word is None or word.code != "nothing-eligible":
        return word
    return Unmet(
        code=word.code,
        text=Said(
            zh=f"{to.title.zh}（第{to.number}期）中没有符合全部硬性条件的供给；不限目录时有 {there} 项符合",
            en=f"no offer of {to.title.en}, edition {to.number}, meets every hard constraint; {there} outside of it do",
        ),
    )
