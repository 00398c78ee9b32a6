"""The report of an import: made, stored, read."""

from datetime import datetime

from pydantic import ConfigDict, Field
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.catalog.imports import offerings, providers
from services.catalog.imports.batches import Batch
from services.catalog.imports.mapping import Kind
from services.catalog.imports.rows import RowFault
from services.catalog.models import Import
from shared import clock, identifiers, problems
from shared.contracts.wire import Flag, Integer, Text, Wire
from shared.principal import Principal

MOST_ERRORS = 200


class ImportReport(Wire):
    """What an import did, or, of a dry run, what it would do."""

    id: str = Field(description="imp_ + UUIDv7")
    kind: Kind = Field(description="what was imported")
    source: str = Field(description="where the records came from; ids are unique within it")
    dry_run: Flag = Field(description="true: nothing was written")
    accepted: Integer = Field(ge=0, description="rows taken: created + updated + unchanged")
    created: Integer = Field(ge=0, description="new records")
    updated: Integer = Field(ge=0, description="records with a new version, or published anew")
    unchanged: Integer = Field(ge=0, description="records that were there already, just so")
    refused: Integer = Field(ge=0, description="rows not taken; each has at least one error")
    errors: tuple[RowFault, ...] = Field(description=f"why rows were refused, by row; at most {MOST_ERRORS}")
    errors_left_out: Integer = Field(ge=0, description="errors beyond those")
    created_at: datetime = Field(description="when it was imported")

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "imp_0199b1c2d3e47f60a1b2c3d4e5f60720",
                    "kind": "offerings",
                    "source": "demo",
                    "dry_run": False,
                    "accepted": 1065,
                    "created": 1065,
                    "updated": 0,
                    "unchanged": 0,
                    "refused": 1,
                    "errors": [
                        {
                            "row": 17,
                            "column": "价格",
                            "pointer": "/price/min",
                            "code": "not-a-number",
                            "text": {"zh": "应为数字", "en": "must be a number"},
                        }
                    ],
                    "errors_left_out": 0,
                    "created_at": "2026-11-22T02:00:00Z",
                }
            ]
        }
    )


def apply(session: Session, caller: Principal, batch: Batch) -> ImportReport:
    """Take over the rows that can be taken, all in this transaction, and tell about every row.

    Conflict when another request registers the same records at the same moment.
    """
    importer = providers if batch.kind == "providers" else offerings
    try:
        outcome = importer.apply(session, caller, batch)
    except IntegrityError:
        raise problems.Conflict(
            Text(zh="同一批记录正在被另一请求登记，请重试", en="the same records are being registered: try again"),
            headers={"Retry-After": "1"},
        ) from None
    faults = sorted(batch.faults + outcome.faults, key=lambda fault: fault.row)
    report = ImportReport(
        id=identifiers.new("imp"),
        kind=batch.kind,
        source=batch.source,
        dry_run=batch.dry_run,
        accepted=outcome.created + outcome.updated + outcome.unchanged,
        created=outcome.created,
        updated=outcome.updated,
        unchanged=outcome.unchanged,
        refused=batch.refused + outcome.refused,
        errors=tuple(faults[:MOST_ERRORS]),
        errors_left_out=max(0, len(faults) - MOST_ERRORS),
        created_at=clock.now(),
    )
    session.add(Import(id=report.id, organisation=caller.organisation, report=report.model_dump(mode="json")))
    return report


def one(session: Session, caller: Principal, import_id: str) -> ImportReport:
    """The report of an import of the caller's organisation (an admin sees all); NotFound otherwise."""
    row = session.get(Import, import_id)
    if row is None or (caller.role != "admin" and row.organisation != caller.organisation):
        raise problems.NotFound
    return ImportReport.model_validate(row.report)
