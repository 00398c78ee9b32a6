"""How an offering stands before all open needs, in numbers that single nobody out.

No number is told that stands for fewer than K needs, nor one from which such a number follows by subtraction.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from services.matching.reverse import changes, fitting, rules
from services.matching.reverse.changes import Change
from services.matching.reverse.fitting import Considered
from services.matching.reverse.offer import Offer
from services.matching.reverse.standing import Standing
from services.matching.snapshot.segment import Segment
from shared.contracts.fits import FitChange, OfferingFit
from shared.contracts.wire import Text

K = 5
"""The smallest group of needs that is spoken of."""


@dataclass(frozen=True)
class Gain:
    """A change, and which of the needs considered it would win."""

    constraint: str
    change: Change
    won: NDArray[np.bool_]

    @property
    def admits(self) -> int:
        """How many they are."""
        return int(self.won.sum())


def of(
    standing: Standing, segment: Segment, row: int, as_of: date, editions: frozenset[str] = frozenset()
) -> OfferingFit:
    """The report on the offering of a row on a day; `editions` are those that list it."""
    offer = Offer.of(segment, row, standing, as_of, editions)
    offering = offer.entry.offering
    considered = fitting.consider(standing, offer)
    gains = _apart(_gains(standing, offer, considered))
    eligible, short = len(considered.eligible), np.bitwise_count(considered.broken) == 1
    one_short = int(short.sum())
    untold = {one_short - sum(gain.admits for gain in gains), int((short & ~_won(gains, short)).sum())}
    near = _en(one_short, untold)
    told = Text(
        zh=f"现有需求中，{_zh(eligible)}符合全部硬性条件，{_zh(one_short, untold)}只差一条",
        en=f"of the open needs, {_en(eligible)} could take it as it is; for {near} it fails on one point only",
    )
    return OfferingFit(
        offering_id=offering.id,
        version=offering.version,
        as_of=as_of,
        least=K,
        eligible=_count(eligible),
        one_short=_count(one_short, untold),
        changes=tuple(_told(gain) for gain in gains),
        text=told,
    )


def _gains(standing: Standing, offer: Offer, considered: Considered) -> Iterator[Gain]:
    """For each constraint the smallest change that wins at least K needs."""
    for lever in changes.LEVERS:
        places = considered.breaking_only(lever.constraint)
        for change in lever.options(standing, places, offer, K) if len(places) >= K else ():
            loosened = offer.with_entry(changes.changed(offer.entry, change), standing)
            after = rules.failures(standing.wants, considered.places, loosened)
            gain = Gain(lever.constraint, change, (after == 0) & (considered.broken != 0))
            if gain.admits >= K:
                yield gain
                break


def _apart(gains: Iterable[Gain]) -> list[Gain]:
    """The largest gains that share no need: of two that overlap, the difference might be a small group."""
    chosen: list[Gain] = []
    for gain in sorted(gains, key=lambda gain: -gain.admits):
        if not any((gain.won & other.won).any() for other in chosen):
            chosen.append(gain)
    return chosen


def _won(gains: list[Gain], short: NDArray[np.bool_]) -> NDArray[np.bool_]:
    won: NDArray[np.bool_] = np.logical_or.reduce([np.zeros_like(short), *(gain.won for gain in gains)])
    return won


def _told(gain: Gain) -> FitChange:
    change = gain.change
    return FitChange(
        constraint=gain.constraint,
        change=change.patch,
        admits=gain.admits,
        text=Text(
            zh=f"{change.zh}，可多符合 {gain.admits} 项需求", en=f"{change.en} would fit {gain.admits} more needs"
        ),
    )


def _count(count: int, rests: Collection[int] = ()) -> int | None:
    """A count that may be told: neither it nor what the told parts leave of it is a small group."""
    return count if count >= K and not any(0 < rest < K for rest in rests) else None


def _zh(count: int, rests: Collection[int] = ()) -> str:
    told = _count(count, rests)
    return f"{told} 项" if told is not None else f"不足 {K} 项" if count < K else "若干项"


def _en(count: int, rests: Collection[int] = ()) -> str:
    told = _count(count, rests)
    return str(told) if told is not None else f"fewer than {K}" if count < K else "some"
