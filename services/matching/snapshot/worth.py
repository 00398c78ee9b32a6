"""What an offering is worth whoever asks: evidence and credit, track record, firmness, public benefit.

Each is a value of 0 to 10,000 on a fixed scale, or UNKNOWN. Claims in free text count nothing here.
"""

from shared.contracts.offerings import OfferingContent
from shared.contracts.providers import ProviderContent

UNKNOWN = -1
_GRADES = {"A": 10_000, "B": 7500, "C": 4000, "D": 0}
_PRIOR_CUSTOMERS = 50


def of(content: OfferingContent, provider: ProviderContent | None) -> tuple[int, int, int, int]:
    """Evidence, track record, firmness and public benefit, in this order."""
    return evidence(provider), track_record(provider), firmness(content), benefit(content)


def evidence(provider: ProviderContent | None) -> int:
    """Assessed credit (A to D) and certificates that somebody else issued; nothing of either is unknown."""
    if provider is None or (provider.credit_grade is None and not provider.certificates):
        return UNKNOWN
    credit = _GRADES[provider.credit_grade] if provider.credit_grade else 4000
    proof = min(10_000, 4000 + 1500 * len(set(provider.certificates)))
    return (2 * credit + proof) // 3


def track_record(provider: ProviderContent | None) -> int:
    """Firms served so far, drawn towards a middling prior so that few customers say little either way.

    0 → 2,500, 50 → 4,000, 500 → 7,857, 5,000 → 9,711.
    """
    if provider is None or provider.customers is None:
        return UNKNOWN
    pulled = provider.customers + _PRIOR_CUSTOMERS
    return 10_000 * pulled // (pulled + 3 * _PRIOR_CUSTOMERS)


def firmness(content: OfferingContent) -> int:
    """How much of what a buyer must know is stated, so that it can be held to: 2,000 for each of five."""
    price = content.price
    stated = (
        (price is not None and (price.min is not None or price.model == "free")) or content.finance is not None,
        content.lead_time_days is not None,
        bool(content.delivery),
        bool(content.regions),
        bool(content.industries or content.enterprise_sizes),
    )
    return 2000 * sum(stated)


def benefit(content: OfferingContent) -> int:
    """What the provider lets go for small firms: free of charge, a discount, a free trial."""
    if content.price is not None and content.price.model == "free":
        return 10_000
    discount = 30 * (content.discount_bp or 0) // 10
    trial = 100 * min(content.trial_days or 0, 30)
    return min(10_000, discount + trial)
