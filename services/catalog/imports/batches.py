"""An upload, read and checked: what can be taken, and what is refused with its reasons."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.catalog.imports import files, mapping, rows
from services.catalog.imports.mapping import Kind
from services.catalog.imports.rows import Candidate, Refused, RowFault, fault


@dataclass(frozen=True)
class Batch:
    """The rows of one upload. `refused` counts rows, of which each can have several faults."""

    kind: Kind
    source: str
    dry_run: bool
    candidates: tuple[Candidate, ...]
    refused: int
    faults: tuple[RowFault, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of the candidates."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    faults: tuple[RowFault, ...] = ()


def read(data: bytes, kind: Kind, source: str, mapping_text: str | None, dry_run: bool, first_row: int) -> Batch:
    """The batch in a file; a problem when the file as a whole, or its mapping, cannot be taken.

    Without a mapping JSON Lines are records in the catalogue's own form, and the columns of a table are its fields.
    """
    said = mapping.load(mapping_text, kind) if mapping_text is not None else None
    sheet = files.read(data, first_row, said.header_row if said else 1, said.sheet if said else None)
    if said is not None:
        mapping.check_columns(said, sheet.columns)
    elif not sheet.native:
        said = mapping.for_columns(sheet.columns, kind)
    batch = Batch(kind, source, dry_run, (), 0, ())
    return _checked(batch, sheet.rows, said)


def _checked(batch: Batch, found: Iterable[files.Row], said: mapping.MappingFile | None) -> Batch:
    candidates: dict[str, Candidate] = {}
    faults: list[RowFault] = []
    refused = 0
    for row in found:
        try:
            candidate = rows.read(row, batch.kind, said)
            _refuse_doubled(candidate, candidates)
            candidates[candidate.external_id] = candidate
        except Refused as reason:
            refused += 1
            faults += reason.faults
    return replace(batch, candidates=tuple(candidates.values()), refused=refused, faults=tuple(faults))


def _refuse_doubled(candidate: Candidate, before: dict[str, Candidate]) -> None:
    if candidate.external_id in before:
        first = before[candidate.external_id].row
        zh, en = f"编号与第 {first} 行重复", f"the id is the same as in row {first}"
        raise Refused(fault(candidate.row, "/external_id", "doubled-id", zh, en))
