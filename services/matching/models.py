"""The tables of matching: its own versioned copy of the catalogue, and the needs and runs that rest on it."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared import idempotency
from shared.database import Instant


class Model(DeclarativeBase):
    """The root of the tables of this service."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class StoredRecord(Model):
    """Every version of a category, provider or offering that was ever seen; immutable, named by its hash."""

    __tablename__ = "records"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)


class Generation(Model):
    """One building of the copy from a snapshot of the feed, continued from its cursor. One is `live`."""

    __tablename__ = "generations"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    """building, live, past"""
    cursor: Mapped[str | None] = mapped_column(Text)
    """null: to be built anew"""
    position: Mapped[int] = mapped_column(BigInteger)
    head: Mapped[int] = mapped_column(BigInteger)
    chain: Mapped[str] = mapped_column(String(64))
    """Hash over all that led to `position`: the same chain is the same catalogue."""
    text_model_version: Mapped[str] = mapped_column(String(40))
    learned_at: Mapped[int] = mapped_column(BigInteger)
    """The position whose catalogue the text model was learned from."""
    unlearned: Mapped[int]
    """Offerings that changed since then."""
    followed_at: Mapped[datetime] = mapped_column(Instant)


class Span(Model):
    """Which version of something was published from a position (inclusive) to another (exclusive; null: still is)."""

    __tablename__ = "spans"
    __table_args__ = (
        Index(None, "generation", "from_position"),
        Index(None, "generation", "to_position"),
    )

    generation: Mapped[int] = mapped_column(ForeignKey("generations.id"), primary_key=True)
    entity: Mapped[str] = mapped_column(String(16), primary_key=True)
    entity_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    from_position: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    to_position: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(ForeignKey("records.digest"))


class ParkedChange(Model):
    """A change that could not be taken over, with its reason; those behind it went on."""

    __tablename__ = "parked_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(ForeignKey("generations.id"), index=True)
    position: Mapped[int] = mapped_column(BigInteger)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str] = mapped_column(Text)
    tries: Mapped[int]
    parked_at: Mapped[datetime] = mapped_column(Instant)


class TextModelVersion(Model):
    """Text statistics as they were learned, kept so that a run can be replayed."""

    __tablename__ = "text_models"

    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    documents: Mapped[int]
    """How many offerings it was learned from."""
    learned_at: Mapped[datetime] = mapped_column(Instant)


class PolicyVersion(Model):
    """A ranking policy as it was adopted; the newest one ranks."""

    __tablename__ = "policies"

    revision: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(40), index=True)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    adopted_at: Mapped[datetime] = mapped_column(Instant)
    adopted_by: Mapped[str] = mapped_column(String(100))


class Lease(Model):
    """Who may do a work that only one may do, and until when."""

    __tablename__ = "leases"

    work: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(100))
    until: Mapped[datetime] = mapped_column(Instant)


class Need(Model):
    """A need as it was asked."""

    __tablename__ = "needs"
    __table_args__ = (Index(None, "organisation", "id"), Index(None, "region", "id"))

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(100))
    region: Mapped[str] = mapped_column(String(6))
    request: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class Run(Model):
    """A match run: the answer's bytes, and all that they depended on."""

    __tablename__ = "match_runs"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    need_id: Mapped[str] = mapped_column(ForeignKey("needs.id"), index=True)
    need_digest: Mapped[str] = mapped_column(String(64))
    profile: Mapped[bytes] = mapped_column(LargeBinary)
    profile_digest: Mapped[str] = mapped_column(String(64))
    policy_revision: Mapped[int] = mapped_column(ForeignKey("policies.revision"))
    policy_digest: Mapped[str] = mapped_column(String(64))
    text_model_version: Mapped[str] = mapped_column(ForeignKey("text_models.version"))
    generation: Mapped[int] = mapped_column(ForeignKey("generations.id"))
    position: Mapped[int] = mapped_column(BigInteger)
    chain: Mapped[str] = mapped_column(String(64))
    ledger_version: Mapped[str | None] = mapped_column(String(64))
    """The exposure ledger that said who is a newcomer; null: there was none yet."""
    answer: Mapped[bytes] = mapped_column(LargeBinary)
    answer_digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)


class Exposure(Model):
    """How many places a provider had in a run; only ever appended to."""

    __tablename__ = "exposures"

    run_id: Mapped[str] = mapped_column(ForeignKey("match_runs.id"), primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    places: Mapped[int]


class ExposureLedger(Model):
    """The providers that were established at a moment, kept so that a run can be replayed."""

    __tablename__ = "exposure_ledgers"

    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the document"""
    document: Mapped[bytes] = mapped_column(LargeBinary)
    counted_until: Mapped[datetime] = mapped_column(Instant, index=True)


idempotency_keys = idempotency.table(Model.metadata)
