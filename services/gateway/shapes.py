"""The gateway's own wire shapes: keys."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.gateway.models import Key, Organisation
from shared import clock
from shared.codes import regions
from shared.contracts.checks import CreditCode, RegionCode, Shown
from shared.contracts.wire import Wire

KeyRole = Literal["sme", "provider", "bureau", "admin"]
OrganisationId = Annotated[str, Field(pattern=r"^org_[0-9a-f]{32}$", description="id of an organisation")]


def _to_come(moment: datetime) -> datetime:
    try:
        in_utc = moment.astimezone(UTC)
    except OverflowError:  # the last hours of the year 9999, west of Greenwich
        raise PydanticCustomError("out_of_calendar", "时刻超出日历范围 / outside the calendar") from None
    if in_utc <= clock.now():
        raise PydanticCustomError("past", "须晚于现在 / must be later than now")
    return in_utc


Moment = Annotated[AwareDatetime, AfterValidator(_to_come)]
"""A moment to come, in UTC."""


class NewOrganisation(Wire):
    """An organisation to be registered with its first key."""

    name: Shown = Field(max_length=200, description="name of the organisation")
    uscc: CreditCode | None = Field(
        None, description="统一社会信用代码; a provider's own records are those with this code"
    )
    region: RegionCode = Field(regions.NATIONWIDE, description="how far a bureau reaches; 000000 = the whole country")


class KeyRequest(Wire):
    """The body of `POST /v1/keys`: a role, and an organisation that is new or known."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"role": "bureau", "organisation": {"name": "浙江省经济和信息化厅", "region": "330000"}}]
        }
    )

    role: KeyRole = Field(description="what the key may do")
    organisation: NewOrganisation | None = Field(None, description="a new organisation; or give organisation_id")
    organisation_id: OrganisationId | None = Field(None, description="a known organisation; or give organisation")
    expires_at: Moment | None = Field(None, description="when the key ends by itself; absent = never")

    @model_validator(mode="after")
    def _names_one_organisation(self) -> Self:
        if (self.organisation is None) == (self.organisation_id is None):
            raise PydanticCustomError(
                "one_organisation",
                "organisation 与 organisation_id 须且只须给出一个 / give either organisation or organisation_id",
            )
        return self


class KeyView(Wire):
    """A key without the key itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "key_019ab1c2d3e47f60a1b2c3d4e5f60718",
                    "prefix": "dj_Xk3v9",
                    "role": "bureau",
                    "organisation_id": "org_019ab1c2d3e47f60a1b2c3d4e5f60718",
                    "organisation_name": "浙江省经济和信息化厅",
                    "uscc": None,
                    "region": "330000",
                    "created_at": "2026-11-22T08:00:00Z",
                    "expires_at": None,
                    "revoked_at": None,
                }
            ]
        }
    )

    id: str = Field(description="key_ + UUIDv7")
    prefix: str = Field(description="its visible beginning")
    role: KeyRole | Literal["widget"] = Field(description="what it may do")
    organisation_id: str = Field(description="whose it is")
    organisation_name: str = Field(description="name of the organisation")
    uscc: str | None = Field(description="credit code of the organisation")
    region: str = Field(description="how far the organisation reaches")
    created_at: datetime = Field(description="when it was made")
    expires_at: datetime | None = Field(description="when it ends by itself")
    revoked_at: datetime | None = Field(description="when it was revoked")

    @classmethod
    def of(cls, key: Key, organisation: Organisation) -> Self:
        """The view of a stored key."""
        columns = ("id", "prefix", "role", "organisation_id", "created_at", "expires_at", "revoked_at")
        return cls(
            organisation_name=organisation.name,
            uscc=organisation.uscc,
            region=organisation.region,
            **{name: getattr(key, name) for name in columns},
        )


class NewKey(Wire):
    """A key just made. `key` is shown this once."""

    key: str = Field(description="the key itself; it cannot be read again", examples=["dj_…"])
    details: KeyView = Field(description="what is known of it")
