"""The change feed: what other services and platforms follow to hold a true copy of what is published."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.offerings import OfferingContent
from shared.contracts.providers import ProviderContent
from shared.contracts.wire import Integer, Text, Wire

Standing = Literal["active", "warned", "rectifying", "suspended", "exited"]


class CategoryRecord(Wire):
    """A category of the tree as it stands. `parent` is null on level 1."""

    entity: Literal["category"] = "category"
    id: str = Field(description="the category's code")
    parent: str | None = Field(description="code of the level-1 category it belongs to")
    name_zh: str = Field(description="Chinese name")
    name_en: str = Field(description="English name")


class ProviderRecord(Wire):
    """A provider as it stands, with what matching needs of its standing."""

    entity: Literal["provider"] = "provider"
    id: str = Field(description="prv_ + UUIDv7")
    external_id: str | None = Field(None, description="its code at its source, e.g. P0001")
    source: str = Field(description="where the record came from")
    standing: Standing = Field(description="standing; active, warned and rectifying may be matched")
    content: ProviderContent = Field(description="what it says of itself")


class OfferingRecord(Wire):
    """A published version of an offering."""

    entity: Literal["offering"] = "offering"
    id: str = Field(description="off_ + UUIDv7")
    provider_id: str = Field(description="the provider that offers it")
    external_id: str | None = Field(None, description="its code at its source, e.g. O00001")
    source: str = Field(description="where the record came from")
    version: Integer = Field(ge=1, description="the published version")
    content_hash: str = Field(description="SHA-256 of the canonical JSON of `content`")
    published_at: datetime = Field(description="when this version was published")
    content: OfferingContent = Field(description="what it says of itself")


class EditionRecord(Wire):
    """A live edition of a recommended catalogue (推荐目录 第N期); frozen, it never changes while it is in the feed."""

    entity: Literal["edition"] = "edition"
    id: str = Field(description="edt_ + UUIDv7")
    number: Integer = Field(ge=1, description="N of 第N期")
    title: Text = Field(description="title without the number")
    issuer: Text = Field(description="the office that issued it")
    region: str = Field(description="GB/T 2260 code of the region that it is for")
    valid_from: date = Field(description="first day on which it is in force")
    valid_until: date = Field(description="last day on which it is in force")
    content_hash: str = Field(description="SHA-256 over the whole frozen edition")
    offerings: tuple[str, ...] = Field(description="ids of the offerings that it lists, in its order")


Record = Annotated[CategoryRecord | ProviderRecord | OfferingRecord | EditionRecord, Field(discriminator="entity")]


class Change(Wire):
    """One committed change. `record` is the whole new state; null = it left the published catalogue."""

    position: Integer = Field(ge=1, description="dense, gap-free number within the epoch")
    type: str = Field(description="what happened, e.g. offering.published, provider.revised, edition.announced")
    entity: Literal["category", "provider", "offering", "edition"] = Field(description="what changed")
    entity_id: str = Field(description="which one")
    record: Record | None = Field(description="the whole new state, or null when it left")
    recorded_at: datetime = Field(description="when the change was committed")


class ChangePage(Wire):
    """A page of the feed. Follow `next` for ever; a 410 answer means: begin again from the snapshot."""

    changes: tuple[Change, ...] = Field(description="changes after the cursor, in order")
    next: str = Field(description="cursor to go on from")
    head: Integer = Field(ge=0, description="highest position so far, to tell how far behind a reader is")


class SnapshotPage(Wire):
    """A page of the present state. `cursor` is the same on every page: read the feed from it afterwards."""

    records: tuple[Record, ...] = Field(description="categories, providers, published offerings, live editions")
    cursor: str = Field(description="feed cursor taken before the first page")
    next: str | None = Field(description="token of the next page; null on the last")
