"""The versioned copy of the catalogue in SQL: what was published at any position of any generation.

Nothing is overwritten: records are immutable and named by their hash, spans say from where to where each held. The
chain is a hash over all of it up to a position, so that two equal chains mean two equal catalogues.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from pydantic import TypeAdapter
from sqlalchemy import Select, bindparam, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.matching.models import Generation, Span, StoredRecord
from shared import canonical
from shared.contracts.changes import CategoryRecord, EditionRecord, OfferingRecord, ProviderRecord, Record

FOUNDATION = 0
"""The position of what a generation was built from; changes of the feed begin at 1."""
BATCH = 500
_record: TypeAdapter[Record] = TypeAdapter(Record)


@dataclass(frozen=True)
class Event:
    """What happened to one thing at one position; without a digest it left the catalogue."""

    position: int
    entity: str
    entity_id: str
    digest: str | None


@dataclass
class Holdings:
    """The records of a catalogue by kind."""

    categories: list[CategoryRecord]
    providers: list[ProviderRecord]
    offerings: list[OfferingRecord]
    editions: list[EditionRecord]


def live(session: Session, lock: bool = False) -> Generation | None:
    """The generation that is served, if one was built."""
    query = select(Generation).where(Generation.state == "live")
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def encode(record: Record) -> tuple[str, bytes]:
    """The digest and the canonical bytes of a record."""
    document = canonical.encode(record.model_dump(mode="json", by_alias=True))
    return hashlib.sha256(document).hexdigest(), document


def decode(document: bytes) -> Record:
    """The record of these bytes."""
    return _record.validate_json(document)


def keep(session: Session, documents: Mapping[str, bytes]) -> None:
    """Store record versions; those already there stay as they are."""
    if documents:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        rows = [{"digest": digest, "document": document} for digest, document in documents.items()]
        session.execute(dialect.insert(StoredRecord).on_conflict_do_nothing(), rows)


def lay_foundation(session: Session, generation: int, records: Mapping[tuple[str, str], str]) -> None:
    """Lay the foundation of a generation: (entity, id) → digest; given again, the later one counts."""
    if records:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        insertion = dialect.insert(Span)
        newest = {"digest": insertion.excluded.digest}
        key = [Span.generation, Span.entity, Span.entity_id, Span.from_position]
        rows = [
            {
                "generation": generation,
                "entity": entity,
                "entity_id": name,
                "from_position": FOUNDATION,
                "digest": digest,
            }
            for (entity, name), digest in records.items()
        ]
        session.execute(insertion.on_conflict_do_update(index_elements=key, set_=newest), rows)


def take(session: Session, generation: int, events: Iterable[Event]) -> list[Event]:
    """Note events, in order; gives those that changed something."""
    happened = list(events)
    present = _open(session, generation, {(event.entity, event.entity_id) for event in happened})
    begun: dict[tuple[str, str], dict[str, object]] = {}
    opening, closing, told = [], [], []
    for event in happened:
        key = (event.entity, event.entity_id)
        if present.get(key) == event.digest:
            continue
        if key in begun:
            begun.pop(key)["to_position"] = event.position
        elif key in present:
            closing.append({"of_entity": key[0], "of_id": key[1], "end": event.position})
        present.pop(key, None)
        if event.digest is not None:
            span = {"entity": key[0], "entity_id": key[1], "from_position": event.position, "digest": event.digest}
            begun[key] = {"generation": generation, "to_position": None, **span}
            opening.append(begun[key])
            present[key] = event.digest
        told.append(event)
    _write(session, generation, closing, opening)
    return told


def _open(session: Session, generation: int, keys: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The digests that hold now, of these things."""
    digests: dict[tuple[str, str], str] = {}
    for entity, names in _in_batches(keys):
        some = (Span.entity == entity, Span.entity_id.in_(names))
        query = select(Span.entity_id, Span.digest).where(
            Span.generation == generation, Span.to_position.is_(None), *some
        )
        digests.update(((entity, name), digest) for name, digest in session.execute(query).all())
    return digests


