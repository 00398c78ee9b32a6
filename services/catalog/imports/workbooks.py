"""XLSX without surprises: the archive is measured and every part looked through before a library opens it.

Refused: archives that unpack to more than MAX_UNPACKED (declared or real), document types and entities (XXE),
macros, encryption, sheets beyond MAX_COLUMNS, MAX_CELLS or MAX_TEXT, and formulas. A formula is refused rather than
read by its last computed value, because that value is whatever the last program wrote there.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from xml.sax import SAXParseException

import defusedxml.sax
from defusedxml import DefusedXmlException
from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

from services.catalog.imports.limits import MAX_PARTS, MAX_UNPACKED, refused
from services.catalog.imports.workbook_parts import PartCheck, Texts, holds_xml, refuse_unreadable
from shared import problems
from shared.contracts.wire import Text


def lines(data: bytes, sheet: str | None) -> Iterator[tuple[int, list[Any]]]:
    """The numbered lines of one sheet, the first when none is named; cells are texts, integers or floats."""
    _look_through(data)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            names = book.sheet_names
            if not names:
                refuse_unreadable()
            table = book.get_sheet_by_name(sheet) if sheet is not None else book.get_sheet_by_index(0)
            found = table.to_python(skip_empty_area=False)
    except WorksheetNotFound:
        raise refused("no-such-sheet", "没有 mapping 中指定的工作表", "there is no sheet of that name") from None
    except CalamineError:
        refuse_unreadable()
    for number, cells in enumerate(found, 1):
        yield number, [_plain(cell) for cell in cells]


def _plain(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if isinstance(cell, (str, int, float)) else str(cell)


def _look_through(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_parts(parts)
            room, texts = MAX_UNPACKED, Texts()
            for part in parts:
                content = _unpacked(archive, part, room)
                room -= len(content)
                if holds_xml(part.filename, content):
                    _check_xml(part.filename, content, texts)
            texts.check()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        refuse_unreadable()


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise problems.UnsupportedMediaType(Text(zh="压缩包不是 XLSX 工作簿", en="the archive is not an XLSX workbook"))
    if any(part.flag_bits & 0x1 for part in parts):
        raise refused("encrypted", "工作簿已加密", "the workbook is encrypted")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        refuse_unreadable()
    if any(name.endswith(".bin") and "vba" in name.lower() for name in names):
        raise refused("macros", "工作簿含有宏", "the workbook holds macros")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _too_large()


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> bytes:
    with archive.open(part) as stream:
        content = stream.read(room + 1)  # what is declared may be a lie, so count what comes out
    if len(content) > room:
        raise _too_large()
    return content


def _check_xml(name: str, content: bytes, texts: Texts) -> None:
    try:
        defusedxml.sax.parseString(content, PartCheck(name, texts), forbid_dtd=True)
    except DefusedXmlException:
        raise refused(
            "xml-entities",
            f"{name} 含有 DTD 或实体声明，不予解析",
            f"{name} declares a document type or entities and is not read",
        ) from None
    except SAXParseException:
        refuse_unreadable()


def _too_large() -> problems.TooLarge:
    limit = MAX_UNPACKED // 1024 // 1024
    return problems.TooLarge(
        Text(zh=f"工作簿解压后超过 {limit} MB", en=f"the workbook unpacks to more than {limit} MB")
    )
