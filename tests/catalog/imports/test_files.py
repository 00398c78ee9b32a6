"""What files are read as, and what is refused before anything is stored."""

import time

import pytest

from services.catalog.imports import files
from shared.problems import Problem
from tests.catalog.imports import spreadsheets as xlsx

BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)
EXTERNAL_ENTITY = BILLION_LAUGHS.replace(b'"ha"', b'SYSTEM "file:///etc/passwd"')
FORMULA_BOMB = "".join(f'<row r="{n}"><c r="A{n}"><f>REPT(A1,32767)</f><v>1</v></c></row>' for n in range(2, 5))

HOSTILE = {
    "zip bomb": (xlsx.zip_bomb, 413, None),
    "zip bomb that lies": (xlsx.lying_zip_bomb, 422, "unreadable-workbook"),
    "entities": (lambda: xlsx.with_part(xlsx.SHEET, BILLION_LAUGHS), 422, "xml-entities"),
    "external entity": (lambda: xlsx.with_part(xlsx.SHEET, EXTERNAL_ENTITY), 422, "xml-entities"),
    "entities elsewhere": (lambda: xlsx.with_part("xl/styles.xml", BILLION_LAUGHS), 422, "xml-entities"),
    "entities in UTF-16": (
        lambda: xlsx.with_part(xlsx.SHEET, BILLION_LAUGHS.decode().encode("utf-16")),
        422,
        "xml-entities",
    ),
    "formula bomb": (lambda: xlsx.sheet(FORMULA_BOMB), 422, "formula"),
    "a million columns": (lambda: xlsx.sheet("<row>" + "<c/>" * 1_000_000 + "</row>"), 422, "sheet-too-large"),
    "a far corner": (
        lambda: xlsx.sheet('<row r="1"><c r="A1"/></row><row r="9"><c r="XFD1048576"><v>1</v></c></row>'),
        422,
        "sheet-too-large",
    ),
    "a far corner in small letters": (
        lambda: xlsx.sheet('<row r="1"><c r="a1"/><c r="xfd1048576"><v>1</v></c></row>'),
        422,
        "unreadable-workbook",
    ),
    "a far corner in a part of another name": (
        lambda: xlsx.elsewhere("xl/tables/s.xml", '<row r="1"><c r="XFD1048576"><v>1</v></c></row>'),
        422,
        "sheet-too-large",
    ),
    "a formula in a part of another name": (
        lambda: xlsx.elsewhere("xl/worksheets/s.DAT", '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'),
        422,
        "formula",
    ),
    "a text in eight hundred cells": (lambda: xlsx.repeated("仓" * 100_000, 800), 422, "sheet-too-large"),
    "macros": (lambda: xlsx.with_part("xl/vbaProject.bin", b"x"), 422, "macros"),
    "another archive": (xlsx.plain_zip, 415, None),
    "half an archive": (lambda: xlsx.workbook([["name"], ["a"]])[:900], 422, "unreadable-workbook"),
    "broken XML": (lambda: xlsx.with_part(xlsx.SHEET, b"<worksheet><sheetData>"), 422, "unreadable-workbook"),
    "an image": (lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), 415, None),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, 415, None),
    "nothing": (lambda: b"", 422, "empty-file"),
    "blanks": (lambda: b"\xef\xbb\xbf \n", 422, "empty-file"),
    "an open quote": (lambda: b'code,name\n1,"a\n' * 3, 422, "malformed-csv"),
    "a column twice": (lambda: b"code,name,name\n1,a,b\n", 422, "doubled-column"),
    "a wide line": (lambda: b",".join([b"a"] * 1_000_000), 422, "too-many-columns"),
    "many lines": (lambda: b"{}\n" * 10_001, 422, "too-many-rows"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_soon_and_says_why(case):
    make, status, code = HOSTILE[case]
    data = make()
    started = time.perf_counter()
    with pytest.raises(Problem) as refusal:
        files.read(data)
    assert time.perf_counter() - started < 2
    assert refusal.value.status == status
    if code:
        assert [item.code for item in refusal.value.errors] == [code]
        assert refusal.value.errors[0].text.zh != refusal.value.errors[0].text.en


def test_a_formula_is_named_by_its_place():
    with pytest.raises(Problem) as refusal:
        files.read(xlsx.sheet('<row r="7"><c r="C7"><f>1+1</f></c></row>'))
    assert "第 7 行第 3 列" in refusal.value.errors[0].text.zh
    assert "row 7, column 3" in refusal.value.errors[0].text.en


@pytest.mark.parametrize(
    "data",
    [
        "编号,名称\n1,甲\n\n2,乙\n".encode("utf-8-sig"),
        "编号,名称\n1,甲\n\n2,乙\n".encode(),
        "编号,名称\r\n1,甲\r\n,\r\n2,乙\r\n".encode("gb18030"),
        xlsx.workbook([["编号", "名称"], [1, "甲"], [], [2, "乙"]]),
        xlsx.workbook([["编号", "名称", None], ["1", "甲"], [None, None], ["2", "乙", ""]]),
    ],
    ids=["csv with a mark", "csv", "csv in GB 18030", "xlsx with numbers", "xlsx with texts"],
)
def test_tables_are_read_alike_and_rows_keep_their_numbers(data):
    sheet = files.read(data)
    assert sheet.columns == ("编号", "名称")
    assert [(row.number, str(row.cells["编号"]), row.cells["名称"]) for row in sheet.rows] == [
        (2, "1", "甲"),
        (4, "2", "乙"),
    ]


def test_a_title_above_the_header_is_passed_over():
    sheet = files.read(
        xlsx.workbook([["某局推荐目录"], ["编号", "名称"], [1, "甲"]], "目录"), header_row=2, sheet="目录"
    )
    assert [(row.number, row.cells) for row in sheet.rows] == [(3, {"编号": 1, "名称": "甲"})]


def test_a_cell_that_looks_like_a_formula_is_only_text():
    assert files.read(b"code,name\n1,=1+1\n").rows[0].cells["name"] == "=1+1"


def test_json_lines_keep_their_numbers_and_tell_the_bad_ones():
    sheet = files.read(b'{"code": "1"}\n\n[1]\n{"a": NaN}\n{"code": "\\ud800"}\n{', first_row=11)
    assert sheet.native
    assert [(row.number, row.fault is None) for row in sheet.rows] == [
        (11, True),
        (13, False),
        (14, False),
        (15, False),
        (16, False),
    ]
