"""The facts of an offering as numbers: one row of narrow columns, made once, compared by every need.

"Not stated" is a number of its own in each column (NOT_STATED, or an open bound), never a default that looks
like a statement.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self, cast

import numpy as np
from numpy.typing import NDArray

from services.matching.snapshot import limits, worth
from shared.contracts.changes import OfferingRecord, ProviderRecord
from shared.contracts.vocabulary import Collateral, Compliance, Delivery, EnterpriseSize, members

NOT_STATED = -1
"""Below every limit, so that no rule can fail on it."""
OPEN = 2**62
"""An upper bound that is not stated."""
FAR_FUTURE = date(9999, 12, 31).toordinal()
FIXED, PER_USER, PER_SITE, PER_DEVICE, PER_UNKNOWN = range(5)
"""What one price pays for: the whole first year; one user, shop or machine; one of what no need counts."""
ACTIVE = frozenset({"active", "warned", "rectifying"})
VISITS = frozenset({"onsite-service", "hardware", "offline-event"})
_MONTHS = 12
_BY_SITE = re.compile(r"每家?(?:门店|店)|单店|/店|按(?:门店|店)")
_BY_MACHINE = re.compile(r"每台|/台|按台|每套设备|每机")


def bits(vocabulary: object, values: Iterable[str]) -> int:
    """A set of members of a vocabulary as one integer, a bit each."""
    order = members(vocabulary)
    return sum({1 << order.index(value) for value in values})


Records = NDArray[np.void]


@dataclass(frozen=True)
class Columns:
    """Columns of equal length, one row an offering; money in fen, rates in basis points, days as ordinals."""

    live_until: NDArray[np.int32]
    sizes: NDArray[np.uint8]
    delivery: NDArray[np.uint8]
    visits: NDArray[np.bool_]
    compliance: NDArray[np.uint8]
    price: NDArray[np.int64]
    price_unit: NDArray[np.uint8]
    lead_days: NDArray[np.int16]
    amount_min: NDArray[np.int64]
    amount_max: NDArray[np.int64]
    rate_min: NDArray[np.int32]
    term_min: NDArray[np.int16]
    term_max: NDArray[np.int16]
    collateral: NDArray[np.uint8]
    years_min: NDArray[np.int16]
    revenue_min: NDArray[np.int64]
    published: NDArray[np.int32]
    seat: NDArray[np.int32]
    """Region code of the provider's registration, as a number."""
    evidence: NDArray[np.int16]
    track_record: NDArray[np.int16]
    firmness: NDArray[np.int16]
    benefit: NDArray[np.int16]
    length_factor: NDArray[np.int32]
    lot: NDArray[np.int64]
    """Leading bits of the content hash: an order that neither ids nor insertion know of."""
    kinds: NDArray[np.int64]
    """The kinds of matters that exclude each other which it serves, see `rivals`."""
    people_min: NDArray[np.int32]
    people_max: NDArray[np.int32]
    sites_min: NDArray[np.int32]
    sites_max: NDArray[np.int32]
    devices_min: NDArray[np.int32]
    devices_max: NDArray[np.int32]
    turnover_min: NDArray[np.int64]
    """These seven: the bounds of its description, see `scale`."""

    @classmethod
    def stack(cls, rows: Iterable[tuple[int, ...]]) -> Self:
        """Columns of rows made by `facts`, in the order of the fields."""
        table = list(rows)
        transposed = zip(*table, strict=True) if table else [()] * len(_KINDS)
        return cls(*(np.array(column, kind) for column, kind in zip(transposed, _KINDS.values(), strict=True)))

    @classmethod
    def single(cls, row: Sequence[int]) -> Self:
        """The columns of one row made by `facts`."""
        return cast(Self, _Lazy(lambda name: np.array((row[_PLACES[name]],), _KINDS[name])))

    def take(self, places: slice | NDArray[np.int32] | NDArray[np.int64]) -> "Columns":
        """The same columns for some of the rows; a column is gathered when it is first asked for."""
        if isinstance(places, slice):
            return cast(Columns, _Lazy(lambda name: getattr(self, name)[places]))
        return cast(Columns, _Lazy(lambda name: getattr(self, name).take(places)))  # three times as fast as brackets

    def strictest(self) -> "Columns":
        """Scalars that ask as much as any row: the lowest of what must reach, the highest of what is reached."""
        lowest = {name: getattr(self, name).min() for name in _LOWEST}
        highest = {name: getattr(self, name).max() for name in _HIGHEST}
        return cast(Columns, _Lazy((lowest | highest).__getitem__))

    def records(self, **sets: NDArray[np.int32]) -> Records:
        """Row by row what the criteria look at, and these numbers of sets: what is gathered for few rows lies together.

        Whoever gathers column by column waits for the memory at every single one.
        """
        parts = {name: getattr(self, name) for name in _CRITERIA} | sets
        answer = np.empty(len(self.live_until), [(name, part.dtype) for name, part in parts.items()])
        for name, part in parts.items():
            answer[name] = part
        return answer

    @classmethod
    def of(cls, records: Records) -> Self:
        """The columns of such records."""
        return cast(Self, _Lazy(records.__getitem__))

    @classmethod
    def join(cls, parts: "Sequence[Columns]") -> "Columns":
        """The rows of all parts, one after the other."""
        if len(parts) == 1:
            return parts[0]
        return cast(Columns, _Lazy(lambda name: np.concatenate([getattr(part, name) for part in parts])))


