"""What an application says: the provider as it would be registered, contacts, declarations and evidence.

A draft may be incomplete; `assessment` tells what is missing before it can be submitted.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.contracts.checks import Remark
from shared.contracts.providers import ProviderContent
from shared.contracts.vocabulary import Certificate
from shared.contracts.wire import Flag, Integer, Wire

EvidenceKind = Literal[
    "business-licence",
    "certificate",
    "financial-statement",
    "customer-reference",
    "security-assessment",
    "credit-report",
    "other",
]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{4,24}$", max_length=26)]
Mail = Annotated[str, Field(pattern=r"^[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,190}$", max_length=255)]


class Contact(Wire):
    """Whom the office may ask. Read by the applicant and the responsible office only."""

    name: Remark = Field(max_length=50, description="the person's name")
    duty: Remark | None = Field(None, max_length=50, description="what the person does")
    phone: Phone | None = Field(None, description="telephone number")
    email: Mail | None = Field(None, description="e-mail address")


class Declarations(Wire):
    """What the applicant declares (承诺声明). Absent = not declared."""

    truthful: Flag | None = Field(None, description="everything in the application is true")
    lawful: Flag | None = Field(None, description="not listed for serious breaches of law or trust")
    taxes_paid: Flag | None = Field(None, description="taxes and social insurance are paid")
    fair_prices: Flag | None = Field(None, description="it charges no more than it publishes")
    data_protected: Flag | None = Field(None, description="customers' data and personal information are protected")
    accepts_supervision: Flag | None = Field(None, description="it accepts supervision, assessment and public notice")


class EvidenceDocument(Wire):
    """A document of proof (佐证材料): what it is and the fingerprint of its file. The file stays with the applicant."""

    kind: EvidenceKind = Field(description="what kind of document")
    title: Remark = Field(max_length=100, description="its title")
    issuer: Remark = Field(max_length=100, description="who issued it")
    number: Remark | None = Field(None, max_length=60, description="its number at its issuer")
    certificate: Certificate | None = Field(None, description="the certificate that it proves")
    valid_from: date = Field(description="first day on which it is valid")
    valid_until: date | None = Field(None, description="last day on which it is valid; absent = without end")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file, in hex")
    bytes: Integer | None = Field(None, ge=1, le=10**9, description="size of the file")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise PydanticCustomError(
                "range_out_of_order",
                "有效期止于开始之前 / it ends before it begins to be valid",
            )
        return self


class Applicant(ProviderContent):
    """A provider as it is to be registered."""

    credit_grade: None = Field(None, description="not for the applicant to say: the office assesses it")


class ApplicationContent(Wire):
    """What an applicant says."""

    provider: Applicant = Field(description="the provider as it is to be registered")
    contacts: tuple[Contact, ...] = Field((), max_length=5, description="whom the office may ask")
    declarations: Declarations = Field(Declarations(), description="what is declared")
    evidence: tuple[EvidenceDocument, ...] = Field((), max_length=30, description="documents of proof")
    statement: Remark | None = Field(None, max_length=2000, description="what else is to be considered")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "provider": {
                        "name": "浙江云栈数字科技有限公司",
                        "uscc": "91330106MA2H3WQX5T",
                        "kind": "product",
                        "region": "330106",
                        "founded": 2016,
                    },
                    "contacts": [{"name": "王敏", "duty": "市场部", "phone": "0571-88880000"}],
                    "declarations": {"truthful": True},
                    "evidence": [
                        {
                            "kind": "business-licence",
                            "title": "营业执照",
                            "issuer": "杭州市西湖区市场监督管理局",
                            "valid_from": "2016-05-12",
                            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                        }
                    ],
                }
            ]
        }
    )
