"""An offering (供给) as it is registered, stored, shared and ranked."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.contracts.checks import CategoryCode, IndustryCode, Level, RegionCode, ScenarioName, Shown
from shared.contracts.vocabulary import (
    Collateral,
    Compliance,
    Delivery,
    EnterpriseSize,
    Instrument,
    OfferingKind,
    PriceModel,
    PricePer,
)
from shared.contracts.wire import BasisPoints, Fen, Integer, Wire


def _ordered(low: int | None, high: int | None, what: str) -> None:
    if low is not None and high is not None and low > high:
        raise PydanticCustomError(
            "range_out_of_order",
            "{what}：最小值大于最大值 / {what}: the minimum is above the maximum",
            {"what": what},
        )


class ScenarioStep(Wire):
    """A level step in one scenario: the level a firm must have, and the level it reaches."""

    scenario: ScenarioName = Field(description="one of the 16 scenarios of the 2024 assessment")
    from_level: Level = Field(alias="from", description="level needed, 0 to 4")
    to_level: Level = Field(alias="to", description="level reached, 0 to 4")


class Price(Wire):
    """A list price. `min` and `max` are fen; of model `rate` they are basis points."""

    model: PriceModel = Field(description="how the price is charged")
    min: Fen | None = Field(None, description="lowest price in fen")
    max: Fen | None = Field(None, description="highest price in fen")
    per: PricePer | None = Field(None, description="what one price pays for; absent when the model is quote")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _ordered(self.min, self.max, "price")
        return self


class FinanceTerms(Wire):
    """The terms of a finance product (产融对接)."""

    instrument: Instrument = Field(description="kind of finance")
    amount_min: Fen | None = Field(None, description="smallest amount in fen")
    amount_max: Fen | None = Field(None, description="largest amount in fen")
    annual_rate_min_bp: BasisPoints | None = Field(None, description="lowest annual rate in basis points")
    annual_rate_max_bp: BasisPoints | None = Field(None, description="highest annual rate in basis points")
    term_months_min: Integer | None = Field(None, ge=0, le=1200, description="shortest term in months")
    term_months_max: Integer | None = Field(None, ge=0, le=1200, description="longest term in months")
    collateral: Collateral | None = Field(None, description="what the firm must pledge")
    min_years_operating: Integer | None = Field(None, ge=0, le=100, description="years the firm must have operated")
    min_annual_revenue: Fen | None = Field(None, description="annual revenue the firm must have, in fen")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _ordered(self.amount_min, self.amount_max, "finance.amount")
        _ordered(self.annual_rate_min_bp, self.annual_rate_max_bp, "finance.annual_rate")
        _ordered(self.term_months_min, self.term_months_max, "finance.term_months")
        return self


class OfferingContent(Wire):
    """What an offering says of itself. Absent or empty means not stated, never "no"."""

    name: Shown = Field(max_length=60, description="what it is called")
    kind: OfferingKind = Field(description="kind of offering")
    categories: tuple[CategoryCode, ...] = Field(
        min_length=1, max_length=3, description="level-2 category codes, the main one first"
    )
    summary: Shown = Field(max_length=200, description="one sentence: what it does for whom")
    description: Shown = Field(max_length=4000, description="functions, delivery, for whom it suits and for whom not")
    scenarios: tuple[ScenarioStep, ...] = Field((), max_length=16, description="level steps of digital tools")
    industries: tuple[IndustryCode, ...] = Field(
        (), max_length=200, description="GB/T 4754 codes it is made for; absent = any"
    )
    regions: tuple[RegionCode, ...] = Field(
        (), max_length=400, description='where it is delivered; "000000" = nationwide'
    )
    enterprise_sizes: tuple[EnterpriseSize, ...] = Field((), max_length=4, description="sizes it is for; absent = any")
    delivery: tuple[Delivery, ...] = Field((), max_length=8, description="forms of delivery")
    price: Price | None = Field(None, description="list price; absent = not stated")
    lead_time_days: Integer | None = Field(None, ge=0, le=3650, description="days from order to go-live")
    trial_days: Integer | None = Field(None, ge=0, le=3650, description="days of free trial")
    discount_bp: Integer | None = Field(
        None,
        ge=0,
        le=10000,
        description="what the provider lets go for SMEs (让利), in basis points of the list price",
    )
    finance: FinanceTerms | None = Field(None, description="terms, of kind finance only")
    compliance: tuple[Compliance, ...] = Field((), max_length=10, description="marks that the product carries")
    features: tuple[Annotated[Shown, Field(max_length=40)], ...] = Field(
        (), max_length=8, description="short functional terms"
    )
    valid_until: date | None = Field(None, description="last day on which it can be ordered")

    @model_validator(mode="after")
    def _finance_has_terms(self) -> Self:
        if self.finance is not None and self.kind != "finance":
            raise PydanticCustomError(
                "finance_terms_misplaced",
                "只有 kind=finance 才能填写 finance / `finance` belongs to offerings of kind finance only",
            )
        return self
