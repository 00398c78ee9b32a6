"""The closed vocabularies of the reference catalogue (data schema: docs/catalogue-format.md)."""

from typing import Literal, get_args

ProviderKind = Literal[
    "product",
    "integrator",
    "chain-leader",
    "platform",
    "financial",
    "training",
    "association",
    "logistics",
]
OfferingKind = Literal["product", "solution", "service", "finance", "activity", "training"]
CreditGrade = Literal["A", "B", "C", "D"]
Certificate = Literal[
    "iso27001",
    "iso9001",
    "iso20000",
    "cmmi3",
    "cmmi5",
    "mlps2",
    "mlps3",
    "itss3",
    "itss2",
    "high-tech-enterprise",
    "dsmm3",
    "payment-licence",
    "freight-platform-licence",
    "financial-licence",
]
EnterpriseSize = Literal["self-employed", "micro", "small", "medium"]
FirmSize = Literal["self-employed", "micro", "small", "medium", "large"]
"""The size computed for a firm: an offering is never made for `large`, a firm may be it."""
EnterpriseTier = Literal["innovative", "specialised", "little-giant"]
LegalForm = Literal["company", "self-employed"]
Delivery = Literal[
    "saas",
    "private-cloud",
    "on-premises",
    "hardware",
    "onsite-service",
    "remote-service",
    "online-course",
    "offline-event",
]
PriceModel = Literal["free", "one-off", "subscription", "per-use", "rate", "quote"]
PricePer = Literal["project", "year", "month", "user-year", "use", "person", "day"]
Instrument = Literal[
    "credit-loan",
    "secured-loan",
    "receivables",
    "leasing",
    "guarantee",
    "equity",
    "insurance",
    "ip-pledge",
]
Collateral = Literal["none", "guarantee", "mortgage", "receivables", "ip", "equipment"]
Compliance = Literal["xinchuang", "mlps2", "mlps3", "iso27001", "pipl", "classified-protection-ready"]


def members(vocabulary: object) -> tuple[str, ...]:
    """The members of one of the vocabularies above, in their order. (A cache would take five times longer to ask.)"""
    return get_args(vocabulary)
