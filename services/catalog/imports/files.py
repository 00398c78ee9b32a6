"""Reading an uploaded file into numbered rows: JSON Lines, CSV (UTF-8 or GB 18030) or XLSX, told by its content.

A file that cannot be read as a whole is refused by a problem; a line that cannot be read is a row with its fault.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from services.catalog.imports import workbooks
from services.catalog.imports.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS, refused
from shared import bodies, problems
from shared.contracts.wire import Text


@dataclass(frozen=True)
class Row:
    """One row: its number in the file as people count (the first line is 1), and its cells by column."""

    number: int
    cells: dict[str, Any] = field(default_factory=dict)
    fault: Text | None = None


@dataclass(frozen=True)
class Sheet:
    """A file as it was read. `native` rows are objects in the catalogue's own form (JSON Lines)."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    native: bool = False


def read(
    data: bytes, first_row: int = 1, header_row: int = 1, sheet: str | None = None, most_rows: int = MAX_ROWS
) -> Sheet:
    """The rows of a file. `first_row` is the number of its first line when it is a part of a larger file."""
    if data[:4] == b"PK\x03\x04":
        return _table(workbooks.lines(data, sheet), header_row, most_rows)
    text = _decoded(data)
    if not text.strip():
        raise refused("empty-file", "文件是空的", "the file is empty")
    if text.lstrip().startswith("{"):
        return _json_lines(text, first_row, most_rows)
    return _table(_csv_lines(text), header_row, most_rows)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise problems.UnsupportedMediaType(
        Text(
            zh="文件不是 JSON Lines、CSV（UTF-8 或 GB 18030）或 XLSX；旧版 .xls 请另存为 .xlsx",
            en="the file is not JSON Lines, CSV (UTF-8 or GB 18030) or XLSX; save an old .xls as .xlsx",
        )
    )


def _json_lines(text: str, first_row: int, most_rows: int) -> Sheet:
    lines = text.split("\n")  # not splitlines(): JSON may hold U+2028 in a text
    _check_count(sum(1 for line in lines if line.strip()), most_rows)
    rows = [_json_row(number, line) for number, line in enumerate(lines, first_row) if line.strip()]
    columns = dict.fromkeys(name for row in rows for name in row.cells)
    return Sheet(tuple(columns), tuple(rows), native=True)


def _json_row(number: int, line: str) -> Row:
    try:
        value = bodies.check_json(line.encode("utf-8", "surrogatepass"))
    except problems.BadRequest as unreadable:
        return Row(number, fault=unreadable.detail)
    if not isinstance(value, dict):
        return Row(number, fault=Text(zh="每行应为一个 JSON 对象", en="each line must be one JSON object"))
    return Row(number, value)


def _csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error:
        raise refused("malformed-csv", f"第 {start} 行不是合法的 CSV", f"row {start} is not valid CSV") from None


def _table(lines: Iterator[tuple[int, list[Any]]], header_row: int, most_rows: int) -> Sheet:
    """The rows under a header; a row without any value is passed over, its number is kept."""
    header: list[str] | None = None
    rows: list[Row] = []
    for number, cells in lines:
        _check_width(number, cells)
        if number < header_row:
            continue
        if header is None:
            header = _header(number, cells)
        elif any(cell not in ("", None) for cell in cells):
            rows.append(_row(number, header, cells))
            _check_count(len(rows), most_rows)
    if header is None:
        raise refused("no-header", f"第 {header_row} 行没有表头", f"there is no header in row {header_row}")
    return Sheet(tuple(name for name in header if name), tuple(rows))


def _header(number: int, cells: list[Any]) -> list[str]:
    names = [str(cell).strip() for cell in cells]
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise refused(
            "doubled-column",
            f"第 {number} 行表头有重复的列",
            f"the header in row {number} names a column twice",
        )
    return names


def _row(number: int, header: list[str], cells: list[Any]) -> Row:
    if any(cell not in ("", None) for cell in cells[len(header) :]):
        return Row(number, fault=Text(zh="单元格比表头多", en="there are more cells than columns in the header"))
    if any(isinstance(cell, str) and len(cell) > MAX_CELL for cell in cells):
        return Row(number, fault=Text(zh=f"单元格超过 {MAX_CELL} 字", en=f"a cell is longer than {MAX_CELL}"))
    if any(isinstance(cell, str) and "\x00" in cell for cell in cells):  # XLSX can spell it _x0000_
        return Row(number, fault=Text(zh="单元格含有空字符", en="a cell holds a NUL character"))
    return Row(number, {name: cell for name, cell in zip(header, cells, strict=False) if name})


def _check_count(count: int, most: int) -> None:
    if count > most:
        raise refused(
            "too-many-rows",
            f"一次最多导入 {most} 行，请分批（duijie import 会自动分批）",
            f"at most {most} rows at once: send it in parts (duijie import does so)",
        )


def _check_width(number: int, cells: list[Any]) -> None:
    if len(cells) > MAX_COLUMNS:
        raise refused(
            "too-many-columns",
            f"第 {number} 行超过 {MAX_COLUMNS} 列",
            f"row {number} has more than {MAX_COLUMNS} columns",
        )
