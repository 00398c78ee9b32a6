"""Whether what a feed brings can be taken over: it makes sense, has its hash, and can be ranked."""

from collections.abc import Iterable, Sequence

from services.matching.replica import catalogue
from services.matching.replica.catalogue import FOUNDATION, Event
from services.matching.snapshot import columns
from services.matching.snapshot.columns import Columns
from shared import canonical
from shared.contracts.changes import Change, OfferingRecord, ProviderRecord, Record
from shared.feed import Unreadable

LONGEST_ID = 100


class Unfit(Exception):
    """Something says what cannot be; the text never quotes it."""


def reason(failure: Exception) -> str:
    """Why something was refused, without quoting it."""
    return str(failure) if isinstance(failure, Unfit) else type(failure).__name__


def read(changes: Iterable[Change]) -> tuple[list[Event], dict[str, bytes]]:
    """The events that the changes tell and the record versions that they bring; raises when one is unfit."""
    events: list[Event] = []
    documents: dict[str, bytes] = {}
    records: list[Record] = []
    for change in changes:
        if change.type.partition(".")[0] != change.entity:
            raise Unfit("unknown type of change")
        digest = None
        if change.record is not None:
            if (change.record.entity, change.record.id) != (change.entity, change.entity_id):
                raise Unfit("the record is of something else")
            digest, documents[digest] = catalogue.encode(change.record)
            records.append(change.record)
        events.append(Event(change.position, change.entity, change.entity_id, digest))
    rehearse(records)
    return events, documents


def sort_out(records: Sequence[Record]) -> tuple[list[Record], list[Unreadable]]:
    """The records that are fit, and those that are not."""
    try:
        rehearse(records)
    except Exception as failure:
        if len(records) == 1:
            document = catalogue.encode(records[0])[1]
            return [], [Unreadable(position=FOUNDATION, document=document, reason=reason(failure))]
        half = len(records) // 2
        (fit, unfit), (more_fit, more_unfit) = sort_out(records[:half]), sort_out(records[half:])
        return fit + more_fit, unfit + more_unfit
    return list(records), []


def rehearse(records: Iterable[Record]) -> None:
    """Prove that records can be ranked before they are stored: what breaks one snapshot would break them all."""
    kinds = list(records)
    if any(len(record.id) > LONGEST_ID for record in kinds):
        raise Unfit("the id is too long")
    offerings = [record for record in kinds if isinstance(record, OfferingRecord)]
    for offering in offerings:
        if offering.content_hash != canonical.digest(canonical.plain(offering.content)):
            raise Unfit("the content does not have its hash")
    providers = {record.id: record for record in kinds if isinstance(record, ProviderRecord)}
    Columns.stack(columns.facts(offering, providers.get(offering.provider_id), 0) for offering in offerings)
