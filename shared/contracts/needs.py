"""A firm's need: what is asked, and the profile that is read from it."""

from datetime import date
from typing import Annotated, Generic, Self, TypeVar

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.contracts.checks import (
    CategoryCode,
    CreditCode,
    IndustryCode,
    Level,
    Prose,
    RegionCode,
    ScenarioName,
)
from shared.contracts.vocabulary import (
    Collateral,
    Compliance,
    Delivery,
    EnterpriseTier,
    FirmSize,
    LegalForm,
)
from shared.contracts.wire import BasisPoints, Fen, Flag, Integer, ReadSource, Wire

T = TypeVar("T")
Weight = Annotated[int, Field(ge=0, le=10_000, strict=True)]
Days = Annotated[int, Field(ge=0, le=3650, strict=True)]
Months = Annotated[int, Field(ge=1, le=1200, strict=True)]
Count = Annotated[int, Field(ge=1, le=10**7, strict=True)]


class Enterprise(Wire):
    """The firm that asks."""

    region: RegionCode = Field(description="GB/T 2260 code of the firm's place, as fine as it is known")
    industry: IndustryCode | None = Field(None, description="GB/T 4754 code, as fine as it is known")
    employees: Integer | None = Field(None, ge=0, le=10**7, description="head count")
    annual_revenue: Fen | None = Field(None, description="annual revenue in fen")
    total_assets: Fen | None = Field(None, description="total assets in fen")
    founded: Integer | None = Field(None, ge=1800, le=2100, description="year of foundation")
    legal_form: LegalForm | None = Field(None, description="company, or self-employed (个体工商户)")
    tier: EnterpriseTier | None = Field(None, description="recognised tier, e.g. specialised (专精特新)")
    name: Prose | None = Field(None, max_length=100, description="registered name")
    uscc: CreditCode | None = Field(None, description="统一社会信用代码")


class StatedMust(Wire):
    """Hard constraints as the caller states them. `null` clears what the text said."""

    budget_max: Fen | None = Field(None, description="most that may be spent in the first year, in fen")
    deadline_days: Days | None = Field(None, description="days from `as_of` to go-live")
    delivery: tuple[Delivery, ...] | None = Field(None, max_length=8, description="accepted forms, any of them")
    onsite: Flag | None = Field(None, description="somebody must come to the firm")
    compliance: tuple[Compliance, ...] | None = Field(None, max_length=6, description="marks the product must carry")
    finance_amount: Fen | None = Field(None, description="amount wanted, in fen")
    annual_rate_max_bp: BasisPoints | None = Field(None, description="highest acceptable annual rate, basis points")
    term_months: Months | None = Field(None, description="term wanted, in months")
    collateral: tuple[Collateral, ...] | None = Field(
        None, max_length=6, description='what the firm can pledge; ["none"] = nothing'
    )


class StatedQuantities(Wire):
    """Quantities that prices multiply with."""

    users: Count | None = Field(None, description="people who will use it")
    sites: Count | None = Field(None, description="shops, plants or warehouses")
    devices: Count | None = Field(None, description="machines or terminals")


class StatedProfile(Wire):
    """What the caller states outright; it wins over what the text says."""

    categories: tuple[CategoryCode, ...] | None = Field(
        None, max_length=10, description="level-2 category codes, best first"
    )
    must: StatedMust = Field(StatedMust(), description="hard constraints")
    quantities: StatedQuantities = Field(StatedQuantities(), description="quantities")
    weights: dict[str, Weight] | None = Field(
        None, max_length=20, description="criterion → basis points; the sum is 10,000"
    )

    @model_validator(mode="after")
    def _weights_sum(self) -> Self:
        if self.weights is not None and sum(self.weights.values()) != 10_000:
            raise PydanticCustomError(
                "weights_sum", "weights 之和必须为 10000 基点 / weights must sum to 10,000 basis points"
            )
        return self


