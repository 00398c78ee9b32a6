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
    source = zipfile.ZipFile(io.BytesIO(workbook([["name"], ["a"]])))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            if part != name:
                archive.writestr(part, source.read(part))
        archive.writestr(name, content)
    return target.getvalue()


def sheet(cells: str) -> bytes:
    """An ordinary workbook whose sheet data is written by hand."""
    xml = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    return with_part(SHEET, xml.encode())


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
