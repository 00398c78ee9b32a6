"""The shapes of editions on the wire."""

from datetime import date, datetime
from typing import Any, Self

from pydantic import ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from services.catalog.editions import citation, tables
from services.catalog.editions.lifecycle import EditionState
from shared.contracts.checks import CategoryCode, Remark
from shared.contracts.wire import Flag, Integer, Text, Wire

MOST_ITEMS = 2000
"""An edition is a list that people read: the largest known has some hundreds; downloads stay within memory by this."""
MOST_AT_ONCE = 500

_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_EDITION = "edt_0199b1c2d3e47f60a1b2c3d4e5f60730"
_OFFERING = "off_0199b1c2d3e47f60a1b2c3d4e5f60719"
_CONTENT: dict[str, JsonValue] = {
    "number": 3,
    "title": {"zh": "浙江省中小企业数字化服务推荐目录", "en": "Zhejiang recommended digital services for SMEs"},
    "issuer": {"zh": "浙江省经济和信息化厅", "en": "Zhejiang Department of Economy and Information Technology"},
    "categories": ["production-manufacturing"],
    "valid_from": "2026-12-01",
    "valid_until": "2027-11-30",
}


class Name(Wire):
    """A name in both languages."""

    zh: Remark = Field(max_length=100, description="Chinese name")
    en: Remark = Field(max_length=200, description="English name")


class EditionContent(Wire):
    """What a bureau says of an edition (推荐目录 第N期)."""

    number: Integer = Field(ge=1, le=9999, description="N of 第N期; stands for good once it is announced")
    title: Name = Field(description="title of the catalogue without the number: the same for all its editions")
    issuer: Name = Field(description="the issuing office as it is cited")
    categories: tuple[CategoryCode, ...] = Field(
        (), max_length=100, description="scope: main categories on either level; empty = all"
    )
    valid_from: date = Field(description="first day on which it may be in force")
    valid_until: date = Field(description="last day on which it is in force")

    model_config = ConfigDict(json_schema_extra={"examples": [_CONTENT]})

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from > self.valid_until:
            raise PydanticCustomError("period_out_of_order", "有效期截止早于开始 / the period ends before it begins")
        return self


class Edition(EditionContent):
    """An edition (推荐目录 第N期) as it stands."""

    id: str = Field(description="edt_ + UUIDv7")
    region: str = Field(description="GB/T 2260 region of the issuing bureau")
    state: EditionState = Field(description="planned → open → evaluating → publicized → live → expired")
    items: Integer = Field(ge=0, description="offerings that it lists")
    providers: Integer = Field(ge=0, description="providers of these")
    label: Text = Field(description="《title（第N期）》")
    citation: Text | None = Field(description="how to cite it; null until it is announced")
    content_hash: str | None = Field(description="SHA-256 over the whole frozen edition; null until it is announced")
    announced_at: datetime | None = Field(description="when it was announced")
    created_at: datetime = Field(description="when it was planned")
    updated_at: datetime = Field(description="when it last changed")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                _CONTENT
                | {
                    "id": _EDITION,
                    "region": "330000",
                    "state": "open",
                    "items": 0,
                    "providers": 0,
                    "label": {"zh": "《浙江省中小企业数字化服务推荐目录（第3期）》", "en": "…, edition 3"},
                    "citation": None,
                    "content_hash": None,
                    "announced_at": None,
                    "created_at": "2026-11-27T02:00:00Z",
                    "updated_at": "2026-11-27T02:00:00Z",
                }
            ]
        }
    )

    @classmethod
    def of(cls, row: tables.Edition, items: int, providers: int) -> Self:
        """The shape of a row with its counts."""
        names = ("id", "region", "state", "content_hash", "announced_at", "created_at", "updated_at")
        told: dict[str, Any] = {name: getattr(row, name) for name in names}
        words = {"label": citation.label(row.content), "citation": citation.of(row)}
        return cls.model_validate(row.content | told | words | {"items": items, "providers": providers})


class OfferingBatch(Wire):
    """Offerings to be added or removed together: all of them or, with one fault, none."""

    offerings: tuple[str, ...] = Field(
        min_length=1, max_length=MOST_AT_ONCE, description="ids of published offerings, e.g. off_…"
    )

    model_config = ConfigDict(json_schema_extra={"examples": [{"offerings": [_OFFERING]}]})


class EditionItem(Wire):
    """An offering that an edition lists."""

    id: str = Field(description="id of the offering")
    place: Integer | None = Field(description="its place in the announced list; null before")
    name: str = Field(description="name of the offering")
    provider_id: str = Field(description="the provider")
    provider_name: str = Field(description="name of the provider")
    category: str = Field(description="its main category, by which it is counted")
    version: Integer = Field(
        ge=1, description="the version listed: the published one, under notice the one shown there"
    )
    content_hash: str = Field(description="SHA-256 of the content of that version")


class CategoryItems(Wire):
    """What an edition lists in one category."""

    code: str = Field(description="code of the main category")
    name_zh: str = Field(description="Chinese name")
    name_en: str = Field(description="English name")
    items: Integer = Field(ge=1, description="offerings of this main category")
    providers: Integer = Field(ge=1, description="providers of these")


class Finding(Wire):
    """Something about listed offerings that a bureau should look at."""

    code: str = Field(
        description="not-published, provider-not-in-standing, outside-region, outside-categories, same-name or "
        "same-content"
    )
    offerings: tuple[str, ...] = Field(description="the offerings")
    text: Text = Field(description="the sentence for people")


class Reconciliation(Wire):
    """The reconciliation (核对) of an edition. Every offering counts once, in its main category."""

    items: Integer = Field(ge=0, description="offerings listed: the sum over the categories")
    providers: Integer = Field(ge=0, description="providers of these")
    categories: tuple[CategoryItems, ...] = Field(description="by main category, in the order of the tree")
    gone: tuple[Finding, ...] = Field(description="what is no longer published: in the way of a notice")
    outside: tuple[Finding, ...] = Field(
        description="what lies outside of region or categories: in the way of a notice"
    )
    doubles: tuple[Finding, ...] = Field(description="what may be the same twice: told, not in the way")
    ready: Flag = Field(description="nothing is in the way of a public notice")


class EditionDifference(Wire):
    """Something of an announced edition that is not what was announced."""

    part: str = Field(description="edition, row, version or place")
    offering_id: str | None = Field(description="the offering; null for the edition as a whole")
    text: Text = Field(description="how it differs")


class EditionVerification(Wire):
    """Whether what is stored of an announced edition still has the hashes that it was announced with."""

    verified: Flag = Field(description="true when nothing differs")
    content_hash: str = Field(description="the hash that it was announced with")
    differences: tuple[EditionDifference, ...] = Field(description="what differs; empty when verified")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"verified": True, "content_hash": _HASH, "differences": []}]}
    )
