"""/v1/imports."""

from typing import Annotated

from fastapi import Depends, Form, Path, Response, UploadFile
from pydantic import Field

from services.catalog import lifecycle
from services.catalog.imports import batches, reports
from services.catalog.imports.mapping import Kind
from services.catalog.imports.reports import ImportReport
from shared import openapi
from shared.access import Allow
from shared.contracts.checks import Prose
from shared.contracts.wire import Wire
from shared.database import Reading, Writing
from shared.idempotency import Idempotent
from shared.principal import Principal

router = openapi.router(tags=["imports"])
Office = Annotated[Principal, Depends(Allow(*lifecycle.OFFICE, ownership="own"))]


class Upload(Wire):
    """The form of an import."""

    file: UploadFile = Field(description="JSON Lines, CSV (UTF-8 or GB 18030) or XLSX; at most 10 MB")
    kind: Kind = Field(description="what the rows are")
    source: Prose = Field(
        "local", max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$", description="name of the list; ids are unique within it"
    )
    mapping: str | None = Field(
        None, max_length=200_000, description="a mapping file (JSON): which column is which field"
    )
    dry_run: bool = Field(False, description="check everything, write nothing")
    first_row: int = Field(
        1, ge=1, le=10**9, description="number of the file's first line when it is a part of a larger file"
    )


@router.post("/v1/imports", status_code=201, summary="Import providers or offerings", response_model=ImportReport)
def import_records(
    upload: Annotated[Upload, Form(media_type="multipart/form-data")],
    once: Idempotent,
    session: Writing,
    caller: Office,
) -> Response:
    """Import a list. Every row is taken or refused with its reason; what is taken is committed together.

    A row is known again by `source` and its id: importing twice updates, and what is unchanged stays untouched.
    Offerings name their provider by its id at the source, by its credit code, or by its name, and are published.
    A file that cannot be read safely is refused as a whole: 413 when it unpacks too large, 415 when it is of no known
    type, 422 for formulas, macros, entities, too many rows or columns, or a mapping that does not fit.
    """
    data = upload.file.file.read()
    batch = batches.read(data, upload.kind, upload.source, upload.mapping, upload.dry_run, upload.first_row)
    return once(201, lambda: reports.apply(session, caller, batch))


@router.get("/v1/imports/{import_id}", summary="Read the report of an import")
def read_import(
    import_id: Annotated[str, Path(max_length=40, description="imp_ + UUIDv7")], session: Reading, caller: Office
) -> ImportReport:
    """The report of an import that the caller's organisation made; an admin sees all."""
    return reports.one(session, caller, import_id)
