"""The shapes of the catalogue's own API. What a provider or an offering says of itself stands flat in them, as in the
bodies that register and patch them; what the catalogue adds stands beside it."""

from datetime import date, datetime
from typing import Any, Self

from pydantic import ConfigDict, Field, JsonValue

from services.catalog import models
from services.catalog.editions.membership import ListedIn, Listings
from services.catalog.lifecycle import OfferingState, ProviderStanding
from shared.contracts.checks import CategoryCode, Shown
from shared.contracts.offerings import OfferingContent
from shared.contracts.providers import ProviderContent
from shared.contracts.wire import Flag, Integer, Wire

_PROVIDER: dict[str, JsonValue] = {
    "name": "浙江云栈数字科技有限公司",
    "uscc": "91330106MA2H3WQX5T",
    "kind": "product",
    "region": "330106",
    "founded": 2016,
    "summary": "面向小微制造企业的轻量云端生产管理软件。",
}
_OFFERING: dict[str, JsonValue] = {
    "name": "云栈轻量MES",
    "kind": "product",
    "categories": ["production-planning"],
    "summary": "给30至200人的机械加工厂管订单、排产和报工。",
    "description": "扫码报工、工序看板、委外跟踪。部署两周内上线，适合多品种小批量，不含设备联网。",
    "regions": ["330000"],
    "delivery": ["saas", "onsite-service"],
    "price": {"model": "subscription", "min": 1200000, "max": 3600000, "per": "year"},
    "lead_time_days": 14,
}
_PROVIDER_ID = "prv_0199b1c2d3e47f60a1b2c3d4e5f60718"
_MOMENTS: dict[str, JsonValue] = {"created_at": "2026-11-20T02:00:00Z", "updated_at": "2026-11-20T02:00:00Z"}


class Category(Wire):
    """A category (类目)."""

    code: CategoryCode = Field(description="the code, stable and English")
    parent: CategoryCode | None = Field(None, description="code of its level-1 category; null on level 1")
    name_zh: Shown = Field(max_length=60, description="Chinese name")
    name_en: Shown = Field(max_length=120, description="English name")

    @classmethod
    def of(cls, row: models.Category) -> Self:
        """The shape of a row."""
        return cls(code=row.code, parent=row.parent, name_zh=row.name_zh, name_en=row.name_en)


class Categories(Wire):
    """The category tree: two levels, as a list in its order."""

    items: tuple[Category, ...] = Field(min_length=1, max_length=2000, description="the categories, in their order")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {"code": "production", "name_zh": "生产制造", "name_en": "Production"},
                        {"code": "mes", "parent": "production", "name_zh": "制造执行", "name_en": "MES"},
                    ]
                }
            ]
        }
    )


class Provider(ProviderContent):
    """A provider (服务商) as it stands."""

    id: str = Field(description="prv_ + UUIDv7")
    source: str = Field(description="where the record came from; local = registered here")
    external_id: str | None = Field(description="its code at its source, e.g. P0001")
    standing: ProviderStanding = Field(description="active, warned and rectifying: its offerings are shown and matched")
    appealed: Flag = Field(description="whether it has appealed against its standing and waits for the answer")
    reentry_after: date | None = Field(description="from when it may apply again after its exit; null = at any time")
    created_at: datetime = Field(description="when it was registered")
    updated_at: datetime = Field(description="when it last changed")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": _PROVIDER_ID, "source": "local", "external_id": None, "standing": "active"}
                | {"appealed": False, "reentry_after": None}
                | _PROVIDER
                | _MOMENTS
            ]
        }
    )

    @classmethod
    def of(cls, row: models.Provider) -> Self:
        """The shape of a row."""
        return cls.model_validate(row.content | _columns(row, "standing", "appealed", "reentry_after"))


class OfferingRegistration(OfferingContent):
    """The body that registers an offering."""

    provider_id: str = Field(max_length=40, description="the provider that offers it")

    model_config = ConfigDict(json_schema_extra={"examples": [_OFFERING | {"provider_id": _PROVIDER_ID}]})

    def content(self) -> OfferingContent:
        """What the offering says of itself."""
        return OfferingContent.model_validate(self.model_dump(by_alias=True, exclude={"provider_id"}))


class Offering(OfferingContent):
    """An offering (供给) in the version that the caller may see: its own the newest, others the published one."""

    id: str = Field(description="off_ + UUIDv7")
    provider_id: str = Field(description="the provider that offers it")
    source: str = Field(description="where the record came from; local = registered here")
    external_id: str | None = Field(description="its code at its source, e.g. O00001")
    state: OfferingState = Field(description="draft → submitted → published ⇄ suspended; any → retired")
    under_review: Flag = Field(description="whether its newest version has been submitted and waits for the office")
    version: Integer = Field(ge=1, description="the version shown here")
    published_version: Integer | None = Field(description="the version that is or was last public; null = none yet")
    published_at: datetime | None = Field(description="when that version was published")
    content_hash: str = Field(description="SHA-256 of the canonical JSON of the version shown here")
    editions: tuple[ListedIn, ...] = Field(
        description="live editions of recommended catalogues that list it (入选第N期)"
    )
    created_at: datetime = Field(description="when it was registered")
    updated_at: datetime = Field(description="when it last changed")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "off_0199b1c2d3e47f60a1b2c3d4e5f60719",
                    "provider_id": _PROVIDER_ID,
                    "source": "local",
                    "external_id": None,
                    "state": "draft",
                    "under_review": False,
                    "version": 1,
                    "published_version": None,
                    "published_at": None,
                    "content_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "editions": [],
                }
                | _OFFERING
                | _MOMENTS
            ]
        }
    )

    @classmethod
    def of(cls, row: models.Offering, version: models.OfferingVersion, listings: Listings) -> Self:
        """The shape of a row in one of its versions; `listings` tells which live editions list it."""
        own = _columns(row, "provider_id", "state", "published_version", "published_at")
        own["under_review"] = version.version == row.version and (row.state == "submitted" or row.in_review)
        return cls.model_validate(
            version.content
            | own
            | {
                "version": version.version,
                "content_hash": version.content_hash,
                "editions": listings.get(row.id, ()),
            }
        )


class OfferingVersion(Wire):
    """An immutable version of an offering."""

    version: Integer = Field(ge=1, description="1, 2, 3 …")
    content_hash: str = Field(description="SHA-256 of the canonical JSON of `content`")
    created_at: datetime = Field(description="when it was made")
    content: OfferingContent = Field(description="what the offering said of itself")

    @classmethod
    def of(cls, row: models.OfferingVersion) -> Self:
        """The shape of a row."""
        return cls.model_validate(
            {
                "version": row.version,
                "content_hash": row.content_hash,
                "created_at": row.created_at,
                "content": row.content,
            }
        )


class OfferingVersions(Wire):
    """All versions of an offering."""

    items: tuple[OfferingVersion, ...] = Field(description="the versions, oldest first")


class Code(Wire):
    """An entry of a public code table."""

    code: str = Field(description="the code", examples=["330106"])
    parent: str | None = Field(description="the code above it; null at the top", examples=["330100"])
    name_zh: str = Field(description="Chinese name", examples=["西湖区"])


class CodeTable(Wire):
    """A public code table, or a part of it."""

    items: tuple[Code, ...] = Field(description="the entries, in the order of their codes")


def _columns(row: models.Provider | models.Offering, *more: str) -> dict[str, Any]:
    names = ("id", "source", "external_id", "created_at", "updated_at", *more)
    return {name: getattr(row, name) for name in names}
