"""The tables of admission."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.catalog.tables import Identifier, Sequential, Table
from shared.database import Instant, JSONDocument


class PublicNotice(Table):
    """A public notice (公示) of something that is about to be decided.

    `region` names the office that is responsible, `uscc` the firm that it is about, `facts` what the public is shown.
    """

    __tablename__ = "public_notices"
    __table_args__ = (Index(None, "subject_kind", "subject_id"),)

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(Identifier)
    title: Mapped[str] = mapped_column(String(200))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    region: Mapped[str] = mapped_column(String(6))
    uscc: Mapped[str | None] = mapped_column(String(18))
    opens_at: Mapped[datetime] = mapped_column(Instant)
    closes_at: Mapped[datetime] = mapped_column(Instant, index=True)
    called_off_at: Mapped[datetime | None] = mapped_column(Instant)


class Objection(Table):
    """An objection (异议) to a notice: one of an organisation at most."""

    __tablename__ = "objections"
    __table_args__ = (UniqueConstraint("notice_id", "organisation"),)

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    notice_id: Mapped[str] = mapped_column(ForeignKey("public_notices.id"))
    organisation: Mapped[str] = mapped_column(String(60))
    ground: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str | None] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)

    notice: Mapped[PublicNotice] = relationship(lazy="raise")


class Application(Table):
    """A provider's application (入库申请); `closed_at` is null until it is final: one open application a firm."""

    __tablename__ = "applications"

    id: Mapped[str] = mapped_column(Identifier, primary_key=True)
    provider_id: Mapped[str] = mapped_column(ForeignKey("providers.id"), index=True)
    uscc: Mapped[str] = mapped_column(String(18))
    region: Mapped[str] = mapped_column(String(6), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    revision: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    notice_id: Mapped[str | None] = mapped_column(ForeignKey("public_notices.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


_OPEN = Application.closed_at.is_(None)
Index("uq_applications_open", Application.uscc, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)


class Step(Table):
    """A step that something took: from where to where, when, in which role and why. Nobody is named."""

    __tablename__ = "steps"
    __table_args__ = (Index(None, "entity", "entity_id", "id"),)

    id: Mapped[int] = mapped_column(Sequential, primary_key=True)
    entity: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[str] = mapped_column(Identifier)
    name: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(20))
    role: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
