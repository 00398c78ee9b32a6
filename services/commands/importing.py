"""`duijie import`: a list of any size goes in through the public API, piece by piece, with its row numbers kept."""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from services.catalog.imports import files, mapping
from services.catalog.imports.files import Row
from services.catalog.imports.mapping import Kind, MappingFile
from services.commands import patience
from shared import problems

ROWS_A_PIECE = 500
_NO_LIMIT = 10**9
_COUNTS = ("created", "updated", "unchanged", "refused")
_MOST_SHOWN = 200


class Refused(Exception):
    """The server refused a piece as a whole; carries its problem."""


@dataclass(frozen=True)
class Chunk:
    """A piece of a list: some of its lines as JSON Lines, the number of the first, and the mapping that fits them."""

    first_row: int
    rows: int
    data: bytes
    mapping: str | None = None
    faults: tuple[dict[str, Any], ...] = ()


def chunks(path: Path, kind: Kind = "offerings", said: MappingFile | None = None) -> list[Chunk]:
    """A file in pieces; shared.problems.Problem when it cannot be read or the mapping does not fit it."""
    header, sheet_name = (said.header_row, said.sheet) if said else (1, None)
    sheet = files.read(path.read_bytes(), 1, header, sheet_name, most_rows=_NO_LIMIT)
    if said is not None:
        mapping.check_columns(said, sheet.columns)
    elif not sheet.native:
        said = mapping.for_columns(sheet.columns, kind)
    text = said.model_dump_json(exclude_none=True) if said else None
    return [_chunk(some, text) for some in _some(sheet.rows)]


def send(client: httpx2.Client, chunk: Chunk, kind: str, source: str, dry_run: bool = False) -> dict[str, Any]:
    """The server's report on a piece. Sent again, as one and the same request, while the server is busy or away."""
    form = {"kind": kind, "source": source, "first_row": str(chunk.first_row), "dry_run": str(dry_run).lower()}
    if chunk.mapping is not None:
        form["mapping"] = chunk.mapping
    request = client.build_request("POST", "/v1/imports", data=form, files={"file": ("rows.jsonl", chunk.data)})
    headers = {"Content-Type": request.headers["Content-Type"], "Idempotency-Key": uuid.uuid4().hex}
    answer = patience.post(client, "/v1/imports", request.read(), headers)
    if answer.status_code != 201:
        raise Refused(answer.text)
    report: dict[str, Any] = answer.json()
    report["refused"] += len(chunk.faults)
    report["errors"] = sorted([*chunk.faults, *report["errors"]], key=lambda error: error["row"])
    return report


def run(
    client: httpx2.Client, pieces: Sequence[Chunk], kind: str, source: str, dry_run: bool, console: Console
) -> dict[str, Any]:
    """Send all pieces with a progress bar; gives the counts and the errors of them all."""
    total: dict[str, Any] = {**dict.fromkeys((*_COUNTS, "errors_left_out"), 0), "errors": []}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(f"{kind} ← {source}", total=sum(chunk.rows for chunk in pieces))
        for chunk in pieces:
            report = send(client, chunk, kind, source, dry_run)
            for name in total:
                total[name] += report[name]
            progress.advance(bar, chunk.rows)
    return total


def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON Lines, CSV 或 / or XLSX")],
    kind: Annotated[Kind, typer.Option(help="服务商或供给 / what the rows are")],
    source: Annotated[str, typer.Option(help="名录名称，编号在其中唯一 / name of the list; ids are unique within it")],
    mapping_file: Annotated[
        Path | None,
        typer.Option("--mapping", exists=True, dir_okay=False, help="列与字段的对应 / which column is what"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查不写入 / check everything, write nothing")] = False,
    url: Annotated[
        str, typer.Option(envvar="DUIJIE_URL", help="系统地址 / address of the installation")
    ] = "http://127.0.0.1:8080",
    key: Annotated[str, typer.Option(envvar="DUIJIE_KEY", help="主管部门密钥 / a bureau's key")] = "",
) -> None:
    """批量导入 / Import a list of providers or offerings; a second import updates instead of doubling."""
    console, errors = Console(highlight=False), Console(stderr=True, highlight=False)
    try:
        said = mapping.load(mapping_file.read_text("utf-8-sig"), kind) if mapping_file else None
        pieces = chunks(file, kind, said)
        with httpx2.Client(
            base_url=url, headers={"Authorization": f"Bearer {key}"} if key else {}, timeout=60
        ) as client:
            total = run(client, pieces, kind, source, dry_run, errors)
    except (problems.Problem, Refused, httpx2.TransportError, UnicodeDecodeError) as failure:
        _tell(failure, errors)
        raise typer.Exit(2) from None
    _show(total, dry_run, console)
    raise typer.Exit(1 if total["refused"] else 0)


def _some(rows: Iterable[Row]) -> Iterator[list[Row]]:
    piece: list[Row] = []
    for row in rows:
        if piece and row.number >= piece[0].number + ROWS_A_PIECE:
            yield piece
            piece = []
        piece.append(row)
    if piece:
        yield piece


def _chunk(rows: list[Row], said: str | None) -> Chunk:
    """Rows as JSON Lines; where a number is skipped, or a row cannot be read, a line is left blank."""
    first = rows[0].number
    lines = [b""] * (rows[-1].number - first + 1)
    for row in rows:
        if row.fault is None:
            lines[row.number - first] = json.dumps(row.cells, ensure_ascii=False, allow_nan=False).encode()
    faults = [
        {"row": row.number, "column": None, "pointer": "", "code": "unreadable-row", "text": row.fault.model_dump()}
        for row in rows
        if row.fault is not None
    ]
    return Chunk(first, len(rows), b"\n".join(lines), said, tuple(faults))


def _tell(failure: Exception, console: Console) -> None:
    if isinstance(failure, Refused):
        _tell_document(json.loads(str(failure)), console)
    elif isinstance(failure, problems.Problem):
        _tell_document(failure.document(), console)
    else:
        console.print(f"无法完成 / it did not work: {type(failure).__name__}: {failure}", markup=False, soft_wrap=True)


def _tell_document(problem: dict[str, Any], console: Console) -> None:
    console.print(problem["detail"], markup=False, soft_wrap=True)
    for error in problem.get("errors", ()):
        place = error.get("pointer") or error.get("parameter") or error.get("header") or ""
        console.print(f"  {place}: {error['text']['zh']} / {error['text']['en']}", markup=False, soft_wrap=True)


def _show(total: dict[str, Any], dry_run: bool, console: Console) -> None:
    if total["errors"]:
        table = Table("行 row", "列 column", "字段 field", "原因", "reason", box=None)
        for error in total["errors"][:_MOST_SHOWN]:
            text = error["text"]
            table.add_row(str(error["row"]), error["column"] or "", error["pointer"], text["zh"], text["en"])
        console.print(table)
    left_out = total["errors_left_out"] + max(0, len(total["errors"]) - _MOST_SHOWN)
    if left_out:
        console.print(f"… 另有 {left_out} 条 / {left_out} more")
    done = "试运行 / dry run" if dry_run else "完成 / done"
    console.print(f"{done}: " + ", ".join(f"{name} {total[name]}" for name in _COUNTS))
