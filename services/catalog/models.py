"""The tables of the catalogue. Content is stored as canonical plain JSON; the columns beside it are for finding."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.catalog.admission import tables as _  # noqa: F401 - the tables of admission stand in the same metadata
from services.catalog.editions import tables as __  # noqa: F401 - and those of editions
from services.catalog.tables import Identifier, Sequential, Table
from shared import idempotency
from shared.database import Instant, JSONDocument


class CategoryTree(Table):
    """One row: the revision of the whole tree, which is replaced as one."""

    __tablename__ = "category_tree"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(Integer)


class Category(Table):
    """A category; `parent` is null on level 1. `place` keeps the order in which the tree was given."""

    __tablename__ = "categories"

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    parent: Mapped[str | None] = mapped_column(String(60))
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(120))
    place: Mapped[int] = mapped_column(Integer)


class Provider(Table):
    """A provider as it stands."""

    __tablename__ = "providers"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    external_id: Mapped[str | None] = mapped_column(String(100))
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    region: Mapped[str] = mapped_column(String(6), index=True)
    standing: Mapped[str] = mapped_column(String(20))
    appealed: Mapped[bool] = mapped_column(Boolean)
    reentry_after: Mapped[date | None] = mapped_column(Date)
    revision: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class Offering(Table):
    """An offering: its state, its newest version and the version that is published (null = none yet)."""

    __tablename__ = "offerings"
    __table_args__ = (UniqueConstraint("source", "external_id"), Index(None, "state", "id"))

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    source: Mapped[str] = mapped_column(String(60))
    external_id: Mapped[str | None] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(20))
    in_review: Mapped[bool] = mapped_column(Boolean)
    revision: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    published_version: Mapped[int | None] = mapped_column(Integer)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)

    provider: Mapped[Provider] = relationship(lazy="raise")


class OfferingVersion(Table):
    """An immutable version of an offering's content."""

    __tablename__ = "offering_versions"

    offering_id: Mapped[str] = mapped_column(ForeignKey("offerings.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)


class OfferingCode(Table):
    """A code that a version of an offering is filed under; `axis` is category, region or kind."""

    __tablename__ = "offering_codes"
    __table_args__ = (Index(None, "axis", "code"),)

    offering_id: Mapped[str] = mapped_column(ForeignKey("offerings.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    axis: Mapped[str] = mapped_column(String(10), primary_key=True)
    code: Mapped[str] = mapped_column(String(60), primary_key=True)


class Import(Table):
    """The report of a bulk import, for the organisation that made it."""

    __tablename__ = "imports"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    organisation: Mapped[str] = mapped_column(String(60))
    report: Mapped[dict[str, Any]] = mapped_column(JSONDocument)


class FeedState(Table):
    """One row: the store's epoch, the highest position given, and the highest position that was forgotten."""

    __tablename__ = "feed_state"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    epoch: Mapped[str] = mapped_column(String(32))
    head: Mapped[int] = mapped_column(BigInteger)
    floor: Mapped[int] = mapped_column(BigInteger)


class ChangeRow(Table):
    """A change, written in the transaction of the change; the relay gives it its position once it is committed."""

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(Sequential, primary_key=True)
    position: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    type: Mapped[str] = mapped_column(String(40))
    entity: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(String(60))
    record: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument)
    recorded_at: Mapped[datetime] = mapped_column(Instant)


_UNNUMBERED = ChangeRow.position.is_(None)
Index("ix_changes_unnumbered", ChangeRow.id, sqlite_where=_UNNUMBERED, postgresql_where=_UNNUMBERED)

idempotency_keys = idempotency.table(Table.metadata)