class NeedRequest(Wire):
    """The body of `POST /v1/needs`."""

    text: Prose | None = Field(
        None,
        max_length=2000,
        description="the need in the firm's own words; required unless profile.categories is given",
    )
    enterprise: Enterprise = Field(description="the firm that asks")
    profile: StatedProfile = Field(StatedProfile(), description="what is stated outright; wins over the text")
    top_k: Integer = Field(10, ge=1, le=50, description="how many places")
    edition: str | None = Field(
        None,
        max_length=40,
        description="id of a live edition (推荐目录 第N期): only offers that it lists are considered",
    )
    as_of: date | None = Field(None, description="the run's only clock; default today in Asia/Shanghai")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and not self.profile.categories:
            raise PydanticCustomError(
                "need_says_nothing",
                "请填写 text，或在 profile.categories 中给出类别 / give `text`, or `profile.categories`",
            )
        return self


class Read(Wire, Generic[T]):
    """A value with where it came from: stated by the caller, read from the text, or computed from the firm."""

    value: T = Field(description="the value")
    source: ReadSource = Field(description="where it came from")
    evidence: str | None = Field(None, description="the words it was read from")
    confidence: Integer = Field(100, ge=0, le=100, description="0 to 100")


class ReadCategory(Wire):
    """A category that the need is about."""

    code: CategoryCode = Field(description="level-2 category code")
    confidence: Integer = Field(ge=0, le=100, description="0 to 100")
    source: ReadSource = Field(description="where it came from")
    evidence: str | None = Field(None, description="the words it was read from")


class Must(Wire):
    """The hard constraints of a profile; absent = not constrained. Field meanings as in StatedMust."""

    budget_max: Read[Fen] | None = Field(None, description="most for the first year, in fen")
    deadline_days: Read[Days] | None = Field(None, description="days from `as_of` to go-live")
    delivery: Read[tuple[Delivery, ...]] | None = Field(None, description="accepted forms, any of them")
    onsite: Read[Flag] | None = Field(None, description="somebody must come to the firm")
    compliance: Read[tuple[Compliance, ...]] | None = Field(None, description="marks the product must carry")
    finance_amount: Read[Fen] | None = Field(None, description="amount wanted, in fen")
    annual_rate_max_bp: Read[BasisPoints] | None = Field(
        None, description="highest acceptable annual rate, in basis points"
    )
    term_months: Read[Months] | None = Field(None, description="term wanted, in months")
    collateral: Read[tuple[Collateral, ...]] | None = Field(None, description="what the firm can pledge")


class Quantities(Wire):
    """Quantities that prices multiply with; absent = unknown."""

    users: Read[Count] | None = Field(None, description="people who will use it")
    sites: Read[Count] | None = Field(None, description="shops, plants or warehouses")
    devices: Read[Count] | None = Field(None, description="machines or terminals")


class ReadScenario(Wire):
    """A level step that the need asks for, in one of the 16 scenarios."""

    scenario: ScenarioName = Field(description="scenario name")
    from_level: Level = Field(alias="from", description="level the firm has")
    to_level: Level = Field(alias="to", description="level it wants")
    evidence: str | None = Field(None, description="the words it was read from")


class Profile(Wire):
    """The needs profile (需求画像): everything that matching knows of a need."""

    categories: tuple[ReadCategory, ...] = Field((), description="what it is about, best first")
    must: Must = Field(Must(), description="hard constraints")
    quantities: Quantities = Field(Quantities(), description="quantities")
    wishes: tuple[str, ...] = Field((), description="wishes in the firm's words; they rank, they do not eliminate")
    avoid: tuple[str, ...] = Field((), description="what the firm said it does not want")
    scenarios: tuple[ReadScenario, ...] = Field((), description="level steps asked for")
    place: Read[RegionCode] | None = Field(None, description="place that the text names for delivery")
    industry: Read[IndustryCode] | None = Field(None, description="industry, the firm's own or read from the text")
    enterprise_size: Read[FirmSize] | None = Field(None, description="size by the 2017 rule; absent = not computable")
    conflicts: tuple[str, ...] = Field((), description="where text and firm disagree; each is a caution")
    not_understood: tuple[str, ...] = Field((), description="parts of the text that nothing was read from")
