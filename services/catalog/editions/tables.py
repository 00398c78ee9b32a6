"""The tables of editions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.tables import Identifier, Table
from shared.database import Instant, JSONDocument


class Edition(Table):
    """An edition (推荐目录 第N期). `head` is its frozen front page; with its items' rows it has `content_hash`."""

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("organisation", "title", "number"),)

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    organisation: Mapped[str] = mapped_column(String(60))
    region: Mapped[str] = mapped_column(String(6))
    title: Mapped[str] = mapped_column(String(100))
    number: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20), index=True)
    revision: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    valid_until: Mapped[date] = mapped_column(Date)
    head: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument)
    content_hash: Mapped[str | None] = mapped_column(String(64))
    announced_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)


class EditionItem(Table):
    """An offering that an edition lists.

    `version` is the one under public notice, null before; `row` is what was announced of it, at its `place`.
    """

    __tablename__ = "edition_items"

    edition_id: Mapped[str] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    offering_id: Mapped[str] = mapped_column(ForeignKey("offerings.id"), primary_key=True, index=True)
    version: Mapped[int | None] = mapped_column(Integer)
    place: Mapped[int | None] = mapped_column(Integer)
    row: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument)
