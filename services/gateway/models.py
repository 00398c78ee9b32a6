"""The gateway's tables: organisations, their keys, what widget keys are bound to, the audit log, claimed requests."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, SmallInteger, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared import idempotency
from shared.database import Instant, JSONDocument


class Base(DeclarativeBase):
    """What all tables of the gateway share."""


class Organisation(Base):
    """Who calls: a firm, a provider, a bureau, or the operator."""

    __tablename__ = "organisations"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    uscc: Mapped[str | None] = mapped_column(String(18))
    region: Mapped[str] = mapped_column(String(6))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Key(Base):
    """An API key; only its HMAC and its visible beginning are stored."""

    __tablename__ = "keys"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    prefix: Mapped[str] = mapped_column(String(10))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    demo: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class WidgetTerms(Base):
    """What a key of the role "widget" is for, and what it is narrowed to."""

    __tablename__ = "widget_terms"

    key_id: Mapped[str] = mapped_column(ForeignKey("keys.id"), primary_key=True)
    label: Mapped[str] = mapped_column(String(100))
    narrowing: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    revision: Mapped[int]


class WidgetOrigin(Base):
    """An origin from which a widget key may be used, exactly as browsers send it."""

    __tablename__ = "widget_origins"

    key_id: Mapped[str] = mapped_column(ForeignKey("keys.id"), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300), primary_key=True, index=True)


class AuditRecord(Base):
    """One state-changing call; `hash` seals it together with the record before it."""

    __tablename__ = "audit_records"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    request_id: Mapped[str] = mapped_column(String(64))
    organisation_id: Mapped[str] = mapped_column(String(40))
    key_id: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(10))
    operation: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(500))
    status: Mapped[int] = mapped_column(SmallInteger)
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """Where the log ends, sealed on its own, so that a log cut short does not look whole."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


idempotency_keys = idempotency.table(Base.metadata)
