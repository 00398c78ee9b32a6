"""The audit log of the door: every state-changing call, who made it and how it ended; no bodies, no personal data.

Records form a chain of HMACs: altering, deleting, inserting or reordering one breaks every seal after it, and the
sealed head tells where the chain ends. Whoever restores the whole database together with its older head is caught
by comparing with a head noted elsewhere (`verify(..., noted)`; `duijie audit verify` prints it).
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.gateway.models import AuditHead, AuditRecord
from shared import canonical

_ONE = 1
_BEGINNING = "0" * 64
_SEALED = ("position", "at", "request_id", "organisation_id", "key_id", "role", "operation", "path", "status")
# Every call that changes something waits for these: as tables, not classes, they take a third of the time.
_head: Table = AuditHead.__table__  # type: ignore[assignment]
_end = select(_head.c.position, _head.c.hash).with_for_update()
_record = insert(AuditRecord.__table__)  # type: ignore[arg-type]
_move = update(_head)


@dataclass(frozen=True)
class Call:
    """A state-changing call as it is recorded."""

    at: datetime
    request_id: str
    organisation_id: str
    key_id: str
    role: str
    operation: str
    path: str
    status: int


@dataclass(frozen=True)
class Report:
    """What a check of the log found; no faults = whole."""

    records: int
    head: str
    faults: tuple[str, ...]


def sealing_key(pepper: bytes) -> bytes:
    """The key of the seals, derived from the pepper so that a copy of the database alone cannot forge them."""
    return hmac.digest(pepper, b"audit log", hashlib.sha256)


def begin(session: Session, key: bytes) -> None:
    """Make the head of an empty log, once."""
    if session.get(AuditHead, _ONE) is None:
        with suppress(IntegrityError), session.begin_nested():  # another gateway that starts made it meanwhile
            session.add(AuditHead(id=_ONE, position=0, hash=_BEGINNING, seal=_seal_head(key, 0, _BEGINNING)))


def append(session: Session, key: bytes, calls: Sequence[Call]) -> None:
    """Add calls at the end; writers in other processes wait for the head."""
    position, end = session.execute(_end).one()
    rows = []
    for call in calls:
        position += 1
        row = {"position": position, **vars(call)}
        end = _seal(key, end, row)
        rows.append({**row, "hash": end})
    session.execute(_record, rows)
    session.execute(_move, {"position": position, "hash": end, "seal": _seal_head(key, position, end)})


def verify(session: Session, key: bytes, noted: str | None = None) -> Report:
    """Check the whole chain, its head, and that a head noted earlier ("12:ab34…") is still part of it."""
    end = (0, _BEGINNING)
    faults: list[str] = []
    seen_noted = noted is None or noted == _name(*end)
    for record, fault in _walk(session, key):
        end = (record.position, record.hash)
        seen_noted = seen_noted or noted == _name(*end)
        if fault:
            faults.append(fault)
    head = session.get(AuditHead, _ONE)
    if head is None:
        faults.append("the head is missing")
    elif not hmac.compare_digest(head.seal, _seal_head(key, head.position, head.hash)):
        faults.append("the head is not sealed by this installation")
    elif (head.position, head.hash) != end:
        faults.append(f"the log ends at {end[0]}, its head says {head.position}")
    if not seen_noted:
        faults.append("the noted head is not part of the log")
    return Report(end[0], _name(*end), tuple(faults))


def _walk(session: Session, key: bytes) -> Iterator[tuple[AuditRecord, str | None]]:
    place, previous = 0, _BEGINNING
    for record in session.scalars(select(AuditRecord).order_by(AuditRecord.position).execution_options(yield_per=1000)):
        fault = None
        if record.position != place + 1:
            fault = f"records are missing before {record.position}"
        elif not hmac.compare_digest(record.hash, _seal(key, previous, vars(record))):
            fault = f"record {record.position} does not follow from the one before it"
        yield record, fault
        place, previous = record.position, record.hash


def _seal(key: bytes, previous: str, record: Mapping[str, Any]) -> str:
    facts = {name: record[name] for name in _SEALED} | {"at": record["at"].isoformat(), "previous": previous}
    return hmac.digest(key, canonical.encode(facts), hashlib.sha256).hex()


def _seal_head(key: bytes, position: int, head: str) -> str:
    return hmac.digest(key, f"head {_name(position, head)}".encode(), hashlib.sha256).hex()


def _name(position: int, head: str) -> str:
    return f"{position}:{head}"
