"""A provider (服务商) as it is registered, stored and shared."""

from pydantic import Field

from shared.contracts.checks import CreditCode, RegionCode, Shown
from shared.contracts.vocabulary import Certificate, CreditGrade, ProviderKind
from shared.contracts.wire import Integer, Wire


class ProviderContent(Wire):
    """What a provider says of itself. Absent means unknown, never zero."""

    name: Shown = Field(max_length=100, description="registered company name")
    uscc: CreditCode = Field(description="统一社会信用代码, 18 characters with a correct check character")
    kind: ProviderKind | None = Field(None, description="provider class")
    region: RegionCode = Field(description="GB/T 2260 code of the place of registration")
    founded: Integer | None = Field(None, ge=1800, le=2100, description="year of foundation")
    employees: Integer | None = Field(None, ge=0, le=10**7, description="head count")
    customers: Integer | None = Field(None, ge=0, le=10**9, description="SMEs served so far")
    credit_grade: CreditGrade | None = Field(None, description="assessed credit grade; absent = not assessed")
    certificates: tuple[Certificate, ...] = Field((), max_length=20, description="certificates held")
    summary: Shown | None = Field(None, max_length=200, description="one sentence on the provider")
