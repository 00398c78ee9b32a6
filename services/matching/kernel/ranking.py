"""From values to places: exact integer scores, ties by hash, and the sharing out of the first places."""

import hashlib
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from services.matching.kernel.policy import WHOLE, Diversity, Newcomers, Policy
from services.matching.snapshot.worth import UNKNOWN

_AHEAD = 3
"""So many times the length of the list is sorted first: some are passed over."""


def contributions(values: NDArray[np.int32], weights: tuple[int, ...], policy: Policy) -> NDArray[np.int32]:
    """Criteria × rows: round(weight × value / 10,000), halves upward; an unknown counts what the policy says."""
    points = values.copy()
    np.copyto(points, policy.unknowns, where=values == UNKNOWN)
    points *= np.array(weights, np.int32)[:, None]
    points += WHOLE // 2
    points //= WHOLE
    return points


def tie_breaker(need_hash: str, content_hash: str, provider: str) -> bytes:
    """What orders offers of equal score: neither id nor insertion, and different for every need."""
    return hashlib.sha256(f"{need_hash}\n{content_hash}\n{provider}".encode()).digest()


def in_order(scores: NDArray[np.int32], tie: Callable[[int], bytes], likely: int = 0) -> Iterator[int]:
    """The rows, best first; ties are resolved only as far as somebody reads on.

    Where it is likely that only so many are read, the best few are sorted apart from the rest.
    """
    few = _AHEAD * likely
    if 0 < few < len(scores) // 2:
        rising = scores.copy()
        rising.partition(-few)
        best = scores >= rising[-few]
        yield from _sorted(best.nonzero()[0], scores, tie)
        yield from _sorted((~best).nonzero()[0], scores, tie)
    else:
        yield from _sorted(np.arange(len(scores)), scores, tie)


def _sorted(rows: NDArray[np.intp], scores: NDArray[np.int32], tie: Callable[[int], bytes]) -> Iterator[int]:
    levels = scores.take(rows)
    falling = (-levels).argsort(kind="stable")
    tied: list[int] = []
    level = 0
    for score, row in zip(levels.take(falling).tolist(), rows.take(falling).tolist(), strict=True):
        if score != level and tied:
            yield from sorted(tied, key=tie) if len(tied) > 1 else tied
            tied.clear()
        level = score
        tied.append(row)
    yield from sorted(tied, key=tie)


def share_out(rows: Iterator[int], provider: Callable[[int], str], top_k: int, rule: Diversity) -> list[int]:
    """The first `top_k` rows, with at most `per_provider` of one provider in the first `places`.

    Those passed over come next in their order; where there are not enough others they fill the first places.
    """
    first: list[int] = []
    passed: list[int] = []
    taken: dict[str, int] = {}
    places = min(rule.places, top_k)
    for row in rows:
        owner = provider(row)
        count = taken.get(owner, 0)
        if len(first) < places and count < rule.per_provider:
            taken[owner] = count + 1
            first.append(row)
        else:
            passed.append(row)
        if len(first) == places and len(first) + len(passed) >= top_k:
            break
    return (first + passed)[:top_k]


def keep_place(
    chosen: list[int],
    scores: NDArray[np.int32],
    established: Callable[[int], bool],
    tie: Callable[[int], bytes],
    rule: Newcomers,
) -> tuple[list[int], int | None]:
    """The chosen rows with the last of the first places given to the best newcomer, and its row.

    Nothing changes (None) where those places hold a newcomer already, or no newcomer comes within `margin` points of
    the offer that gives way. All others keep their order.
    """
    last = rule.places - 1
    if len(chosen) <= last or not all(established(row) for row in chosen[: rule.places]):
        return chosen, None
    near = np.flatnonzero(scores >= scores[chosen[last]] - rule.margin)
    kept = next((row for row in _sorted(near, scores, tie) if not established(row)), None)
    if kept is None:
        return chosen, None
    others = [row for row in chosen if row != kept]
    return [*others[:last], kept, *others[last:]][: len(chosen)], kept
