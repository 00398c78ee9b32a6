"""The wire shapes of widget keys."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from services.gateway import origins
from services.gateway.narrowing import Narrowing
from services.gateway.shapes import Moment, OrganisationId
from services.gateway.widget_keys import Found
from shared.contracts.checks import CategoryCode, RegionCode, Shown
from shared.contracts.wire import Wire


def _origin(text: str) -> str:
    try:
        return origins.check(text)
    except origins.NotAnOrigin:
        raise PydanticCustomError(
            "not_an_origin",
            "须与浏览器发送的来源完全一致，如 https://portal.example.cn：小写、无路径和末尾斜杠、中文域名写作 xn-- / "
            "must be an origin exactly as browsers send it, e.g. https://portal.example.cn: lower case, no path or "
            "trailing slash, other scripts as xn--",
        ) from None


Origin = Annotated[str, Field(max_length=origins.LONGEST), AfterValidator(_origin)]
EditionId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
_TERMS: dict[str, Any] = {
    "label": "省中小企业服务网首页",
    "origins": ["https://portal.example.cn"],
    "region": "330000",
    "categories": [],
    "edition": None,
}


class WidgetTerms(Wire):
    """What a widget key is for. It can be used from its origins alone; none = the frame-less link only."""

    label: Shown = Field(max_length=100, description="what it is for, e.g. the page that embeds it")
    origins: tuple[Origin, ...] = Field(
        max_length=50, description="origins of the pages that may embed it, exactly as browsers send them"
    )
    region: RegionCode | None = Field(None, description="only firms, and offerings delivered, in this region")
    categories: tuple[CategoryCode, ...] = Field(
        (), max_length=50, description="only these categories; name level 2 codes for the need form. Empty = all"
    )
    edition: EditionId | None = Field(None, description="only offerings of this edition of the catalogue (推荐目录)")

    def narrowing(self) -> dict[str, Any]:
        """What it is narrowed to, as it is stored."""
        return self.model_dump(mode="json", include={"region", "categories", "edition"}, exclude_defaults=True)


class WidgetKeyRequest(WidgetTerms):
    """The body of `POST /v1/widget-keys`."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TERMS]})

    organisation_id: OrganisationId | None = Field(
        None, description="the bureau it belongs to; an admin names it, a bureau's own is its own"
    )
    expires_at: Moment | None = Field(None, description="when the key ends by itself; absent = never")


class WidgetKeyView(Wire):
    """A widget key without the key itself."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "key_019ab1c2d3e47f60a1b2c3d4e5f60718",
                    "prefix": "djw_Xk3v",
                    **_TERMS,
                    "organisation_id": "org_019ab1c2d3e47f60a1b2c3d4e5f60718",
                    "organisation_name": "浙江省经济和信息化厅",
                    "created_at": "2026-11-22T08:00:00Z",
                    "expires_at": None,
                    "revoked_at": None,
                }
            ]
        }
    )

    id: str = Field(description="key_ + UUIDv7")
    prefix: str = Field(description="its visible beginning")
    label: str = Field(description="what it is for")
    origins: tuple[str, ...] = Field(description="origins of the pages that may embed it")
    region: str | None = Field(description="the region that it is narrowed to")
    categories: tuple[str, ...] = Field(description="the categories that it is narrowed to; empty = all")
    edition: str | None = Field(description="the edition that it is narrowed to")
    organisation_id: str = Field(description="the bureau whose it is, and whose the needs are that it submits")
    organisation_name: str = Field(description="name of the bureau")
    created_at: datetime = Field(description="when it was made")
    expires_at: datetime | None = Field(description="when it ends by itself")
    revoked_at: datetime | None = Field(description="when it was revoked")

    @classmethod
    def of(cls, found: Found, allowed: tuple[str, ...]) -> Self:
        """The view of a stored key."""
        key, organisation, terms = found
        columns = ("id", "prefix", "organisation_id", "created_at", "expires_at", "revoked_at")
        return cls(
            label=terms.label,
            origins=allowed,
            organisation_name=organisation.name,
            **vars(Narrowing.of(terms.narrowing)),
            **{name: getattr(key, name) for name in columns},
        )


class NewWidgetKey(Wire):
    """A widget key just made. `key` is shown this once."""

    key: str = Field(description="the key itself, for the page; it cannot be read again", examples=["djw_…"])
    details: WidgetKeyView = Field(description="what is known of it")


class WidgetConfiguration(Wire):
    """What a page may show with its key."""

    label: str = Field(description="what the key is for")
    organisation_name: str = Field(description="the bureau that offers the widget")
    region: str | None = Field(description="the region that the key is narrowed to")
    categories: tuple[str, ...] = Field(description="the categories that it is narrowed to; empty = all")
    edition: str | None = Field(description="the edition that it is narrowed to")