class _Lazy:
    """Stands in for `Columns` and makes each column once, on first use: most questions ask for few of them."""

    def __init__(self, column: Callable[[str], NDArray[Any]]) -> None:
        self._column = column

    def __getattr__(self, name: str) -> Any:
        if name not in _KINDS:
            return getattr(Columns, name).__get__(self)
        value = self._column(name)
        setattr(self, name, value)
        return value


_KINDS = {
    field.name: kind
    for field, kind in zip(
        fields(Columns),
        (
            np.int32, np.uint8, np.uint8, np.bool_, np.uint8, np.int64, np.uint8, np.int16, np.int64, np.int64,
            np.int32, np.int16, np.int16, np.uint8, np.int16, np.int64, np.int32, np.int32, np.int16, np.int16,
            np.int16, np.int16, np.int32, np.int64, np.int64, np.int32, np.int32, np.int32, np.int32, np.int32,
            np.int32, np.int64,
        ),
        strict=True,
    )
}  # fmt: skip
_PLACES = {name: place for place, name in enumerate(_KINDS)}
_LOWEST = ("live_until", "visits", "amount_max", "term_max")
_HIGHEST = ("lead_days", "amount_min", "rate_min", "term_min", "years_min", "revenue_min")
_CRITERIA = (
    "price", "kinds", "turnover_min", "people_min", "people_max", "sites_min", "sites_max", "devices_min",
    "devices_max", "seat", "published", "length_factor", "lead_days", "evidence", "track_record", "firmness",
    "benefit", "sizes", "price_unit",
)  # fmt: skip
NOTHING = (0,) * 8
"""The last eight columns of an offering whose text was not read."""


def facts(
    offering: OfferingRecord,
    provider: ProviderRecord | None,
    length_factor: int,
    own_words: tuple[int, ...] = NOTHING,
) -> tuple[int, ...]:
    """The row of an offering, in the order of the fields of `Columns`; `own_words` are kinds and bounds."""
    content = offering.content
    live = provider is not None and provider.standing in ACTIVE
    until = content.valid_until.toordinal() if content.valid_until else FAR_FUTURE
    price, unit = first_year_price(offering)
    return (
        until if live else 0,
        bits(EnterpriseSize, content.enterprise_sizes),
        bits(Delivery, content.delivery),
        can_visit(offering),
        _marks(content.compliance),
        price,
        unit,
        NOT_STATED if content.lead_time_days is None else content.lead_time_days,
        *_finance(offering),
        offering.published_at.date().toordinal(),
        int(provider.content.region) if provider else 0,
        *worth.of(content, provider.content if provider else None),
        length_factor,
        int(offering.content_hash[:15], 16),
        *own_words,
    )


def first_year_price(offering: OfferingRecord) -> tuple[int, int]:
    """The lowest price after discount, brought to a year, and what one of it pays for.

    Of `rate` and `quote`, and where nothing is stated, the price is NOT_STATED.
    """
    price = offering.content.price
    if price is None or price.model in {"rate", "quote"}:
        return NOT_STATED, FIXED
    low = 0 if price.model == "free" else price.min
    if low is None:
        return NOT_STATED, FIXED
    times = _MONTHS if price.per == "month" else 1
    kept = 10_000 - (offering.content.discount_bp or 0)
    total = low * times * kept // 10_000
    return total, _unit(offering) if total else FIXED


def can_visit(offering: OfferingRecord) -> bool:
    """Whether somebody can come to the firm: said by the delivery, by the text, or not excluded by either."""
    content = offering.content
    if not content.delivery or VISITS & set(content.delivery):
        return True
    return limits.states_visit(content.summary + content.description)


def _unit(offering: OfferingRecord) -> int:
    per = offering.content.price.per if offering.content.price else None
    text = offering.content.summary + offering.content.description
    if per not in {"user-year", "use", "person", "day"}:
        return PER_SITE if _BY_SITE.search(text) else FIXED
    if per in {"use", "person"} and _BY_MACHINE.search(text):
        return PER_DEVICE
    return PER_USER if per in {"user-year", "person"} else PER_UNKNOWN


def _marks(compliance: tuple[Compliance, ...]) -> int:
    implied = {"mlps2"} if "mlps3" in compliance else set()
    return bits(Compliance, {*compliance, *implied})


def _finance(offering: OfferingRecord) -> tuple[int, ...]:
    terms = offering.content.finance
    if terms is None:
        return 0, OPEN, 0, 0, 2**15 - 1, 0, 0, 0
    pledge = 1 + members(Collateral).index(terms.collateral) if terms.collateral else 0
    return (
        terms.amount_min or 0,
        OPEN if terms.amount_max is None else terms.amount_max,
        terms.annual_rate_min_bp or 0,
        terms.term_months_min or 0,
        2**15 - 1 if terms.term_months_max is None else terms.term_months_max,
        pledge,
        terms.min_years_operating or 0,
        terms.min_annual_revenue or 0,
    )
