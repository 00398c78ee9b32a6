"""The parts of a workbook, looked through while they stream by, whatever they are called.

The library finds its sheets by reference and not by name, and makes a text of its own for every cell that refers to a
shared one. So every part is looked at that could hold a sheet or shared texts, and what they would come to is counted.
"""

import re
from collections import Counter
from typing import NoReturn
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from services.catalog.imports.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, refused

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(r"[1-9][0-9]{0,6}")
_XML = (".xml", ".rels", ".vml")
_HOLDS_CELLS = re.compile(rb"sheetData|[<:]si[\s/>]")
_LONGEST_NUMBER = 9


class Texts:
    """The shared texts of a workbook's parts, and how often its cells refer to each."""

    def __init__(self) -> None:
        self.lengths: list[list[int]] = []
        """Of each part that holds some."""
        self.used: Counter[int] = Counter()

    def check(self) -> None:
        """Refuse a workbook whose cells hold too much text together."""
        if sum(times * self._longest(number) for number, times in self.used.items()) > MAX_TEXT:
            millions = MAX_TEXT // 1_000_000
            raise refused(
                "sheet-too-large",
                f"各单元格的文字合计超过 {millions}00 万字",
                f"the cells hold more than {millions} million characters together",
            )

    def _longest(self, number: int) -> int:
        return max((lengths[number] for lengths in self.lengths if number < len(lengths)), default=0)


def holds_xml(name: str, content: bytes) -> bool:
    """Whether a part is to be looked through: by its name, or because cells or shared texts could be read from it."""
    return name.lower().endswith(_XML) or _HOLDS_CELLS.search(content) is not None


class PartCheck(ContentHandler):
    """Counts cells and texts, and refuses formulas and places out of bounds."""

    def __init__(self, part: str, texts: Texts) -> None:
        super().__init__()
        self._part = part
        self._texts = texts
        self._lengths: list[int] = []
        self._is_sheet = self._in_sheet = part.startswith("xl/worksheets/")
        self._is_shared = self._in_text = False
        self._cells = self._row = self._column = self._length = 0
        self._number: list[str] | None = None

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        """One element, whatever its prefix."""
        element = name.rpartition(":")[2]
        if element == "sheetData":
            self._in_sheet = True
        elif element == "si":
            self._in_text, self._length = True, 0
        elif self._in_sheet:
            self._in_cells(element, attrs)

    def characters(self, content: str) -> None:
        """Text of a shared text, or the number of one."""
        if self._in_text:
            self._length += len(content)
        elif self._number is not None and len(self._number) < _LONGEST_NUMBER:
            self._number.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        """The end of an element."""
        element = name.rpartition(":")[2]
        if element == "sheetData":
            self._in_sheet = self._is_sheet
        elif element == "si":
            self._in_text = False
            self._lengths.append(self._length)
        elif element == "v" and self._number is not None:
            number = "".join(self._number).strip()
            if number.isascii() and number.isdigit():
                self._texts.used[int(number)] += 1
            self._number = None

    def endDocument(self) -> None:  # noqa: N802
        """The end of the part."""
        if self._lengths:
            self._texts.lengths.append(self._lengths)

    def _in_cells(self, element: str, attrs: AttributesImpl) -> None:
        if element == "row":
            row = attrs.get("r")
            if row is not None and not _ROW.fullmatch(row):
                refuse_unreadable()
            self._row, self._column = int(row) if row else self._row + 1, 0
        elif element == "c":
            self._is_shared = attrs.get("t") == "s"
            self._step(attrs.get("r"))
        elif element == "v" and self._is_shared:
            self._number = []
        elif element == "f":
            raise refused(
                "formula",
                f"{self._part} 第 {self._row} 行第 {self._column} 列是公式；请粘贴为数值后再导入",
                f"row {self._row}, column {self._column} of {self._part} is a formula: paste it as a value",
            )

    def _step(self, place: str | None) -> None:
        self._cells += 1
        self._column += 1
        if place is not None:
            found = _PLACE.fullmatch(place)
            if found is None:
                refuse_unreadable()
            self._column, self._row = _column(found[1]), int(found[2])
        if self._column > MAX_COLUMNS or self._row > MAX_ROWS or self._cells > MAX_CELLS:
            raise refused(
                "sheet-too-large",
                f"{self._part} 第 {self._row} 行超出范围：最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列、{MAX_CELLS} 格",
                f"row {self._row} of {self._part} goes beyond {MAX_ROWS} rows, {MAX_COLUMNS} columns"
                f" or {MAX_CELLS} cells",
            )


def refuse_unreadable() -> NoReturn:
    """Refuse what no honest program writes."""
    raise refused("unreadable-workbook", "工作簿已损坏，无法读取", "the workbook is damaged and cannot be read")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