def _write(
    session: Session, generation: int, closing: list[dict[str, object]], opening: list[dict[str, object]]
) -> None:
    spans = Span.__table__
    ending = update(spans).where(  # type: ignore[arg-type]
        spans.c.generation == generation,
        spans.c.entity == bindparam("of_entity"),
        spans.c.entity_id == bindparam("of_id"),
        spans.c.to_position.is_(None),
    )
    if closing:
        session.execute(ending.values(to_position=bindparam("end")), closing)
    if opening:
        session.execute(insert(Span), opening)


def _in_batches(keys: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    for entity, group in groupby(sorted(keys), key=itemgetter(0)):
        names = [name for _, name in group]
        for start in range(0, len(names), BATCH):
            yield entity, names[start : start + BATCH]


def link(chain: str, event: Event) -> str:
    """The chain with one more event."""
    text = f"{chain}\n{event.position}\n{event.entity}\n{event.entity_id}\n{event.digest or '-'}"
    return hashlib.sha256(text.encode()).hexdigest()


def chain(session: Session, generation: int, position: int) -> str:
    """The chain at a position, from what is stored."""
    spans = select(Span.entity, Span.entity_id, Span.digest).where(
        Span.generation == generation, Span.from_position == FOUNDATION
    )
    foundation = hashlib.sha256()
    for line in sorted("\n".join(row) for row in session.execute(spans)):
        foundation.update(line.encode() + b"\n\n")
    linked = foundation.hexdigest()
    for event in events(session, generation, FOUNDATION, position):
        linked = link(linked, event)
    return linked


def events(session: Session, generation: int, after: int, until: int) -> list[Event]:
    """What happened after one position up to another, in order."""
    within = (Span.from_position > after) & (Span.from_position <= until)
    ended = (Span.to_position > after) & (Span.to_position <= until)
    spans = session.execute(
        select(Span.entity, Span.entity_id, Span.from_position, Span.to_position, Span.digest).where(
            Span.generation == generation, or_(within, ended)
        )
    )
    happened: dict[int, Event] = {}
    for entity, entity_id, begin, end, digest in spans:
        if begin > after:
            happened[begin] = Event(begin, entity, entity_id, digest)
        if end is not None and end <= until:
            happened.setdefault(end, Event(end, entity, entity_id, None))
    return [happened[position] for position in sorted(happened)]


def documents(session: Session, generation: int, position: int) -> Iterator[tuple[str, bytes]]:
    """Digest and bytes of every record that held at a position, in the order of kind and id."""
    query = _held(generation, position).order_by(Span.entity, Span.entity_id)
    for row in session.execute(query.execution_options(yield_per=1000)):
        yield row.digest, row.document


def versions(
    session: Session, generation: int, position: int, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Record | None]:
    """The records of (kind, id) as they held at a position; None where there was none."""
    answer: dict[tuple[str, str], Record | None] = dict.fromkeys(keys)
    for entity, names in _in_batches(answer):
        for row in session.execute(_held(generation, position).where(Span.entity == entity, Span.entity_id.in_(names))):
            record = decode(row.document)
            answer[record.entity, record.id] = record
    return answer


def at(session: Session, generation: int, position: int) -> Holdings:
    """The catalogue at a position."""
    kinds: dict[str, list[Record]] = defaultdict(list)
    for _, document in documents(session, generation, position):
        record = decode(document)
        kinds[record.entity].append(record)
    return Holdings(*(kinds[name] for name in ("category", "provider", "offering", "edition")))  # type: ignore[arg-type]


def _held(generation: int, position: int) -> Select[str, bytes]:
    return (
        select(StoredRecord.digest, StoredRecord.document)
        .join(Span, Span.digest == StoredRecord.digest)
        .where(
            Span.generation == generation,
            Span.from_position <= position,
            or_(Span.to_position.is_(None), Span.to_position > position),
        )
    )
