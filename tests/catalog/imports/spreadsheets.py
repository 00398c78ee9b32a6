"""Makes XLSX files, honest and hostile, for the tests of reading."""

import io
import zipfile

from openpyxl import Workbook

TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: list[list[object]], title: str = "Sheet1") -> bytes:
    """An ordinary workbook with one sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """An ordinary workbook in which one part is replaced or added."""
    return _changed(workbook([["name"], ["a"]]), {name: content})


def sheet(cells: str) -> bytes:
    """An ordinary workbook whose sheet data is written by hand."""
    xml = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    return with_part(SHEET, xml.encode())


def elsewhere(name: str, cells: str) -> bytes:
    """A workbook whose sheet stands in a part of this name, as its relations say."""
    relations = _RELATIONS.replace(b"/xl/worksheets/sheet1.xml", f"/{name}".encode())
    return _changed(
        sheet(cells), {SHEET: None, name: _part(sheet(cells), SHEET), "xl/_rels/workbook.xml.rels": relations}
    )


def repeated(text: str, times: int) -> bytes:
    """A small workbook with one long text that so many cells refer to."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    told = f'<Relationship Type="{kind}" Target="sharedStrings.xml" Id="rId9"/></Relationships>'.encode()
    texts = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
    return _changed(
        sheet('<row><c t="s"><v>0</v></c></row>' * times),
        {
            "xl/sharedStrings.xml": texts.encode(),
            "xl/_rels/workbook.xml.rels": _RELATIONS.replace(b"</Relationships>", told),
        },
    )


def _part(book: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(book)).read(name)


def _changed(book: bytes, parts: dict[str, bytes | None]) -> bytes:
    """A workbook with these parts instead of its own, without those that are None."""
    source = zipfile.ZipFile(io.BytesIO(book))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in {**dict.fromkeys(source.namelist()), **parts}:
            content = parts[name] if name in parts else source.read(name)
            if content is not None:
                archive.writestr(name, content)
    return target.getvalue()


_RELATIONS = _part(workbook([["name"]]), "xl/_rels/workbook.xml.rels")


def zip_bomb() -> bytes:
    """Under 200 kB packed, 100 MB unpacked."""
    return with_part("xl/media/image1.png", b"\0" * 100_000_000)


def lying_zip_bomb() -> bytes:
    """A zip bomb that declares its part as 10 bytes long."""
    honest = zip_bomb()
    size = (100_000_000).to_bytes(4, "little")
    return honest.replace(size, (10).to_bytes(4, "little"))


def plain_zip() -> bytes:
    """An archive that is not a workbook."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("readme.txt", "hello")
    return target.getvalue()
