"""A need as numbers: what the masks compare with. Made once for each run from the profile and the firm."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, TypeVar

from services.matching.snapshot.columns import bits
from shared.contracts.needs import Enterprise, Profile, Read, ReadScenario
from shared.contracts.vocabulary import Collateral, Compliance, Delivery, EnterpriseSize, FirmSize, members

T = TypeVar("T")
PLEDGES_MET: dict[str, frozenset[str]] = {pledge: frozenset({pledge, "none"}) for pledge in members(Collateral)}
"""What the firm can pledge → what an offering may ask for and still be met."""
_SIZE_BITS: Mapping[str | None, int] = {size: bits(EnterpriseSize, (size,)) for size in members(EnterpriseSize)}


class Demand(NamedTuple):
    """None means: not asked for, or not known of the firm."""

    as_of: int
    year: int
    categories: tuple[tuple[str, int], ...]
    region: str
    industry: str | None
    size: FirmSize | None
    founded: int | None
    revenue: int | None
    budget: int | None
    deadline: int | None
    delivery: int | None
    onsite: bool
    compliance: int | None
    amount: int | None
    rate: int | None
    term: int | None
    collateral: tuple[Collateral, ...] | None
    users: int | None
    sites: int | None
    devices: int | None
    people: int | None
    """How many would use it: as the text says, else all of the firm."""
    scenarios: tuple[ReadScenario, ...]

    @classmethod
    def of(cls, profile: Profile, enterprise: Enterprise, as_of: date) -> "Demand":
        """The demand that a profile and its firm make on this day."""
        must, quantities = profile.must, profile.quantities
        delivery, compliance = _value(must.delivery), _value(must.compliance)
        return cls(
            as_of=as_of.toordinal(),
            year=as_of.year,
            categories=tuple((read.code, read.confidence) for read in profile.categories),
            region=enterprise.region,
            industry=enterprise.industry,
            size=_value(profile.enterprise_size),
            founded=enterprise.founded,
            revenue=enterprise.annual_revenue,
            budget=_value(must.budget_max),
            deadline=_value(must.deadline_days),
            delivery=bits(Delivery, delivery) if delivery else None,
            onsite=must.onsite is not None and must.onsite.value,
            compliance=bits(Compliance, compliance) if compliance else None,
            amount=_value(must.finance_amount),
            rate=_value(must.annual_rate_max_bp),
            term=_value(must.term_months),
            collateral=_value(must.collateral) or None,
            users=_value(quantities.users),
            sites=_value(quantities.sites),
            devices=_value(quantities.devices),
            people=_value(quantities.users) or enterprise.employees,
            scenarios=profile.scenarios,
        )

    @property
    def size_bit(self) -> int:
        """The firm's size as a bit of the `sizes` column; 0 for large, which no offering can list."""
        return _SIZE_BITS.get(self.size, 0)

    @property
    def units(self) -> tuple[int, ...]:
        """How many of each price unit the first year takes (FIXED, PER_USER, PER_SITE, …)."""
        return 1, self.users or 1, self.sites or 1, self.devices or 1, 1

    @property
    def pledges(self) -> frozenset[str]:
        """What an offering may ask to be pledged and still be met."""
        return frozenset().union(*(PLEDGES_MET[pledge] for pledge in self.collateral or ()))


def _value(read: Read[T] | None) -> T | None:
    return None if read is None else read.value
